#include "eyemodel/simulation/scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
Eigen::Vector3d direction_in_head(double azimuth_deg, double elevation_deg) {
  const double azimuth = azimuth_deg * rad_per_deg;
  const double elevation = elevation_deg * rad_per_deg;
  return {std::sin(azimuth) * std::cos(elevation), -std::sin(elevation),
          -std::cos(azimuth) * std::cos(elevation)};
}

Eigen::Vector3d Scene::optical_axis_in_head() const { return direction_in_head(yaw_deg, pitch_deg); }

Eigen::Matrix3d Scene::head_from_eye() const {
  // The eye's axes at rest: x to image right, z out of the cornea, hence y up.
  Eigen::Matrix3d rest;
  rest << 1, 0, 0, 0, -1, 0, 0, 0, -1;
  const auto turn = Eigen::Quaterniond::FromTwoVectors(-Eigen::Vector3d::UnitZ(), optical_axis_in_head());
  return turn.toRotationMatrix() * rest;
}

void place_camera(Scene& scene, double distance_mm, double azimuth_deg, double elevation_deg) {
  const Eigen::Vector3d towards_camera = direction_in_head(azimuth_deg, elevation_deg);
  const Eigen::Vector3d z = -towards_camera;
  const Eigen::Vector3d x = Eigen::Vector3d::UnitY().cross(z).normalized();
  scene.cam_from_head.row(0) = x;
  scene.cam_from_head.row(1) = z.cross(x);
  scene.cam_from_head.row(2) = z;
  // Cameras are aimed at the eye's front, not at its centre.
  constexpr double aim_mm = 6.0;
  scene.eye_center_in_cam_mm =
      Eigen::Vector3d(0, 0, distance_mm) + scene.cam_from_head * Eigen::Vector3d(0, 0, aim_mm);
}

void slip_camera(Scene& scene, const Eigen::Vector3d& slip_in_head_mm, const Eigen::Vector3d& tilt_deg) {
  const Eigen::Matrix3d tilt = (Eigen::AngleAxisd(tilt_deg.z() * rad_per_deg, Eigen::Vector3d::UnitZ()) *
                                Eigen::AngleAxisd(tilt_deg.y() * rad_per_deg, Eigen::Vector3d::UnitY()) *
                                Eigen::AngleAxisd(tilt_deg.x() * rad_per_deg, Eigen::Vector3d::UnitX()))
                                   .toRotationMatrix();
  scene.eye_center_in_cam_mm = tilt * (scene.eye_center_in_cam_mm - scene.cam_from_head * slip_in_head_mm);
  scene.cam_from_head = tilt * scene.cam_from_head;
}

std::array<double, 2> lid_angles_deg(const LidPosture& lids, double pitch_deg) {
  double upper = lids.upper_rest_deg + lids.upper_follow * pitch_deg;
  double lower = lids.lower_rest_deg + lids.lower_follow * pitch_deg;
  constexpr double squint_upper_deg = 9.0;
  constexpr double squint_lower_deg = 13.0;
  upper -= squint_upper_deg * lids.squint;
  lower += squint_lower_deg * lids.squint;
  return {upper, lower};
}

}  // namespace yarbus::simulation
