#include "calibration/procedure/point_recorder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Dense>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr double least_turn_share = 0.35;
/// Smaller jumps say nothing about whether an eye followed.
constexpr double least_turn_rad = 0.07;
constexpr double outlier_deviations = 3.0;
/// Median distance of a two-dimensional normal point from the middle, in its deviations of one direction.
constexpr double median_distance = 1.1774;
/// Window and dispersion that a following eye keeps and a saccade does not.
constexpr double pursuit_window_s = 0.12;  ///< three frames at 20 Hz
constexpr double pursuit_dispersion_deg = 2.0;
/// A point with fewer than this share of the samples asked for has none worth the name.
constexpr double least_sample_share = 1.0 / 3.0;

double median_in_place(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Residuals of the axis from a smooth course over time (cubic, least squares), rad.
double smooth_course_rms_rad(const std::vector<double>& times_s, const std::vector<Eigen::Vector2d>& places) {
  const auto count = static_cast<Eigen::Index>(times_s.size());
  Eigen::MatrixXd powers(count, 4);
  Eigen::MatrixXd at(count, 2);
  for (Eigen::Index i = 0; i < count; ++i) {
    const double t = times_s[static_cast<std::size_t>(i)] - times_s.front();
    powers.row(i) << 1.0, t, t * t, t * t * t;
    at.row(i) = places[static_cast<std::size_t>(i)].transpose();
  }
  const Eigen::MatrixXd course = powers.colPivHouseholderQr().solve(at);
  return std::sqrt((at - powers * course).rowwise().squaredNorm().mean());
}

}  // namespace

double PointRecorder::Run::length_s() const { return seconds_of(last - first); }

PointRecorder::PointRecorder(const ProcedureOptions& options)
    : options_(options),
      windows_{DispersionWindow(options.fixation_window_s, options.fixation_dispersion_deg),
               DispersionWindow(options.fixation_window_s, options.fixation_dispersion_deg)} {
  candidates_.reserve(max_candidates);
  for (auto& runs : runs_) runs.reserve(max_runs);
}

void PointRecorder::begin(const Showing& showing) {
  showing_ = showing;
  const bool moves = showing.motion.has_value();
  for (auto& window : windows_) {
    window = DispersionWindow(moves ? pursuit_window_s : options_.fixation_window_s,
                              moves ? pursuit_dispersion_deg : options_.fixation_dispersion_deg);
  }
  forget_frames();
  lost_frames_ = {};
  frames_ = usable_frames_ = closed_frames_ = invalid_frames_ = 0;
}

void PointRecorder::push(const ProcedureFrame& frame) {
  if (frame.at() < showing_.records_from) return;
  ++frames_;
  FrameSample seen = frame_sample(frame, options_.min_confidence);
  Candidate candidate;
  candidate.sample = std::move(seen.sample);
  candidate.sample.target = showing_.target;
  candidate.sample.target_in_screen_mm = showing_.motion
                                             ? showing_.path->at(showing_.motion->path_s(frame.at()))
                                             : showing_.position_in_screen_mm;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!seen.is_lost[eye]) continue;
    ++lost_frames_[eye];
    in_run_[eye] = false;
  }
  usable_frames_ += seen.is_usable ? 1 : 0;
  closed_frames_ += !seen.is_usable && seen.is_closed ? 1 : 0;
  invalid_frames_ += seen.is_invalid ? 1 : 0;
  if (candidates_.size() == max_candidates) drop_oldest_half();
  candidates_.push_back(std::move(candidate));
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!seen.is_lost[eye]) push_still(eye, *frame.rays.eyes[eye], frame.at());
  }
}

void PointRecorder::drop_oldest_half() {
  candidates_.erase(candidates_.begin(), candidates_.begin() + max_candidates / 2);
}

void PointRecorder::push_still(std::size_t eye, const EyeRay& ray, CaptureTime at) {
  DispersionWindow& window = windows_[eye];
  if (!window.push(at, ray.optical_axis_in_cam)) {
    in_run_[eye] = false;
    return;
  }
  auto& runs = runs_[eye];
  const bool is_new = !in_run_[eye];
  if (is_new) {
    if (runs.size() == max_runs) {  // a long wait for a key with restless eyes
      forget_frames();
      return;
    }
    runs.push_back({.axis_sum = Eigen::Vector3d::Zero(), .count = 0, .first = at, .last = at});
    in_run_[eye] = true;
  }
  const int number = static_cast<int>(runs.size()) - 1;
  Run& run = runs.back();
  run.last = at;
  // A new run takes the window's frames with it.
  const CaptureTime from = is_new ? window.oldest() : at;
  for (auto candidate = candidates_.rbegin(); candidate != candidates_.rend(); ++candidate) {
    if (candidate->sample.rays.captured_at < from) break;
    const auto& own = candidate->sample.rays.eyes[eye];
    if (!own || candidate->run[eye] >= 0) continue;
    candidate->run[eye] = number;
    run.first = std::min(run.first, candidate->sample.rays.captured_at);
    run.axis_sum += own->optical_axis_in_cam;
    ++run.count;
  }
}

void PointRecorder::forget_frames() {
  for (auto& runs : runs_) runs.clear();
  in_run_ = {};
  candidates_.clear();
}

bool PointRecorder::has_turned(std::size_t eye, const Eigen::Vector3d& axis_in_cam) const {
  const auto& turn = showing_.turns[eye];
  if (!turn || turn->turn_rad < least_turn_rad) return true;
  return angle_between_rad(turn->from_axis_in_cam, axis_in_cam) >= least_turn_share * turn->turn_rad;
}

PointRecorder::Fixation PointRecorder::fixation_of(std::size_t eye) const {
  Fixation fixation;
  const auto& runs = runs_[eye];
  const Run* longest = nullptr;
  bool followed = false;
  for (const Run& run : runs) {
    if (run.count == 0) continue;
    const bool follows = has_turned(eye, run.axis_sum);
    if (longest == nullptr || (follows && !followed) ||
        (follows == followed && run.length_s() > longest->length_s())) {
      longest = &run;
      followed = follows;
    }
  }
  if (longest == nullptr) return fixation;
  fixation.has_any = true;
  fixation.has_followed = followed;
  const double limit_rad = radians_of(std::max(options_.fixation_dispersion_deg, windows_[eye].limit_deg()));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].count == 0) continue;
    if (!showing_.motion && angle_between_rad(runs[i].axis_sum, longest->axis_sum) > limit_rad) continue;
    fixation.has_run[i] = true;
    fixation.count += runs[i].count;
    fixation.length_s += runs[i].length_s();
  }
  return fixation;
}

bool PointRecorder::is_complete() const { return progress() >= 1.0 && has_enough_samples(); }

bool PointRecorder::has_enough_samples() const {
  for (std::size_t eye = 0; eye < 2; ++eye) {
    const Fixation fixation = fixation_of(eye);
    if (fixation.has_any && fixation.has_followed && fixation.count >= options_.min_samples) return true;
  }
  return false;
}

double PointRecorder::progress() const {
  double progress = 0.0;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    const Fixation fixation = fixation_of(eye);
    if (!fixation.has_any || !fixation.has_followed) continue;
    progress = std::max(progress, fixation.length_s / options_.sampling_s);
  }
  return std::min(progress, 1.0);
}

void PointRecorder::choose(std::size_t eye, const Fixation& fixation, std::vector<char>& is_chosen) const {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const int run = candidates_[i].run[eye];
    is_chosen[i] = run >= 0 && fixation.has_run[static_cast<std::size_t>(run)] ? 1 : 0;
    if (is_chosen[i] != 0) sum += candidates_[i].sample.rays.eyes[eye]->optical_axis_in_cam;
  }
  if (showing_.motion || sum.isZero()) return;
  std::vector<double> distances_rad;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (is_chosen[i] == 0) continue;
    distances_rad.push_back(
        angle_between_rad(candidates_[i].sample.rays.eyes[eye]->optical_axis_in_cam, sum));
  }
  const double limit_rad = outlier_deviations * median_in_place(distances_rad) / median_distance;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (is_chosen[i] == 0) continue;
    const double off_rad = angle_between_rad(candidates_[i].sample.rays.eyes[eye]->optical_axis_in_cam, sum);
    if (off_rad > limit_rad && limit_rad > 0.0) is_chosen[i] = 0;
  }
}

void PointRecorder::measure(std::size_t eye, const std::vector<char>& is_chosen,
                            EyePointResult& result) const {
  result.data_loss = frames_ > 0 ? static_cast<double>(lost_frames_[eye]) / frames_ : 1.0;
  Eigen::Vector3d axis_sum = Eigen::Vector3d::Zero();
  EyeCenter center_sum;
  Eigen::Vector2d target_sum_mm = Eigen::Vector2d::Zero();
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (is_chosen[i] == 0) continue;
    const EyeRay& ray = *candidates_[i].sample.rays.eyes[eye];
    axis_sum += ray.optical_axis_in_cam;
    center_sum.in_cam_mm += ray.eye_center_in_cam_mm;
    center_sum.covariance_mm2 += ray.center_covariance_in_cam_mm2;
    target_sum_mm += candidates_[i].sample.target_in_screen_mm;
    ++result.samples;
  }
  if (result.samples == 0) return;
  result.mean_axis_in_cam = axis_sum.normalized();
  result.mean_center = {center_sum.in_cam_mm / result.samples, center_sum.covariance_mm2 / result.samples};
  result.mean_target_in_screen_mm = target_sum_mm / result.samples;
  const TangentPlane plane(axis_sum);
  std::vector<double> times_s;
  std::vector<Eigen::Vector2d> places;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (is_chosen[i] == 0) continue;
    times_s.push_back(seconds_of(candidates_[i].sample.rays.captured_at));
    places.push_back(plane.project(candidates_[i].sample.rays.eyes[eye]->optical_axis_in_cam));
  }
  if (showing_.motion) {
    result.spread_deg = places.size() < 8 ? 0.0 : degrees_of(smooth_course_rms_rad(times_s, places));
    return;
  }
  double square_sum = 0.0;
  for (const auto& place : places) square_sum += place.squaredNorm();
  result.spread_deg = degrees_of(std::sqrt(square_sum / result.samples));
}

PointAttempt PointRecorder::finish(CaptureTime now) const {
  PointAttempt attempt;
  attempt.motion = showing_.motion;
  PointResult& result = attempt.result;
  result.point = showing_.point;
  result.target = showing_.target;
  result.position_in_screen_mm = showing_.position_in_screen_mm;
  result.is_validation = showing_.is_validation;
  result.shown_at = showing_.shown_at;
  result.ended_at = now;
  // An eye that did not turn is no evidence where another did.
  const std::array<Fixation, 2> fixations{fixation_of(0), fixation_of(1)};
  const auto follows = [](const Fixation& fixation) { return fixation.has_any && fixation.has_followed; };
  const bool has_followed = follows(fixations[0]) || follows(fixations[1]);
  std::array<std::vector<char>, 2> is_chosen;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    is_chosen[eye].assign(candidates_.size(), 0);
    if (has_followed && !fixations[eye].has_followed) {
      measure(eye, is_chosen[eye], result.eyes[eye]);
      continue;
    }
    choose(eye, fixations[eye], is_chosen[eye]);
    measure(eye, is_chosen[eye], result.eyes[eye]);
  }
  attempt.raw.reserve(candidates_.size());
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    attempt.raw.push_back(candidates_[i].sample);
    if (is_chosen[0][i] == 0 && is_chosen[1][i] == 0) continue;
    CalibrationSample& chosen = attempt.samples.emplace_back();
    chosen.rays.captured_at = candidates_[i].sample.rays.captured_at;
    chosen.rays.face = candidates_[i].sample.rays.face;
    chosen.target = candidates_[i].sample.target;
    chosen.target_in_screen_mm = candidates_[i].sample.target_in_screen_mm;
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (is_chosen[eye][i] != 0) chosen.rays.eyes[eye].emplace(*candidates_[i].sample.rays.eyes[eye]);
    }
  }
  result.samples = static_cast<int>(attempt.samples.size());
  judge(result, has_followed);
  return attempt;
}

void PointRecorder::judge(PointResult& result, bool has_followed) const {
  const EyePointResult* best = nullptr;
  for (const auto& eye : result.eyes) {
    if (!eye.has_data()) continue;
    const bool is_full = eye.samples >= options_.min_samples;
    const bool best_is_full = best != nullptr && best->samples >= options_.min_samples;
    if (best == nullptr || (is_full && !best_is_full) ||
        (is_full == best_is_full && eye.spread_deg < best->spread_deg)) {
      best = &eye;
    }
  }
  if (best == nullptr || best->samples < least_sample_share * options_.min_samples) {
    result.verdict = PointVerdict::missing;
    result.reason = reason_for_nothing();
    result.is_used = false;
    return;
  }
  result.spread_deg = best->spread_deg;
  result.data_loss = best->data_loss;
  result.is_used = has_followed;
  result.reason = !has_followed                                ? PointReason::did_not_follow
                  : best->samples < options_.min_samples       ? PointReason::few_samples
                  : best->spread_deg > options_.max_spread_deg ? PointReason::wide_spread
                  : best->data_loss > options_.max_data_loss   ? PointReason::data_loss
                                                               : PointReason::none;
  result.verdict = result.reason == PointReason::none ? PointVerdict::good : PointVerdict::poor;
}

PointReason PointRecorder::reason_for_nothing() const {
  if (frames_ == 0) return PointReason::no_frames;
  if (2 * usable_frames_ >= frames_) return PointReason::never_still;
  const int lost = frames_ - usable_frames_;
  if (2 * invalid_frames_ >= lost) return PointReason::invalid_numbers;
  if (2 * closed_frames_ >= lost) return PointReason::eye_closed;
  return PointReason::no_eye;
}

}  // namespace yarbus
