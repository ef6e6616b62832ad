#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include <Eigen/Core>

namespace yarbus {

/// The ellipse of velocities that noise explains: outside it gaze is too fast. Units: deg/s, right and up.
struct SaccadeThreshold {
  Eigen::Vector2d semi_axes_deg_s = Eigen::Vector2d::Zero();

  /// 1 on the ellipse, more outside.
  [[nodiscard]] double exceedance(const Eigen::Vector2d& right_up_deg_s) const {
    return right_up_deg_s.cwiseQuotient(semi_axes_deg_s).norm();
  }
};

/// Threshold from the velocities themselves, most of which are of fixations (Engbert & Kliegl 2003): `factor`
/// times a standard deviation estimated by medians, sqrt(median(v^2) - median(v)^2), for each axis, and not
/// less than `least_deg_s`. nullopt for fewer than `least_velocities`.
/// `scratch` needs room for as many numbers (YARBUS_CHECK). No heap.
constexpr std::size_t least_velocities = 30;
std::optional<SaccadeThreshold> elliptic_threshold(std::span<const Eigen::Vector2d> right_up_deg_s,
                                                   std::span<double> scratch, double factor,
                                                   double least_deg_s);

/// The same over the latest velocities of a stream.
/// Threads: one owner. Memory: fixed, no heap. Cost: a median over all it holds once in 32 velocities.
class RunningThreshold {
 public:
  static constexpr std::size_t capacity = 1024;

  RunningThreshold(double factor, double least_deg_s) : factor_(factor), least_deg_s_(least_deg_s) {}
  void clear();
  /// Over how many of the latest velocities, up to the capacity; more are forgotten.
  void set_length(std::size_t velocities);
  void push(const Eigen::Vector2d& right_up_deg_s);
  [[nodiscard]] const std::optional<SaccadeThreshold>& threshold() const { return threshold_; }

 private:
  double factor_;
  double least_deg_s_;
  std::array<Eigen::Vector2d, capacity> velocities_;
  std::array<double, capacity> scratch_{};
  std::size_t length_ = capacity;
  std::size_t size_ = 0;
  std::size_t next_ = 0;
  int since_update_ = 0;
  std::optional<SaccadeThreshold> threshold_;
};

}  // namespace yarbus
