#include "app/session/calibration_in_force.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "calibration/procedure/procedure_options.h"
#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr std::chrono::nanoseconds looked_before{150'000'000};  ///< a click, and "now"
/// A fixation's frames err together: their mean is not surer than so many of them.
constexpr double independent_frames = 4.0;
/// Beyond the outermost targets by this share of their extent, gaze is extrapolated.
constexpr double beyond_share = 0.15;

}  // namespace

CalibrationInForce::CalibrationInForce(std::string path, SavedCalibration saved, MapperChoice choice,
                                       bool is_camera_on_head)
    : path_(std::move(path)),
      saved_(std::move(saved)),
      choice_(std::move(choice)),
      is_camera_on_head_(is_camera_on_head),
      drift_(DriftOptions{}, saved_.setup.screen) {
  low_mm_ = high_mm_ = saved_.samples.front().target_in_screen_mm;
  for (const CalibrationSample& sample : saved_.samples) {
    low_mm_ = low_mm_.cwiseMin(sample.target_in_screen_mm);
    high_mm_ = high_mm_.cwiseMax(sample.target_in_screen_mm);
  }
  watch_centers();
  measure();
}

void CalibrationInForce::watch_centers() {
  if (saved_.samples.front().rays.face != nullptr) return;  // the head moves freely before a webcam
  for (const EyeSide side : eye_sides) {
    if (const auto reference = CenterReference::of(saved_.samples, side))
      centers_[index_of(side)].emplace(*reference, ProcedureOptions{}.slip_mm);
  }
}

void CalibrationInForce::measure() {
  mm_per_deg_ = std::abs(choice_.gaze_origin_in_screen_mm().z()) * radians_of(1.0);
  quality_.reset();
  if (!saved_.validation.empty())
    quality_ = measure_quality(choice_.mapper(), saved_.validation, choice_.eyes_in_screen_mm);
}

bool CalibrationInForce::is_extrapolated(const Eigen::Vector2d& point_mm) const {
  const Eigen::Vector2d margin = beyond_share * (high_mm_ - low_mm_);
  return (point_mm.array() < (low_mm_ - margin).array()).any() ||
         (point_mm.array() > (high_mm_ + margin).array()).any();
}

std::optional<ScreenGaze> CalibrationInForce::push(const ProcedureFrame& frame) {
  last_frame_ = frame.at();
  for (const EyeSide side : eye_sides) {
    if (auto& watch = centers_[index_of(side)]) watch->push(frame.at(), frame.rays.eye(side));
  }
  auto point = choice_.mapper().map(frame.rays);
  if (!point || !point->point_in_screen_mm.allFinite()) return std::nullopt;
  point->point_in_screen_mm -= offset_mm_;
  point->covariance_mm2 += offset_covariance_mm2_;
  recent_[recent_count_++ % recent_capacity] = {frame.at(), *point};
  ScreenGaze gaze;
  gaze.captured_at = frame.at();
  gaze.measured = *point;
  gaze.filtered_in_screen_mm = smoother_.push(frame.at(), point->point_in_screen_mm, mm_per_deg_);
  gaze.added_latency_s = smoother_.added_latency_s();
  gaze.sigma_mm = std::sqrt(0.5 * point->covariance_mm2.trace());
  gaze.sigma_deg = gaze.sigma_mm / mm_per_deg_;
  gaze.is_extrapolated = is_extrapolated(point->point_in_screen_mm);
  return gaze;
}

std::optional<GazePoint> CalibrationInForce::mean_gaze(CaptureTime from, CaptureTime to) const {
  GazePoint mean;
  int count = 0;
  for (std::size_t i = 0; i < std::min(recent_count_, recent_capacity); ++i) {
    const Recent& recent = recent_[i];
    if (recent.at < from || recent.at > to) continue;
    mean.point_in_screen_mm += recent.point.point_in_screen_mm;
    mean.covariance_mm2 += recent.point.covariance_mm2;
    ++count;
  }
  if (count == 0) return std::nullopt;
  mean.point_in_screen_mm /= count;
  mean.covariance_mm2 /= count * std::min(static_cast<double>(count), independent_frames);
  return mean;
}

bool CalibrationInForce::push_known(const Eigen::Vector2d& target_mm, CaptureTime at, bool is_click) {
  const auto gaze = mean_gaze(at - looked_before, at);
  if (!gaze) return false;
  drift_.push({at, target_mm, gaze->point_in_screen_mm, gaze->covariance_mm2, is_click});
  return true;
}

bool CalibrationInForce::push_check(const std::vector<CalibrationSample>& samples) {
  KnownTarget known;
  int count = 0;
  for (const CalibrationSample& sample : samples) {
    const auto point = choice_.mapper().map(sample.rays);
    if (!point) continue;
    known.at = sample.rays.captured_at;
    known.target_in_screen_mm = sample.target_in_screen_mm;
    known.gaze_in_screen_mm += point->point_in_screen_mm - offset_mm_;
    known.gaze_covariance_mm2 += point->covariance_mm2 + offset_covariance_mm2_;
    ++count;
  }
  if (count == 0) return false;
  known.gaze_in_screen_mm /= count;
  known.gaze_covariance_mm2 /= count * std::min(static_cast<double>(count), independent_frames);
  drift_.push(known);
  return true;
}

bool CalibrationInForce::recentre() {
  const DriftReport& report = drift_.report();
  if (report.known_targets == 0) return false;
  earlier_offsets_.push_back({offset_mm_, offset_covariance_mm2_});
  offset_mm_ += report.offset_in_screen_mm;
  offset_covariance_mm2_ = report.offset_covariance_mm2;
  for (auto& watch : centers_) {
    if (watch) watch->accept_place();
  }
  forget_gaze();
  return true;
}

std::optional<double> CalibrationInForce::recentre_by_clicks() {
  const DriftReport report = drift_.report();
  if (!report.is_drifted || !report.is_of_clicks) return std::nullopt;
  recentre();
  return report.offset_deg;
}

bool CalibrationInForce::recentre_at(const Eigen::Vector2d& target_mm) {
  if (!last_frame_) return false;
  const auto gaze = mean_gaze(*last_frame_ - 2 * looked_before, *last_frame_);
  if (!gaze) return false;
  drift_.clear();
  drift_.push({*last_frame_, target_mm, gaze->point_in_screen_mm, gaze->covariance_mm2, false});
  return recentre();
}

void CalibrationInForce::undo_recentre() {
  if (earlier_offsets_.empty()) return;
  offset_mm_ = earlier_offsets_.back().mm;
  offset_covariance_mm2_ = earlier_offsets_.back().covariance_mm2;
  earlier_offsets_.pop_back();
  watch_centers();
  forget_gaze();
}

/// What was seen belongs to another offset or mapper.
void CalibrationInForce::forget_gaze() {
  drift_.clear();
  smoother_.clear();
  recent_count_ = 0;
}

Result<void> CalibrationInForce::use_mapper(const std::string& name) {
  MapperOptions options = saved_.options;
  options.mapper = name;
  auto choice = fit_mappers(saved_.samples, saved_.setup.screen, options);
  if (!choice) return choice.error();
  choice_ = std::move(*choice);
  saved_.options.mapper = name;
  forget_gaze();  // the offset stays: it is of what has moved, not of the mapper
  measure();
  return {};
}

std::optional<bool> CalibrationInForce::has_center_moved() const {
  std::optional<bool> moved;
  for (const auto& watch : centers_) {
    if (watch) moved = moved.value_or(false) || watch->has_moved();
  }
  return moved;
}

DriftView CalibrationInForce::drift() const {
  const DriftReport& report = drift_.report();
  const DriftCause cause = cause_of_drift(report, has_center_moved(), is_camera_on_head_);
  DriftView view;
  view.known_targets = report.known_targets;
  if (report.known_targets > 0) view.offset_deg = report.offset_deg;
  view.has_center_moved = has_center_moved().value_or(false);
  for (const auto& watch : centers_) {
    if (watch) view.center_shift_mm = std::max(view.center_shift_mm, watch->shift_in_cam_mm().norm());
  }
  view.is_drifted = report.is_drifted || view.has_center_moved;
  if (view.has_center_moved && !report.is_drifted) {
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "the camera has slipped by %.1f mm", view.center_shift_mm);
    view.text = text.data();
    view.remedy = "Check gaze with one point, and recentre if it is off";
  } else {
    view.text = report.to_text(cause);
    if (report.is_drifted) view.remedy = "Recentre, or calibrate again";
  }
  return view;
}

}  // namespace yarbus
