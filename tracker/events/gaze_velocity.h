#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <Eigen/Core>

#include "tracker/events/gaze_series.h"

namespace yarbus {

/// How fast gaze moves at one sample.
struct GazeVelocity {
  CaptureTime at{};
  Eigen::Vector3d direction = Eigen::Vector3d::Zero();       ///< unit, without single-sample spikes
  Eigen::Vector2d right_up_deg_s = Eigen::Vector2d::Zero();  ///< the looker's right and up
  /// Over the nearest neighbours only (h = 1): noisier, and less flattened at a peak.
  double sharp_speed_deg_s = 0.0;
  bool is_valid = false;  ///< false: the sample or one of its window is lost, or the window is not full

  [[nodiscard]] double speed_deg_s() const { return right_up_deg_s.norm(); }
};

/// Velocities of a stream of gaze directions, each with the same number of samples before and after it, so
/// that nothing is shifted in time.
/// Method: every sample is replaced by the median of itself and its neighbours, by component (Stampe 1993: a
/// single outlier vanishes, an edge stays); then the slope, at the middle sample, of a parabola fitted by
/// least squares over 2 h + 1 samples at their real times (Savitzky & Golay 1964 for samples that need not be
/// evenly spaced; h = 1 is the central difference). Two samples farther apart than the longest step are not
/// in one window. Latency: latency_samples() = h + 1. Threads: one owner. Memory: fixed, no heap. Cost: about
/// 0.2 us.
class VelocityFilter {
 public:
  static constexpr std::size_t max_half_samples = 12;

  /// h, 1 to max_half_samples (YARBUS_CHECK), and the longest step within a window.
  void set_window(std::size_t half_samples, CaptureTime longest_step);
  void clear();
  /// Adds one sample; times must rise (YARBUS_CHECK).
  void push(const GazeDirectionSample& sample);
  /// No more samples will come: next() gives the rest.
  void finish() { is_finished_ = true; }
  /// The next sample's velocity, each sample once and in order; nullopt: not known yet.
  std::optional<GazeVelocity> next();
  [[nodiscard]] std::size_t latency_samples() const { return half_samples_ + 1; }

 private:
  struct Entry {
    CaptureTime at{};
    Eigen::Vector3d direction = Eigen::Vector3d::Zero();
    bool is_usable = false;
    bool follows = false;  ///< close enough to the sample before
  };
  static constexpr std::uint64_t capacity = 64;
  [[nodiscard]] const Entry& entry(std::uint64_t index) const { return entries_[index % capacity]; }
  [[nodiscard]] bool holds(std::uint64_t first, std::uint64_t last) const;
  [[nodiscard]] Eigen::Vector3d without_spike(std::uint64_t index) const;
  [[nodiscard]] Eigen::Vector3d slope_per_s(std::uint64_t middle, std::size_t half_samples) const;

  std::array<Entry, capacity> entries_;
  std::uint64_t pushed_ = 0;  ///< samples so far
  std::uint64_t next_ = 0;    ///< the sample whose velocity comes next
  std::size_t half_samples_ = 1;
  CaptureTime longest_step_ = CaptureTime::max();
  bool is_finished_ = false;
};

}  // namespace yarbus
