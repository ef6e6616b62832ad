#include "ui/presenter.h"

#include <algorithm>

namespace yarbus::ui {

namespace {

constexpr int idle_interval_ms = 150;
constexpr int quiet_polls_before_idle = 60;
// In polls: what people read, and what moves slowly, need not follow every frame.
constexpr int polls_per_trace = 3;
constexpr int polls_per_slow_update = 15;

bool is_same(const SourceSnapshot& a, const SourceSnapshot& b) {
  return a.state == b.state && a.name == b.name && a.request.location == b.request.location &&
         a.request.kind == b.request.kind && a.request.seed == b.request.seed && a.width_px == b.width_px &&
         a.height_px == b.height_px && a.mode == b.mode && a.mode_reason == b.mode_reason &&
         a.is_live == b.is_live && a.is_seekable == b.is_seekable && a.frame_count == b.frame_count &&
         a.speed == b.speed && a.nominal_rate_hz == b.nominal_rate_hz &&
         a.focal_length_is_assumed == b.focal_length_is_assumed && a.focal_px == b.focal_px;
}

bool is_same(const FitReport& a, const FitReport& b) {
  return a.was_run == b.was_run && a.stage == b.stage && a.failure == b.failure &&
         a.frames_used == b.frames_used && a.wall_time == b.wall_time;
}

bool is_same(const ModelSnapshot& a, const ModelSnapshot& b) {
  return a.model == b.model && is_same(a.last_report, b.last_report) && a.stage == b.stage &&
         a.is_fitting == b.is_fitting && a.is_frozen == b.is_frozen &&
         a.observations_kept == b.observations_kept;
}

}  // namespace

Presenter::Presenter(Session& session, QObject* parent) : QObject(parent), session_(session) {
  timer_.setTimerType(Qt::PreciseTimer);
  timer_.setInterval(display_interval_ms);
  connect(&timer_, &QTimer::timeout, this, &Presenter::poll);
}

void Presenter::start() {
  poll();
  timer_.start();
}

void Presenter::show_eye(EyeSide eye) {
  if (eye == eye_) return;
  eye_ = eye;
  traces_.clear();
  everything_changed_ = true;
  hurry();
  poll();
}

void Presenter::rest(bool rests) {
  if (rests == rests_) return;
  rests_ = rests;
  if (rests) {
    timer_.setInterval(idle_interval_ms);
    timer_.setTimerType(Qt::CoarseTimer);
  } else {
    hurry();
  }
}

void Presenter::hurry() {
  quiet_polls_ = 0;
  if (rests_) return;
  if (timer_.interval() != display_interval_ms) {
    timer_.setInterval(display_interval_ms);
    timer_.setTimerType(Qt::PreciseTimer);
  }
}

void Presenter::poll() {
  ++polls_;
  const bool is_idle = timer_.interval() == idle_interval_ms;
  const bool slow_turn = is_idle || polls_ % polls_per_slow_update == 0 || everything_changed_;
  const bool everything_changed = everything_changed_;
  everything_changed_ = false;

  const EyeSnapshot before = shown();
  snapshots_[static_cast<std::size_t>(eye_)] = session_.snapshot(eye_);
  const EyeSnapshot& now = shown();
  const bool new_source = everything_changed || !is_same(before.source, now.source) ||
                          before.simulation.has_value() != now.simulation.has_value();
  const bool new_sample =
      everything_changed || before.latest != now.latest || before.source.position != now.source.position;
  const bool new_model = everything_changed || !is_same(before.model, now.model);
  if (new_source) Q_EMIT source_changed();
  if (new_model) Q_EMIT model_changed();
  if (new_sample) Q_EMIT sample_changed();
  if (is_idle || everything_changed || polls_ % polls_per_trace == 0) poll_traces();
  if (slow_turn || watches_both_) poll_other_eye();
  if (slow_turn) Q_EMIT health_changed();
  poll_notices();

  if (new_source || new_sample || new_model || watches_both_) {
    hurry();
  } else if (++quiet_polls_ == quiet_polls_before_idle) {
    timer_.setInterval(idle_interval_ms);
    timer_.setTimerType(Qt::CoarseTimer);
    Q_EMIT health_changed();
  }
}

void Presenter::poll_other_eye() {
  const EyeSide other = eye_ == EyeSide::right ? EyeSide::left : EyeSide::right;
  snapshots_[static_cast<std::size_t>(other)] = session_.snapshot(other);
  // Only its words are shown: do not keep one of its frames out of the pool.
  EyeSnapshot& kept = snapshots_[static_cast<std::size_t>(other)];
  if (kept.latest && !watches_both_) {
    auto without_frame = std::make_shared<GazeSample>(*kept.latest);
    without_frame->frame.reset();
    kept.latest = std::move(without_frame);
  }
  Q_EMIT other_eye_changed();
}

void Presenter::poll_traces() {
  // Asking for the last known point once more tells a continued trace from a new one.
  new_points_.clear();
  session_.read_traces(eye_, traces_.empty() ? 0 : traces_.back().index, new_points_);
  bool restarted = false;
  if (!traces_.empty()) {
    const bool continues = !new_points_.empty() && new_points_.front().index == traces_.back().index &&
                           new_points_.front().time_s == traces_.back().time_s;
    if (continues) {
      new_points_.erase(new_points_.begin());
    } else {
      restarted = true;
      traces_.clear();
      new_points_.clear();
      session_.read_traces(eye_, 0, new_points_);
    }
  }
  if (new_points_.empty() && !restarted) return;
  for (const TracePoint& point : new_points_) {
    // After a seek back the trace ends at the new place.
    while (!traces_.empty() && traces_.back().time_s >= point.time_s) {
      traces_.pop_back();
      restarted = true;
    }
    traces_.push_back(point);
  }
  if (!traces_.empty()) {
    const double oldest_s = traces_.back().time_s - kept_s;
    // Erase in blocks, so that the cost per poll stays small.
    constexpr double slack_s = 5.0;
    if (traces_.front().time_s < oldest_s - slack_s) {
      const auto first_kept = std::find_if(traces_.begin(), traces_.end(),
                                           [&](const TracePoint& point) { return point.time_s >= oldest_s; });
      traces_.erase(traces_.begin(), first_kept);
    }
  }
  Q_EMIT traces_changed(restarted);
}

void Presenter::poll_notices() {
  for (const Notice& notice : session_.notices(last_notice_id_)) {
    last_notice_id_ = std::max(last_notice_id_, notice.id);
    Q_EMIT notice_arrived(notice);
  }
}

}  // namespace yarbus::ui
