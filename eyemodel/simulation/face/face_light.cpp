#include "eyemodel/simulation/face/face_light.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>

namespace yarbus::simulation {

float FaceLight::on(const Eigen::Vector3f& normal, float cavity) const {
  const float up = 0.5F - 0.5F * normal.y();
  float light = (from_below + (from_above - from_below) * up) * cavity;
  for (const Lamp& lamp : lamps) {
    const float facing = (normal.dot(lamp.towards_in_cam) + lamp.wrap) / (1.0F + lamp.wrap);
    if (facing > 0.0F) light += lamp.strength * facing * (0.6F + 0.4F * std::min(cavity, 1.0F));
  }
  return light;
}

double FaceLight::radiance(const Eigen::Vector3d& origin_in_cam_mm,
                           const Eigen::Vector3d& towards_in_cam) const {
  constexpr double room = 0.08;
  const Eigen::Vector3d origin = screen_from_cam.point(origin_in_cam_mm);
  const Eigen::Vector3d towards = screen_from_cam.direction(towards_in_cam);
  if (towards.z() > 0.0 && origin.z() < 0.0) {
    const Eigen::Vector3d hit_mm = origin - origin.z() / towards.z() * towards;
    if (hit_mm.x() > 0.0 && hit_mm.x() < screen_width_mm && hit_mm.y() > 0.0 &&
        hit_mm.y() < screen_height_mm) {
      // A page with a darker column at its side and a bar above.
      const bool is_bar = hit_mm.y() < 0.06 * screen_height_mm || hit_mm.x() < 0.15 * screen_width_mm;
      return screen_radiance * (is_bar ? 0.45 : 1.0);
    }
  }
  if (window.radiance > 0.0) {
    const Eigen::Vector3d right = window.towards_in_cam.cross(Eigen::Vector3d::UnitY()).normalized();
    const Eigen::Vector3d up = right.cross(window.towards_in_cam);
    const double along = towards_in_cam.dot(window.towards_in_cam);
    if (along > 0.0) {
      const double x = std::atan2(towards_in_cam.dot(right), along) / window.half_width_rad;
      const double y = std::atan2(towards_in_cam.dot(up), along) / window.half_height_rad;
      const bool is_frame = std::abs(x) < 0.06;
      if (std::abs(x) < 1.0 && std::abs(y) < 1.0) return is_frame ? room : window.radiance;
    }
  }
  return room;
}

}  // namespace yarbus::simulation
