#include "app/session/eye_worker.h"

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "app/session/gaze_rays.h"
#include "app/session/open_source.h"
#include "app/session/source_request.h"
#include "app/session/thread_guard.h"
#include "eyemodel/fit/focal_length_check.h"
#include "tracker/face/face_finder.h"

namespace yarbus {
namespace {

/// Frames waiting for the process thread. Live: the newest two; files: read a little ahead.
constexpr std::size_t frames_waiting = 2;

/// Samples alive at once: the latest, the one being made, those the window still holds, and those that may
/// yet be a partner of the other eye's.
constexpr std::size_t sample_pool = 8 + BinocularPairing::kept;

}  // namespace

EyeWorker::EyeWorker(EyeSide eye, const SourceRequest& request, const EyeTrackerOptions& options,
                     bool is_frozen, EyeState& state, BinocularState& binocular, CalibrationDesk& calibration,
                     NoticeBoard& notices, const CameraModes& modes, SourceOpener open, EyeTaps taps)
    : eye_(eye),
      request_(request),
      options_(options),
      start_frozen_(is_frozen),
      state_(state),
      binocular_(binocular),
      calibration_(calibration),
      notices_(notices),
      modes_(modes),
      open_(std::move(open)),
      taps_(std::move(taps)),
      inbox_(frames_waiting, may_drop_frames(request) ? Overflow::drop_oldest : Overflow::block),
      samples_(sample_pool + taps_.samples_held, [](GazeSample& sample) { sample = GazeSample{}; }) {
  const auto guarded = [this](const char* name, auto body) {
    return std::jthread([this, name, body](const std::stop_token& stop) {
      run_guarded(
          name, [&] { body(stop); }, [this](const Error& error) { fail(error); });
    });
  };
  fit_thread_ = guarded("fit", [this](const std::stop_token& stop) { fit(stop); });
  capture_thread_ = guarded("capture", [this](const std::stop_token& stop) { capture(stop); });
}

EyeWorker::~EyeWorker() {
  capture_thread_.request_stop();
  inbox_.close();  // a capture thread waiting for room wakes up
  if (capture_thread_.joinable()) capture_thread_.join();
  if (process_thread_.joinable()) process_thread_.join();
  fit_thread_.request_stop();
  fit_jobs_.close();
  searches_.close();
}

void EyeWorker::capture(const std::stop_token& stop) {
  const auto opened =
      open_(request_, eye_, {true, std::nullopt, &simulation_, &face_target_}, taps_.samples_held);
  if (stop.stop_requested()) return;
  if (!opened) return fail(opened.error());
  FrameSource& source = *opened->frames;
  const CameraIntrinsics& intrinsics = opened->intrinsics;

  is_live_ = source.info().is_live;
  const RecognisedMode mode = decide_mode(*opened, stop);
  if (stop.stop_requested()) return;
  if (mode.mode == TrackingMode::webcam) {
    auto face = FaceStage::create(intrinsics);
    if (!face) return fail(face.error());
    face_.emplace(std::move(*face));
    search_thread_ = std::jthread([this] {
      run_guarded(
          "search", [this] { search(); }, [this](const Error& error) { fail(error); });
    });
  } else {
    tracker_.emplace(options_, intrinsics);
    tracker_->set_frozen(start_frozen_);
  }
  SourceSnapshot described = describe_source(
      request_, source.info(), {intrinsics, opened->intrinsics_origin, opened->intrinsics_note});
  described.state = PlaybackState::opening;  // never closed in between: others take it for gone
  if (opened->places) {
    described.starts_at = opened->places->time_of(0);
    described.length = opened->places->time_of(opened->places->last()) - described.starts_at;
    playback_.know(opened->places);
  }
  described.mode = mode.mode;
  described.mode_reason = mode.reason;
  state_.set_source(described);
  if (opened->simulation) state_.start_simulation(*opened->simulation);
  // Before it is seen to play: who sees that may record it at once.
  for (EyeTap* tap : taps_.taps) tap->source_opened(eye_, described, intrinsics);
  publish_playback(source.info(), playback_.mode());
  calibration_.restart(eye_);
  tell_opening(*opened, mode);
  source.set_status_listener([this](const SourceStatus& status) {
    if (status.state == SourceStatus::State::reconnecting) {
      state_.set_playback(PlaybackState::reconnecting, 1.0);
      for (EyeTap* tap : taps_.taps) tap->source_lost(eye_, status.cause.message);
      if (status.attempt == 1) notices_.post(eye_, status.cause);
    } else {
      state_.set_playback(PlaybackState::playing, 1.0);
      notices_.post(Notice::Severity::info, eye_, "The source is back", "");
    }
  });
  process_thread_ = std::jthread([this] {
    run_guarded(
        "process", [this] { process(); }, [this](const Error& error) { fail(error); });
  });
  read_frames(source, stop);
}

RecognisedMode EyeWorker::decide_mode(const OpenedSource& opened, const std::stop_token& stop) const {
  if (opened.screen) return {TrackingMode::webcam, true, "a face is simulated"};
  if (opened.simulation) return {TrackingMode::near_eye, true, "an eye is simulated"};
  if (opened.mode && request_.mode == TrackingMode::automatic) return {*opened.mode, true, "recorded so"};
  FrameSource& source = *opened.frames;
  const std::string name = source.info().name;
  RecognisedMode mode{request_.mode, true, "as asked"};
  if (request_.mode == TrackingMode::automatic) {
    if (const auto known = modes_.mode_of(name)) {
      mode = {*known, true, "as chosen for this camera before"};
    } else {
      const auto recognised = recognise_mode(source, stop);
      if (!recognised) return {};  // reading goes on and meets the same error
      mode = *recognised;
    }
  }
  return mode;
}

/// One notice of all that was found out or assumed: the window shows the newest.
void EyeWorker::tell_opening(const OpenedSource& opened, const RecognisedMode& mode) {
  std::string text;
  std::string remedy;
  const auto add = [](std::string& all, const std::string& sentence) {
    if (!sentence.empty()) all += (all.empty() ? "" : ". ") + sentence;
  };
  const bool is_simulated = opened.screen.has_value() || opened.simulation.has_value();
  add(text, opened.remark);
  if (request_.mode == TrackingMode::automatic && !is_simulated && !opened.mode) {
    add(text, std::string(mode.mode == TrackingMode::webcam ? "Webcam mode: gaze from both irises"
                                                            : "Eye camera mode: gaze from the pupil") +
                  ", because " + mode.reason);
    add(remedy, "If that is wrong, choose the other mode under Source");
  }
  if (opened.intrinsics_origin == IntrinsicsOrigin::assumed) {
    add(text, "The camera's focal length is not known: " +
                  std::to_string(static_cast<int>(opened.intrinsics.fx_px)) +
                  " px is assumed, so millimetres and gaze angles are approximate");
    add(remedy,
        "Calibrate the camera, or give the focal length or an intrinsics file when opening the source");
  } else if (opened.intrinsics.is_assumed) {
    add(text, "The camera's focal length is approximate: " + opened.intrinsics_note);
    add(remedy, "Calibrate the camera at this resolution for true millimetres and angles");
  } else if (opened.intrinsics_origin == IntrinsicsOrigin::library) {
    add(text, "A calibrated camera is used: " + opened.intrinsics_note);
  }
  if (text.empty()) return;
  notices_.post(mode.is_sure ? Notice::Severity::info : Notice::Severity::warning, eye_, std::move(text),
                std::move(remedy));
}

void EyeWorker::read_frames(FrameSource& source, const std::stop_token& stop) {
  const SourceInfo info = source.info();
  bool time_restarted = false;
  while (!stop.stop_requested()) {
    if (info.is_seekable) {
      const auto step = playback_.wait_for_step(stop);
      if (!step) break;
      publish_playback(info, step->mode);
      if (!step->reads_frame) continue;
      if (step->seek_to) {
        if (const auto sought = source.seek(*step->seek_to); !sought) return fail(sought.error());
        time_restarted = true;
      }
    }
    auto frame = source.next(stop);
    if (stop.stop_requested()) break;
    if (!frame) return fail(frame.error());
    if (*frame == nullptr) {
      playback_.reached_end();
      if (info.is_seekable) continue;  // the next step tells the end
      publish_playback(info, playback_.mode());
      break;
    }
    const std::uint64_t place = playback_.delivered((*frame)->sequence, (*frame)->captured_at);
    for (EyeTap* tap : taps_.taps) tap->frame_read(eye_, *frame);
    state_.captured(place, source.dropped_frames(), inbox_.dropped_frames());
    if (!inbox_.push_frame({std::move(*frame), std::exchange(time_restarted, false)})) break;
  }
}

void EyeWorker::publish_playback(const SourceInfo& info, const PlaybackMode& mode) {
  if (mode.at_end) {
    state_.set_playback(PlaybackState::ended, mode.speed);
  } else if (!info.is_seekable || mode.is_playing) {
    state_.set_playback(PlaybackState::playing, mode.speed);
  } else {
    state_.set_playback(PlaybackState::paused, mode.speed);
  }
}

void EyeWorker::process() {
  while (auto message = inbox_.pop()) {
    std::visit(
        [this](auto& content) {
          using Content = std::decay_t<decltype(content)>;
          if constexpr (std::is_same_v<Content, TrackerCommand>) {
            if (!tracker_) return;  // a webcam has no eye model
            content(*tracker_);
            state_.set_model(tracker_->model(), tracker_->observations_kept());
          } else if constexpr (std::is_same_v<Content, FaceCommand>) {
            if (face_) content(*face_);
          } else {
            handle(content);
          }
        },
        *message);
  }
}

void EyeWorker::handle(const FrameArrival& arrival) {
  const auto start = std::chrono::steady_clock::now();
  auto sample = samples_.acquire();
  if (sample == nullptr) return;  // the window holds every sample: this frame is skipped, the next comes soon
  if (arrival.time_restarted) {
    if (tracker_) tracker_->restart_time();
    if (face_) face_->restart_time();
    state_.time_restarted();
    binocular_.restart(eye_);
    calibration_.restart(eye_);
  }
  settled_.clear();
  if (face_) {
    face_->process(arrival.frame, *sample);
  } else {
    tracker_->process(arrival.frame, *sample, settled_);
  }
  const auto end = std::chrono::steady_clock::now();
  sample->timings.total = is_live_ ? end.time_since_epoch() - arrival.frame->captured_at : end - start;
  if (face_) return publish_face(arrival, sample);
  const std::vector<BlinkEvent> blinks = tracker_->take_blinks();
  state_.processed(sample, tracker_->blink_count(), tracker_->observations_kept());
  const BinocularSample pair = binocular_.processed(eye_, sample);
  // Before the calibration, whose gaze belongs to a sample that they know.
  tell_taps({sample, &pair, blinks, arrival.time_restarted});
  calibration_.processed(eye_, *sample);
  if (!is_fitting_) {
    if (auto job = tracker_->take_due_fit_job()) start_fit(std::move(*job));
  }
}

void EyeWorker::tell_taps(const MadeSample& made) {
  for (EyeTap* tap : taps_.taps) tap->sample_made(eye_, made);
}

void EyeWorker::publish_face(const FrameArrival& arrival, const GazeSamplePtr& sample) {
  state_.set_faces(face_->faces_seen(), face_->is_lifeless());
  state_.processed(sample, face_->blink_count(), 0);
  tell_taps({sample, nullptr, {}, arrival.time_restarted});
  calibration_.processed(FaceGlance::of(*sample));
  if (auto search = face_->take_due_search()) searches_.push(std::move(*search));
  if (!std::exchange(has_warned_of_lifeless_, face_->is_lifeless()) && face_->is_lifeless())
    notices_.post(Notice::Severity::warning, eye_,
                  "Nothing has moved in this face for 20 s: it may be a photograph",
                  "Blink, or move the photograph out of the camera's view");
}

void EyeWorker::handle(const FaceSearchOutcome& outcome) {
  if (!face_) return;
  face_->found(outcome);
  // While nothing plays, no other frame comes that would show what was found.
  if (face_->may_look_again(*outcome.frame)) handle(FrameArrival{outcome.frame, false});
  const bool are_several = face_->faces_seen() > 1;
  if (!std::exchange(has_told_of_faces_, are_several) && are_several)
    notices_.post(Notice::Severity::info, eye_,
                  std::to_string(face_->faces_seen()) + " faces are seen; one of them is followed",
                  "Click on another face in the image to follow that one");
}

void EyeWorker::search() {
  auto finder = FaceFinder::create();
  if (!finder) return fail(finder.error());
  while (auto asked = searches_.pop())
    inbox_.push_message(FaceSearchOutcome{asked->frame, finder->find(asked->frame->gray.view())});
}

void EyeWorker::handle(const FitOutcome& outcome) {
  is_fitting_ = false;
  state_.set_fitting(false);
  if (tracker_->is_stale(outcome)) {
    state_.count_stale_fit();
    if (std::exchange(is_refit_wanted_, false)) start_fit(tracker_->make_refit_job());
    return;
  }
  state_.set_last_report(outcome.report);
  if (tracker_->apply(outcome)) {
    state_.set_model(tracker_->model(), tracker_->observations_kept());
    warn_of_focal_length();
  }
  if (std::exchange(is_refit_wanted_, false)) start_fit(tracker_->make_refit_job());
}

void EyeWorker::warn_of_focal_length() {
  if (has_warned_of_focal_length_ || !tracker_->model()) return;
  const auto doubt = doubt_focal_length(*tracker_->model());
  if (!doubt) return;
  has_warned_of_focal_length_ = true;
  std::string text = doubt->to_text();
  text.front() = 'T';
  notices_.post(Notice::Severity::warning, eye_, std::move(text),
                "Measure the focal length and give it when opening the source");
}

void EyeWorker::refit() {
  inbox_.push_message(TrackerCommand([this](EyeTracker& tracker) {
    if (is_fitting_) {
      is_refit_wanted_ = true;  // made when the fit at hand is done
    } else {
      start_fit(tracker.make_refit_job());
    }
  }));
}

void EyeWorker::begin_with(const Wearer& wearer, const std::string& path) {
  command([this, wearer, path](EyeTracker& tracker) {
    const WearerUse use = use_of_wearer(wearer, eye_, tracker.intrinsics());
    tracker.begin_with(use.known);
    state_.set_stage(FitStage::refraction);
    state_.set_frozen(false);
    if (use.caveat.empty()) {
      notices_.post(Notice::Severity::info, eye_, "The eye model starts from " + path, "");
    } else {
      notices_.post(Notice::Severity::warning, eye_, path + " was " + use.caveat,
                    "Look around until the eye model has settled");
    }
  });
}

void EyeWorker::set_simulation(const SimulationControls& controls) {
  if (request_.kind != SourceRequest::Kind::simulated_eye) return;
  simulation_.post(controls);
  state_.set_simulation(controls);
}

void EyeWorker::start_fit(FitJob job) {
  is_fitting_ = true;
  state_.set_fitting(true);
  fit_jobs_.push(std::move(job));
}

void EyeWorker::fit(const std::stop_token& stop) {
  ModelFitter fitter;
  while (auto job = fit_jobs_.pop()) {
    if (stop.stop_requested()) return;
    inbox_.push_message(fitter.run(*job, stop));
  }
}

void EyeWorker::fail(const Error& error) {
  notices_.post(eye_, error);
  state_.set_playback(PlaybackState::failed, 1.0);
  for (EyeTap* tap : taps_.taps) tap->source_closed(eye_, error.message);
  inbox_.close();
  fit_jobs_.close();
  searches_.close();
}

}  // namespace yarbus
