#include "app/session/stream_desk.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <type_traits>
#include <utility>
#include <vector>

#include "app/session/calibration_desk_errors.h"
#include "app/session/thread_guard.h"

namespace yarbus {
namespace {

/// Clients are told of what happened within that time.
constexpr std::chrono::milliseconds look_interval{50};
constexpr std::size_t commands_waiting = 64;
/// A file is played by the wall clock; how far it may stray before its times are placed anew.
constexpr std::chrono::milliseconds longest_stray{50};

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// How surely an eye is seen open in a sample, 0..1; of a face the mean of those seen.
double openness_of(const GazeSample& sample) {
  if (!sample.face) return confidence_of(sample.pupil);
  const auto* pair = std::get_if<IrisPair>(&*sample.face);
  if (pair == nullptr) return 0.0;
  double sum = 0.0;
  int eyes = 0;
  for (const auto& eye : pair->eyes) {
    if (!eye) continue;
    sum += eye->confidence;
    ++eyes;
  }
  return eyes > 0 ? sum / eyes : 0.0;
}

std::string address_text(const StreamOptions& options, const StreamHealth& health) {
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (options.serves_network_api)
    add("tcp://" + options.bind_address + ':' + std::to_string(health.request_port));
  if (options.sends_osc) add("OSC to " + options.osc_address + ':' + std::to_string(options.osc_port));
  if (options.sends_opentrack)
    add("opentrack at " + options.opentrack_address + ':' + std::to_string(options.opentrack_port));
  if (health.is_lsl_loaded) add("the Lab Streaming Layer");
  return text;
}

}  // namespace

StreamDesk::StreamDesk(NoticeBoard& notices) : notices_(notices), steady_from_capture_(0) {}

std::size_t StreamDesk::samples_held(const std::optional<StreamOptions>& options) {
  // An item holds a sample of each eye at most, and each eye's pool serves its own; one is being sent.
  return options ? most_waiting + static_cast<std::size_t>(options->sample_capacity) + 1 : 0;
}

void StreamDesk::open(const StreamOptions& options, StreamSurroundings surroundings) {
  surroundings_.emplace(std::move(surroundings));
  commands_ = std::make_unique<StreamCommandQueue>(commands_waiting, [this] {
    {
      const std::lock_guard lock(wake_mutex_);
      is_woken_ = true;
    }
    woken_.notify_all();
  });
  // Before it is so.
  const std::string exposure = options.exposure_warning();
  if (!exposure.empty()) notices_.post(Notice::Severity::warning, EyeSide::right, exposure, "");
  auto started = Publisher::start(options, *commands_);
  if (!started) return notices_.post(EyeSide::right, started.error());
  publisher_ = std::move(*started);
  is_open_ = true;
  const StreamHealth health = publisher_->health();
  for (const std::string& warning : health.warnings)
    notices_.post(Notice::Severity::warning, EyeSide::right, "Streams: " + warning, "");
  if (exposure.empty()) {
    notices_.post(Notice::Severity::info, EyeSide::right,
                  "Other programs can listen: " + address_text(options, health), "");
  }
  thread_ = std::jthread([this](const std::stop_token& stop) {
    run_guarded(
        "streams", [&] { run(stop); }, [this](const Error& error) { notices_.post(EyeSide::right, error); });
  });
}

void StreamDesk::close() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  is_open_ = false;
}

std::optional<StreamHealth> StreamDesk::health() const {
  if (!is_open_) return std::nullopt;
  return publisher_->health();
}

void StreamDesk::set_camera_geometry(const std::optional<RigidTransform>& right_cam_from_left_cam) {
  auto geometry =
      right_cam_from_left_cam ? std::make_shared<const RigidTransform>(*right_cam_from_left_cam) : nullptr;
  const std::lock_guard lock(mutex_);
  geometry_ = std::move(geometry);
}

// Taps.

void StreamDesk::source_opened(EyeSide eye, const SourceSnapshot& source, const CameraIntrinsics&) {
  is_live_[static_cast<std::size_t>(eye)] = source.is_live;
}

void StreamDesk::source_closed(EyeSide eye, const std::string&) {
  is_live_[static_cast<std::size_t>(eye)] = false;
  is_shut_[static_cast<std::size_t>(eye)] = false;
  if (!is_open_) return;
  const std::lock_guard lock(mutex_);
  publish_waiting();
}

/// Times of files are those of the film: told to the publisher so that its clock shows when they were played.
void StreamDesk::keep_time(const Frame& frame) {
  const bool is_live = is_live_[0] || is_live_[1];
  const std::int64_t shift = is_live ? 0 : steady_ns() - frame.captured_at.count();
  const std::int64_t stray = std::abs(shift - steady_from_capture_);
  if (stray == 0 || (!is_live && stray < std::chrono::nanoseconds(longest_stray).count())) return;
  steady_from_capture_ = shift;
  publisher_->set_steady_from_capture(std::chrono::nanoseconds(shift));
}

void StreamDesk::sample_made(EyeSide eye, const MadeSample& made) {
  if (!is_open_) return;
  keep_time(*made.sample->frame);
  publish_blink(eye, made);
  StreamEyes eyes;
  if (made.pair != nullptr) {
    eyes.pair = *made.pair;
  } else {
    eyes = StreamEyes::of(made.sample);
  }
  const std::lock_guard lock(mutex_);
  eyes.right_cam_from_left_cam = geometry_;
  if (!is_calibrated_) return publisher_->publish(std::move(eyes));
  if (waiting_count_ == most_waiting) {
    publisher_->publish(std::move(waiting_.front()));
    std::move(waiting_.begin() + 1, waiting_.end(), waiting_.begin());
    --waiting_count_;
  }
  waiting_[waiting_count_++] = std::move(eyes);
}

void StreamDesk::publish_blink(EyeSide eye, const MadeSample& made) {
  const bool is_shut = made.sample->in_blink;
  if (is_shut_[static_cast<std::size_t>(eye)].exchange(is_shut) == is_shut) return;
  const double openness = openness_of(*made.sample);
  publisher_->publish(StreamEvent(StreamBlink{is_shut, made.sample->frame->captured_at,
                                              is_shut ? 1.0 - openness : openness, made.sample}));
}

/// All that wait, as they are.
void StreamDesk::publish_waiting() {
  for (std::size_t i = 0; i < waiting_count_; ++i)
    publisher_->publish(std::exchange(waiting_[i], StreamEyes{}));
  waiting_count_ = 0;
}

void StreamDesk::mapping_changed(bool is_calibrated) {
  if (!is_open_) return;
  const std::lock_guard lock(mutex_);
  is_calibrated_ = is_calibrated;
  if (!is_calibrated) publish_waiting();
}

void StreamDesk::gaze_made(const MadeGaze& made) {
  if (!is_open_) return;
  std::optional<StreamGaze> gaze;
  if (made.gaze) {
    gaze.emplace();
    gaze->captured_at = made.gaze->captured_at;
    gaze->point_in_screen_mm = made.gaze->measured.point_in_screen_mm;
    gaze->covariance_mm2 = made.gaze->measured.covariance_mm2;
    gaze->sigma_mm = made.gaze->sigma_mm;
    gaze->confidence = confidence_of(made.frame);
    gaze->eyes = made.gaze->measured.eyes;
    gaze->screen = made.screen;
  }
  const CaptureTime at = made.frame.at();
  const std::lock_guard lock(mutex_);
  // Those up to this time; the other eye's of before have no gaze of their own.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < waiting_count_; ++i) {
    StreamEyes eyes = std::exchange(waiting_[i], StreamEyes{});
    if (eyes.pair.time > at) {
      waiting_[kept++] = std::move(eyes);
      continue;
    }
    if (eyes.pair.time == at && gaze) eyes.gaze = std::exchange(gaze, std::nullopt);
    publisher_->publish(std::move(eyes));
  }
  waiting_count_ = kept;
}

// What clients ask for, and what they are told.

void StreamDesk::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(wake_mutex_);
      woken_.wait_for(lock, stop, look_interval, [this] { return is_woken_; });
      is_woken_ = false;
    }
    for (const StreamCommand& command : commands_->take_all()) obey(command);
    tell_recording();
    tell_calibration();
  }
}

void StreamDesk::obey(const StreamCommand& command) {
  const auto refuse = [this](const std::string& what) {
    publisher_->publish(
        StreamEvent(StreamLogLine{LogLevel::warning, what + " by the network is not supported"}));
  };
  std::visit(
      [&](const auto& asked) {
        using Asked = std::decay_t<decltype(asked)>;
        if constexpr (std::is_same_v<Asked, StartRecording>) {
          start_recording(asked.session_name);
        } else if constexpr (std::is_same_v<Asked, StopRecording>) {
          surroundings_->recording.stop();
        } else if constexpr (std::is_same_v<Asked, StartCalibration>) {
          start_calibration();
        } else if constexpr (std::is_same_v<Asked, StopCalibration>) {
          if (is_under_way(surroundings_->calibration.snapshot().phase)) surroundings_->calibration.abort();
        } else if constexpr (std::is_same_v<Asked, Recentre>) {
          recentre();
        } else if constexpr (std::is_same_v<Asked, ResetEyeModel>) {
          for (const EyeSide side : eye_sides) {
            if (!asked.eye || *asked.eye == side) surroundings_->reset_model(side);
          }
        } else if constexpr (std::is_same_v<Asked, AddAnnotation>) {
          const auto duration = std::chrono::duration_cast<std::chrono::nanoseconds>(
              std::chrono::duration<double>(asked.duration_s));
          // Clients mark moments whether or not somebody records.
          if (surroundings_->recording.snapshot().is_recording)
            surroundings_->recording.annotate(asked.label, asked.at, duration);
        } else if constexpr (std::is_same_v<Asked, StartValidation> ||
                             std::is_same_v<Asked, StopValidation>) {
          refuse("a validation apart from the calibration");
        } else if constexpr (std::is_same_v<Asked, SetDetection>) {
          refuse("switching detection on and off");
        } else {
          refuse("a region of interest");
        }
      },
      command);
}

/// Targets need a window: whoever owns one opens the wizard (Session::calibrations_asked_for()).
void StreamDesk::start_calibration() {
  if (is_under_way(surroundings_->calibration.snapshot().phase))
    return tell(StreamNews::calibration_failed, "a calibration is under way");
  ++calibrations_asked_for_;
  notices_.post(Notice::Severity::info, EyeSide::right, "Another program asks for a calibration", "");
}

void StreamDesk::recentre() {
  const CalibrationResultPtr result = surroundings_->calibration.snapshot().result;
  if (result == nullptr) {
    notices_.post(EyeSide::right, Error{ErrorCode::invalid_option, "no calibration is in force to recentre",
                                        "", "Calibrate first"});
    return;
  }
  surroundings_->calibration.recentre_at({0.5 * result->screen.width_mm, 0.5 * result->screen.height_mm});
}

void StreamDesk::tell(StreamNews news, std::string text) {
  publisher_->publish(StreamEvent(StreamNotification{news, std::move(text)}));
}

/// What Pupil has no notification for.
void StreamDesk::log_error(std::string text) {
  publisher_->publish(StreamEvent(StreamLogLine{LogLevel::error, std::move(text)}));
}

void StreamDesk::start_recording(const std::string& name) {
  const RecordingView now = surroundings_->recording.snapshot();
  if (now.is_starting || now.is_recording || now.is_finishing) {
    log_error("the recording did not start: one runs already");
  } else {
    told_.awaits_start = true;
  }
  RecordingWish wish;
  wish.name = name;
  surroundings_->recording.start(wish);
}

void StreamDesk::tell_recording() {
  const RecordingView now = surroundings_->recording.snapshot();
  if (told_.awaits_start && !now.is_starting) {
    told_.awaits_start = false;
    if (const std::string why = surroundings_->recording.start_failure(); !why.empty())
      log_error("the recording did not start: " + why);
  }
  if (told_.is_recording && (!now.is_recording || now.folder != told_.recording_folder)) {
    if (now.is_finishing && now.folder == told_.recording_folder) return;  // whole once it is finished
    told_.is_recording = false;
    if (now.folder == told_.recording_folder && !now.end_note.empty())
      log_error("the recording ended by itself: " + now.end_note);
    tell(StreamNews::recording_stopped, told_.recording_folder);
  }
  if (now.folder.empty() || now.folder == told_.recording_folder) return;
  told_.recording_folder = now.folder;
  told_.is_recording = true;  // one that has ended already is told of the next time
  tell(StreamNews::recording_started, now.folder);
}

void StreamDesk::tell_calibration() {
  const CalibrationSnapshot now = surroundings_->calibration.snapshot();
  const bool is_calibrating = is_under_way(now.phase);
  if (is_calibrating == told_.is_calibrating) return;
  told_.is_calibrating = is_calibrating;
  if (is_calibrating) {
    told_.is_check = now.is_check;
    if (!now.is_check) tell(StreamNews::calibration_started);
    return;
  }
  if (told_.is_check) return;
  tell(StreamNews::calibration_stopped);
  if (now.phase == ProcedurePhase::done) {
    tell(StreamNews::calibration_successful);
  } else {
    tell(StreamNews::calibration_failed, "it was stopped");
  }
}

}  // namespace yarbus
