#include "tracker/pupil/contrast_refiner.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "eyemodel/geometry/band_contrast.h"
#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/damped_newton.h"
#include "eyemodel/geometry/outline_conic.h"
#include "eyemodel/geometry/supported_patch.h"

namespace yarbus {
namespace {

/// Edge points this near the outline bear it out.
constexpr double contrast_tolerance_px = 1.5;
constexpr double least_support = 0.5;
constexpr double least_contrast_gray = 2.0;
/// How far an outline may be moved.
constexpr double reach_px = 2.0;
constexpr double reach_of_semi_minor = 0.25;
/// From here on it is taken to have run into that bound.
constexpr double at_the_bound = 0.95;
/// What the edges count beside the contrast: the share of it lost where the edges' distances to the outline
/// change by 1 px (root mean square).
constexpr double edge_weight = 0.15;
/// The edges may lie this much further from the refined outline than from theirs (mean distance).
constexpr double most_edge_loss_px = 0.1;
constexpr DampedNewtonOptions newton{.difference_step = 0.02, .longest_step = 1.0, .settled_step = 1e-2};

using Parameters = Eigen::Matrix<double, 5, 1>;
using Matrix5 = Eigen::Matrix<double, 5, 5>;

OutlineShape shape_of(const Parameters& p) { return {p.head<2>(), p[2], p[3], p[4]}; }

Parameters parameters_of(const OutlineShape& shape) {
  Parameters p;
  p << shape.center_px, shape.s_xx_px, shape.s_xy_px, shape.s_yy_px;
  return p;
}

/// No point of the outline moves by more than this between two sets of parameters.
double largest_move_px(const Parameters& a, const Parameters& b) {
  const Parameters d = a - b;
  const double mean = 0.5 * (d[2] + d[4]);
  return d.head<2>().norm() + std::abs(mean) + std::hypot(0.5 * (d[2] - d[4]), d[3]);
}

/// Mean over the edges of g g^T with g the derivative of the edge's distance by the parameters: the mean
/// square by which the distances change when the parameters do.
Matrix5 distance_form(const PupilObservation& observation, const OutlineConic& outline) {
  Matrix5 sum = Matrix5::Zero();
  const auto& conic = outline.conic;
  for (const EdgePoint& edge : observation.edge_points) {
    const double x = edge.position_px.x();
    const double y = edge.position_px.y();
    Eigen::Matrix<double, 6, 1> by_conic;
    by_conic << x * x, 2.0 * x * y, y * y, 2.0 * x, 2.0 * y, 1.0;
    const double slope =
        2.0 * std::hypot(conic[0] * x + conic[1] * y + conic[3], conic[1] * x + conic[2] * y + conic[4]);
    const Parameters by_shape = outline.by_shape.transpose() * by_conic / slope;
    sum.noalias() += by_shape * by_shape.transpose();
  }
  return sum / std::max<double>(1.0, static_cast<double>(observation.edge_points.size()));
}

double mean_edge_distance_px(const PupilObservation& observation, const OutlineShape& shape) {
  const Conic conic = conic_from_coefficients(outline_conic(shape).conic);
  double sum = 0.0;
  for (const EdgePoint& edge : observation.edge_points)
    sum += std::abs(sampson_distance_px(conic, edge.position_px.cast<double>()));
  return sum / std::max<double>(1.0, static_cast<double>(observation.edge_points.size()));
}

}  // namespace

bool ContrastRefiner::refine(GrayView image, PupilObservation& observation) {
  const OutlineShape start = OutlineShape::from(observation.ellipse);
  if (!observation.ellipse.is_valid() || !start.is_positive_definite()) return false;
  const BandSettings settings;
  const BandContrastOptions bands = balanced_bands(observation.ellipse, settings);
  constexpr double patch_reach = 1.1;  // and 8 px more than the outline at least
  cut_undistorted_patch({}, image, observation.ellipse, patch_, patch_reach);
  const OutlineConic outline = outline_conic(start);
  const double support = keep_supported_sectors(patch_, observation, outline.conic, contrast_tolerance_px,
                                                2.0 * settings.width_px + 2.0 * reach_px);
  const BandContrast first_contrast = band_contrast(outline.conic, patch_, bands);
  if (support < least_support || !first_contrast.is_valid ||
      !(first_contrast.contrast_gray >= least_contrast_gray))
    return false;

  const Parameters first = parameters_of(start);
  const double bound_px = std::min(reach_px, reach_of_semi_minor * observation.ellipse.semi_minor_px);
  const Matrix5 tether =
      2.0 * edge_weight * first_contrast.contrast_gray * distance_form(observation, outline);
  const auto cost = [&](const Parameters& at) -> std::optional<ValueAndGradient<5>> {
    const OutlineShape shape = shape_of(at);
    if (!(largest_move_px(at, first) <= bound_px) || !shape.is_positive_definite()) return std::nullopt;
    const OutlineConic here = outline_conic(shape);
    const BandContrast contrast = band_contrast(here.conic, patch_, bands);
    if (!contrast.is_valid) return std::nullopt;
    const Parameters pull = tether * (at - first);
    return ValueAndGradient<5>{0.5 * pull.dot(at - first) - contrast.contrast_gray,
                               pull - here.by_shape.transpose() * contrast.by_conic};
  };
  const Parameters best = minimise<5>(cost, first, newton);
  const OutlineShape refined = shape_of(best);
  if (!best.allFinite() || best == first || largest_move_px(best, first) > at_the_bound * bound_px ||
      mean_edge_distance_px(observation, refined) >
          mean_edge_distance_px(observation, start) + most_edge_loss_px)
    return false;
  observation.ellipse = refined.to_ellipse();
  return true;
}

}  // namespace yarbus
