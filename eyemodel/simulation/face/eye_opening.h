#pragma once

#include <Eigen/Core>

#include "eyemodel/simulation/face/person.h"

namespace yarbus::simulation {

/// A place on the lids' sphere. Units: arc length from straight ahead of the rotation centre, mm.
struct LidPlace {
  double to_nose_mm = 0.0;
  double up_mm = 0.0;
};

/// The opening between an eye's lids, on a sphere about its rotation centre. Frames & units: head, mm.
class EyeOpening {
 public:
  /// `gaze_up_deg`: elevation of the optical axis; the upper lid follows 85 % of it, the lower 45 %.
  /// `closure`: 0 open .. 1 closed.
  EyeOpening(const Person& person, EyeSide side, double gaze_up_deg, double closure);

  /// Of a direction from the rotation centre (any length; of one to the back: somewhere outside).
  [[nodiscard]] LidPlace place_of(const Eigen::Vector3d& from_center_in_head_mm) const;
  [[nodiscard]] Eigen::Vector3d point_in_head_mm(const LidPlace& place) const;
  /// Heights of the margins at a place along the eye; beyond the corners both are the corner's.
  [[nodiscard]] double upper_mm(double to_nose_mm) const;
  [[nodiscard]] double lower_mm(double to_nose_mm) const;
  [[nodiscard]] LidPlace inner_corner() const { return {inner_mm_, line_mm(inner_mm_)}; }
  [[nodiscard]] LidPlace outer_corner() const { return {-outer_mm_, line_mm(-outer_mm_)}; }
  [[nodiscard]] double radius_mm() const { return radius_mm_; }

 private:
  /// The straight line between the corners.
  [[nodiscard]] double line_mm(double to_nose_mm) const;
  [[nodiscard]] double arch(double to_nose_mm, double exponent) const;

  Eigen::Vector3d center_in_head_mm_;
  double to_nose_sign_ = 1.0;
  double radius_mm_ = 13.4;
  double inner_mm_ = 12.4;
  double outer_mm_ = 13.0;
  double tilt_mm_ = 0.0;
  double upper_top_mm_ = 4.9;
  double lower_bottom_mm_ = -6.1;
};

}  // namespace yarbus::simulation
