#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include <Eigen/Geometry>

#include "eyemodel/simulation/random.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus::test {

/// A head for tests of those who follow one: an ellipsoid of any size with blotches of two sizes on its skin
/// before an even wall. Rendered by rays, with nothing of the tracker's own geometry.
class TexturedHead {
 public:
  explicit TexturedHead(std::uint64_t seed, const Eigen::Vector3d& half_axes_mm = {75.0, 115.0, 95.0})
      : half_axes_mm_(half_axes_mm), random_(seed) {
    for (int i = 0; i < blotches; ++i) {
      const Eigen::Vector3d way(random_.normal(), random_.normal(), random_.normal());
      blotch_.push_back({way.normalized(), random_.uniform(-70.0, 70.0), random_.uniform(0.05, 0.18)});
    }
  }

  GrayImage render(const CameraIntrinsics& camera, const RigidTransform& cam_from_head,
                   double noise_gray = 2.0) {
    GrayImage image(camera.width_px, camera.height_px);
    const Eigen::Matrix3d head_from_cam = cam_from_head.rotation.transpose();
    const Eigen::Vector3d eye = (-head_from_cam * cam_from_head.translation_mm).cwiseQuotient(half_axes_mm_);
    for (int y = 0; y < camera.height_px; ++y) {
      for (int x = 0; x < camera.width_px; ++x) {
        const Eigen::Vector3d ray = (head_from_cam * Eigen::Vector3d((x - camera.cx_px) / camera.fx_px,
                                                                     (y - camera.cy_px) / camera.fy_px, 1.0))
                                        .cwiseQuotient(half_axes_mm_);
        const double b = eye.dot(ray) / ray.squaredNorm();
        const double c = (eye.squaredNorm() - 1.0) / ray.squaredNorm();
        double gray = 90.0;
        if (b * b > c) gray = skin_at(eye + (-b - std::sqrt(b * b - c)) * ray);
        gray += noise_gray * random_.normal();
        image.row(y)[x] = static_cast<std::uint8_t>(std::lround(std::fmin(255.0, std::fmax(0.0, gray))));
      }
    }
    return image;
  }

 private:
  static constexpr int blotches = 160;
  struct Blotch {
    Eigen::Vector3d middle;  ///< on the unit sphere
    double gray;
    double radius;
  };
  [[nodiscard]] double skin_at(const Eigen::Vector3d& on_sphere) const {
    double gray = 140.0;
    for (const Blotch& blotch : blotch_) {
      const double share = (on_sphere - blotch.middle).squaredNorm() / (blotch.radius * blotch.radius);
      if (share < 9.0) gray += blotch.gray * std::exp(-0.5 * share);
    }
    return gray;
  }

  Eigen::Vector3d half_axes_mm_;
  simulation::Random random_;
  std::vector<Blotch> blotch_;
};

}  // namespace yarbus::test
