#include "tracker/pupil/outline_refinement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>

namespace yarbus {
namespace {

constexpr double min_half_width_px = 4.0;
constexpr double window_shrink = 0.6;
constexpr int extra_passes = 2;
constexpr int min_samples = 48;
constexpr double settled_px = 0.33;      // an outline that moves further is measured again
constexpr double prior_floor_px = 0.05;  // no prediction is surer than this
constexpr double trusted_share = 0.4;    // of the edges ...
constexpr double trusted_share_with_prior = 0.2;
constexpr int vote_reach = 4;           // shifts of up to so many steps are tried
constexpr float vote_tolerance = 1.2F;  // in steps

std::optional<OutlineExpectation> expectation_from(const PupilPrior& prior) {
  const OutlineCovariance covariance =
      prior.covariance_px2 + prior_floor_px * prior_floor_px * OutlineCovariance::Identity();
  const Eigen::LLT<OutlineCovariance> factor(covariance);
  if (factor.info() != Eigen::Success || !covariance.allFinite()) return std::nullopt;
  return OutlineExpectation{OutlineShape::from(prior.ellipse), factor.solve(OutlineCovariance::Identity())};
}

/// The shift of the outline that most edges agree on, whatever the others say.
Eigen::Vector2d vote_for_shift(const OutlineShape& shape, std::span<const NormalOffset> offsets,
                               double step_px) {
  std::array<float, max_edge_points> nx;
  std::array<float, max_edge_points> ny;
  std::array<float, max_edge_points> offset;
  std::array<float, max_edge_points> weight;
  std::size_t count = 0;
  const double scale = 1.0 / step_px;
  for (const auto& o : offsets) {
    if (!(o.weight > 0.0)) continue;
    const Eigen::Vector2d normal = shape.normal_at(o.cos_phi, o.sin_phi);
    nx[count] = static_cast<float>(normal.x());
    ny[count] = static_cast<float>(normal.y());
    offset[count] = static_cast<float>(o.offset_px * scale);
    weight[count++] = static_cast<float>(o.weight);
  }
  constexpr std::size_t lanes = 4;
  for (; count % lanes != 0; ++count) nx[count] = ny[count] = offset[count] = weight[count] = 0.0F;
  float best = -1.0F;
  Eigen::Vector2d shift = Eigen::Vector2d::Zero();
  for (int dy = -vote_reach; dy <= vote_reach; ++dy) {
    for (int dx = -vote_reach; dx <= vote_reach; ++dx) {
      if (dx * dx + dy * dy > vote_reach * vote_reach) continue;
      const auto fx = static_cast<float>(dx);
      const auto fy = static_cast<float>(dy);
      std::array<float, lanes> votes{};
      for (std::size_t i = 0; i < count; i += lanes) {
        for (std::size_t k = 0; k < lanes; ++k) {
          const float miss = (offset[i + k] - nx[i + k] * fx - ny[i + k] * fy) * (1.0F / vote_tolerance);
          votes[k] += weight[i + k] * std::max(0.0F, 1.0F - miss * miss);
        }
      }
      const float sum = votes[0] + votes[1] + votes[2] + votes[3];
      if (sum > best) {
        best = sum;
        shift = {static_cast<double>(dx), static_cast<double>(dy)};
      }
    }
  }
  return step_px * shift;
}

double largest_move_px(const OutlineShape& from, const OutlineShape& to) {
  const double turn = std::abs(to.s_xx_px - from.s_xx_px) + std::abs(to.s_yy_px - from.s_yy_px);
  return (to.center_px - from.center_px).norm() + 0.5 * turn + std::abs(to.s_xy_px - from.s_xy_px);
}

}  // namespace

std::optional<OutlineFit> refine_outline(GrayView image, OutlineShape& shape, double first_half_width_px,
                                         int passes, int sample_count, float min_slope_gray_per_px,
                                         OutlineMeasurement& measurement, const PupilPrior* prior) {
  std::array<NormalOffset, max_edge_points> offsets;
  std::array<double, max_edge_points> residuals;
  const auto expectation = prior != nullptr ? expectation_from(*prior) : std::nullopt;
  double half_width = first_half_width_px;
  std::size_t count = 0;
  std::optional<OutlineFit> fit;
  for (int pass = 0; pass < passes + extra_passes; ++pass) {
    // Where the outline is only brought near, half the normals do.
    const bool is_last = pass + 1 >= passes;
    count = static_cast<std::size_t>(
        is_last ? sample_count : std::max(sample_count / 2, std::min(sample_count, min_samples)));
    measure_outline(image, shape, half_width, static_cast<int>(count), min_slope_gray_per_px, measurement);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& sample = measurement.samples[i];
      const bool is_edge = sample.kind == OutlineSample::Kind::edge;
      offsets[i] = {sample.cos_phi, sample.sin_phi, sample.offset_px, sample.sigma_px,
                    is_edge ? sample.weight : 0.0};
    }
    StepOptions options;
    options.shared_noise_factor = measurement.shared_noise_factor;
    options.spacing_px = 2.0 * std::numbers::pi * shape.mean_radius_px() / static_cast<double>(count);
    options.trusted_share = expectation ? trusted_share_with_prior : trusted_share;
    options.expectation = expectation ? &*expectation : nullptr;
    if (expectation && pass == 0)
      options.first_shift_px = vote_for_shift(shape, {offsets.data(), count}, half_width / (vote_reach + 1));
    const OutlineShape before = shape;
    fit = move_outline(shape, {offsets.data(), count}, options, {residuals.data(), count});
    if (!fit) return std::nullopt;
    half_width = std::max(min_half_width_px, window_shrink * half_width);
    if (is_last && largest_move_px(before, shape) < settled_px) break;
  }
  for (std::size_t i = 0; i < count; ++i)
    if (measurement.samples[i].kind == OutlineSample::Kind::edge)
      measurement.samples[i].offset_px = static_cast<float>(residuals[i]);
  return fit;
}

}  // namespace yarbus
