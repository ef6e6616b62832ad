#pragma once

#include <cmath>
#include <memory>
#include <numbers>
#include <random>
#include <vector>

#include <Eigen/Geometry>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/geometry/conic.h"

namespace yarbus::test {

/// An eye without a cornea: a disc tangent to a sphere, seen exactly; noise is added to edge points and
/// ellipses.
struct SyntheticEye {
  CameraIntrinsics intrinsics = CameraIntrinsics::from_focal_length(620.0, 640, 480);
  Eigen::Vector3d eye_center_in_cam_mm{2.0, -1.5, 45.0};
  double eyeball_radius_mm = 12.0;
  Eigen::Vector3d mean_gaze_in_cam =
      Eigen::AngleAxisd(0.35, Eigen::Vector3d(0.6, 0.8, 0.0)) * -Eigen::Vector3d::UnitZ();
  double range_deg = 15.0;
  double noise_px = 0.2;
  double outlier_share = 0.0;  ///< of frames, whose ellipse is somewhere else
  bool with_patches = false;
  unsigned seed = 7;
};

struct SyntheticFrames {
  std::vector<FitFrame> frames;
  std::vector<Circle3> pupils_in_cam;  ///< the truth
};

/// A soft-edged dark ellipse with noise, and a glint, around the pupil.
inline std::shared_ptr<const ImagePatch> render_patch(const Ellipse& ellipse, std::mt19937& rng) {
  const Conic conic = conic_from_ellipse(ellipse);
  const int reach = static_cast<int>(ellipse.semi_major_px * 1.6) + 4;
  auto patch = std::make_shared<ImagePatch>();
  patch->x0_px = static_cast<int>(ellipse.center_px.x()) - reach;
  patch->y0_px = static_cast<int>(ellipse.center_px.y()) - reach;
  patch->pixels.resize(2 * reach + 1, 2 * reach + 1);
  std::normal_distribution<double> noise(0.0, 3.0);
  for (int y = 0; y <= 2 * reach; ++y) {
    for (int x = 0; x <= 2 * reach; ++x) {
      const Eigen::Vector2d at(x + patch->x0_px, y + patch->y0_px);
      const double d = sampson_distance_px(conic, at);
      double gray = 40.0 + 80.0 * 0.5 * (1.0 + std::erf(d / 1.2));
      if ((at - ellipse.point_at(1.0)).norm() < 4.0) gray = 250.0;
      patch->pixels.row(y)[x] = static_cast<std::uint8_t>(std::clamp(gray + noise(rng), 0.0, 255.0));
    }
  }
  return patch;
}

inline SyntheticFrames make_frames(const SyntheticEye& eye, int count) {
  std::mt19937 rng(eye.seed);
  std::normal_distribution<double> normal(0.0, 1.0);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  const double range = eye.range_deg * std::numbers::pi / 180.0;
  SyntheticFrames out;
  for (int i = 0; i < count; ++i) {
    const Eigen::Vector3d gaze = Eigen::AngleAxisd(range * uniform(rng), Eigen::Vector3d::UnitX()) *
                                 Eigen::AngleAxisd(range * uniform(rng), Eigen::Vector3d::UnitY()) *
                                 eye.mean_gaze_in_cam;
    const Circle3 pupil{eye.eye_center_in_cam_mm + eye.eyeball_radius_mm * gaze, gaze,
                        1.6 + 0.5 * uniform(rng)};
    Ellipse ellipse = project_circle(pupil, eye.intrinsics).value();
    FitFrame frame;
    frame.sequence = static_cast<std::uint64_t>(i);
    if (eye.with_patches) frame.patch = render_patch(ellipse, rng);
    if (uniform(rng) * 0.5 + 0.5 < eye.outlier_share) {
      ellipse.center_px += Eigen::Vector2d(40.0 * uniform(rng), 40.0 * uniform(rng));
      ellipse.semi_minor_px *= 0.6;
    }
    for (int k = 0; k < 120; ++k) {
      const Eigen::Vector2d point = ellipse.point_at(2.0 * std::numbers::pi * k / 120.0) +
                                    eye.noise_px * Eigen::Vector2d(normal(rng), normal(rng));
      frame.observation.edge_points.push_back({point.cast<float>(), static_cast<float>(eye.noise_px)});
    }
    // What a fit to those edges would leave: noise over the root of their number.
    const double left_px = eye.noise_px * 0.3;
    ellipse.center_px += left_px * Eigen::Vector2d(normal(rng), normal(rng));
    ellipse.semi_major_px += left_px * normal(rng);
    ellipse.semi_minor_px = std::min(ellipse.semi_major_px, ellipse.semi_minor_px + left_px * normal(rng));
    frame.observation.ellipse = ellipse;
    frame.observation.confidence = 1.0;
    out.frames.push_back(std::move(frame));
    out.pupils_in_cam.push_back(pupil);
  }
  return out;
}

inline double angle_deg(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::atan2(a.cross(b).norm(), a.dot(b)) * 180.0 / std::numbers::pi;
}

}  // namespace yarbus::test
