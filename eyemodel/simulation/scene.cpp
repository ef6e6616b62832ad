#include "eyemodel/simulation/scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

namespace yarbus::simulation {
namespace {
constexpr double rad_per_deg = std::numbers::pi / 180.0;

Eigen::Vector3d direction_in_head(double azimuth_deg, double elevation_deg) {
  const double azimuth = azimuth_deg * rad_per_deg;
  const double elevation = elevation_deg * rad_per_deg;
  return {std::sin(azimuth) * std::cos(elevation), -std::sin(elevation),
          -std::cos(azimuth) * std::cos(elevation)};
}
}  // namespace

Eigen::Vector3d Scene::optical_axis_in_head() const { return direction_in_head(yaw_deg, pitch_deg); }

Eigen::Matrix3d Scene::head_from_eye() const {
  // The eye's axes at rest: x to image right, z out of the cornea, hence y up.
  Eigen::Matrix3d rest;
  rest << 1, 0, 0, 0, -1, 0, 0, 0, -1;
  const auto turn =
      Eigen::Quaterniond::FromTwoVectors(-Eigen::Vector3d::UnitZ(), optical_axis_in_head());
  return turn.toRotationMatrix() * rest;
}

void place_camera(Scene& scene, double distance_mm, double azimuth_deg, double elevation_deg) {
  const Eigen::Vector3d towards_camera = direction_in_head(azimuth_deg, elevation_deg);
  const Eigen::Vector3d z = -towards_camera;
  const Eigen::Vector3d x = Eigen::Vector3d::UnitY().cross(z).normalized();
  scene.cam_from_head.row(0) = x;
  scene.cam_from_head.row(1) = z.cross(x);
  scene.cam_from_head.row(2) = z;
  scene.eye_center_in_cam_mm = {0, 0, distance_mm};
}

std::array<double, 2> lid_angles_deg(const LidPosture& lids, double pitch_deg) {
  double upper = lids.upper_rest_deg + lids.upper_follow * pitch_deg;
  double lower = lids.lower_rest_deg + lids.lower_follow * pitch_deg;
  constexpr double squint_upper_deg = 9.0;
  constexpr double squint_lower_deg = 13.0;
  upper -= squint_upper_deg * lids.squint;
  lower += squint_lower_deg * lids.squint;
  // The upper lid does nearly all of a blink; closed lids overlap so that nothing shows between them.
  constexpr double lower_share = 0.12;
  constexpr double overlap_deg = 3.0;
  const double closure = std::clamp(lids.closure, 0.0, 1.0);
  const double meet = lower + lower_share * (upper - lower);
  return {upper + closure * (meet - overlap_deg - upper), lower + closure * (meet - lower)};
}

}  // namespace yarbus::simulation
