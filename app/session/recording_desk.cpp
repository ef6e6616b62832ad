#include "app/session/recording_desk.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/recording/repair_session.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_list.h"
#include "app/session/calibration_library.h"
#include "app/session/eye_tracker.h"
#include "app/session/recording_library.h"
#include "app/session/thread_guard.h"

namespace yarbus {
namespace {

constexpr std::chrono::milliseconds watch_interval{250};

Error nothing_is_recorded() {
  return {ErrorCode::invalid_option, "nothing is being recorded", "", "Start a recording first"};
}

/// Bytes of the rows; the recorder counts those of the videos.
std::uintmax_t database_bytes(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const char* ending : {"", "-wal"}) {
    std::error_code failed;
    const auto size =
        std::filesystem::file_size(folder / (std::string(session_file::database) + ending), failed);
    if (!failed) bytes += size;
  }
  return bytes;
}

/// What the recorder says into the view.
void tell(const RecorderSnapshot& recorder, RecordingView& view) {
  view.bytes = recorder.bytes + database_bytes(view.folder);
  view.free_bytes = recorder.free_bytes;
  view.frames = view.frames_lost = view.pictures_lost = 0;
  for (const CameraFigures& camera : recorder.cameras) {
    view.frames += camera.frames;
    view.frames_lost += camera.frames_lost;
    view.pictures_lost += camera.pictures_lost;
  }
  view.rows_lost = recorder.rows_lost;
  view.warning = recorder.warning;
  view.codec.clear();
  if (recorder.cameras.empty() || !recorder.cameras.front().codec) return;
  const CameraFigures& first = recorder.cameras.front();
  view.codec = std::string(to_string(*first.codec));
  if (!first.codec_reason.empty()) view.codec += ": " + first.codec_reason;
}

}  // namespace

RecordingDesk::RecordingDesk(std::filesystem::path library, std::string software_version,
                             RecordingHooks hooks, NoticeBoard& notices)
    : library_(std::move(library)),
      software_version_(std::move(software_version)),
      hooks_(std::move(hooks)),
      notices_(notices) {
  const auto fail = [this](const Error& error) { notices_.post(EyeSide::right, error); };
  repair_thread_ = std::jthread([this, fail] {
    run_guarded(
        "repair",
        [this] {
          while (auto command = repairs_.pop()) (*command)();
        },
        fail);
  });
  thread_ = std::jthread([this, fail] {
    run_guarded(
        "recording", [this] { run(); }, fail);
  });
}

void RecordingDesk::close() {
  {
    const std::lock_guard lock(commands_mutex_);
    is_closed_ = true;
  }
  commands_wait_.notify_all();
  if (thread_.joinable()) thread_.join();
  repairs_.close();
  if (repair_thread_.joinable()) repair_thread_.join();
}

void RecordingDesk::post(Command command) {
  {
    const std::lock_guard lock(commands_mutex_);
    if (is_closed_) return;
    commands_.push_back(std::move(command));
  }
  commands_wait_.notify_one();
}

void RecordingDesk::run() {
  bool is_closing = false;
  while (!is_closing) {
    Command command;
    {
      std::unique_lock lock(commands_mutex_);
      const auto is_wanted = [this] { return is_closed_ || !commands_.empty(); };
      if (is_recording_) {
        commands_wait_.wait_for(lock, watch_interval, is_wanted);
      } else {
        commands_wait_.wait(lock, is_wanted);
      }
      is_closing = is_closed_;
      if (!is_closing && !commands_.empty()) {
        command = std::move(commands_.front());
        commands_.pop_front();
      }
    }
    if (command) command();
    watch();
  }
  end_now("the program was closed");
}

std::shared_ptr<LiveRecording> RecordingDesk::current() const {
  if (!is_recording_) return nullptr;
  const std::lock_guard lock(mutex_);
  return recording_;
}

// Commands.

void RecordingDesk::start(const RecordingWish& wish) {
  {
    const std::lock_guard lock(mutex_);
    if (is_busy(view_)) {
      notices_.post(EyeSide::right,
                    Error{ErrorCode::device_busy, "a recording runs already", view_.name, "Stop it first"});
      return;
    }
    view_ = {};
    view_.is_starting = true;
    view_.name = wish.name;
    view_.parts = wish.parts;
    annotations_ = 0;
    start_failure_.clear();
  }
  post([this, wish] { start_now(wish); });
}

void RecordingDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (!view_.is_starting && !view_.is_recording) return;
  }
  post([this] { end_now(""); });
}

void RecordingDesk::annotate(const std::string& text, std::optional<CaptureTime> at,
                             std::chrono::nanoseconds duration, std::string details_json) {
  const auto recording = current();
  if (recording == nullptr) return notices_.post(EyeSide::right, nothing_is_recorded());
  recording->annotate(text, at, duration, std::move(details_json));
  const std::lock_guard lock(mutex_);
  ++annotations_;
}

RecordingView RecordingDesk::snapshot() const {
  std::shared_ptr<LiveRecording> recording;
  RecordingView view;
  {
    const std::lock_guard lock(mutex_);
    recording = recording_;
    view = view_;
    view.annotations = annotations_;
    if (view.is_recording) view.elapsed = std::chrono::steady_clock::now() - began_;
  }
  if (recording != nullptr) tell(recording->snapshot(), view);
  return view;
}

std::vector<SessionCard> RecordingDesk::list() {
  auto cards = list_session_cards(library_);
  if (cards) return std::move(*cards);
  notices_.post(EyeSide::right, cards.error());
  return {};
}

void RecordingDesk::repair(const std::string& folder) {
  repairs_.push([this, folder] {
    const auto report = repair_session(folder);
    if (!report) return notices_.post(EyeSide::right, report.error());
    notices_.post(Notice::Severity::info, EyeSide::right,
                  report->was_needed ? repair_text(folder, report->sentences)
                                     : "The session " + std::filesystem::path(folder).filename().string() +
                                           " needed no repair",
                  "");
  });
}

Result<void> RecordingDesk::move_to_trash(const std::string& folder) {
  const auto moved = move_session_to_trash(folder);
  if (!moved) return moved.error();
  return {};
}

// On the desk's thread.

void RecordingDesk::fail_to_start(const Error& error) {
  notices_.post(EyeSide::right, error);
  const std::lock_guard lock(mutex_);
  view_.is_starting = false;  // and no end_note: nothing has ended
  start_failure_ = error.to_text();
}

std::string RecordingDesk::start_failure() const {
  const std::lock_guard lock(mutex_);
  return start_failure_;
}

void RecordingDesk::start_now(const RecordingWish& wish) {
  std::vector<LiveRecording::Source> sources;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& source : sources_) {
      if (source) sources.push_back(*source);
    }
  }
  if (sources.empty())
    return fail_to_start({ErrorCode::invalid_option, "there is nothing to record: no source is open", "",
                          "Open a camera or a file first"});
  if (wish.folder.empty() && library_.empty())
    return fail_to_start({ErrorCode::output_unwritable, "there is no folder for recordings", "",
                          "Say which folder to record into"});
  RecordingRequest request;
  request.name = wish.name.empty() ? local_time_text() : wish.name;
  request.folder =
      wish.folder.empty() ? new_session_folder(library_, wish.name) : std::filesystem::path(wish.folder);
  request.participant = wish.participant;
  request.notes = wish.notes;
  request.software_version = software_version_;
  if (hooks_.screen) request.screen = hooks_.screen();
  const std::string name = request.name;
  const std::string folder = request.folder.string();
  auto started = LiveRecording::start(std::move(request), wish.parts, sources, wish.lossy_video);
  if (!started) return fail_to_start(started.error());
  add_settings(**started);
  has_warned_ = has_warned_of_disk_ = false;
  std::vector<EyeSide> closed;
  {
    const std::lock_guard lock(mutex_);
    for (const LiveRecording::Source& source : sources) {
      if (!sources_[static_cast<std::size_t>(source.eye)]) closed.push_back(source.eye);
    }
    recording_ = *started;
    began_ = std::chrono::steady_clock::now();
    view_.is_starting = false;
    view_.is_recording = true;
    view_.name = name;
    view_.folder = folder;
    is_recording_ = true;
  }
  for (const EyeSide eye : closed) source_closed(eye, "the source was closed");
}

void RecordingDesk::add_settings(LiveRecording& recording) {
  if (!hooks_.eye) return;
  for (const EyeSide side : eye_sides) {
    const EyeSnapshot eye = hooks_.eye(side);
    if (eye.source.state == PlaybackState::closed) continue;
    const nlohmann::json value{{"location", eye.source.request.location},
                               {"mode_reason", eye.source.mode_reason},
                               {"rotate_deg", eye.source.request.rotate_deg},
                               {"mirror", eye.source.request.mirror},
                               {"intrinsics", eye.source.intrinsics_note},
                               {"stage", to_string(eye.model.stage)},
                               {"bright_pupil", EyeTrackerOptions{}.detector.bright_pupil},
                               {"is_frozen", eye.model.is_frozen},
                               {"speed", eye.source.speed}};
    recording.add_setting(std::string(to_string(side)) + "_eye",
                          value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
}

/// Ends what runs; nothing runs: does nothing. Why it ended by itself is said by the view and by no Notice
/// besides: the window would tell it twice.
void RecordingDesk::end_now(const std::string& end_note) {
  std::shared_ptr<LiveRecording> recording;
  {
    const std::lock_guard lock(mutex_);
    if (recording_ == nullptr) return;
    recording = recording_;
    is_recording_ = false;
    view_.is_recording = false;
    view_.is_finishing = true;
    view_.elapsed = std::chrono::steady_clock::now() - began_;
  }
  const auto finished = recording->finish();
  const RecorderSnapshot last = recording->snapshot();
  if (!finished && last.end_note.empty()) notices_.post(EyeSide::right, finished.error());
  RecordingView figures;
  {
    const std::lock_guard lock(mutex_);
    figures.folder = view_.folder;
  }
  tell(last, figures);
  const std::lock_guard lock(mutex_);
  figures.name = view_.name;
  figures.parts = view_.parts;
  figures.elapsed = view_.elapsed;
  figures.end_note = !last.end_note.empty() ? last.end_note : end_note;
  view_ = figures;
  recording_.reset();
}

/// A recording ends by itself when the disk is full; it warns before.
void RecordingDesk::watch() {
  const auto recording = current();
  if (recording == nullptr) return;
  const RecorderSnapshot now = recording->snapshot();
  if (!now.is_recording) return end_now(now.end_note);
  if (now.warning.empty() || std::exchange(now.is_disk_low ? has_warned_of_disk_ : has_warned_, true)) return;
  notices_.post(Notice::Severity::warning, EyeSide::right, "Recording: " + now.warning,
                now.is_disk_low ? "Make room on the disk, or stop the recording" : "");
}

// Taps.

void RecordingDesk::source_opened(EyeSide eye, const SourceSnapshot& source,
                                  const CameraIntrinsics& intrinsics) {
  const std::lock_guard lock(mutex_);
  sources_[static_cast<std::size_t>(eye)] = LiveRecording::Source{eye, source, intrinsics};
}

void RecordingDesk::frame_read(EyeSide eye, const FramePtr& frame) {
  if (const auto recording = current()) recording->frame_read(eye, *frame);
}

void RecordingDesk::sample_made(EyeSide eye, const MadeSample& made) {
  if (const auto recording = current()) recording->sample_made(eye, made);
}

void RecordingDesk::source_lost(EyeSide eye, const std::string& why) {
  if (const auto recording = current()) recording->source_lost(eye, why);
}

void RecordingDesk::source_closed(EyeSide eye, const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    sources_[static_cast<std::size_t>(eye)].reset();
  }
  const auto recording = current();
  if (recording == nullptr || recording->source_closed(eye, why)) return;
  post([this, why, recording] {
    if (current() == recording) end_now(why);
  });
}

void RecordingDesk::gaze_made(const MadeGaze& made) {
  if (const auto recording = current()) recording->gaze_made(made);
}

}  // namespace yarbus
