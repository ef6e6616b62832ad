#include "eyemodel/simulation/face/eye_painter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "eyemodel/simulation/corneal_optics.h"
#include "eyemodel/simulation/face/skin_texture.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

constexpr double limbus_softness_mm = 0.35;  // half the width of the passage from iris to white
constexpr double reach_to_side_mm = 19.0;    // of what is painted about an eye, along the lids' sphere
constexpr double reach_up_mm = 15.0;
constexpr double reach_down_mm = 12.0;
constexpr double corneal_mirror = 0.025;
constexpr double lash_reach_mm = 6.0;
constexpr int lash_columns = 260;
constexpr int lash_rows = 40;

double at(const cv::Mat1f& map, double column, double row) {
  const int x = std::clamp(static_cast<int>(column), 0, map.cols - 2);
  const int y = std::clamp(static_cast<int>(row), 0, map.rows - 2);
  const double fx = std::clamp(column - x, 0.0, 1.0);
  const double fy = std::clamp(row - y, 0.0, 1.0);
  const double top = map(y, x) + fx * (map(y, x + 1) - map(y, x));
  const double bottom = map(y + 1, x) + fx * (map(y + 1, x + 1) - map(y + 1, x));
  return top + fy * (bottom - top);
}

/// Curved tapering hairs, rooted along the lower edge (row 0).
cv::Mat1f draw_lashes(std::uint64_t seed) {
  Random random(scramble(seed ^ 0x1A54));
  cv::Mat1f map(lash_rows, lash_columns, 0.0F);
  constexpr int hairs = 62;
  for (int hair = 0; hair < hairs; ++hair) {
    const double root = (hair + random.uniform(0.0, 1.0)) / hairs * lash_columns;
    const double outward = root / lash_columns - 0.5;
    const double lean = (70.0 * outward + 12.0 * random.normal()) / lash_rows;
    const double length = lash_rows * random.uniform(0.55, 0.95);
    for (double t = 0.0; t < 1.0; t += 0.5 / lash_rows) {
      const double x = root + lean * length * t * (0.4 + 0.6 * t);
      const double width = 1.5 * (1.0 - t) + 0.3;
      const int row = static_cast<int>(t * length);
      for (int column = static_cast<int>(x - width - 1.0); column <= static_cast<int>(x + width + 1.0);
           ++column) {
        if (column < 0 || column >= lash_columns) continue;
        const double cover = std::clamp(width - std::abs(column - x) + 0.5, 0.0, 1.0);
        map(row, column) = std::max(map(row, column), static_cast<float>(cover));
      }
    }
  }
  return map;
}

}  // namespace

EyePainter::EyePainter(const Person& person, EyeSide side)
    : person_(person),
      side_(side),
      fibres_(grain({256, 24}, 2.2, person.eye(side).appearance_seed)),
      lashes_(draw_lashes(person.eye(side).appearance_seed)),
      veins_(grain({160, 160}, 4.0, person.eye(side).appearance_seed + 5)) {}

double EyePainter::iris_albedo(const Eigen::Vector2d& place_mm) const {
  const double radius_mm = place_mm.norm();
  const double outer_mm = person_.eye(side_).limbus_radius_mm;
  const double pupil_mm = person_.pupil_radius_mm;
  constexpr double pupil_albedo = 0.006;
  constexpr double edge_mm = 0.12;
  const double q = std::clamp((radius_mm - pupil_mm) / (outer_mm - pupil_mm), 0.0, 1.2);
  const double turn = std::atan2(place_mm.y(), place_mm.x()) / (2.0 * std::numbers::pi) + 0.5;
  const double fibre = at(fibres_, turn * (fibres_.cols - 1), std::min(q, 1.0) * (fibres_.rows - 1));
  double albedo = person_.iris_albedo * (1.0 + 0.28 * fibre);
  albedo *= 1.0 + 0.25 * smooth_step(0.45, 0.2, q);  // the inner ring is lighter
  albedo *= 1.0 - 0.5 * smooth_step(0.78, 1.02, q);  // the dark root
  return pupil_albedo +
         (albedo - pupil_albedo) * smooth_step(pupil_mm - edge_mm, pupil_mm + edge_mm, radius_mm);
}

double EyePainter::eye_light(const View& view, const Eigen::Vector3d& camera_in_head_mm,
                             const Eigen::Vector3d& ray_in_head, double& mirror) const {
  const EyeAnatomy& eye = person_.eye(side_);
  const Eigen::Matrix3d eye_from_head = view.aim.head_from_eye.transpose();
  const Ray ray{eye_from_head * (camera_in_head_mm - person_.eye_center_in_head_mm(side_)),
                eye_from_head * ray_in_head};
  const Eigen::Matrix3d cam_from_eye = view.cam_from_head.rotation * view.aim.head_from_eye;
  const auto white = [&](const Eigen::Vector3d& place_mm) {
    const double vein = at(veins_, (place_mm.x() / 26.0 + 0.5) * 159.0, (place_mm.y() / 26.0 + 0.5) * 159.0);
    const double away = smooth_step(7.0, 11.5, place_mm.head<2>().norm());
    return (0.50 - 0.06 * away) * (1.0 - (0.03 + 0.05 * away) * std::abs(vein));
  };
  const double ring_mm = eye.limbus_radius_mm;
  if (const auto hit = trace_to_iris(ray, eye)) {
    const double from_axis_mm = hit->entry_mm.head<2>().norm();
    const double whiteness =
        smooth_step(ring_mm - limbus_softness_mm, ring_mm + limbus_softness_mm, from_axis_mm);
    const Eigen::Vector3d normal_in_eye =
        (hit->entry_mm - Eigen::Vector3d(0.0, 0.0, eye.cornea_center_mm)) / eye.cornea_radius_mm;
    const double on_iris = view.light.on((cam_from_eye * Eigen::Vector3d::UnitZ()).cast<float>(), 1.0F);
    const double on_white = view.light.on((cam_from_eye * normal_in_eye).cast<float>(), 1.0F);
    const Eigen::Vector3d mirrored = ray.direction - 2.0 * ray.direction.dot(normal_in_eye) * normal_in_eye;
    const Eigen::Vector3d entry_in_cam_mm = view.cam_from_head.point(person_.eye_center_in_head_mm(side_) +
                                                                     view.aim.head_from_eye * hit->entry_mm);
    mirror = corneal_mirror * view.light.radiance(entry_in_cam_mm, cam_from_eye * mirrored);
    return (1.0 - whiteness) * iris_albedo(hit->iris_mm) * on_iris +
           whiteness * white(hit->entry_mm) * on_white;
  }
  const auto distance = hit_sphere(ray, Eigen::Vector3d::Zero(), eye.eyeball_radius_mm);
  if (!distance) return 0.02;
  const Eigen::Vector3d place_mm = ray.origin + *distance * ray.direction;
  const double from_axis_mm = place_mm.z() > 0.0 ? place_mm.head<2>().norm() : 2.0 * ring_mm;
  const double whiteness =
      smooth_step(ring_mm - limbus_softness_mm, ring_mm + limbus_softness_mm, from_axis_mm);
  const double on_white =
      view.light.on((cam_from_eye * place_mm / eye.eyeball_radius_mm).cast<float>(), 1.0F);
  const double root = 0.5 * person_.iris_albedo;
  return (root + whiteness * (white(place_mm) - root)) * on_white;
}

double EyePainter::lid_skin(const EyeOpening& opening, const LidPlace& place, double upper_mm,
                            double lower_mm) const {
  const double inner = opening.inner_corner().to_nose_mm;
  const double outer = opening.outer_corner().to_nose_mm;
  const double along = (inner - place.to_nose_mm) / (inner - outer);  // 0 at the nose .. 1 outside
  const double within = smooth_step(-0.06, 0.08, along) * smooth_step(1.10, 0.96, along);
  const double strength = person_.lids.lash_strength;
  double factor = 1.0;
  const double above = place.up_mm - upper_mm;
  if (above >= 0.0 && place.up_mm > 0.5 * (upper_mm + lower_mm)) {
    // Lash roots, lashes, and the crease that runs above the margin.
    factor *= 1.0 - (0.35 + 0.55 * strength) * within * smooth_step(1.5, 0.2, above);
    const double reach = lash_reach_mm * (0.55 + 0.45 * along);
    if (above < reach)
      factor *= 1.0 - 0.75 * strength * within *
                          at(lashes_, along * (lash_columns - 1), above / reach * (lash_rows - 1));
    const double crease = std::abs(above - person_.lids.crease_mm * (0.7 + 0.3 * within));
    factor *= 1.0 - 0.38 * smooth_step(0.9, 0.1, crease) * smooth_step(-0.12, 0.15, along) *
                        smooth_step(1.2, 0.95, along);
  } else {
    const double below = lower_mm - place.up_mm;
    // The lower margin is a moist, brighter rim with few lashes beneath.
    factor *= 1.0 + 0.18 * within * smooth_step(0.9, 0.3, below);
    factor *= 1.0 - 0.25 * strength * within * smooth_step(0.6, 1.0, below) * smooth_step(1.7, 1.1, below);
    if (below < 0.5 * lash_reach_mm && below > 0.8)
      factor *= 1.0 - 0.30 * strength * within *
                          at(lashes_, (1.0 - along) * (lash_columns - 1),
                             2.0 * below / lash_reach_mm * (lash_rows - 1));
  }
  return factor;
}

EyePainter::Sample EyePainter::sample(const View& view, const Eigen::Vector3d& camera_in_head_mm,
                                      const Eigen::Vector3d& ray_in_head, double& distance_mm) const {
  const EyeOpening& opening = view.opening;
  const auto hit =
      hit_sphere({camera_in_head_mm, ray_in_head}, person_.eye_center_in_head_mm(side_), opening.radius_mm());
  if (!hit) return {};
  distance_mm = *hit;
  const Eigen::Vector3d from_center =
      camera_in_head_mm + *hit * ray_in_head - person_.eye_center_in_head_mm(side_);
  const LidPlace place = opening.place_of(from_center);
  if (std::abs(place.to_nose_mm) > reach_to_side_mm || place.up_mm > reach_up_mm ||
      place.up_mm < -reach_down_mm)
    return {};
  const double upper_mm = opening.upper_mm(place.to_nose_mm);
  const double lower_mm = opening.lower_mm(place.to_nose_mm);
  if (place.up_mm >= upper_mm || place.up_mm <= lower_mm)
    return {lid_skin(opening, place, upper_mm, lower_mm), 0.0};
  double mirror = 0.0;
  double light = eye_light(view, camera_in_head_mm, ray_in_head, mirror);
  // The flesh in the inner corner; the lids' shadow.
  const double inner = opening.inner_corner().to_nose_mm;
  const double flesh = smooth_step(inner - 3.4, inner - 1.8, place.to_nose_mm);
  const double on_flesh =
      view.light.on((view.cam_from_head.rotation * from_center / opening.radius_mm()).cast<float>(), 0.9F);
  light += flesh * (0.62 * person_.skin_albedo * on_flesh - light);
  light *= 0.40 + 0.60 * smooth_step(-0.2, 2.8, upper_mm - place.up_mm);
  light *= 0.72 + 0.28 * smooth_step(-0.1, 1.4, place.up_mm - lower_mm);
  light *= 0.75 + 0.25 * smooth_step(0.0, 4.0, place.to_nose_mm - opening.outer_corner().to_nose_mm);
  return {0.0, light + mirror};
}

void EyePainter::paint(const View& view, FaceCanvas& canvas) const {
  const Eigen::Vector3d center_in_cam_mm = view.cam_from_head.point(person_.eye_center_in_head_mm(side_));
  if (center_in_cam_mm.z() < 100.0) return;
  const double px_per_mm = canvas.camera().fx_px / (center_in_cam_mm.z() - view.opening.radius_mm());
  const Eigen::Vector2d middle_px = canvas.project(center_in_cam_mm);
  const double reach_px = px_per_mm * (view.opening.radius_mm() + 0.5);
  const int low_x = std::max(0, static_cast<int>(std::floor(middle_px.x() - reach_px)));
  const int high_x = std::min(canvas.light.cols - 1, static_cast<int>(std::ceil(middle_px.x() + reach_px)));
  const int low_y = std::max(0, static_cast<int>(std::floor(middle_px.y() - reach_px)));
  const int high_y = std::min(canvas.light.rows - 1, static_cast<int>(std::ceil(middle_px.y() + reach_px)));
  // As many as keep the samples about a sixth of a millimetre apart.
  const int parts = std::clamp(static_cast<int>(std::lround(6.0 / px_per_mm)), 2, 5);
  const Eigen::Matrix3d head_from_cam = view.cam_from_head.rotation.transpose();
  const Eigen::Vector3d camera_in_head_mm = -(head_from_cam * view.cam_from_head.translation_mm);
  for (int y = low_y; y <= high_y; ++y) {
    for (int x = low_x; x <= high_x; ++x) {
      double skin = 0.0;
      double eye = 0.0;
      double nearest_mm = 1e9;
      for (int part = 0; part < parts * parts; ++part) {
        const double dx = (part % parts + 0.5) / parts - 0.5;
        const double dy = (part / parts + 0.5) / parts - 0.5;
        double distance_mm = 1e9;
        const Eigen::Vector3d ray_in_cam = canvas.ray_in_cam(x + dx, y + dy);
        const Sample one = sample(view, camera_in_head_mm, head_from_cam * ray_in_cam, distance_mm);
        skin += one.skin_factor;
        eye += one.eye_light;
        nearest_mm = std::min(nearest_mm, distance_mm * ray_in_cam.z());
      }
      constexpr float in_front_mm = 5.0F;  // the nose, say
      if (canvas.depth_mm(y, x) < static_cast<float>(nearest_mm) - in_front_mm) continue;
      const double share = 1.0 / (parts * parts);
      canvas.light(y, x) = static_cast<float>(share * (skin * canvas.light(y, x) + eye));
    }
  }
}

}  // namespace yarbus::simulation
