#include "tracker/pupil/limbus_edges.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <Eigen/LU>

#include "eyemodel/types/outline_shape.h"
#include "tracker/pupil/limbus_circle.h"
#include "tracker/pupil/sample_bilinear.h"

namespace yarbus {
namespace {

constexpr double min_contrast_gray = 6.0;
/// Of the step from pupil to iris: the iris's own rings are fainter.
constexpr double min_relative_contrast = 0.25;

// Of the limbus's semi-major axis to the pupil's.
constexpr double smallest_ratio = 1.6;
constexpr double largest_ratio = 5.0;
constexpr double around_pupil = 1.25;  ///< where the pupil's own edge is over

/// Iris and sclera merge over some 0.65 mm inside the corneal border: the middle of that, where the step is
/// found, lies 0.27 mm inside of the 5.85 mm. As a share of the step's radius:
constexpr double border_beyond_step = 0.049;
constexpr double systematic_sigma = 0.02;  ///< of the radius, shared by all points of an image

/// The cornea makes an oblique pupil look rounder than the limbus around it: as if turned by 1 / 1.12 of its
/// angle (Mathur, Gehrmann and Atchison 2013, without their constant).
constexpr double apparent_turn = 1.121;

/// How much brighter it is just outside the pupil than inside: the median over directions, which no glint and
/// no lid moves.
double pupil_contrast_gray(GrayView image, const Ellipse& pupil) {
  constexpr std::size_t directions = 24;
  std::array<float, directions> steps{};
  for (std::size_t k = 0; k < directions; ++k) {
    const double t_rad = 2.0 * std::numbers::pi * static_cast<double>(k) / directions;
    const Eigen::Vector2f reach = (pupil.point_at(t_rad) - pupil.center_px).cast<float>();
    const Eigen::Vector2f center = pupil.center_px.cast<float>();
    const Eigen::Vector2f inside = center + 0.7F * reach;
    const Eigen::Vector2f outside = center + 1.25F * reach;
    steps[k] =
        sample_bilinear(image, outside.x(), outside.y()) - sample_bilinear(image, inside.x(), inside.y());
  }
  std::nth_element(steps.begin(), steps.begin() + directions / 2, steps.end());
  return steps[directions / 2];
}

LimbusSearch search_around(const Ellipse& pupil) {
  constexpr double step_share = 1.0 / (1.0 + border_beyond_step);
  LimbusSearch search;
  search.outline = pupil;
  search.iris_from_px = around_pupil * pupil.semi_major_px;
  search.min_radius_px = smallest_ratio * pupil.semi_major_px * step_share;
  search.max_radius_px = largest_ratio * pupil.semi_major_px * step_share;
  const double turn_rad = std::min(1.2, apparent_turn * std::acos(std::min(1.0, pupil.aspect_ratio())));
  search.outline.semi_minor_px = pupil.semi_major_px * std::cos(turn_rad);
  return search;
}

}  // namespace

std::optional<Ellipse> LimbusEdges::find(GrayView image, const Ellipse& pupil, LimbusPoints& points) {
  points.clear();
  if (image.empty() || !pupil.is_valid()) return std::nullopt;
  const LimbusSearch search = search_around(pupil);
  profiles_.sample(image, search);
  const auto circle = finder_.find(profiles_, search, min_contrast_gray);
  if (!circle) return std::nullopt;
  if (circle->contrast_gray < min_relative_contrast * pupil_contrast_gray(image, pupil)) return std::nullopt;

  const Ellipse& frame = search.outline;
  const double aspect = frame.aspect_ratio();
  const double beyond_px = border_beyond_step * circle->radius_px();
  const int kept = std::min(circle->step_count(), static_cast<int>(max_limbus_points));
  const double sigma_px =
      std::hypot(circle->scatter_px, std::sqrt(kept) * systematic_sigma * circle->radius_px());
  int seen = 0;
  for (int ray = 0; ray < limbus_rays; ++ray) {
    const auto& step = circle->steps[static_cast<std::size_t>(ray)];
    if (!step) continue;
    // Every one, or evenly as many as there is room for.
    const int turn = seen++;
    if ((turn + 1) * kept / circle->step_count() == turn * kept / circle->step_count()) continue;
    const Eigen::Vector2d unit = LimbusProfiles::direction(ray);
    const Eigen::Vector2d at =
        frame.center_px + (step->radius_px + beyond_px) *
                              (unit.x() * frame.major_axis() + aspect * unit.y() * frame.minor_axis());
    const double across = aspect / std::hypot(aspect * unit.x(), unit.y());
    points.push_back({at.cast<float>(), static_cast<float>(sigma_px * across)});
  }
  // The outline whose radius has those first and second harmonics, to first order.
  const auto& terms = circle->terms;
  const double radius = terms[0] + beyond_px;
  const Eigen::Matrix2d axes = (Eigen::Matrix2d() << frame.major_axis(), frame.minor_axis()).finished();
  const Eigen::Matrix2d stretched =
      axes * Eigen::Vector2d(1.0, aspect).asDiagonal() *
      (Eigen::Matrix2d() << radius + terms[3], terms[4], terms[4], radius - terms[3]).finished();
  const Eigen::Matrix2d squared = stretched * stretched.transpose();
  const double root = std::sqrt(squared.determinant());
  const double scale = std::sqrt(squared.trace() + 2.0 * root);
  OutlineShape shape;
  shape.center_px = frame.center_px + axes * Eigen::Vector2d(terms[1], aspect * terms[2]);
  shape.s_xx_px = (squared(0, 0) + root) / scale;
  shape.s_xy_px = squared(0, 1) / scale;
  shape.s_yy_px = (squared(1, 1) + root) / scale;
  return shape.to_ellipse();
}

}  // namespace yarbus
