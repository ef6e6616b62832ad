#pragma once

#include <Eigen/Core>

#include "calibration/calibration_sample.h"

namespace yarbus {

/// The way of a moving target: a closed Lissajous curve, two turns across by three down, cut into arcs of
/// equal time. Frames & units: screen, mm; time along the way in s, 0 at its start; before and beyond it goes
/// on. The speed never exceeds the one asked for, seen from the viewing distance.
/// Threads: const, concurrent-safe.
class PursuitPath {
 public:
  static constexpr int arc_count = 8;
  /// The curve fills the rectangle between the corners.
  PursuitPath(const ScreenGeometry& screen, const Eigen::Vector2d& low_mm, const Eigen::Vector2d& high_mm,
              double max_speed_deg_s);

  [[nodiscard]] Eigen::Vector2d at(double path_s) const;
  [[nodiscard]] double duration_s() const { return duration_s_; }
  [[nodiscard]] double arc_s() const { return duration_s_ / arc_count; }

 private:
  Eigen::Vector2d middle_mm_;
  Eigen::Vector2d amplitude_mm_;
  double duration_s_ = 0.0;
};

/// How one movement along the way runs in time: still until `starts_at`, then gently up to full speed.
struct PursuitMotion {
  static constexpr double ramp_s = 0.5;
  CaptureTime starts_at{};
  double from_path_s = 0.0;

  [[nodiscard]] double path_s(CaptureTime at) const;
  /// When the movement is as far as that.
  [[nodiscard]] CaptureTime time_at(double path_s) const;
};

}  // namespace yarbus
