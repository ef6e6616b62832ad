#include "tracker/pupil/outline_step.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <Eigen/Cholesky>

#include "eyemodel/types/check.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {
namespace {

using Vector5 = Eigen::Matrix<double, 5, 1>;
using Matrix5 = Eigen::Matrix<double, 5, 5>;

constexpr double tukey_cut_sigmas = 3.5;
constexpr int max_rounds = 6;
constexpr int min_rounds = 3;
constexpr double settled_step_px = 0.002;  // a change of the step below it ends the rounds
constexpr double damping =
    2e-4;  // of the total weight: only steadies nearly unobservable directions of short arcs
constexpr double min_misfit_px = 0.01;         // no pupil's outline is nearer to an ellipse than this ...
constexpr double min_misfit_share = 0.001;     // ... and this share of its radius
constexpr double oblique_misfit_share = 0.02;  // ... and this one times the square of what its axes differ by
constexpr double misfit_pieces = 6.0;          // the outline falls into about so many pieces of like misfit
constexpr double max_surprise = 20.0;   // squared Mahalanobis distance from which an expectation weighs less
constexpr double independent_px = 3.0;  // the noise of edges this far apart along the outline is their own

/// The distinct elements of row row^T (15), then row * offset (5): what one offset adds to the normal
/// equations.
constexpr std::size_t term_count = 20;
using Terms = std::array<double, term_count>;

struct Problem {
  std::array<Vector5, max_edge_points> rows;
  std::array<Terms, max_edge_points> terms;
  std::array<double, max_edge_points> variance;   // of one offset about a true ellipse's outline
  std::array<double, max_edge_points> influence;  // Tukey's factor of the last round
};

/// The rays from an oblique pupil cross the cornea at changing angles, which bends its outline.
double least_misfit_px(const OutlineShape& shape) {
  const Ellipse ellipse = shape.to_ellipse();
  const double obliqueness = 1.0 - ellipse.aspect_ratio();
  return min_misfit_px +
         (min_misfit_share + oblique_misfit_share * obliqueness * obliqueness) * shape.mean_radius_px();
}

void assemble(const OutlineShape& shape, std::span<const NormalOffset> offsets, double misfit_px,
              Problem& problem) {
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const auto& [c, s, offset, sigma, weight] = offsets[i];
    const Eigen::Vector2d n = shape.normal_at(c, s);
    Vector5& row = problem.rows[i];
    row << n.x(), n.y(), n.x() * c, n.x() * s + n.y() * c, n.y() * s;
    std::size_t k = 0;
    for (int a = 0; a < 5; ++a)
      for (int b = a; b < 5; ++b) problem.terms[i][k++] = row[a] * row[b];
    for (int a = 0; a < 5; ++a) problem.terms[i][k++] = row[a] * offset;
    problem.variance[i] = sigma * sigma + misfit_px * misfit_px;
  }
}

/// The absolute normalised residual at `share` of all that carry weight, as a standard deviation.
double robust_scale(std::span<const NormalOffset> offsets, std::span<const double> residuals,
                    const Problem& problem, double share) {
  constexpr int bins = 512;
  constexpr double bins_per_sigma = 16.0;
  std::array<std::uint16_t, bins> histogram{};
  int count = 0;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (!(offsets[i].weight > 0.0)) continue;
    const double u = std::abs(residuals[i]) / std::sqrt(problem.variance[i]);
    ++histogram[static_cast<std::size_t>(std::min(u * bins_per_sigma, bins - 1.0))];
    ++count;
  }
  const double wanted = share * count;
  double below = 0.0;
  double at = bins;
  for (int bin = 0; bin < bins; ++bin) {
    const double here = histogram[static_cast<std::size_t>(bin)];
    if (here > 0.0 && below + here >= wanted) {
      at = bin + (wanted - below) / here;
      break;
    }
    below += here;
  }
  // The normal distribution's quantile at (1 + share) / 2, near enough for shares of 0.1 to 0.6.
  const double rank_to_sigma = 1.0 / (1.2533 * share * (1.0 + 0.2618 * share * share));
  return at / bins_per_sigma * rank_to_sigma;
}

/// Mean product of residuals a little way apart along the outline, less what it may be by chance: the
/// variance that neighbours share.
double shared_misfit(std::span<const double> residuals, const Problem& problem, double spacing_px) {
  const std::size_t count = residuals.size();
  const auto lag = static_cast<std::size_t>(std::clamp(std::ceil(independent_px / spacing_px), 3.0,
                                                       std::max(3.0, static_cast<double>(count) / 8.0)));
  double sum = 0.0;
  double squares = 0.0;
  double total = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t k = i + lag < count ? i + lag : i + lag - count;
    const double weight = problem.influence[i] * problem.influence[k];
    sum += weight * residuals[i] * residuals[k];
    squares += weight * residuals[i] * residuals[i];
    total += weight;
  }
  return total > 0.0 ? std::max(0.0, (sum - squares / std::sqrt(total)) / total) : 0.0;
}

}  // namespace

std::optional<OutlineFit> move_outline(OutlineShape& shape, std::span<const NormalOffset> offsets,
                                       const StepOptions& options, std::span<double> residuals) {
  YARBUS_CHECK_OP(offsets.size(), <=, max_edge_points);
  YARBUS_CHECK_OP(offsets.size(), ==, residuals.size());
  const auto usable =
      std::count_if(offsets.begin(), offsets.end(), [](const auto& o) { return o.weight > 0.0; });
  if (usable < 6) return std::nullopt;
  const double misfit_floor = least_misfit_px(shape);
  Problem problem;
  assemble(shape, offsets, misfit_floor, problem);
  const double samples_per_piece = static_cast<double>(offsets.size()) / misfit_pieces;
  Vector5 expected = Vector5::Zero();
  if (options.expectation != nullptr) {
    const OutlineShape& prior = options.expectation->shape;
    expected << prior.center_px - shape.center_px, prior.s_xx_px - shape.s_xx_px,
        prior.s_xy_px - shape.s_xy_px, prior.s_yy_px - shape.s_yy_px;
  }
  Vector5 step = Vector5::Zero();
  step.head<2>() = options.first_shift_px;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    residuals[i] = offsets[i].offset_px - problem.rows[i].dot(step);
    problem.influence[i] = offsets[i].weight > 0.0 ? 1.0 : 0.0;
  }
  double scale = 1.0;
  double inliers = 0.0;
  Matrix5 normal;
  for (int round = 0; round < max_rounds; ++round) {
    scale = std::max(1.0, robust_scale(offsets, residuals, problem, options.trusted_share));
    const double misfit = misfit_floor * misfit_floor +
                          (round > 0 ? shared_misfit(residuals, problem, options.spacing_px) : 0.0);
    Terms sum{};
    double total = 0.0;
    inliers = 0.0;
    const double inverse_cut2 = 1.0 / (tukey_cut_sigmas * tukey_cut_sigmas * scale * scale);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      const double u2 = residuals[i] * residuals[i] * inverse_cut2 / problem.variance[i];
      const double influence = offsets[i].weight > 0.0 && u2 < 1.0 ? (1.0 - u2) * (1.0 - u2) : 0.0;
      problem.influence[i] = influence;
      if (!(influence > 0.0)) continue;
      inliers += 1.0;
      const double variance =
          options.shared_noise_factor * scale * scale * offsets[i].sigma_px * offsets[i].sigma_px +
          samples_per_piece * misfit;
      const double weight = influence * offsets[i].weight / variance;
      total += weight;
      for (std::size_t k = 0; k < term_count; ++k) sum[k] += weight * problem.terms[i][k];
    }
    if (!(total > 0.0)) return std::nullopt;
    Vector5 right;
    std::size_t k = 0;
    for (int a = 0; a < 5; ++a)
      for (int b = a; b < 5; ++b) normal(a, b) = normal(b, a) = sum[k++];
    for (int a = 0; a < 5; ++a) right[a] = sum[k++];
    if (options.expectation != nullptr) {
      // An expectation that the image contradicts (a saccade) loses its say.
      const Vector5 surprise = step - expected;
      const double distance2 = surprise.dot(options.expectation->information * surprise);
      const double trust = std::min(1.0, max_surprise / std::max(distance2, 1e-9));
      normal += trust * options.expectation->information;
      right += trust * (options.expectation->information * expected);
    } else {
      normal.diagonal().array() += damping * total;
    }
    const Vector5 next = normal.ldlt().solve(right);
    if (!next.allFinite()) return std::nullopt;
    const double change = (next - step).cwiseAbs().maxCoeff();
    step = next;
    for (std::size_t i = 0; i < offsets.size(); ++i)
      residuals[i] = offsets[i].offset_px - problem.rows[i].dot(step);
    if (round + 1 >= min_rounds && change < settled_step_px) break;
  }
  const OutlineShape moved{shape.center_px + step.head<2>(), shape.s_xx_px + step[2], shape.s_xy_px + step[3],
                           shape.s_yy_px + step[4]};
  if (!moved.is_positive_definite()) return std::nullopt;
  shape = moved;
  OutlineFit fit;
  fit.covariance_px2 = normal.ldlt().solve(Matrix5::Identity());
  double variance = 0.0;
  for (std::size_t i = 0; i < offsets.size(); ++i)
    variance += offsets[i].weight > 0.0 ? problem.variance[i] : 0.0;
  fit.residual_px = scale * std::sqrt(variance / static_cast<double>(usable));
  fit.inlier_share = inliers / static_cast<double>(usable);
  return fit;
}

}  // namespace yarbus
