#include "eyemodel/simulation/eye_surface.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "eyemodel/simulation/lid_opening.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

/// Gray of the flesh in the eye's corners, relative to white, lit.
constexpr double corner_tissue = 0.36;

}  // namespace

EyeTextures::EyeTextures(std::uint64_t seed)
    : iris(scramble(seed ^ 0xE1)),
      vessels(scramble(seed ^ 0xE2), 7, 4, 0.6),
      mottling(scramble(seed ^ 0xE3), 10, 4, 0.6) {}

EyeSurface::EyeSurface(const Scene& scene, const EyeTextures& textures)
    : scene_(scene),
      textures_(textures),
      camera_in_eye_(-(scene.cam_from_eye().transpose() * scene.eye_center_in_cam_mm)),
      head_from_eye_(scene.head_from_eye()),
      lights_(scene, scene.cam_from_eye(), scene.eye_center_in_cam_mm) {}

float EyeSurface::pupil_coverage(const CorneaHit& hit, const Eigen::Vector3d& dir,
                                 const Eigen::Vector3d& step_x, const Eigen::Vector3d& step_y) const {
  const double radius = hit.iris_mm.norm();
  const double pupil = scene_.pupil_radius_mm;
  constexpr double widest_pixel_mm = 0.5;
  if (radius < pupil - widest_pixel_mm) return 1.0F;
  if (radius > pupil + widest_pixel_mm) return 0.0F;
  // Distance to the edge in pixels: the radius's excess over its change from one pixel to the next.
  const auto right = trace_to_iris({camera_in_eye_, (dir + step_x).normalized()}, scene_.eye);
  const auto below = trace_to_iris({camera_in_eye_, (dir + step_y).normalized()}, scene_.eye);
  if (!right || !below) return radius < pupil ? 1.0F : 0.0F;
  const double slope = std::hypot(right->iris_mm.norm() - radius, below->iris_mm.norm() - radius);
  return static_cast<float>(std::clamp(0.5 - (radius - pupil) / std::max(slope, 1e-9), 0.0, 1.0));
}

float EyeSurface::pupil_coverage(const Eigen::Vector3d& dir, const Eigen::Vector3d& step_x,
                                 const Eigen::Vector3d& step_y) const {
  const auto hit = trace_to_iris({camera_in_eye_, dir.normalized()}, scene_.eye);
  return hit ? pupil_coverage(*hit, dir, step_x, step_y) : 0.0F;
}

double EyeSurface::iris(const CorneaHit& hit, double coverage) const {
  const Appearance& look = scene_.appearance;
  const double radius = hit.iris_mm.norm();
  const double root = scene_.eye.limbus_radius_mm;
  const Eigen::Vector3d point(hit.iris_mm.x(), hit.iris_mm.y(), scene_.eye.pupil_plane_mm);
  double value = look.pupil_albedo;
  if (coverage < 1.0) {
    const double radial = (radius - scene_.pupil_radius_mm) / std::max(0.5, root - scene_.pupil_radius_mm);
    const double turn = std::atan2(hit.iris_mm.y(), hit.iris_mm.x()) / (2.0 * std::numbers::pi);
    const double pattern =
        textures_.iris.at(static_cast<float>(std::clamp(radial, 0.0, 1.0)), static_cast<float>(turn));
    double tissue = look.iris_albedo * (1.0 + look.iris_contrast * (pattern - 1.0));
    tissue *= lights_.diffuse(point, Eigen::Vector3d::UnitZ(), 0.15);
    value = coverage * value + (1.0 - coverage) * tissue;
  }
  return value;
}

double EyeSurface::sclera(const Eigen::Vector3d& point) const {
  const Eigen::Vector3d normal = point.normalized();
  // Vessels are ridges of a noise field, thicker towards the corners.
  const float u = static_cast<float>(point.x() / 26.0 + 0.31);
  const float v = static_cast<float>(point.y() / 26.0 + 0.17);
  const double ridge = std::exp(-std::pow(textures_.vessels.at(u, v) / 0.10F, 2.0F));
  const double peripheral = smooth_step(5.5, 11.0, std::hypot(point.x(), point.y()));
  double albedo = scene_.appearance.sclera_albedo;
  albedo *= 1.0 - (0.05 + 0.16 * peripheral) * ridge + 0.03 * textures_.mottling.at(u, v) - 0.10 * peripheral;
  return albedo * lights_.diffuse(point, normal, 0.30);
}

double EyeSurface::reflections(const Eigen::Vector3d& point, const Eigen::Vector3d& normal,
                               const Eigen::Vector3d& dir, bool is_cornea) const {
  const Eigen::Vector3d reflected = dir - 2.0 * dir.dot(normal) * normal;
  double sum = 0.0;
  if (is_cornea) {
    sum += 6.0 * lights_.mirror(point, reflected, 0.042);
  } else {
    const float u = static_cast<float>(point.x() / 14.0);
    const float v = static_cast<float>(point.y() / 14.0);
    const double film = std::max(0.0F, 0.5F + 0.5F * textures_.mottling.at(u, v));
    sum += 1.1 * film * lights_.mirror(point, reflected, 0.11);
  }
  const double window = scene_.appearance.window_reflection;
  if (window > 0.0) {
    // A cross-barred window up on one side of the room.
    const Eigen::Vector2d towards = azimuth_elevation_rad(head_from_eye_ * reflected) / rad_per_deg;
    const double x = towards.x() + 38.0;
    const double y = towards.y() - 24.0;
    const double pane = smooth_step(24.0, 22.5, std::abs(x)) * smooth_step(20.0, 18.5, std::abs(y));
    const double bars = smooth_step(0.8, 1.6, std::abs(x)) * smooth_step(0.8, 1.6, std::abs(y - 3.0));
    sum += window * (is_cornea ? 1.0 : 0.25) * pane * bars;
  }
  return sum;
}

EyeSurface::Shade EyeSurface::shade(const Eigen::Vector3d& dir, const Eigen::Vector3d& step_x,
                                    const Eigen::Vector3d& step_y, double to_upper_lid,
                                    double to_lower_lid) const {
  const Eigen::Vector3d unit_dir = dir.normalized();
  const Ray ray{camera_in_eye_, unit_dir};
  Shade shade;
  double value = 0.0;
  double mirrored = 0.0;
  if (const auto hit = trace_to_iris(ray, scene_.eye)) {
    shade.pupil_coverage = pupil_coverage(*hit, dir, step_x, step_y);
    const double from_axis = hit->entry_mm.head<2>().norm();
    const double limbus = scene_.eye.limbus_radius_mm;
    const double outer = smooth_step(limbus - 0.60, limbus + 0.05, from_axis);
    value = iris(*hit, shade.pupil_coverage);
    if (outer > 0.0) {
      const Eigen::Vector3d on_eyeball = hit->entry_mm.normalized() * scene_.eye.eyeball_radius_mm;
      value = (1.0 - outer) * value + outer * sclera(on_eyeball);
    }
    const Eigen::Vector3d normal =
        (hit->entry_mm - Eigen::Vector3d(0, 0, scene_.eye.cornea_center_mm)) / scene_.eye.cornea_radius_mm;
    mirrored = reflections(hit->entry_mm, normal, unit_dir, true);
  } else if (const auto distance = hit_sphere(ray, Eigen::Vector3d::Zero(), scene_.eye.eyeball_radius_mm)) {
    const Eigen::Vector3d point = ray.origin + *distance * unit_dir;
    value = sclera(point);
    mirrored = reflections(point, point.normalized(), unit_dir, false);
  } else {
    // Between the lids and past the eyeball: the conjunctiva turns over to the lids.
    const Eigen::Vector3d nearest = ray.origin - ray.origin.dot(unit_dir) * unit_dir;
    const double beyond_mm = nearest.norm() - scene_.eye.eyeball_radius_mm;
    const double flesh = smooth_step(0.0, 1.2, beyond_mm);
    value = sclera(nearest) * (1.0 - flesh) +
            corner_tissue * lights_.diffuse(nearest, nearest.normalized(), 0.35) * flesh;
  }
  const double upper_deg = to_upper_lid / rad_per_deg;
  const double lower_deg = to_lower_lid / rad_per_deg;
  const double shadow = (1.0 - 0.50 * std::exp(-upper_deg / 4.5)) * (1.0 - 0.25 * std::exp(-lower_deg / 2.5));
  shade.gray = static_cast<float>(value * shadow + mirrored);
  return shade;
}

}  // namespace yarbus::simulation
