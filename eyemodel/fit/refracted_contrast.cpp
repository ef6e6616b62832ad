#include "eyemodel/fit/refracted_contrast.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>

#include "eyemodel/fit/contrast_cost.h"
#include "eyemodel/geometry/outline_conic.h"
#include "eyemodel/geometry/supported_patch.h"

namespace yarbus {
namespace {

constexpr int points = BandSectors::count;
/// As edges have it: shading across the outline, lashes, what a lens model leaves.
constexpr double systematic_sigma_px = 0.06;
constexpr int fewest_sectors = 8;
constexpr double most_noise_px = 1.0;
/// Less is rounding, or nothing that is darker inside.
constexpr double least_contrast_gray = 2.0;
/// Parameters of an outline's shape, which the sectors' scatter is about.
constexpr int shape_parameters = 5;

std::optional<OutlineShape> outline_of(const RefractedFrame& view) {
  const auto ellipse = view.pupil_ellipse();
  if (!ellipse || !ellipse->is_valid()) return std::nullopt;
  const OutlineShape shape = OutlineShape::from(*ellipse);
  return shape.is_positive_definite() ? std::optional(shape) : std::nullopt;
}

/// Robust standard deviation about zero of the sectors' displacements.
double scatter_px(const BandSectors& sectors, int seen) {
  constexpr double sigma_of_median = 1.4826;
  std::array<double, points> sizes{};
  std::size_t count = 0;
  for (const auto& displacement : sectors.displacement_px) {
    if (displacement) sizes[count++] = std::abs(*displacement);
  }
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(sizes.begin(), middle, sizes.begin() + static_cast<std::ptrdiff_t>(count));
  return sigma_of_median * *middle * std::sqrt(seen / static_cast<double>(seen - shape_parameters));
}

}  // namespace

std::optional<RefractedContrast> make_refracted_contrast(const RefractedFrame& view,
                                                         const PupilObservation& observation,
                                                         const BandSettings& settings, ImagePatch& patch) {
  const auto outline = outline_of(view);
  if (!outline) return std::nullopt;
  RefractedContrast frame;
  frame.patch = &patch;
  frame.bands = balanced_bands(outline->to_ellipse(), settings);
  const auto conic = outline_conic(*outline).conic;
  keep_supported_sectors(patch, observation, conic, contrast_support_tolerance_px,
                         2.0 * settings.width_px + contrast_wander_px);
  if (!(band_contrast(conic, patch, frame.bands).contrast_gray >= least_contrast_gray)) return std::nullopt;
  const auto sectors = band_sectors(*outline, patch, frame.bands);
  if (!sectors) return std::nullopt;
  for (std::size_t i = 0; i < frame.is_seen.size(); ++i) {
    frame.is_seen[i] = sectors->displacement_px[i].has_value();
    frame.sectors_seen += frame.is_seen[i] ? 1 : 0;
  }
  if (frame.sectors_seen < fewest_sectors) return std::nullopt;
  frame.noise_px = scatter_px(*sectors, frame.sectors_seen);
  if (!(frame.noise_px <= most_noise_px)) return std::nullopt;
  frame.sigma_px = std::hypot(frame.noise_px, systematic_sigma_px);
  frame.cost_per_gray =
      frame.sectors_seen / (sectors->curvature_gray_per_px2 * frame.sigma_px * frame.sigma_px);
  return frame;
}

std::optional<double> refracted_contrast_cost(const RefractedContrast& frame, const RefractedFrame& view) {
  const auto outline = outline_of(view);
  if (!outline) return std::nullopt;
  const BandContrast contrast = band_contrast(outline_conic(*outline).conic, *frame.patch, frame.bands);
  if (!contrast.is_valid) return std::nullopt;
  return -frame.cost_per_gray * contrast.contrast_gray;
}

std::optional<RefractedContrastModel> refracted_contrast_model(const RefractedContrast& frame,
                                                               const RefractedFrame& view) {
  const auto outline = outline_of(view);
  if (!outline) return std::nullopt;
  const OutlineConic conic = outline_conic(*outline);
  const BandContrast contrast = band_contrast(conic.conic, *frame.patch, frame.bands);
  if (!contrast.is_valid) return std::nullopt;

  RefractedContrastModel model;
  model.cost = -frame.cost_per_gray * contrast.contrast_gray;
  model.matrix.setZero();
  // How the outline's points move along its normals: by its shape, and by the parameters.
  Eigen::Matrix<double, points, shape_parameters> by_shape;
  Eigen::Matrix<double, points, refraction_parameters> by_parameters;
  for (int i = 0; i < points; ++i) {
    const double angle = 2.0 * std::numbers::pi * i / points;
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    const Eigen::Vector2d n = outline->normal_at(c, s);
    by_shape.row(i) << n.x(), n.y(), n.x() * c, n.x() * s + n.y() * c, n.y() * s;
    RefractionRow distance_by_parameters;
    if (!view.pupil_distance_px(outline->point_at(c, s), &distance_by_parameters)) return std::nullopt;
    by_parameters.row(i) = -distance_by_parameters;
    if (frame.is_seen[static_cast<std::size_t>(i)])
      model.matrix.noalias() += distance_by_parameters.transpose() * distance_by_parameters;
  }
  model.matrix /= frame.sigma_px * frame.sigma_px;
  const Eigen::Matrix<double, shape_parameters, shape_parameters> normal = by_shape.transpose() * by_shape;
  const Eigen::Matrix<double, shape_parameters, refraction_parameters> shape_by_parameters =
      normal.ldlt().solve(by_shape.transpose() * by_parameters);
  model.right = frame.cost_per_gray *
                (shape_by_parameters.transpose() * (conic.by_shape.transpose() * contrast.by_conic));
  if (!model.right.allFinite() || !model.matrix.allFinite()) return std::nullopt;
  return model;
}

std::optional<PupilObservation> equivalent_observation(const RefractedContrast& frame,
                                                       const RefractedFrame& view) {
  const auto outline = outline_of(view);
  const auto sectors = outline ? band_sectors(*outline, *frame.patch, frame.bands) : std::nullopt;
  if (!sectors) return std::nullopt;
  PupilObservation observation;
  observation.ellipse = outline->to_ellipse();
  observation.confidence = 1.0;
  for (int i = 0; i < points; ++i) {
    const auto& displacement_px = sectors->displacement_px[static_cast<std::size_t>(i)];
    if (!displacement_px) continue;
    const double angle = 2.0 * std::numbers::pi * i / points;
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    const Eigen::Vector2d place = outline->point_at(c, s) + *displacement_px * outline->normal_at(c, s);
    observation.edge_points.push_back({place.cast<float>(), static_cast<float>(frame.noise_px)});
  }
  if (observation.edge_points.size() < static_cast<std::size_t>(fewest_sectors)) return std::nullopt;
  return observation;
}

}  // namespace yarbus
