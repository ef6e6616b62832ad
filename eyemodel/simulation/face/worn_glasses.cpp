#include "eyemodel/simulation/face/worn_glasses.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/simulation/corneal_optics.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

constexpr double front_radius_mm = 100.0;    // of a lens's front
constexpr double lens_before_eye_mm = 26.0;  // its vertex, from the rotation centre
constexpr double mirror_share = 0.05;        // of both surfaces together
constexpr double darkest_seen = 0.3;         // transmission below which no eye can be made out

/// A lens's shape in its own plane: a rounded rectangle.
struct LensShape {
  double half_width_mm = 25.0;
  double half_height_mm = 18.0;
  double round_mm = 12.0;
  double rim_mm = 1.6;
  double rim_light = 0.03;

  /// Distance to the lens's edge, negative inside.
  [[nodiscard]] double edge_mm(double x_mm, double y_mm) const {
    const double dx = std::abs(x_mm) - (half_width_mm - round_mm);
    const double dy = std::abs(y_mm) - (half_height_mm - round_mm);
    return std::hypot(std::max(dx, 0.0), std::max(dy, 0.0)) + std::min(std::max(dx, dy), 0.0) - round_mm;
  }
};

LensShape draw_shape(const Person& person) {
  Random random(scramble(person.seed ^ 0x61A55E5ULL));
  LensShape shape;
  shape.half_width_mm = random.uniform(23.0, 27.0);
  shape.half_height_mm = random.uniform(15.0, 21.0);
  shape.round_mm = random.uniform(6.0, shape.half_height_mm);
  shape.rim_mm = random.uniform(0.9, 2.4);
  shape.rim_light = random.uniform(0.01, 0.08);
  return shape;
}

}  // namespace

void wear_glasses(const Person& person, const RigidTransform& cam_from_head, const FaceSetup& setup,
                  FaceCanvas& canvas, FaceTruth& truth) {
  const LensShape shape = draw_shape(person);
  const Eigen::Matrix3d head_from_cam = cam_from_head.rotation.transpose();
  const Eigen::Vector3d camera_in_head_mm = -(head_from_cam * cam_from_head.translation_mm);
  const double half_apart_mm =
      0.5 * (person.eye_centers_in_head_mm[1] - person.eye_centers_in_head_mm[0]).x();
  const double plane_z_mm = person.eye_centers_in_head_mm[0].z() - lens_before_eye_mm;
  const double middle_y_mm = 2.0;
  const double reach_mm = half_apart_mm + shape.half_width_mm + 8.0;

  // What of the image the glasses can take.
  Eigen::Vector2d low_px(1e9, 1e9);
  Eigen::Vector2d high_px(-1e9, -1e9);
  for (const double x : {-reach_mm, reach_mm}) {
    for (const double y : {-30.0, 30.0}) {
      for (const double z : {plane_z_mm, plane_z_mm + 75.0}) {
        const Eigen::Vector3d corner_mm = cam_from_head.point({x, middle_y_mm + y, z});
        if (corner_mm.z() < 100.0) return;
        low_px = low_px.cwiseMin(canvas.project(corner_mm));
        high_px = high_px.cwiseMax(canvas.project(corner_mm));
      }
    }
  }
  const int low_x = std::max(0, static_cast<int>(low_px.x()));
  const int high_x = std::min(canvas.light.cols - 1, static_cast<int>(high_px.x()) + 1);
  const int low_y = std::max(0, static_cast<int>(low_px.y()));
  const int high_y = std::min(canvas.light.rows - 1, static_cast<int>(high_px.y()) + 1);
  const double softness_mm = 0.5 * (-plane_z_mm + cam_from_head.translation_mm.z()) / canvas.camera().fx_px;

  const double sphere_z_mm = plane_z_mm + front_radius_mm;
  for (int y = low_y; y <= high_y; ++y) {
    for (int x = low_x; x <= high_x; ++x) {
      const Eigen::Vector3d ray = head_from_cam * canvas.ray_in_cam(x, y);
      if (ray.z() < 0.1) continue;
      float& light = canvas.light(y, x);
      const double to_plane_mm = (plane_z_mm - camera_in_head_mm.z()) / ray.z();
      const Eigen::Vector3d at_mm = camera_in_head_mm + to_plane_mm * ray;
      const double up_mm = at_mm.y() - middle_y_mm;
      const double side_mm = std::abs(at_mm.x()) - half_apart_mm;
      const double edge_mm = shape.edge_mm(side_mm, up_mm);
      const double in_lens = smooth_step(softness_mm, -softness_mm, edge_mm);
      if (in_lens > 0.0) {
        const Eigen::Vector3d middle_mm(at_mm.x() > 0.0 ? half_apart_mm : -half_apart_mm, middle_y_mm,
                                        sphere_z_mm);
        double mirrored = 0.0;
        if (const auto hit = hit_sphere({camera_in_head_mm, ray}, middle_mm, front_radius_mm)) {
          const Eigen::Vector3d point_mm = camera_in_head_mm + *hit * ray;
          const Eigen::Vector3d normal = (point_mm - middle_mm) / front_radius_mm;
          const Eigen::Vector3d back = ray - 2.0 * ray.dot(normal) * normal;
          mirrored = mirror_share *
                     setup.light.radiance(cam_from_head.point(point_mm), cam_from_head.direction(back));
        }
        const double seen = setup.lens_transmission * light + mirrored;
        light = static_cast<float>(light + in_lens * (seen - light));
      }
      // Rim and bridge, in the lenses' plane; they shade themselves little.
      double rim = smooth_step(shape.rim_mm + softness_mm, shape.rim_mm - softness_mm,
                               std::abs(edge_mm - 0.5 * shape.rim_mm));
      const double bridge_half_mm = half_apart_mm - shape.half_width_mm;
      if (std::abs(at_mm.x()) < bridge_half_mm) {
        const double arc_mm = -4.0 - 2.0 * (1.0 - std::pow(at_mm.x() / std::max(1.0, bridge_half_mm), 2.0));
        rim = std::max(rim, smooth_step(shape.rim_mm + softness_mm, shape.rim_mm - softness_mm,
                                        std::abs(up_mm - arc_mm)));
      }
      // The temple pieces run back beside the head.
      const double temple_x_mm =
          std::copysign(half_apart_mm + shape.half_width_mm + 3.0, ray.x() != 0.0 ? at_mm.x() : 1.0);
      if (std::abs(ray.x()) > 1e-6) {
        const double to_side_mm = (temple_x_mm - camera_in_head_mm.x()) / ray.x();
        const Eigen::Vector3d side_at_mm = camera_in_head_mm + to_side_mm * ray;
        const double in_cam_z_mm = cam_from_head.point(side_at_mm).z();
        if (side_at_mm.z() > plane_z_mm && side_at_mm.z() < plane_z_mm + 75.0 &&
            in_cam_z_mm < canvas.depth_mm(y, x))
          rim = std::max(rim, smooth_step(2.2 + softness_mm, 2.2 - softness_mm,
                                          std::abs(side_at_mm.y() - middle_y_mm + 6.0)));
      }
      if (rim > 0.0) light = static_cast<float>(light + rim * (shape.rim_light - light));
    }
  }
  if (setup.lens_transmission < darkest_seen) {
    for (FaceEyeTruth& eye : truth.eyes) eye.is_visible = false;
  }
}

}  // namespace yarbus::simulation
