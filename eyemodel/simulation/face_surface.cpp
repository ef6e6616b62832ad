#include "eyemodel/simulation/face_surface.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>
#include <opencv2/core/utility.hpp>

#include "eyemodel/simulation/illumination.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

double bell(double x) { return std::exp(-x * x); }
}  // namespace

double face_depth_mm(double x, double y, double lid_radius_mm, bool nose_at_image_right) {
  const double nasal = nose_at_image_right ? x : -x;
  double skin = -6.5;
  skin -= 8.0 * bell((y + 25.0) / 9.0);                                        // brow
  skin += 1.5 * bell((y + 13.5) / 4.5);                                        // hollow above the upper lid
  skin -= 12.0 * smooth_step(13.0, 34.0, nasal) * smooth_step(-30.0, 8.0, y);  // side of the nose
  skin -= 2.5 * smooth_step(14.0, 30.0, y);                                    // cheek
  skin += 0.022 * std::pow(std::max(0.0, -nasal - 8.0), 2.0);                  // temple
  // The lids' sphere, softened at its rim, passes into the skin around it.
  const double squared = x * x + y * y;
  constexpr double rim_mm = 5.5;
  const double lifted = std::sqrt(lid_radius_mm * lid_radius_mm + rim_mm * rim_mm) - lid_radius_mm;
  const double within = std::max(0.0, 1.0 - squared / (lid_radius_mm * lid_radius_mm));
  const double lids = lifted * within - std::sqrt(lid_radius_mm * lid_radius_mm * within + rim_mm * rim_mm);
  const double to_skin = smooth_step(7.5, 16.5, std::sqrt(squared));
  return (1.0 - to_skin) * lids + to_skin * skin;
}

FaceSurface::FaceSurface(std::uint64_t seed)
    : blotches_(scramble(seed ^ 0x5101), 6, 5, 0.62),
      pores_(scramble(seed ^ 0x5102), 64, 3, 0.8),
      hairs_(scramble(seed ^ 0x5103), 32, 4, 0.7) {}

void FaceSurface::update(const Scene& scene) {
  std::vector<double> key{static_cast<double>(scene.nose_at_image_right),
                          scene.eye.apex_mm(),
                          scene.camera.fx_px,
                          scene.camera.fy_px,
                          scene.camera.cx_px,
                          scene.camera.cy_px,
                          static_cast<double>(scene.camera.width_px),
                          static_cast<double>(scene.camera.height_px),
                          static_cast<double>(scene.appearance.led_count)};
  key.push_back(static_cast<double>(scene.camera.distortion_model));
  key.insert(key.end(), scene.camera.distortion.begin(), scene.camera.distortion.end());
  key.insert(key.end(), scene.cam_from_head.data(), scene.cam_from_head.data() + 9);
  key.insert(key.end(), scene.eye_center_in_cam_mm.data(), scene.eye_center_in_cam_mm.data() + 3);
  for (const auto& led : scene.appearance.leds_in_cam_mm) key.insert(key.end(), led.data(), led.data() + 3);
  if (key == traced_for_) return;
  traced_for_ = std::move(key);

  columns_ = scene.camera.width_px / spacing_px + 2;
  rows_ = scene.camera.height_px / spacing_px + 2;
  nodes_.resize(static_cast<std::size_t>(columns_ * rows_));
  const Eigen::Matrix3d head_from_cam = scene.cam_from_head.transpose();
  const Eigen::Vector3d camera_in_head = -(head_from_cam * scene.eye_center_in_cam_mm);
  cv::parallel_for_(cv::Range(0, rows_), [&](const cv::Range& range) {
    for (int row = range.start; row < range.end; ++row) {
      for (int column = 0; column < columns_; ++column) {
        // A standard lens's distortion hardly matters for skin: rays are those of the pinhole.
        Eigen::Vector2d at_px(column * spacing_px, row * spacing_px);
        if (scene.camera.distortion_model == DistortionModel::fisheye)
          at_px = scene.camera.undistort(at_px).value_or(at_px);
        const Eigen::Vector3d dir_in_cam((at_px.x() - scene.camera.cx_px) / scene.camera.fx_px,
                                         (at_px.y() - scene.camera.cy_px) / scene.camera.fy_px, 1.0);
        nodes_[static_cast<std::size_t>(row * columns_ + column)] =
            trace(scene, camera_in_head, (head_from_cam * dir_in_cam).normalized());
      }
    }
  });
}

FaceSurface::Node FaceSurface::trace(const Scene& scene, const Eigen::Vector3d& origin,
                                     const Eigen::Vector3d& dir) const {
  const double radius_mm = lid_sphere_radius_mm(scene.eye);
  const auto gap_mm = [&](double t) {  // positive in front of the skin
    const Eigen::Vector3d p = origin + t * dir;
    return face_depth_mm(p.x(), p.y(), radius_mm, scene.nose_at_image_right) - p.z();
  };
  Node node;
  double t = 0.25 * origin.norm();  // nothing is nearer to the camera
  double before = t;
  constexpr double reach_mm = 140.0;
  double gap = gap_mm(t);
  while (gap > 0.0 && t < reach_mm) {
    before = t;
    t += std::clamp(0.6 * gap, 0.4, 4.0);
    gap = gap_mm(t);
  }
  if (gap > 0.0) t = reach_mm;
  for (int i = 0; i < 6 && gap <= 0.0; ++i) {
    const double middle = 0.5 * (before + t);
    (gap_mm(middle) > 0.0 ? before : t) = middle;
  }
  const Eigen::Vector3d point = origin + t * dir;
  const Eigen::Vector2d angles = azimuth_elevation_rad(point);
  node.azimuth = static_cast<float>(angles.x());
  node.elevation = static_cast<float>(angles.y());
  node.x_mm = static_cast<float>(point.x());
  node.y_mm = static_cast<float>(point.y());
  constexpr double step_mm = 0.4;
  const auto depth_mm = [&](double x, double y) {
    return face_depth_mm(x, y, radius_mm, scene.nose_at_image_right);
  };
  const Eigen::Vector3d normal =
      Eigen::Vector3d((depth_mm(point.x() + step_mm, point.y()) - depth_mm(point.x() - step_mm, point.y())) /
                          (2.0 * step_mm),
                      (depth_mm(point.x(), point.y() + step_mm) - depth_mm(point.x(), point.y() - step_mm)) /
                          (2.0 * step_mm),
                      -1.0)
          .normalized();
  const Illumination lights(scene, scene.cam_from_head, scene.eye_center_in_cam_mm);
  node.diffuse = static_cast<float>(lights.diffuse(point, normal, 0.35));
  node.gloss = static_cast<float>(lights.specular(point, normal, -dir, 0.45));
  return node;
}

FaceSurface::Node FaceSurface::at(float x_px, float y_px) const {
  const float x = std::clamp(x_px / spacing_px, 0.0F, static_cast<float>(columns_) - 1.001F);
  const float y = std::clamp(y_px / spacing_px, 0.0F, static_cast<float>(rows_) - 1.001F);
  const int column = static_cast<int>(x);
  const int row = static_cast<int>(y);
  const float fx = x - static_cast<float>(column);
  const float fy = y - static_cast<float>(row);
  const Node* top = &nodes_[static_cast<std::size_t>(row * columns_ + column)];
  const Node* bottom = top + columns_;
  const float a = (1 - fx) * (1 - fy);
  const float b = fx * (1 - fy);
  const float c = (1 - fx) * fy;
  const float d = fx * fy;
  const auto mix = [&](float Node::*value) {
    return a * top[0].*value + b * top[1].*value + c * bottom[0].*value + d * bottom[1].*value;
  };
  return {mix(&Node::azimuth), mix(&Node::elevation), mix(&Node::x_mm),
          mix(&Node::y_mm),    mix(&Node::diffuse),   mix(&Node::gloss)};
}

float FaceSurface::shade(float x_px, float y_px, const LidOpening& opening, const Scene& scene) const {
  const Node node = at(x_px, y_px);
  // A bell without an exponential: this runs for every pixel of skin.
  const auto bell_f = [](float x) {
    const float y = 1.0F / (1.0F + 0.7F * x * x);
    return y * y;
  };
  const float deg = static_cast<float>(1.0 / rad_per_deg);
  const float azimuth = node.azimuth;
  const float elevation_deg = node.elevation * deg;
  const float across =
      std::clamp(std::abs(azimuth) / static_cast<float>(opening.canthus_azimuth_rad()), 0.0F, 1.5F);
  const float fade = std::clamp(1.6F - 1.3F * across, 0.0F, 1.0F);  // towards the canthi
  const float upper_deg = static_cast<float>(opening.upper_rad(azimuth)) * deg;
  const float lower_deg = static_cast<float>(opening.lower_rad(azimuth)) * deg;
  const float above_deg = elevation_deg - upper_deg;  // > 0 on the upper lid
  const float below_deg = lower_deg - elevation_deg;  // > 0 on the lower lid

  // The upper lid's skin slides with its margin; it is gathered in the crease.
  const float lowered_mm = static_cast<float>(opening.upper_lowered_rad() * opening.sphere_radius_mm());
  const float slides = above_deg > -2.0F ? std::clamp(1.0F - above_deg / 60.0F, 0.0F, 1.0F) : 0.0F;
  const float u = node.x_mm / 42.0F;
  const float v = (node.y_mm - lowered_mm * slides) / 42.0F;
  const float blotch = blotches_.at(u, v);
  const float pore = pores_.at(u * 1.7F, v * 1.7F);

  const Appearance& look = scene.appearance;
  float albedo = static_cast<float>(look.skin_albedo) * (1.0F + 0.055F * blotch + 0.04F * pore);
  const float oil = 0.22F + 0.06F * blotch + 0.05F * pore;
  const float beads = 0.5F * std::max(0.0F, pore + 0.4F * blotch - 1.5F);  // where the sheen breaks up
  float gloss = node.gloss * static_cast<float>(look.gloss) * (oil + beads);

  const float closing = std::clamp(static_cast<float>(opening.upper_lowered_rad()) * deg / 40.0F, 0.0F, 1.0F);
  // Folds: the crease above the upper lid's plate, the one below the lower lid.
  const float crease_deg = std::max(upper_deg + 9.0F, 37.0F - 6.0F * across * across) + 1.5F * blotch * 0.3F;
  albedo *= 1.0F - (0.42F - 0.24F * closing) * fade * bell_f((elevation_deg - crease_deg) / 1.7F);
  albedo *= 1.0F + 0.10F * fade * bell_f((elevation_deg - crease_deg - 6.0F) / 4.0F);
  albedo *= 1.0F - 0.13F * fade * bell_f((elevation_deg + 47.0F + 5.0F * across) / 3.0F);
  // Margins: a moist rim, and the darker line in which the lashes root.
  if (above_deg > -3.0F && above_deg < 12.0F && elevation_deg > lower_deg - 1.0F) {
    albedo *= 1.0F + 0.16F * fade * bell_f((above_deg - 1.3F) / 1.2F);
    albedo *= 1.0F - 0.30F * fade * bell_f((above_deg - 4.6F) / 2.2F);
  }
  if (below_deg > -3.0F && below_deg < 14.0F) {
    albedo *= 1.0F + 0.13F * fade * bell_f((below_deg - 2.6F) / 2.2F);
    albedo *= 1.0F - 0.10F * fade * bell_f((below_deg - 7.5F) / 2.0F);
    gloss += 0.5F * fade * bell_f((below_deg - 0.9F) / 0.8F) * std::max(0.0F, pore - 1.1F);
  }
  // The closed eye's slit.
  if (upper_deg < lower_deg) albedo *= 1.0F - 0.55F * fade * bell_f((elevation_deg - lower_deg) / 1.6F);
  // Inner and outer corner lie deep.
  albedo *= 1.0F - 0.35F * bell_f((across - 1.06F) / 0.14F) * bell_f(elevation_deg / 11.0F);

  // Eyebrow: hairs lying outwards.
  const float outward = scene.nose_at_image_right ? -node.x_mm : node.x_mm;
  const float brow_y_mm = -21.5F - 2.5F * bell_f((outward - 8.0F) / 12.0F) + 0.006F * outward * outward;
  const float brow =
      bell_f((node.y_mm - brow_y_mm) / 3.6F) * std::clamp((20.0F + 1.4F * outward) / 12.0F, 0.0F, 1.0F);
  if (brow > 0.02F) {
    const float streak =
        hairs_.at((0.55F * node.x_mm + 0.25F * node.y_mm) / 60.0F, (node.y_mm + 0.35F * outward) / 17.0F);
    albedo *= 1.0F - 0.78F * std::clamp(brow * (0.85F + 0.55F * streak), 0.0F, 0.95F);
    gloss *= 1.0F - brow;
  }
  return albedo * node.diffuse + gloss;
}

}  // namespace yarbus::simulation
