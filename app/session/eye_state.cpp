#include "app/session/eye_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/session/gaze_rays.h"
#include "app/session/percentiles.h"
#include "app/session/source_request.h"
#include "app/session/truth_errors.h"
#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {

/// Traces older than this are forgotten.
constexpr double trace_length_s = 60.0;

constexpr std::chrono::seconds rate_window{2};


/// Of a webcam: the mean of both optical axes; its sigma is of the irises, which err eye by eye.
void trace_face(const GazeSample& sample, TracePoint& point) {
  Eigen::Vector3d axis = Eigen::Vector3d::Zero();
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
  double confidence = 0.0;
  int eyes = 0;
  for (const auto& ray : face_frame_of(sample).rays.eyes) {
    if (!ray) continue;
    axis += ray->optical_axis_in_cam;
    covariance += ray->axis_covariance_in_cam;
    confidence += ray->confidence;
    ++eyes;
  }
  if (eyes == 0) return;
  axis /= eyes;
  covariance /= eyes * eyes;
  const auto [azimuth_deg, elevation_deg] = azimuth_elevation_deg(axis);
  const auto [azimuth_sigma_deg, elevation_sigma_deg] = azimuth_elevation_sigma_deg(axis, covariance);
  point.gaze_azimuth_deg = static_cast<float>(azimuth_deg);
  point.gaze_elevation_deg = static_cast<float>(elevation_deg);
  point.gaze_azimuth_sigma_deg = static_cast<float>(azimuth_sigma_deg);
  point.gaze_elevation_sigma_deg = static_cast<float>(elevation_sigma_deg);
  point.confidence = static_cast<float>(confidence / eyes);
}

TracePoint trace_point(const GazeSample& sample, double time_s) {
  constexpr float absent = std::numeric_limits<float>::quiet_NaN();
  TracePoint point;
  point.time_s = time_s;
  point.confidence = static_cast<float>(confidence_of(sample.pupil));
  point.in_blink = sample.in_blink;
  if (sample.pose) {
    const auto [azimuth_deg, elevation_deg] = azimuth_elevation_deg(sample.pose->gaze_dir_in_cam());
    point.gaze_azimuth_deg = static_cast<float>(azimuth_deg);
    point.gaze_elevation_deg = static_cast<float>(elevation_deg);
    point.pupil_diameter_mm = static_cast<float>(sample.pose->pupil_diameter_mm());
    if (const auto& uncertainty = sample.pose->uncertainty) {
      const auto [azimuth_sigma_deg, elevation_sigma_deg] =
          azimuth_elevation_sigma_deg(sample.pose->gaze_dir_in_cam(), uncertainty->gaze_covariance_in_cam);
      point.gaze_azimuth_sigma_deg = static_cast<float>(azimuth_sigma_deg);
      point.gaze_elevation_sigma_deg = static_cast<float>(elevation_sigma_deg);
      point.pupil_diameter_sigma_mm = static_cast<float>(uncertainty->pupil_diameter_mm);
    }
  } else {
    point.gaze_azimuth_deg = point.gaze_elevation_deg = point.pupil_diameter_mm = absent;
  }
  if (sample.face) trace_face(sample, point);
  return point;
}

}  // namespace

std::array<double, 2> azimuth_elevation_deg(const Eigen::Vector3d& direction_in_cam) {
  const auto& d = direction_in_cam;
  return {std::atan2(d.x(), -d.z()) * deg_per_rad,
          std::atan2(-d.y(), std::hypot(d.x(), d.z())) * deg_per_rad};
}

std::array<double, 2> azimuth_elevation_sigma_deg(const Eigen::Vector3d& direction_in_cam,
                                                  const Eigen::Matrix3d& covariance_in_cam) {
  const auto& d = direction_in_cam;
  const double flat = std::hypot(d.x(), d.z());
  const Eigen::Vector3d of_azimuth(-d.z() / (flat * flat), 0.0, d.x() / (flat * flat));
  const Eigen::Vector3d of_elevation(d.x() * d.y() / flat, -flat, d.z() * d.y() / flat);
  const auto sigma_deg = [&](const Eigen::Vector3d& gradient) {
    return std::sqrt(std::max(0.0, gradient.dot(covariance_in_cam * gradient))) * deg_per_rad;
  };
  return {sigma_deg(of_azimuth), sigma_deg(of_elevation) / d.squaredNorm()};
}

void DurationWindow::add(std::chrono::nanoseconds duration) { durations_[count_++ % kept] = duration; }

std::vector<std::chrono::nanoseconds> DurationWindow::values() const {
  return {durations_.begin(), durations_.begin() + static_cast<std::ptrdiff_t>(std::min(count_, kept))};
}

void RateMeter::tick(Clock::time_point now) { times_[count_++ % kept] = now; }

double RateMeter::rate_hz(Clock::time_point now) const {
  Clock::time_point oldest = now;
  std::size_t events = 0;
  for (; events < std::min(count_, kept); ++events) {
    const auto time = times_[(count_ - 1 - events) % kept];
    if (now - time > rate_window) break;
    oldest = time;
  }
  const double span_s = std::chrono::duration<double>(now - oldest).count();
  return events < 2 || span_s <= 0.0 ? 0.0 : static_cast<double>(events - 1) / span_s;
}

void EyeState::opening(const SourceRequest& request) {
  const std::lock_guard lock(mutex_);
  const FitStage stage = now_.model.stage;
  const bool is_frozen = now_.model.is_frozen;
  now_ = EyeSnapshot{};
  now_.model.stage = stage;
  now_.model.is_frozen = is_frozen;
  now_.source.request = request;
  if (is_simulated_face(request) || request.mode == TrackingMode::webcam)
    now_.source.mode = TrackingMode::webcam;
  now_.source.state = PlaybackState::opening;
  capture_rate_ = {};
  sample_rate_ = {};
  detect_ = predict_ = total_ = {};
  traces_.clear();
  next_trace_index_ = 0;
  first_time_.reset();
}

void EyeState::closed() {
  opening({});
  set_playback(PlaybackState::closed, 1.0);
}

void EyeState::set_source(const SourceSnapshot& source) {
  const std::lock_guard lock(mutex_);
  now_.source = source;
}

void EyeState::set_playback(PlaybackState state, double speed) {
  const std::lock_guard lock(mutex_);
  now_.source.state = state;
  now_.source.speed = speed;
}

void EyeState::captured(std::uint64_t position, std::uint64_t dropped_by_source,
                        std::uint64_t dropped_by_queue) {
  const std::lock_guard lock(mutex_);
  capture_rate_.tick(RateMeter::Clock::now());
  now_.source.position = position;
  ++now_.health.frames_captured;
  now_.health.dropped_by_source = dropped_by_source;
  now_.health.dropped_by_queue = dropped_by_queue;
}

void EyeState::processed(const GazeSamplePtr& sample, int blink_count, std::size_t observations_kept) {
  GazeSamplePtr previous = sample;  // the one it replaces is released after the lock
  std::optional<TruthErrors> truth_errors;
  if (sample->frame->truth) truth_errors = compare_with_truth(*sample);
  const std::lock_guard lock(mutex_);
  std::swap(now_.latest, previous);
  now_.truth_errors = truth_errors;
  now_.blink_count = blink_count;
  now_.model.observations_kept = observations_kept;
  ++now_.health.frames_processed;
  sample_rate_.tick(RateMeter::Clock::now());
  detect_.add(sample->timings.detect);
  if (sample->observation() != nullptr) predict_.add(sample->timings.predict);
  total_.add(sample->timings.total);
  const CaptureTime time = sample->frame->captured_at;
  if (!first_time_) first_time_ = time;
  TracePoint point = trace_point(*sample, std::chrono::duration<double>(time - *first_time_).count());
  point.index = next_trace_index_++;
  traces_.push_back(point);
  while (traces_.front().time_s < point.time_s - trace_length_s) traces_.pop_front();
}

void EyeState::time_restarted() {
  const std::lock_guard lock(mutex_);
  traces_.clear();
}

void EyeState::set_model(const EyeModelPtr& model, std::size_t observations_kept) {
  const std::lock_guard lock(mutex_);
  now_.model.model = model;
  now_.model.observations_kept = observations_kept;
}

void EyeState::set_faces(int faces_seen, bool is_lifeless) {
  const std::lock_guard lock(mutex_);
  now_.faces_seen = faces_seen;
  now_.is_lifeless = is_lifeless;
}

void EyeState::set_last_report(const FitReport& report) {
  const std::lock_guard lock(mutex_);
  now_.model.last_report = report;
}

void EyeState::set_fitting(bool is_fitting) {
  const std::lock_guard lock(mutex_);
  now_.model.is_fitting = is_fitting;
}

void EyeState::set_stage(FitStage stage) {
  const std::lock_guard lock(mutex_);
  now_.model.stage = stage;
}

void EyeState::set_frozen(bool is_frozen) {
  const std::lock_guard lock(mutex_);
  now_.model.is_frozen = is_frozen;
}

void EyeState::count_stale_fit() {
  const std::lock_guard lock(mutex_);
  ++now_.health.stale_fits;
}

void EyeState::start_simulation(const SimulationControls& controls) {
  const std::lock_guard lock(mutex_);
  if (!now_.simulation) now_.simulation = controls;
}

void EyeState::set_simulation(const SimulationControls& controls) {
  const std::lock_guard lock(mutex_);
  now_.simulation = controls;
}

bool EyeState::is_webcam() const {
  const std::lock_guard lock(mutex_);
  return now_.source.state != PlaybackState::closed && now_.source.mode == TrackingMode::webcam;
}

bool EyeState::is_simulated() const {
  const std::lock_guard lock(mutex_);
  return now_.source.state != PlaybackState::closed &&
         now_.source.request.kind == SourceRequest::Kind::simulated_eye;
}

EyeSnapshot EyeState::snapshot() const {
  EyeSnapshot copy;
  std::vector<std::chrono::nanoseconds> detect;
  std::vector<std::chrono::nanoseconds> predict;
  std::vector<std::chrono::nanoseconds> total;
  {
    const std::lock_guard lock(mutex_);
    copy = now_;
    const auto now = RateMeter::Clock::now();
    copy.health.capture_rate_hz = capture_rate_.rate_hz(now);
    copy.health.sample_rate_hz = sample_rate_.rate_hz(now);
    detect = detect_.values();
    predict = predict_.values();
    total = total_.values();
  }
  copy.health.detect = percentiles_of(detect);
  copy.health.predict = percentiles_of(predict);
  copy.health.total = percentiles_of(total);
  return copy;
}

void EyeState::read_traces(std::uint64_t from_index, std::vector<TracePoint>& out) const {
  const std::lock_guard lock(mutex_);
  const auto first = std::find_if(traces_.begin(), traces_.end(),
                                  [&](const TracePoint& point) { return point.index >= from_index; });
  out.insert(out.end(), first, traces_.end());
}

}  // namespace yarbus
