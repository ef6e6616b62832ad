#include "eyemodel/fit/refraction_evidence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <Eigen/LU>

#include "eyemodel/fit/fit_state.h"
#include "eyemodel/geometry/conic.h"

namespace yarbus {
namespace {

/// From this many sigmas on a point counts less.
constexpr double robust_sigmas = 3.0;
/// What edges carry beside their noise: shading across the edge, lashes, what a lens model leaves.
constexpr double systematic_sigma_px = 0.06;
/// The part that is the same in every frame of a recording, and how it grows with the edges' noise. Measured
/// on the simulated eyes: their recordings' mean deformations are 0.01 to 0.05 px.
constexpr double common_bias_px = 0.015;
constexpr double common_bias_share = 0.15;
/// How much more there is of it the more of the outline is interrupted: lids shade what they leave.
constexpr double common_bias_gap_gain = 4.0;
constexpr double independent_points = 24.0;
/// What a subject's glints have in common, on the simulated eyes: 0.04 to 0.12 px (docs/eye-model.md).
constexpr double common_glint_bias_px = 0.08;
constexpr std::size_t fewest_edges = 6;

/// A step that turns and widens less than this is the last.
constexpr double settled_rad = 3e-5;
constexpr double settled_mm = 3e-4;
constexpr double least_radius_mm = 0.3;
constexpr double most_radius_mm = 6.0;

struct Weighed {
  double residual = 0.0;  ///< its square is k^2 e^2 / (k^2 + e^2)
  double weight = 0.0;    ///< k^2 / (k^2 + e^2); its square is the loss's slope over that of e^2
};

/// Geman and McClure's loss of a distance.
Weighed robust(double distance_px, double sigma_px) {
  const double e = distance_px / sigma_px;
  const double root_squared = robust_sigmas * robust_sigmas + e * e;
  const double root = std::sqrt(root_squared);
  const double shrink = robust_sigmas / root;
  return {e * shrink, shrink * shrink};
}

template <class Visit>
void for_each_point(const RefractionEvidence& evidence, const RefractedFrame& frame, bool with_rows,
                    Visit&& visit) {
  RefractionRow row;
  for (const WeighedPoint& point : evidence.pupil) {
    const auto distance = frame.pupil_distance_px(point.position_px, with_rows ? &row : nullptr);
    visit(point, distance, row, true);
  }
  for (const WeighedPoint& point : evidence.limbus) {
    const auto distance = frame.limbus_distance_px(point.position_px, with_rows ? &row : nullptr);
    visit(point, distance, row, false);
  }
}

/// `visit(sigma_px, match)`, after all points.
template <class Visit>
void for_each_glint(const RefractionEvidence& evidence, const RefractedFrame& frame, bool with_rows,
                    Visit&& visit) {
  for (const WeighedPoint& glint : evidence.glints)
    visit(evidence.glint_scale * glint.sigma_px, match_glint(glint.position_px, frame, with_rows));
}

using Edges = FixedVector<EdgePoint, max_edge_points>;

/// The share of an outline's length along which it has no edge points: a lid, a lash or a reflection lies
/// over it. Points are in the outline's order; a gap is longer than so many times the usual way between
/// neighbours.
double gap_share(const Edges& edges) {
  constexpr double gap_spacings = 2.5;
  const std::size_t count = edges.size();
  std::array<double, max_edge_points> ways_px{};
  double length_px = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    ways_px[i] = static_cast<double>((edges[(i + 1) % count].position_px - edges[i].position_px).norm());
    length_px += ways_px[i];
  }
  if (!(length_px > 0.0)) return 0.0;
  auto sorted = ways_px;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(count));
  double gaps_px = 0.0;
  for (std::size_t i = 0; i < count; ++i) gaps_px += ways_px[i] > gap_spacings * *middle ? ways_px[i] : 0.0;
  return gaps_px / length_px;
}

/// Neighbouring edge points [from, to) as one: at the middle one's place, as far from the ellipse as they are
/// on average (weighted by their sigmas), with the sigma of that mean.
EdgePoint mean_edge(const Edges& edges, const Conic& conic, std::size_t from, std::size_t to) {
  EdgePoint mean = edges[(from + to) / 2];
  if (to - from < 2) return mean;
  double weights = 0.0;
  double off_px = 0.0;
  for (std::size_t i = from; i < to; ++i) {
    const EdgePoint& edge = edges[i];
    const double weight =
        1.0 / std::max(1e-6, static_cast<double>(edge.sigma_px) * static_cast<double>(edge.sigma_px));
    off_px += weight * sampson_distance_px(conic, edge.position_px.cast<double>());
    weights += weight;
  }
  const Eigen::Vector2d place = mean.position_px.cast<double>();
  const Eigen::Vector2d normal = (conic * place.homogeneous()).head<2>().normalized();
  const double moved_px = off_px / weights - sampson_distance_px(conic, place);
  mean.position_px = (place + moved_px * normal).cast<float>();
  mean.sigma_px = static_cast<float>(1.0 / std::sqrt(weights));
  return mean;
}

/// A real pupil is no perfect circle, and a lens model leaves something: where the points scatter about their
/// own ellipse by more than their sigmas say, the sigmas are scaled up to that scatter. Tenfold at most:
/// points that are no outline at all are to be left out, not believed a little.
void widen_to_scatter(RefractionEvidence& evidence, const Conic& conic) {
  constexpr double median_of_normal = 0.6745;
  std::array<double, RefractionEvidence::max_pupil_points> scatter{};
  std::size_t count = 0;
  for (const WeighedPoint& point : evidence.pupil)
    scatter[count++] = std::abs(sampson_distance_px(conic, point.position_px)) / point.sigma_px;
  const auto middle = scatter.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(scatter.begin(), middle, scatter.begin() + static_cast<std::ptrdiff_t>(count));
  constexpr double most = 10.0;
  const double scale = std::min(most, *middle / median_of_normal);
  if (!(scale > 1.0)) return;
  for (WeighedPoint& point : evidence.pupil) {
    point.sigma_px *= scale;
    point.by_bias *= scale;
  }
}

/// One standard deviation of each part of the common bias, at this edge.
Eigen::Vector3d bias_of(const EdgePoint& edge, const Eigen::Vector2d& center_px, double gaps) {
  const Eigen::Vector2d from_center = edge.position_px.cast<double>() - center_px;
  const double squared = std::max(1e-12, from_center.squaredNorm());
  const double cos_2 = (from_center.x() * from_center.x() - from_center.y() * from_center.y()) / squared;
  const double sin_2 = 2.0 * from_center.x() * from_center.y() / squared;
  return (1.0 + common_bias_gap_gain * gaps) *
         std::hypot(common_bias_px, common_bias_share * static_cast<double>(edge.sigma_px)) *
         Eigen::Vector3d(1.0, cos_2, sin_2);
}

}  // namespace

RefractionEvidence RefractionEvidence::from(const PupilObservation& undistorted,
                                            const CornealFeatures& features) {
  RefractionEvidence evidence;
  const Edges& edges = undistorted.edge_points;
  const std::size_t count = edges.size();
  if (count >= fewest_edges) {
    const std::size_t kept = std::min(count, max_pupil_points);
    const double scale = std::sqrt(std::max(1.0, static_cast<double>(kept) / independent_points));
    const Conic conic = conic_from_ellipse(undistorted.ellipse);
    const double gaps = gap_share(edges);
    for (std::size_t i = 0; i < kept; ++i) {
      const EdgePoint edge = mean_edge(edges, conic, i * count / kept, (i + 1) * count / kept);
      evidence.pupil.push_back({edge.position_px.cast<double>(),
                                std::hypot(static_cast<double>(edge.sigma_px), systematic_sigma_px * scale),
                                bias_of(edges[i * count / kept], undistorted.ellipse.center_px, gaps)});
    }
    widen_to_scatter(evidence, conic);
  } else {
    const double variance_px2 = std::max(0.0, undistorted.covariance_px2.diagonal().mean());
    const double scale = std::sqrt(static_cast<double>(max_pupil_points) / 5.0);
    const double sigma_px = std::hypot(std::sqrt(variance_px2), systematic_sigma_px) * scale;
    for (std::size_t i = 0; i < max_pupil_points; ++i) {
      const double angle = 2.0 * std::numbers::pi * static_cast<double>(i) / max_pupil_points;
      evidence.pupil.push_back({undistorted.ellipse.point_at(angle), sigma_px});
    }
  }
  for (const EdgePoint& edge : features.limbus_points)
    evidence.limbus.push_back({edge.position_px.cast<double>(), static_cast<double>(edge.sigma_px)});
  return evidence;
}

RefractionEvidence RefractionEvidence::from(const FitFrame& frame, const CameraIntrinsics& camera) {
  RefractionEvidence evidence = from(frame.observation, frame.features);
  if (camera.leds_in_cam_mm.empty()) return evidence;
  for (const Glint& glint : frame.features.glints)
    evidence.glints.push_back({glint.position_px, glint.sigma_px});
  return evidence;
}

RefractionEvidence RefractionEvidence::without_glints() const {
  RefractionEvidence evidence = *this;
  evidence.glints.clear();
  return evidence;
}

RefractionEvidence RefractionEvidence::thinned(std::size_t step) const {
  RefractionEvidence evidence;
  for (std::size_t i = 0; i < pupil.size(); i += step) evidence.pupil.push_back(pupil[i]);
  return evidence;
}

std::optional<MatchedGlint> match_glint(const Eigen::Vector2d& glint_px, const RefractedFrame& frame,
                                        bool with_rows) {
  std::optional<MatchedGlint> nearest;
  std::size_t nearest_light = 0;
  for (std::size_t light = 0; light < frame.light_count(); ++light) {
    const auto image_px = frame.glint_px(light);
    if (!image_px) continue;
    const Eigen::Vector2d off_px = *image_px - glint_px;
    if (nearest && !(off_px.squaredNorm() < nearest->off_px.squaredNorm())) continue;
    nearest_light = light;
    nearest.emplace().off_px = off_px;
  }
  if (nearest && with_rows) frame.glint_px(nearest_light, &nearest->rows);
  return nearest;
}

double refraction_cost(const RefractionEvidence& evidence, const RefractedFrame& frame) {
  double sum = 0.0;
  for_each_point(
      evidence, frame, false, [&](const WeighedPoint& point, const auto& distance, const auto&, bool) {
        const double residual = distance ? robust(*distance, point.sigma_px).residual : robust_sigmas;
        sum += residual * residual;
      });
  for_each_glint(evidence, frame, false, [&](double sigma_px, const auto& match) {
    const double residual = match ? robust(match->off_px.norm(), sigma_px).residual : robust_sigmas;
    sum += residual * residual;
  });
  return 0.5 * sum;
}

RefractionEquations refraction_equations(const RefractionEvidence& evidence, const RefractedFrame& frame) {
  RefractionEquations equations;
  equations.matrix.setZero();
  equations.right.setZero();
  equations.by_bias.setZero();
  for_each_point(
      evidence, frame, true,
      [&](const WeighedPoint& point, const auto& distance, const RefractionRow& row, bool is_pupil) {
        if (!distance) {
          equations.cost += 0.5 * robust_sigmas * robust_sigmas;
          return;
        }
        const Weighed weighed = robust(*distance, point.sigma_px);
        equations.cost += 0.5 * weighed.residual * weighed.residual;
        // Reweighted least squares: the weight is the loss's slope over the distance's.
        const double weight = weighed.weight * weighed.weight / (point.sigma_px * point.sigma_px);
        const RefractionRow scaled = weight * row;
        equations.matrix.noalias() += row.transpose() * scaled;
        equations.right.noalias() -= *distance * scaled.transpose();
        equations.by_bias.leftCols<3>().noalias() -= scaled.transpose() * point.by_bias.transpose();
        if (!is_pupil) return;
        equations.squares_px2 += weighed.weight * *distance * *distance;
        equations.weights += weighed.weight;
      });
  for_each_glint(evidence, frame, true, [&](double sigma_px, const auto& match) {
    if (!match) {
      equations.cost += 0.5 * robust_sigmas * robust_sigmas;
      return;
    }
    const Weighed weighed = robust(match->off_px.norm(), sigma_px);
    equations.cost += 0.5 * weighed.residual * weighed.residual;
    const RefractionRows scaled = weighed.weight * weighed.weight / (sigma_px * sigma_px) * match->rows;
    equations.matrix.noalias() += match->rows.transpose() * scaled;
    equations.right.noalias() -= scaled.transpose() * match->off_px;
    equations.by_bias.rightCols<2>() += common_glint_bias_px * scaled.transpose();
    equations.glint_weights += weighed.weight;
  });
  return equations;
}

void refraction_residuals(const RefractionEvidence& evidence, const RefractedFrame& frame, double* residuals,
                          RefractionRow* rows) {
  std::size_t i = 0;
  double rest = 0.0;
  for_each_point(evidence, frame, rows != nullptr,
                 [&](const WeighedPoint& point, const auto& distance, const RefractionRow& row, bool) {
                   if (!distance) {
                     residuals[i] = 0.0;
                     if (rows != nullptr) rows[i].setZero();
                     rest += robust_sigmas * robust_sigmas;
                   } else {
                     const Weighed weighed = robust(*distance, point.sigma_px);
                     // weight^2 is the slope of the loss over that of the square.
                     residuals[i] = weighed.weight * *distance / point.sigma_px;
                     rest += weighed.residual * weighed.residual - residuals[i] * residuals[i];
                     if (rows != nullptr) rows[i] = (weighed.weight / point.sigma_px) * row;
                   }
                   ++i;
                 });
  for_each_glint(evidence, frame, rows != nullptr, [&](double sigma_px, const auto& match) {
    if (!match) {
      for (int k = 0; k < 2; ++k, ++i) {
        residuals[i] = 0.0;
        if (rows != nullptr) rows[i].setZero();
      }
      rest += robust_sigmas * robust_sigmas;
      return;
    }
    const Weighed weighed = robust(match->off_px.norm(), sigma_px);
    rest += weighed.residual * weighed.residual;
    for (int k = 0; k < 2; ++k, ++i) {
      residuals[i] = weighed.weight * match->off_px[k] / sigma_px;
      rest -= residuals[i] * residuals[i];
      if (rows != nullptr) rows[i] = (weighed.weight / sigma_px) * match->rows.row(k);
    }
  });
  residuals[i] = std::sqrt(std::max(0.0, rest));
  if (rows != nullptr) rows[i].setZero();
}

std::optional<EyeTurn> starting_turn(const Ellipse& ellipse, const EyeShape& shape,
                                     const CameraIntrinsics& intrinsics, PupilChart& chart) {
  // The cornea brings the apparent pupil some half a millimetre forward and makes it larger by an eighth.
  constexpr double apparent_lift_mm = 0.5;
  constexpr double apparent_growth = 1.13;
  const Eigen::Vector3d center = shape.head<3>();
  const double arm_mm = shape[3] + apparent_lift_mm;
  const auto pupil = tangent_pupil(ellipse, intrinsics, center, arm_mm);
  if (!pupil) return std::nullopt;
  chart = PupilChart::about(pupil->normal_in_cam);
  return EyeTurn(0.0, 0.0, std::clamp(pupil->radius_mm / apparent_growth, least_radius_mm, most_radius_mm));
}

TurnCovariance turn_covariance(const RefractionEquations& equations,
                               const ModelCovariance& shape_covariance_mm2) {
  const Eigen::Matrix3d own = equations.matrix.bottomRightCorner<3, 3>().inverse();
  const Eigen::Matrix<double, 3, 7> gain = -own * equations.matrix.bottomLeftCorner<3, 7>();
  return own + gain * shape_covariance_mm2 * gain.transpose();
}

std::optional<TurnFit> fit_turn(const RefractionEvidence& evidence, const EyeShape& shape,
                                const PupilChart& chart, const EyeTurn& start,
                                const CameraIntrinsics& intrinsics, int max_iterations) {
  TurnFit fit{start, refraction_equations(evidence, RefractedFrame(shape, chart, start, intrinsics))};
  double damping = 1e-4;
  constexpr double longest_turn_rad = 0.2;
  for (int i = 0; i < max_iterations; ++i) {
    Eigen::Matrix3d damped = fit.equations.matrix.bottomRightCorner<3, 3>();
    damped.diagonal() *= 1.0 + damping;
    damped.diagonal().array() += 1e-9;
    Eigen::Vector3d step = damped.ldlt().solve(fit.equations.right.tail<3>());
    if (!step.allFinite()) return std::nullopt;
    const double turned = step.head<2>().norm();
    if (turned > longest_turn_rad) step *= longest_turn_rad / turned;
    EyeTurn next = fit.turn + step;
    next[2] = std::clamp(next[2], least_radius_mm, most_radius_mm);
    if (turned < settled_rad && std::abs(step[2]) < settled_mm) {
      fit.turn = next;  // the equations are the same there
      break;
    }
    const RefractedFrame there(shape, chart, next, intrinsics);
    RefractionEquations trial = refraction_equations(evidence, there);
    if (trial.cost <= fit.equations.cost) {
      fit = {next, trial};
      damping = std::max(1e-9, damping * 0.1);
    } else {
      damping *= 10.0;
    }
  }
  if (!fit.turn.allFinite() || !(fit.equations.weights > 0.0)) return std::nullopt;
  return fit;
}

}  // namespace yarbus
