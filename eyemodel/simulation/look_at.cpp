#include "eyemodel/simulation/look_at.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>

#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

constexpr int most_turns = 40;
constexpr double exact_enough = 1e-12;

GazePlan still_plan() {
  GazePlan plan;
  plan.kind = GazePlan::Kind::still;
  return plan;
}

/// Inverse of direction_in_head().
Eigen::Vector2d yaw_pitch_deg(const Eigen::Vector3d& axis_in_head) {
  return {std::atan2(axis_in_head.x(), -axis_in_head.z()) / rad_per_deg,
          std::asin(std::clamp(-axis_in_head.y(), -1.0, 1.0)) / rad_per_deg};
}

}  // namespace

Eigen::Vector3d visual_axis_in_eye(const EyeAnatomy& eye) {
  // Kappa turns in the eye's own frame (y up, x to image right): up about -x, right about +y.
  const Eigen::Matrix3d kappa =
      (Eigen::AngleAxisd(eye.kappa_horizontal_deg * rad_per_deg, Eigen::Vector3d::UnitY()) *
       Eigen::AngleAxisd(-eye.kappa_vertical_deg * rad_per_deg, Eigen::Vector3d::UnitX()))
          .toRotationMatrix();
  return kappa.col(2);
}

Eigen::Vector3d visual_axis_in_head(const Scene& scene) {
  return scene.head_from_eye() * visual_axis_in_eye(scene.eye);
}

Eigen::Vector2d gaze_towards_deg(const EyeAnatomy& eye, const Eigen::Vector3d& point_in_head_mm) {
  const Eigen::Vector3d wanted = point_in_head_mm.normalized();
  Scene scene;
  scene.eye = eye;
  Eigen::Vector3d optical = wanted;
  for (int i = 0; i < most_turns; ++i) {
    const Eigen::Vector2d gaze_deg = yaw_pitch_deg(optical);
    scene.yaw_deg = gaze_deg.x();
    scene.pitch_deg = gaze_deg.y();
    const Eigen::Vector3d visual = visual_axis_in_head(scene);
    if ((visual - wanted).squaredNorm() < exact_enough * exact_enough) break;
    optical = (Eigen::Quaterniond::FromTwoVectors(visual, wanted) * optical).normalized();
  }
  return yaw_pitch_deg(optical).cwiseMax(-gaze_limit_deg()).cwiseMin(gaze_limit_deg());
}

LookAtMotion::LookAtMotion(const EyeAnatomy& eye, const Eigen::Vector2d& start_deg, std::uint64_t seed)
    : eye_(eye), follower_(start_deg), unrest_(still_plan(), scramble(seed ^ 0x100CA7)) {}

GazeMotion::State LookAtMotion::at(const Eigen::Vector3d& point_in_head_mm, double time_s) {
  GazeMotion::State state = follower_.follow(gaze_towards_deg(eye_, point_in_head_mm), time_s);
  state.gaze_deg += unrest_.drift(time_s);
  return state;
}

}  // namespace yarbus::simulation
