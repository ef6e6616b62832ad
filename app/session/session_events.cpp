#include "app/session/session_events.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "tracker/events/gaze_events.h"

namespace yarbus {
namespace {

/// Shut eyes of a face: shorter is a frame that was missed, longer is rest.
constexpr std::chrono::milliseconds shortest_blink{50};
constexpr std::chrono::milliseconds longest_blink{600};

}  // namespace

void SessionEvents::add_direction(const GazeSample& sample, const Eigen::Vector3d& direction, bool is_valid) {
  series_.push_back({sample.frame->captured_at, direction, is_valid});
  sequences_.push_back(sample.frame->sequence);
}

void SessionEvents::add(const GazeSample& sample) {
  add_direction(sample, sample.pose ? sample.pose->gaze_dir_in_cam() : Eigen::Vector3d::Zero().eval(),
                sample.pose && !sample.in_blink);
}

void SessionEvents::add_face(const GazeSample& sample, const ProcedureFrame& frame) {
  Eigen::Vector3d direction = Eigen::Vector3d::Zero();
  for (const auto& ray : frame.rays.eyes) {
    if (ray) direction += ray->optical_axis_in_cam;
  }
  add_direction(sample, direction, !direction.isZero());
  note_shut_eyes(sample);
}

void SessionEvents::add_gaze(CaptureTime at, const Eigen::Vector2d& point_mm) {
  gaze_.push_back({at, point_mm});
}

void SessionEvents::note_shut_eyes(const GazeSample& sample) {
  if (sample.in_blink) {
    if (!is_shut_) {
      BlinkEvent blink;
      blink.onset = sample.frame->captured_at;
      blink.first_sequence = sample.frame->sequence;
      shut_.push_back(blink);
    }
    shut_.back().offset = sample.frame->captured_at;
    shut_.back().last_sequence = sample.frame->sequence;
  }
  is_shut_ = sample.in_blink;
}

std::vector<BlinkEvent> SessionEvents::blinks_of_face() const {
  std::vector<BlinkEvent> blinks;
  for (const BlinkEvent& blink : shut_) {
    const auto lasted = blink.offset - blink.onset;
    if (lasted >= shortest_blink && lasted <= longest_blink) blinks.push_back(blink);
  }
  return blinks;
}

EventRow SessionEvents::row(EventKind kind, std::size_t id, CaptureTime start, CaptureTime end) const {
  EventRow row;
  row.kind = kind;
  row.id = static_cast<std::int64_t>(id);
  row.camera = camera_;
  row.eye = eye_;
  row.start = start;
  row.end = end;
  row.first_frame = frame_at(start);
  row.last_frame = frame_at(end);
  return row;
}

std::optional<std::int64_t> SessionEvents::frame_at(CaptureTime at) const {
  const auto found =
      std::lower_bound(series_.begin(), series_.end(), at,
                       [](const GazeDirectionSample& each, CaptureTime time) { return each.at < time; });
  if (found == series_.end()) return std::nullopt;
  return static_cast<std::int64_t>(sequences_[static_cast<std::size_t>(found - series_.begin())]);
}

std::optional<Eigen::Vector2d> SessionEvents::mean_gaze(CaptureTime from, CaptureTime to) const {
  auto at = std::lower_bound(gaze_.begin(), gaze_.end(), from,
                             [](const ScreenPoint& each, CaptureTime time) { return each.at < time; });
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  int count = 0;
  for (; at != gaze_.end() && at->at <= to; ++at, ++count) sum += at->point_mm;
  if (count == 0) return std::nullopt;
  return sum / count;
}

Result<std::vector<EventRow>> SessionEvents::find(std::span<const BlinkEvent> blinks) const {
  std::vector<EventRow> rows;
  if (series_.empty()) return rows;
  const std::vector<BlinkEvent> of_face = blinks_of_face();
  if (!eye_) blinks = of_face;
  for (std::size_t i = 0; i < blinks.size(); ++i) {
    auto blink = row(EventKind::blink, i, blinks[i].onset, blinks[i].offset);
    blink.first_frame = static_cast<std::int64_t>(blinks[i].first_sequence);
    blink.last_frame = static_cast<std::int64_t>(blinks[i].last_sequence);
    blink.max_closure = blinks[i].max_closure;
    rows.push_back(std::move(blink));
  }
  const auto events = find_gaze_events(series_, blinks, {});
  if (!events) return events.error();
  for (std::size_t i = 0; i < events->fixations.size(); ++i) {
    const FixationEvent& found = events->fixations[i];
    auto fixation = row(EventKind::fixation, i, found.start, found.end);
    fixation.mean_direction = found.mean_direction;
    fixation.start_in_screen_mm = mean_gaze(found.start, found.end);
    fixation.details_json = R"({"frame":"cam","spread_deg":)" + std::to_string(found.spread_deg) + '}';
    rows.push_back(std::move(fixation));
  }
  for (std::size_t i = 0; i < events->saccades.size(); ++i) {
    const Saccade& found = events->saccades[i];
    auto saccade = row(EventKind::saccade, i, found.onset, found.offset);
    saccade.start_in_screen_mm = mean_gaze(found.onset, found.onset);
    saccade.end_in_screen_mm = mean_gaze(found.offset, found.offset);
    saccade.amplitude_deg = found.amplitude_deg;
    saccade.peak_velocity_deg_s = found.peak_velocity_deg_s;
    rows.push_back(std::move(saccade));
  }
  return rows;
}

}  // namespace yarbus
