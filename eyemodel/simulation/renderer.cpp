#include "eyemodel/simulation/renderer.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/Geometry>
#include <opencv2/core/utility.hpp>

#include "eyemodel/simulation/eye_surface.h"
#include "eyemodel/simulation/face_surface.h"
#include "eyemodel/simulation/lashes.h"
#include "eyemodel/simulation/lid_opening.h"
#include "eyemodel/simulation/sensor.h"
#include "eyemodel/simulation/spectacles.h"
#include "eyemodel/simulation/truth.h"
#include "eyemodel/types/check.h"

namespace yarbus::simulation {
namespace {

/// Gray of a lash in the light.
constexpr float lash_gray = 0.07F;
constexpr float caruncle_gray = 0.34F;
constexpr float lash_opacity = 0.94F;

double polygon_area(std::span<const Eigen::Vector2d> points) {
  double sum = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& a = points[i];
    const auto& b = points[(i + 1) % points.size()];
    sum += a.x() * b.y() - b.x() * a.y();
  }
  return 0.5 * std::abs(sum);
}

struct PixelBox {
  int x0 = 0, y0 = 0, x1 = -1, y1 = -1;  // inclusive
  [[nodiscard]] bool contains(int x, int y) const { return x >= x0 && x <= x1 && y >= y0 && y <= y1; }
  [[nodiscard]] bool empty() const { return x1 < x0 || y1 < y0; }
  [[nodiscard]] PixelBox united(const PixelBox& other) const {
    return {std::min(x0, other.x0), std::min(y0, other.y0), std::max(x1, other.x1), std::max(y1, other.y1)};
  }
  [[nodiscard]] PixelBox within(const CameraIntrinsics& camera) const {
    return {std::max(x0, 0), std::max(y0, 0), std::min(x1, camera.width_px - 1),
            std::min(y1, camera.height_px - 1)};
  }
};

PixelBox box_around(std::span<const Eigen::Vector2d> points, int margin_px) {
  Eigen::Vector2d low = points.front();
  Eigen::Vector2d high = points.front();
  for (const auto& point : points) {
    low = low.cwiseMin(point);
    high = high.cwiseMax(point);
  }
  constexpr double far_px = 1e6;
  low = low.cwiseMax(-far_px);
  high = high.cwiseMin(far_px);
  return {
      static_cast<int>(std::floor(low.x())) - margin_px, static_cast<int>(std::floor(low.y())) - margin_px,
      static_cast<int>(std::ceil(high.x())) + margin_px, static_cast<int>(std::ceil(high.y())) + margin_px};
}

/// Where in the image the eye shows between its lids.
PixelBox box_of_opening(const Scene& scene) {
  const LidOpening opening(scene);
  std::vector<Eigen::Vector2d> margin;
  constexpr int steps = 24;
  for (int i = 0; i <= steps; ++i) {
    const double azimuth = opening.canthus_azimuth_rad() * (2.0 * i / steps - 1.0);
    for (const double elevation : {opening.upper_rad(azimuth), opening.lower_rad(azimuth)}) {
      const Eigen::Vector3d in_cam =
          scene.cam_from_head * opening.point_mm(azimuth, elevation) + scene.eye_center_in_cam_mm;
      if (in_cam.z() > 1.0) margin.push_back(scene.camera.project(in_cam));
    }
  }
  constexpr int margin_px = 6;
  return margin.empty() ? PixelBox{} : box_around(margin, margin_px);
}

/// The undistorted place (px) of a fisheye's pixel; where the lens shows nothing, far outside.
Eigen::Vector2d ray_of_fisheye(const CameraIntrinsics& camera, const Eigen::Vector2d& captured_px) {
  constexpr double far_px = 1e6;
  const Eigen::Vector2d axis_px(camera.cx_px, camera.cy_px);
  return camera.undistort(captured_px).value_or(axis_px + far_px * (captured_px - axis_px).normalized());
}

}  // namespace

struct Renderer::Impl {
  Impl(std::uint64_t appearance_seed, const LashStyle& style)
      : seed(appearance_seed),
        textures(appearance_seed),
        face(appearance_seed),
        lashes(appearance_seed, style) {}

  /// Directions through the pixels in cam (z = 1), distortion undone.
  void use_camera(const CameraIntrinsics& intrinsics);
  /// Adds one instant's light, weighted, to `light` inside `box`; returns the pupil's visible fraction there.
  double add_instant(const Scene& scene, float weight, const PixelBox& box);

  std::uint64_t seed;
  EyeTextures textures;
  FaceSurface face;
  Lashes lashes;
  SensorModel sensor;
  CameraIntrinsics camera;
  std::vector<Eigen::Vector2d> rays;
  cv::Mat1f light;
  cv::Mat1f lash_coverage;
  cv::Mat1f spectacle_light;
};

Renderer::Renderer(std::uint64_t appearance_seed, const LashStyle& lashes)
    : impl_(std::make_unique<Impl>(appearance_seed, lashes)) {}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

void Renderer::Impl::use_camera(const CameraIntrinsics& intrinsics) {
  const auto same = [](const CameraIntrinsics& a, const CameraIntrinsics& b) {
    return a.fx_px == b.fx_px && a.fy_px == b.fy_px && a.cx_px == b.cx_px && a.cy_px == b.cy_px &&
           a.width_px == b.width_px && a.height_px == b.height_px &&
           a.distortion_model == b.distortion_model && a.distortion == b.distortion;
  };
  if (!rays.empty() && same(camera, intrinsics)) return;
  YARBUS_CHECK(intrinsics.validate().has_value());
  camera = intrinsics;
  rays.resize(static_cast<std::size_t>(camera.width_px) * static_cast<std::size_t>(camera.height_px));
  for (int y = 0; y < camera.height_px; ++y) {
    for (int x = 0; x < camera.width_px; ++x) {
      const Eigen::Vector2d wanted(x, y);
      Eigen::Vector2d pinhole = wanted;
      if (camera.distortion_model == DistortionModel::fisheye) {
        pinhole = ray_of_fisheye(camera, wanted);
      } else {  // undone by fixed-point steps; such lenses here bend little
        for (int i = 0; i < 12 && camera.has_distortion(); ++i) pinhole += wanted - camera.distort(pinhole);
      }
      rays[static_cast<std::size_t>(y * camera.width_px + x)] = {(pinhole.x() - camera.cx_px) / camera.fx_px,
                                                                 (pinhole.y() - camera.cy_px) / camera.fy_px};
    }
  }
}

double Renderer::Impl::add_instant(const Scene& scene, float weight, const PixelBox& box) {
  const LidOpening opening(scene);
  const EyeSurface eye(scene, textures);
  face.update(scene);
  lash_coverage.create(camera.height_px, camera.width_px);
  lash_coverage.setTo(0.0F);
  lashes.draw(scene, opening, lash_coverage);

  const Eigen::Matrix3d head_from_cam = scene.cam_from_head.transpose();
  const Eigen::Matrix3d eye_from_cam = scene.cam_from_eye().transpose();
  const Eigen::Vector3d camera_in_head = -(head_from_cam * scene.eye_center_in_cam_mm);
  const Eigen::Vector3d step_x = eye_from_cam.col(0) / camera.fx_px;
  const Eigen::Vector3d step_y = eye_from_cam.col(1) / camera.fy_px;
  const double lid_squared = opening.sphere_radius_mm() * opening.sphere_radius_mm();
  // One pixel's angle on the lid sphere, seen from its centre.
  const double near_mm = std::max(1.0, scene.eye_center_in_cam_mm.norm() - opening.sphere_radius_mm());
  const double pixels_per_rad = opening.sphere_radius_mm() * camera.fx_px / near_mm;

  // Where a line of sight passes between the lids.
  struct Sight {
    float open = 0.0F;  // share of the pixel
    double azimuth_rad = 0.0;
    double to_upper_rad = 0.0;
    double to_lower_rad = 0.0;
  };
  const auto look = [&](const Eigen::Vector3d& dir_in_cam) -> Sight {
    const Eigen::Vector3d dir = head_from_cam * dir_in_cam;
    const double dir_squared = dir.squaredNorm();
    const double along = camera_in_head.dot(dir);
    const double root = along * along - dir_squared * (camera_in_head.squaredNorm() - lid_squared);
    if (root <= 0.0) return {};
    const Eigen::Vector3d on_lids = camera_in_head + (-along - std::sqrt(root)) / dir_squared * dir;
    const Eigen::Vector2d angles = azimuth_elevation_rad(on_lids);
    const double depth = opening.depth_rad(angles.x(), angles.y());
    if (depth <= 0.0) return {};
    return {static_cast<float>(std::min(1.0, depth * pixels_per_rad)), angles.x(),
            opening.upper_rad(angles.x()) - angles.y(), angles.y() - opening.lower_rad(angles.x())};
  };
  const PixelBox eye_box = box_of_opening(scene);

  constexpr int outline_points = 128;
  const std::vector<Eigen::Vector2d> outline = trace_pupil_outline(scene, outline_points);
  const PixelBox pupil_box = box_around(outline, 2);
  std::vector<double> seen_by_row(static_cast<std::size_t>(camera.height_px), 0.0);

  cv::parallel_for_(cv::Range(box.y0, box.y1 + 1), [&](const cv::Range& range) {
    for (int y = range.start; y < range.end; ++y) {
      float* to = light[y];
      const float* hidden = lash_coverage[y];
      double seen = 0.0;
      for (int x = box.x0; x <= box.x1; ++x) {
        const Eigen::Vector2d& ray = rays[static_cast<std::size_t>(y * camera.width_px + x)];
        const Eigen::Vector3d dir_in_cam(ray.x(), ray.y(), 1.0);
        const Sight sight = eye_box.contains(x, y) ? look(dir_in_cam) : Sight{};
        const float open = sight.open;
        float value = 0.0F;
        if (open > 0.0F) {
          const EyeSurface::Shade shade =
              eye.shade(eye_from_cam * dir_in_cam, step_x, step_y, sight.to_upper_rad, sight.to_lower_rad);
          value = open * std::lerp(shade.gray, caruncle_gray, opening.caruncle(sight.azimuth_rad));
          if (pupil_box.contains(x, y)) seen += shade.pupil_coverage * open * (1.0F - hidden[x]);
        }
        if (open < 1.0F)
          value += (1.0F - open) * face.shade(static_cast<float>(x), static_cast<float>(y), opening, scene);
        const float lash = lash_opacity * hidden[x];
        to[x] += weight * ((1.0F - lash) * value + lash * lash_gray);
      }
      seen_by_row[static_cast<std::size_t>(y)] = seen;
    }
  });
  double seen = 0.0;
  for (const double row : seen_by_row) seen += row;
  return std::clamp(seen / std::max(polygon_area(outline), 1e-9), 0.0, 1.0);
}

double Renderer::render(std::span<const Scene> instants, std::uint64_t noise_seed, GrayImage& image) {
  YARBUS_CHECK(instants.size() % 2 == 1);
  Impl& self = *impl_;
  const Scene& middle = instants[instants.size() / 2];
  self.use_camera(middle.camera);
  self.light.create(self.camera.height_px, self.camera.width_px);
  self.light.setTo(0.0F);
  const PixelBox image_box{0, 0, self.camera.width_px - 1, self.camera.height_px - 1};
  const double visible = self.add_instant(middle, 1.0F, image_box);
  if (instants.size() > 1) {
    // Only the eye and its lids' margins move enough within an exposure to blur: the skin is the middle's.
    PixelBox moving = box_of_opening(instants.front());
    for (const Scene& instant : instants) moving = moving.united(box_of_opening(instant));
    moving = moving.within(self.camera);
    if (!moving.empty()) {
      const float weight = 1.0F / static_cast<float>(instants.size());
      cv::Mat1f region =
          self.light(cv::Rect(moving.x0, moving.y0, moving.x1 - moving.x0 + 1, moving.y1 - moving.y0 + 1));
      region *= weight;
      for (const Scene& instant : instants) {
        if (&instant != &middle) self.add_instant(instant, weight, moving);
      }
    }
  }
  const double glasses = middle.appearance.glasses;
  if (glasses > 0.0) {
    if (self.spectacle_light.size() != self.light.size())
      self.spectacle_light = draw_spectacle_reflections(self.light.cols, self.light.rows, self.seed);
    cv::scaleAdd(self.spectacle_light, glasses, self.light, self.light);
  }
  self.sensor.expose(self.light, middle.appearance, middle.sensor, noise_seed, image);
  return visible;
}

}  // namespace yarbus::simulation
