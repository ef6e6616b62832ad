#pragma once

#include <array>
#include <cstddef>

#include <Eigen/Core>

#include "eyemodel/types/frame_time.h"

namespace yarbus {

/// Whether gaze has been still for the last moments.
/// Frames & units: unit directions of one frame of reference; deg. Method: dispersion threshold (I-DT,
/// Salvucci & Goldberg 2000) over a sliding window. Dispersion is the larger of the extents along two axes
/// across the mean direction; the threshold rises with the noise between frames (median of the steps, as
/// Engbert & Kliegl 2003 do), to three times at most, so that a noisy but unmoved gaze counts as still.
/// Threads: one owner. Cost: linear in the window, no heap.
class DispersionWindow {
 public:
  DispersionWindow(double length_s, double dispersion_deg);

  void clear();
  /// Adds one direction; times rise. A pause longer than the window starts anew. Returns is_still().
  bool push(CaptureTime at, const Eigen::Vector3d& direction);
  [[nodiscard]] bool is_still() const { return is_still_; }
  /// What the last push allowed, deg.
  [[nodiscard]] double limit_deg() const { return limit_deg_; }
  /// Of the oldest direction in the window.
  [[nodiscard]] CaptureTime oldest() const { return entry(0).at; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Of all directions in the window.
  [[nodiscard]] Eigen::Vector3d sum() const;

 private:
  static constexpr std::size_t capacity = 256;  ///< at higher rates the window is shorter
  struct Entry {
    CaptureTime at{};
    Eigen::Vector3d direction = Eigen::Vector3d::Zero();
  };
  [[nodiscard]] const Entry& entry(std::size_t age_order) const {
    return entries_[(first_ + age_order) % capacity];
  }
  void assess();

  CaptureTime length_;
  double dispersion_deg_;
  std::array<Entry, capacity> entries_;
  std::array<double, capacity> steps_deg_{};
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  bool is_still_ = false;
  double limit_deg_ = 0.0;
};

}  // namespace yarbus
