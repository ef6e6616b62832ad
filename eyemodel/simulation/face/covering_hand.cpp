#include "eyemodel/simulation/face/covering_hand.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

constexpr double before_eye_mm = 32.0;  // the hand's plane, from the rotation centre

/// A rod from a to b in the hand's plane, in mm from the covered eye, x away from the nose, y down.
struct Rod {
  double ax, ay, bx, by, radius;
};
constexpr std::array rods{
    Rod{34, 62, 22, 10, 26},   Rod{10, 2, -16, -42, 8.5}, Rod{24, -6, 4, -58, 9.0},
    Rod{38, -4, 26, -56, 8.8}, Rod{48, 6, 46, -36, 8.0},  Rod{14, 40, -22, 22, 10.5},
};

}  // namespace

void hold_hand(const Person& person, const RigidTransform& cam_from_head, const FaceLight& light,
               double time_s, FaceCanvas& canvas, FaceTruth& truth) {
  constexpr double period_s = 6.0;
  constexpr double raise_s = 0.4;
  const double t = std::fmod(time_s, period_s);
  const double raised = smooth_step(3.0 - raise_s, 3.0, t) * smooth_step(period_s, period_s - raise_s, t);
  if (raised <= 0.0) return;
  const auto side = static_cast<EyeSide>(person.seed % 2);
  const double outward = side == EyeSide::right ? -1.0 : 1.0;
  const Eigen::Vector3d eye_mm = person.eye_center_in_head_mm(side);
  const double plane_z_mm = eye_mm.z() - before_eye_mm;
  const double lowered_mm = 220.0 * (1.0 - raised);

  const Eigen::Matrix3d head_from_cam = cam_from_head.rotation.transpose();
  const Eigen::Vector3d camera_in_head_mm = -(head_from_cam * cam_from_head.translation_mm);
  const Eigen::Vector3d middle_mm = cam_from_head.point({eye_mm.x(), eye_mm.y() + lowered_mm, plane_z_mm});
  if (middle_mm.z() < 100.0) return;
  const Eigen::Vector2d middle_px = canvas.project(middle_mm);
  const double reach_px = 130.0 * canvas.camera().fx_px / middle_mm.z();
  const int low_x = std::max(0, static_cast<int>(middle_px.x() - reach_px));
  const int high_x = std::min(canvas.light.cols - 1, static_cast<int>(middle_px.x() + reach_px));
  const int low_y = std::max(0, static_cast<int>(middle_px.y() - reach_px));
  const int high_y = std::min(canvas.light.rows - 1, static_cast<int>(middle_px.y() + reach_px));
  for (int y = low_y; y <= high_y; ++y) {
    for (int x = low_x; x <= high_x; ++x) {
      const Eigen::Vector3d ray = head_from_cam * canvas.ray_in_cam(x, y);
      if (ray.z() < 0.1) continue;
      const Eigen::Vector3d at_mm = camera_in_head_mm + (plane_z_mm - camera_in_head_mm.z()) / ray.z() * ray;
      const double px = outward * (at_mm.x() - eye_mm.x());
      const double py = at_mm.y() - eye_mm.y() - lowered_mm;
      double height_mm = 0.0;
      Eigen::Vector3f normal = -Eigen::Vector3f::UnitZ();
      for (const Rod& rod : rods) {
        const double dx = rod.bx - rod.ax;
        const double dy = rod.by - rod.ay;
        const double share =
            std::clamp(((px - rod.ax) * dx + (py - rod.ay) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
        const double ox = px - rod.ax - share * dx;
        const double oy = py - rod.ay - share * dy;
        const double square = rod.radius * rod.radius - ox * ox - oy * oy;
        if (square <= 0.0 || std::sqrt(square) <= height_mm) continue;
        height_mm = std::sqrt(square);
        normal =
            Eigen::Vector3f(static_cast<float>(outward * ox / rod.radius),
                            static_cast<float>(oy / rod.radius), static_cast<float>(-height_mm / rod.radius));
      }
      if (height_mm <= 0.0) continue;
      const float lit = light.on(cam_from_head.rotation.cast<float>() * normal, 1.0F);
      const double wrinkle = 1.0 + 0.04 * std::sin(0.9 * px + 0.4 * py) * std::sin(0.7 * py);
      canvas.light(y, x) = static_cast<float>(0.95 * person.skin_albedo * wrinkle) * lit;
    }
  }
  constexpr double covered_from = 0.5;
  if (raised > covered_from) truth.eyes[static_cast<std::size_t>(side)].is_visible = false;
}

}  // namespace yarbus::simulation
