#include "app/session/session_events.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>

#include "app/session/event_numbers.h"
#include "app/session/gaze_tap.h"
#include "tracker/events/blink_detector.h"
#include "tracker/events/fixation_extent.h"

namespace yarbus {
namespace {

constexpr std::size_t block_frames = 4096;
constexpr std::chrono::milliseconds shortest_face_blink{50};
constexpr std::chrono::milliseconds longest_face_blink{600};
constexpr std::chrono::milliseconds before_blink{100};  ///< half the window in which blinks are found

}  // namespace

bool is_blink_of_face(const BlinkEvent& shut) {
  const auto lasted = shut.offset - shut.onset;
  return lasted >= shortest_face_blink && lasted <= longest_face_blink;
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

void SessionEvents::add_seen(const GazeSample& sample, const Eigen::Vector3d& direction, bool is_valid,
                             double confidence, double openness) {
  const CaptureTime at = sample.frame->captured_at;
  if (!course_.empty() && at <= course_.back().back().gaze.at) return;
  if (course_.empty() || course_.back().size() == block_frames) course_.emplace_back().reserve(block_frames);
  course_.back().push_back({{at, direction, is_valid},
                            sample.frame->sequence,
                            static_cast<float>(confidence),
                            static_cast<float>(openness)});
}

void SessionEvents::add(const GazeSample& sample) {
  add_seen(sample, sample.pose ? sample.pose->gaze_dir_in_cam() : Eigen::Vector3d::Zero().eval(),
           sample.pose && !sample.in_blink, confidence_of(sample.pupil),
           EyeOpening::of(sample.pupil).openness());
}

void SessionEvents::add_face(const GazeSample& sample, const ProcedureFrame& frame) {
  Eigen::Vector3d direction = Eigen::Vector3d::Zero();
  for (const auto& ray : frame.rays.eyes) {
    if (ray) direction += ray->optical_axis_in_cam;
  }
  const double confidence = confidence_of(frame);
  add_seen(sample, direction, !direction.isZero(), confidence, confidence);
  note_shut_eyes(sample);
}

void SessionEvents::add_gaze(CaptureTime at, const Eigen::Vector2d& point_mm) {
  if (gaze_.empty() || at > gaze_.back().at) gaze_.push_back({at, point_mm});
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

SessionEvents::Series SessionEvents::series() const {
  Series series;
  for (const std::vector<Seen>& block : course_) {
    for (const Seen& seen : block) {
      series.gaze.push_back(seen.gaze);
      series.sequences.push_back(seen.sequence);
      series.confidences.push_back(seen.confidence);
    }
  }
  return series;
}

std::size_t SessionEvents::Series::index_at(CaptureTime at) const {
  const auto found =
      std::lower_bound(gaze.begin(), gaze.end(), at,
                       [](const GazeDirectionSample& each, CaptureTime time) { return each.at < time; });
  return static_cast<std::size_t>(found - gaze.begin());
}

std::optional<std::int64_t> SessionEvents::Series::frame_at(CaptureTime at) const {
  const std::size_t index = index_at(at);
  if (index == gaze.size()) return std::nullopt;
  return static_cast<std::int64_t>(sequences[index]);
}

std::optional<double> SessionEvents::Series::confidence(const GazeEvents& events, GazeLabel label,
                                                        CaptureTime from, CaptureTime to) const {
  double sum = 0.0;
  int count = 0;
  for (std::size_t i = index_at(from); i < gaze.size() && gaze[i].at <= to; ++i) {
    if (events.labels[i] != label) continue;
    sum += confidences[i];
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

double SessionEvents::Series::extent_deg(const GazeEvents& events, const FixationEvent& fixation) const {
  std::vector<Eigen::Vector3d> directions;
  for (std::size_t i = index_at(fixation.start); i < gaze.size() && gaze[i].at <= fixation.end; ++i) {
    if (events.labels[i] == GazeLabel::fixation) directions.push_back(gaze[i].direction.normalized());
  }
  return fixation_extent_deg(directions);
}

EventRow SessionEvents::row(EventKind kind, CaptureTime start, CaptureTime end, const Series& series) const {
  EventRow row;
  row.kind = kind;
  row.camera = camera_;
  row.eye = eye_;
  row.start = start;
  row.end = end;
  row.first_frame = series.frame_at(start);
  row.last_frame = series.frame_at(end);
  return row;
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

std::optional<double> SessionEvents::mean_openness(CaptureTime from, CaptureTime to) const {
  double sum = 0.0;
  int count = 0;
  // From the newest block: live, a blink has just ended.
  for (auto block = course_.rbegin(); block != course_.rend() && block->back().gaze.at >= from; ++block) {
    auto seen = std::lower_bound(block->begin(), block->end(), from,
                                 [](const Seen& each, CaptureTime time) { return each.gaze.at < time; });
    for (; seen != block->end() && seen->gaze.at <= to; ++seen, ++count) sum += seen->openness;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::optional<double> SessionEvents::blink_confidence(const BlinkEvent& blink) const {
  const auto open = mean_openness(blink.onset - before_blink, blink.onset - CaptureTime(1));
  const auto shut = mean_openness(blink.onset, blink.offset);
  if (!open || !shut) return std::nullopt;
  return std::clamp(*open - *shut, 0.0, 1.0);
}

EventRow SessionEvents::blink_row(const BlinkEvent& blink) const {
  auto row = blink_row_of(blink, camera_, eye_);
  row.confidence = blink_confidence(blink);
  return row;
}

EventRow SessionEvents::fixation_row(const FixationEvent& found, const GazeEvents& events,
                                     const Series& series) const {
  auto fixation = row(EventKind::fixation, found.start, found.end, series);
  fixation.mean_direction = found.mean_direction;
  fixation.start_in_screen_mm = mean_gaze(found.start, found.end);
  fixation.dispersion_deg = series.extent_deg(events, found);
  fixation.confidence = series.confidence(events, GazeLabel::fixation, found.start, found.end);
  fixation.details_json = R"({"frame":"cam","spread_deg":)" + std::to_string(found.spread_deg) + '}';
  return fixation;
}

/// On the screen it leads from and to where its amplitude is measured.
EventRow SessionEvents::saccade_row(const Saccade& found, const GazeEvents& events, const Series& series,
                                    double settle_s) const {
  auto saccade = row(EventKind::saccade, found.onset, found.offset, series);
  const auto settle = std::chrono::duration_cast<CaptureTime>(std::chrono::duration<double>(settle_s));
  saccade.start_in_screen_mm = mean_gaze(found.onset - settle, found.onset);
  saccade.end_in_screen_mm = mean_gaze(found.offset, found.offset + settle);
  saccade.confidence = series.confidence(events, GazeLabel::saccade, found.onset, found.offset);
  saccade.amplitude_deg = found.amplitude_deg;
  saccade.peak_velocity_deg_s = found.peak_velocity_deg_s;
  return saccade;
}

Result<FoundEvents> SessionEvents::find(std::span<const BlinkEvent> blinks,
                                        const GazeEventOptions& options) const {
  FoundEvents all;
  if (course_.empty()) return all;
  const Series course = series();
  const std::vector<BlinkEvent> of_face = blinks_of_face();
  if (!eye_) blinks = of_face;
  const auto events = find_gaze_events(course.gaze, blinks, options);
  if (!events) return events.error();
  all.saccade_miss = events->saccade_miss_text();
  for (const BlinkEvent& blink : blinks) all.rows.push_back(blink_row(blink));
  for (const FixationEvent& found : events->fixations)
    all.rows.push_back(fixation_row(found, *events, course));
  for (const Saccade& found : events->saccades)
    all.rows.push_back(saccade_row(found, *events, course, options.saccade.settle_s));
  EventNumbers numbers;
  for (EventRow& event : all.rows) event.id = numbers.next(event.kind);
  return all;
}

}  // namespace yarbus
