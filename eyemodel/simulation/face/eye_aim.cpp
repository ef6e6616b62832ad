#include "eyemodel/simulation/face/eye_aim.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>

#include "eyemodel/simulation/look_at.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

/// Straight ahead: the eye frame's z is the head's -z, its y (up) the head's -y.
const Eigen::DiagonalMatrix<double, 3> head_from_straight_eye(1.0, -1.0, -1.0);

EyeAim aim_along(const Eigen::Vector3d& optical_in_head, const Eigen::Vector3d& visual_in_eye) {
  EyeAim aim;
  const auto turn =
      Eigen::Quaterniond::FromTwoVectors(Eigen::Vector3d(-Eigen::Vector3d::UnitZ()), optical_in_head);
  aim.head_from_eye = turn.toRotationMatrix() * head_from_straight_eye;
  aim.optical_axis_in_head = aim.head_from_eye.col(2);
  aim.visual_axis_in_head = aim.head_from_eye * visual_in_eye;
  return aim;
}

}  // namespace

EyeAim aim_eye(const EyeAnatomy& eye, const Eigen::Vector3d& wanted_in_head, double limit_deg) {
  constexpr int most_turns = 20;
  constexpr double exact_enough_rad = 1e-10;
  const Eigen::Vector3d wanted = wanted_in_head.normalized();
  const Eigen::Vector3d visual_in_eye = visual_axis_in_eye(eye);
  Eigen::Vector3d optical = wanted;
  EyeAim aim = aim_along(optical, visual_in_eye);
  for (int i = 0; i < most_turns && (aim.visual_axis_in_head - wanted).norm() > exact_enough_rad; ++i) {
    optical = (Eigen::Quaterniond::FromTwoVectors(aim.visual_axis_in_head, wanted) * optical).normalized();
    aim = aim_along(optical, visual_in_eye);
  }
  const double off_rad = std::acos(std::clamp(-optical.z(), -1.0, 1.0));
  const double limit_rad = limit_deg * rad_per_deg;
  if (off_rad > limit_rad) {
    const Eigen::Vector3d side = Eigen::Vector3d(optical.x(), optical.y(), 0.0).normalized();
    aim =
        aim_along(std::sin(limit_rad) * side - std::cos(limit_rad) * Eigen::Vector3d::UnitZ(), visual_in_eye);
  }
  return aim;
}

}  // namespace yarbus::simulation
