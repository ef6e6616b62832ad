#include "app/session/live_recording.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <utility>

#include "app/session/sample_rows.h"

namespace yarbus {
namespace {

CaptureTime steady_now() {
  return std::chrono::duration_cast<CaptureTime>(std::chrono::steady_clock::now().time_since_epoch());
}

std::string seconds_away(CaptureTime from, CaptureTime to) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f s", std::chrono::duration<double>(to - from).count());
  return text.data();
}

}  // namespace

LiveRecording::LiveRecording(std::unique_ptr<SessionRecorder> recorder, RecordedParts parts,
                             const std::vector<Source>& sources)
    : recorder_(std::move(recorder)), parts_(parts) {
  int camera = 0;
  for (const Source& source : sources) {
    auto& eye = eyes_[static_cast<std::size_t>(source.eye)] = std::make_unique<Eye>();
    eye->camera = camera++;
    eye->is_live = source.described.is_live;
    eye->rows.emplace(*recorder_, numbers_, eye->camera, source.eye,
                      source.described.mode == TrackingMode::webcam);
  }
}

Result<std::shared_ptr<LiveRecording>> LiveRecording::start(RecordingRequest request, RecordedParts parts,
                                                            const std::vector<Source>& sources,
                                                            bool lossy_video) {
  request.options.with_video = parts != RecordedParts::results_only;
  request.options.with_results = parts != RecordedParts::video_only;
  for (const Source& source : sources) {
    auto camera = session_camera(static_cast<int>(request.cameras.size()), source.described,
                                 source.intrinsics, source.eye);
    if (lossy_video) camera.codec = VideoCodec::h264;
    request.cameras.push_back(std::move(camera));
  }
  auto recorder = SessionRecorder::start(std::move(request));
  if (!recorder) return recorder.error();
  return std::shared_ptr<LiveRecording>(new LiveRecording(std::move(*recorder), parts, sources));
}

void LiveRecording::frame_read(EyeSide side, const Frame& frame) {
  Eye* const own = eye(side);
  if (own == nullptr || !own->is_open) return;
  if (own->is_lost) end_absence(*own, frame.captured_at);
  FrameToRecord recorded;
  recorded.camera = own->camera;
  recorded.sequence = frame.sequence;
  recorded.captured_at = frame.captured_at;
  if (own->is_live) recorded.arrived_at = steady_now();
  recorded.gray = frame.gray.view();
  recorded.jpeg = frame.jpeg;
  recorder_->add_frame(recorded);
  own->last_frame_ns = frame.captured_at.count();
  if (own->first_sequence < 0) own->first_sequence = static_cast<std::int64_t>(frame.sequence);
}

void LiveRecording::source_lost(EyeSide side, const std::string& why) {
  Eye* const own = eye(side);
  if (own == nullptr || !own->is_open) return;
  const std::lock_guard lock(own->lost_mutex);
  if (!own->lost) own->lost = why;
  own->is_lost = true;
}

/// If it is away, that ends: its frames go on, or the recording does not.
void LiveRecording::end_absence(Eye& own, CaptureTime end) {
  std::optional<std::string> why;
  {
    const std::lock_guard lock(own.lost_mutex);
    why.swap(own.lost);
    own.is_lost = false;
  }
  if (!why || own.first_sequence < 0) return;
  const CaptureTime before(own.last_frame_ns);
  add_gap(own, std::max(before, end),
          "the source was away for " + seconds_away(before, std::max(before, end)) + ": " + *why +
              ". How many frames were lost is not known");
}

void LiveRecording::add_gap(const Eye& own, CaptureTime end, std::string note) {
  GapRow gap;
  gap.cause = GapCause::source;
  gap.camera = own.camera;
  gap.start = CaptureTime(own.last_frame_ns);
  gap.end = end;
  gap.note = std::move(note);
  recorder_->add(std::move(gap));
}

void LiveRecording::sample_made(EyeSide side, const MadeSample& made) {
  Eye* const own = eye(side);
  if (own == nullptr || !own->is_open) return;
  const Frame& frame = *made.sample->frame;
  const std::int64_t first = own->first_sequence;
  if (first < 0) return;  // its frame was read before the recording began
  if (own->is_live) recorder_->add_done(own->camera, frame.sequence, steady_now());
  if (parts_ == RecordedParts::video_only) return;
  {
    const std::lock_guard lock(own->rows_mutex);
    if (!own->rows) return;
    if (made.has_time_restarted) {
      if (own->has_samples) own->rows->time_restarted();
    } else if (!own->has_samples && static_cast<std::int64_t>(frame.sequence) < first) {
      return;  // likewise
    }
    own->has_samples = true;
    own->rows->add(*made.sample);
    for (const BlinkEvent& blink : made.blinks) {
      if (static_cast<std::int64_t>(blink.first_sequence) >= first || made.has_time_restarted)
        own->rows->add_blink(blink);
    }
  }
  note_place({frame.captured_at, own->camera, frame.sequence});
}

void LiveRecording::note_place(const Place& place) {
  const std::lock_guard lock(places_mutex_);
  places_[places_noted_++ % places_kept] = place;
}

std::optional<LiveRecording::Place> LiveRecording::find_place(CaptureTime at) const {
  const std::lock_guard lock(places_mutex_);
  const std::size_t kept = std::min(places_noted_, places_kept);
  for (std::size_t age = 1; age <= kept; ++age) {
    const Place& place = places_[(places_noted_ - age) % places_kept];
    if (place.at == at) return place;
  }
  return std::nullopt;
}

void LiveRecording::gaze_made(const MadeGaze& made) {
  if (parts_ == RecordedParts::video_only || !made.gaze) return;
  const auto place = find_place(made.frame.at());
  if (!place) return;  // its sample was made before the recording began
  if (made.calibration != nullptr && made.calibration != calibration_) {
    calibration_ = made.calibration;
    calibration_id_ = recorder_->add(CalibrationRow(*calibration_));
  }
  note_offset(place->at, made.offset_in_screen_mm);
  auto row =
      gaze_row(place->camera, place->sequence, place->at, made.gaze->measured, confidence_of(made.frame));
  row.calibration = calibration_id_;
  recorder_->add(row);
  for (const auto& each : eyes_) {
    if (each == nullptr) continue;
    const std::lock_guard lock(each->rows_mutex);
    if (each->rows) each->rows->add_gaze(place->at, row.gaze.point_in_screen_mm);
  }
}

/// Gaze recorded from then on has another offset subtracted than before.
void LiveRecording::note_offset(CaptureTime at, const Eigen::Vector2d& offset_in_screen_mm) {
  if (offset_in_screen_mm == offset_in_screen_mm_) return;
  offset_in_screen_mm_ = offset_in_screen_mm;
  std::array<char, 96> value{};
  std::snprintf(value.data(), value.size(), R"({"x_mm":%.17g,"y_mm":%.17g})", offset_in_screen_mm.x(),
                offset_in_screen_mm.y());
  recorder_->add(SettingRow{0, at, gaze_offset_setting, value.data()});
}

bool LiveRecording::source_closed(EyeSide side, const std::string& why) {
  if (Eye* const own = eye(side); own != nullptr && own->is_open.exchange(false)) {
    end_absence(*own, own->is_live ? steady_now() : CaptureTime(own->last_frame_ns));
    add_gap(*own, CaptureTime(own->last_frame_ns), std::string(to_string(side)) + " eye: " + why);
  }
  return std::any_of(eyes_.begin(), eyes_.end(),
                     [](const auto& each) { return each != nullptr && each->is_open; });
}

CaptureTime LiveRecording::now() const {
  CaptureTime latest{};
  for (const auto& each : eyes_) {
    if (each == nullptr) continue;
    if (each->is_live) return steady_now();
    latest = std::max(latest, CaptureTime(each->last_frame_ns));
  }
  return latest;
}

void LiveRecording::annotate(const std::string& text, std::optional<CaptureTime> at,
                             std::chrono::nanoseconds duration, std::string details_json) {
  AnnotationRow row;
  row.at = at.value_or(now());
  row.duration = duration;
  row.label = text;
  row.details_json = std::move(details_json);
  recorder_->add(std::move(row));
}

void LiveRecording::add_setting(const std::string& name, std::string value_json) {
  recorder_->add(SettingRow{0, now(), name, std::move(value_json)});
}

Result<RecorderSnapshot> LiveRecording::finish() {
  std::optional<Error> failed;
  std::vector<EventRow> events;
  for (const auto& each : eyes_) {
    if (each == nullptr) continue;
    if (each->is_open) end_absence(*each, each->is_live ? steady_now() : CaptureTime(each->last_frame_ns));
    std::optional<LiveRows> rows;
    {
      const std::lock_guard lock(each->rows_mutex);
      rows.swap(each->rows);
    }
    if (rows && parts_ != RecordedParts::video_only) {
      if (auto found = rows->finish(); !found) {
        failed = found.error();
      } else {
        std::move(found->begin(), found->end(), std::back_inserter(events));
      }
    }
  }
  auto finished = recorder_->finish(std::move(events));
  if (finished && failed) return *failed;
  return finished;
}

}  // namespace yarbus
