#include "eyemodel/online/slip_test.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/QR>

#include "eyemodel/fit/refraction_start.h"

namespace yarbus {
namespace {

/// A slip longer than so many of its standard deviations is none, but a frame that fits nothing.
constexpr double longest_slip = 4.0;
constexpr std::size_t fewest_slip_tested = 3;
/// A frame's cost (refraction_cost) that the model does not explain: so much, and so many times the usual.
constexpr double least_misfit = 25.0;
constexpr double misfit_factor = 2.0;
constexpr double usual_cost_gain = 0.05;
/// Misfits are judged when the eye has turned so far among them, or after so long.
constexpr double judged_spread_rad = 0.03;
constexpr std::chrono::milliseconds longest_suspicion{800};
/// From afar the robust loss shows no way: several places around are tried, so many slips away.
constexpr double reach = 0.6;

Eigen::Vector3d gaze_of(const RefractionFrame& frame) {
  return frame.chart.gaze_at(frame.turn[0], frame.turn[1], 1.0);
}

/// What the frames cost at their turns under a shape, if pupils may all be out of round in the same way: by a
/// share of their size as cos and sin of twice the angle in the image. A real pupil is, by one or two per
/// cent (Wyatt 1995), and what it does to the outlines of a turning eye is what a shift of the headset would
/// do.
double cost_out_of_round(const RefractionProblem& problem, const std::vector<RefractionFrame>& frames) {
  constexpr double out_of_round_sigma = 0.01;
  double cost = 0.0;
  Eigen::Vector2d gradient = Eigen::Vector2d::Zero();
  Eigen::Matrix2d curvature = Eigen::Matrix2d::Identity();
  std::array<double, RefractionEvidence::max_residuals> residuals{};
  std::array<RefractionRow, RefractionEvidence::max_residuals> rows;
  for (const RefractionFrame& frame : frames) {
    const RefractionEvidence evidence = frame.evidence.without_glints();
    const RefractedFrame view(problem.shape(frame), frame.chart, frame.turn, problem.intrinsics);
    cost += refraction_cost(evidence, view);
    refraction_residuals(evidence, view, residuals.data(), rows.data());
    // The turn takes up what it can of a deformation: only the rest explains anything.
    const auto count = static_cast<Eigen::Index>(evidence.pupil.size());
    Eigen::MatrixXd by_turn(count, 3);
    Eigen::MatrixXd by_shape(count, 2);
    Eigen::VectorXd off(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      const WeighedPoint& point = evidence.pupil[static_cast<std::size_t>(i)];
      const auto& row = rows[static_cast<std::size_t>(i)];
      const Eigen::Vector2d from_center = point.position_px - frame.ellipse.center_px;
      const double angle_rad = std::atan2(from_center.y(), from_center.x());
      const double per_px = 1.0 / point.sigma_px;
      const double weight =
          1.0 / (1.0 + residuals[static_cast<std::size_t>(i)] * residuals[static_cast<std::size_t>(i)] / 9.0);
      by_turn.row(i) = row.tail<3>();
      by_shape.row(i) = weight * per_px * out_of_round_sigma * frame.ellipse.semi_major_px *
                        Eigen::RowVector2d(std::cos(2.0 * angle_rad), std::sin(2.0 * angle_rad));
      off[i] = residuals[static_cast<std::size_t>(i)];
    }
    const Eigen::MatrixXd taken = by_turn * by_turn.colPivHouseholderQr().solve(by_shape);
    const Eigen::MatrixXd rest = by_shape - taken;
    gradient += rest.transpose() * off;
    curvature += rest.transpose() * rest;
  }
  return cost - 0.5 * gradient.dot(curvature.ldlt().solve(gradient));
}

}  // namespace

double SlipTest::misfit_limit() const { return std::max(least_misfit, misfit_factor * usual_cost_); }

std::size_t SlipTest::misfits_from(std::vector<RefractionFrame>& frames, const EyeShape& shape,
                                   const CameraIntrinsics& intrinsics) {
  const double limit = misfit_limit();
  std::size_t from = frames.size();
  bool is_run = true;
  for (std::size_t i = frames.size(); i-- > 0;) {
    RefractionFrame& frame = frames[i];
    const RefractionEvidence evidence = frame.evidence.without_glints();
    const auto fit = fit_turn(evidence, shape, frame.chart, frame.turn, intrinsics, 15);
    if (fit) frame.turn = fit->turn;
    const double cost = refraction_cost(evidence, RefractedFrame(shape, frame.chart, frame.turn, intrinsics));
    is_run = is_run && cost > limit;
    if (is_run) from = i;
    if (counted_until_ && frame.captured_at <= *counted_until_) continue;  // it was waiting before already
    usual_cost_ += usual_cost_gain * (std::min(cost, limit) - usual_cost_);
  }
  if (!frames.empty()) counted_until_ = frames.back().captured_at;
  return from;
}

bool SlipTest::may_judge(std::span<const RefractionFrame> misfits) {
  if (misfits.size() < fewest_slip_tested) return false;
  double least_cosine = 1.0;
  for (const RefractionFrame& frame : misfits)
    least_cosine = std::min(least_cosine, gaze_of(frame).dot(gaze_of(misfits.front())));
  return std::acos(std::min(1.0, least_cosine)) > judged_spread_rad ||
         misfits.back().captured_at - misfits.front().captured_at > longest_suspicion;
}

std::optional<Eigen::Vector3d> SlipTest::slipped_center(const RefractionProblem& problem) const {
  const double stays = cost_out_of_round(problem, compared_frames(problem.frames));
  const Eigen::Vector3d here = problem.eye_centers_in_cam_mm.front();
  const double reach_mm = reach * options_.slip_mm;
  std::vector<Eigen::Vector3d> starts{here};
  for (const double way : {-reach_mm, reach_mm}) {
    starts.emplace_back(here + Eigen::Vector3d(way, 0.0, 0.0));
    starts.emplace_back(here + Eigen::Vector3d(0.0, way, 0.0));
  }
  const auto minima = find_minima(problem, starts);
  if (minima.empty()) return std::nullopt;
  const Eigen::Vector3d center = minima.front().eye_center_in_cam_mm;
  const double way_mm = (center - here).norm();
  const bool is_believed = stays - minima.front().cost > options_.evidence &&
                           way_mm > options_.least_slip_mm && way_mm < longest_slip * options_.slip_mm;
  return is_believed ? std::optional(center) : std::nullopt;
}

std::vector<RefractionFrame> SlipTest::fitting(std::vector<RefractionFrame> frames, const EyeShape& shape,
                                               const CameraIntrinsics& intrinsics) const {
  std::erase_if(frames, [&](RefractionFrame& frame) {
    const auto turn = starting_turn(frame.ellipse, shape, intrinsics, frame.chart);
    const auto fit = turn ? fit_turn(frame.evidence.without_glints(), shape, frame.chart, *turn, intrinsics)
                          : std::nullopt;
    if (!fit || fit->equations.cost > misfit_limit()) return true;
    frame.turn = fit->turn;
    return false;
  });
  return frames;
}

}  // namespace yarbus
