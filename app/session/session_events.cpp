#include "app/session/session_events.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>

#include "tracker/events/gaze_events.h"

namespace yarbus {
namespace {

constexpr std::size_t block_frames = 4096;
constexpr std::chrono::milliseconds shortest_blink{50};
constexpr std::chrono::milliseconds longest_blink{600};

}  // namespace

bool is_blink_of_face(const BlinkEvent& shut) {
  const auto lasted = shut.offset - shut.onset;
  return lasted >= shortest_blink && lasted <= longest_blink;
}

EventRow blink_row_of(const BlinkEvent& blink, int camera, std::optional<EyeSide> eye) {
  EventRow row;
  row.kind = EventKind::blink;
  row.camera = camera;
  row.eye = eye;
  row.start = blink.onset;
  row.end = blink.offset;
  row.first_frame = static_cast<std::int64_t>(blink.first_sequence);
  row.last_frame = static_cast<std::int64_t>(blink.last_sequence);
  row.max_closure = blink.max_closure;
  return row;
}

void SessionEvents::add_direction(const GazeSample& sample, const Eigen::Vector3d& direction, bool is_valid) {
  const CaptureTime at = sample.frame->captured_at;
  if (!course_.empty() && at <= course_.back().back().gaze.at) return;
  if (course_.empty() || course_.back().size() == block_frames) course_.emplace_back().reserve(block_frames);
  course_.back().push_back({{at, direction, is_valid}, sample.frame->sequence});
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
  std::copy_if(shut_.begin(), shut_.end(), std::back_inserter(blinks), is_blink_of_face);
  return blinks;
}

EventRow SessionEvents::row(EventKind kind, std::size_t id, CaptureTime start, CaptureTime end,
                            const Series& series) const {
  EventRow row;
  row.kind = kind;
  row.id = static_cast<std::int64_t>(id);
  row.camera = camera_;
  row.eye = eye_;
  row.start = start;
  row.end = end;
  row.first_frame = series.frame_at(start);
  row.last_frame = series.frame_at(end);
  return row;
}

std::optional<std::int64_t> SessionEvents::Series::frame_at(CaptureTime at) const {
  const auto found =
      std::lower_bound(gaze.begin(), gaze.end(), at,
                       [](const GazeDirectionSample& each, CaptureTime time) { return each.at < time; });
  if (found == gaze.end()) return std::nullopt;
  return static_cast<std::int64_t>(sequences[static_cast<std::size_t>(found - gaze.begin())]);
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
  if (course_.empty()) return rows;
  Series series;
  for (const std::vector<Seen>& block : course_) {
    for (const Seen& seen : block) {
      series.gaze.push_back(seen.gaze);
      series.sequences.push_back(seen.sequence);
    }
  }
  const std::vector<BlinkEvent> of_face = blinks_of_face();
  if (!eye_) blinks = of_face;
  for (std::size_t i = 0; i < blinks.size(); ++i) {
    auto blink = blink_row_of(blinks[i], camera_, eye_);
    blink.id = static_cast<std::int64_t>(i);
    rows.push_back(std::move(blink));
  }
  const auto events = find_gaze_events(series.gaze, blinks, {});
  if (!events) return events.error();
  for (std::size_t i = 0; i < events->fixations.size(); ++i) {
    const FixationEvent& found = events->fixations[i];
    auto fixation = row(EventKind::fixation, i, found.start, found.end, series);
    fixation.mean_direction = found.mean_direction;
    fixation.start_in_screen_mm = mean_gaze(found.start, found.end);
    fixation.details_json = R"({"frame":"cam","spread_deg":)" + std::to_string(found.spread_deg) + '}';
    rows.push_back(std::move(fixation));
  }
  for (std::size_t i = 0; i < events->saccades.size(); ++i) {
    const Saccade& found = events->saccades[i];
    auto saccade = row(EventKind::saccade, i, found.onset, found.offset, series);
    saccade.start_in_screen_mm = mean_gaze(found.onset, found.onset);
    saccade.end_in_screen_mm = mean_gaze(found.offset, found.offset);
    saccade.amplitude_deg = found.amplitude_deg;
    saccade.peak_velocity_deg_s = found.peak_velocity_deg_s;
    rows.push_back(std::move(saccade));
  }
  return rows;
}

}  // namespace yarbus
