#include <array>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "app/session/binocular_state.h"
#include "app/session/calibration_desk.h"
#include "app/session/camera_calibration_desk.h"
#include "app/session/camera_previews.h"
#include "app/session/channel.h"
#include "app/session/eye_state.h"
#include "app/session/eye_worker.h"
#include "app/session/notice_board.h"
#include "app/session/recording_desk.h"
#include "app/session/replay_desk.h"
#include "app/session/session.h"
#include "app/session/session_source.h"
#include "app/session/session_with_opener.h"
#include "app/session/stream_desk.h"
#include "app/session/thread_guard.h"
#include "app/session/viewing_desk.h"
#include "app/session/wearer_file.h"
#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/simulation/scenario.h"
#include "tracker/capture/camera_list.h"

namespace yarbus {
namespace {

/// Commands waiting for the session thread; far more than a person can give while one is carried out.
constexpr std::size_t command_capacity = 256;

std::string describe_mode(const CameraMode& mode) {
  std::string text =
      mode.pixel_format + ' ' + std::to_string(mode.width_px) + 'x' + std::to_string(mode.height_px);
  for (std::size_t i = 0; i < mode.rates_hz.size(); ++i) {
    std::array<char, 16> rate{};
    std::snprintf(rate.data(), rate.size(), "%g", mode.rates_hz[i]);
    text += (i == 0 ? " at " : ", ") + std::string(rate.data());
  }
  return mode.rates_hz.empty() ? text : text + " Hz";
}

/// Session with one EyeWorker an eye. Workers are opened and closed on the session's own thread, because
/// stopping one may wait for a camera or a network.
class LiveSession final : public Session,
                          private CameraPreviewControl,
                          private ReplayControl,
                          private CalibrationSurroundings {
 public:
  LiveSession(const SessionOptions& options, SourceOpener open)
      : options_(options),
        open_(std::move(open)),
        modes_(options.camera_modes_file),
        recording_(options.session_library, options.software_version,
                   {[this] { return calibrated_screen(); },
                    [this](EyeSide side) { return eye(side).state.snapshot(); }},
                   notices_),
        camera_calibration_(
            CameraLibrary(options.camera_library),
            {[this](EyeSide side) { return eye(side).state.snapshot().source; },
             [this](EyeSide side, const SourceRequest& request) { open_source(side, request); }},
            notices_) {
    control_thread_ = std::jthread([this] {
      run_guarded(
          "session",
          [this] {
            while (auto command = commands_.pop()) (*command)();
            previews_.close();
            for (Eye& eye : eyes_) eye.worker.reset();
          },
          [this](const Error& error) { notices_.post(EyeSide::right, error); });
    });
    if (options_.streams)
      streams_.open(*options_.streams,
                    {recording_, calibration_, [this](EyeSide side) { reset_model(side); }});
  }
  ~LiveSession() override {
    streams_.close();  // it gives commands
    viewing_.close();  // likewise
    calibration_.close();
    camera_calibration_.shut_down();  // it gives commands
    commands_.close();
    control_thread_.join();
    recording_.close();
  }
  LiveSession(const LiveSession&) = delete;
  LiveSession& operator=(const LiveSession&) = delete;

  void open_source(EyeSide side, const SourceRequest& asked) override {
    SourceRequest request = asked;
    if (request.camera_library.empty()) request.camera_library = options_.camera_library;
    if (names_session(request)) request.kind = SourceRequest::Kind::recorded_session;
    eye(side).state.opening(request);
    post([this, side, request] {
      if (request.kind == SourceRequest::Kind::recorded_session) {
        for (const EyeSide one : replay_.open(side, request.location)) start_worker(one, request);
      } else {
        replay_.close(side);
        start_worker(side, request);
      }
    });
  }

  void close_source(EyeSide side) override {
    post([this, side] {
      end_worker(side);
      replay_.close(side);
      eye(side).state.closed();
      calibration_.restart(side);
    });
  }

  void set_mode(EyeSide side, TrackingMode mode) override {
    post([this, side, mode] {
      const SourceSnapshot source = eye(side).state.snapshot().source;
      if (source.state == PlaybackState::closed) return;
      using Kind = SourceRequest::Kind;
      const bool is_camera = source.is_live && source.request.kind != Kind::simulated_eye;
      if (is_camera) {
        if (const auto kept = modes_.remember(source.name, mode); !kept) notices_.post(side, kept.error());
      }
      SourceRequest request = source.request;
      request.mode = mode;
      open_source(side, request);
    });
  }
  void choose_face(EyeSide side, const Eigen::Vector2d& place_px) override {
    with_worker(side, [place_px](EyeWorker& worker) {
      worker.command(FaceCommand([place_px](FaceStage& face) { face.choose(place_px); }));
    });
  }

  std::vector<CameraChoice> list_cameras() override {
    std::vector<CameraChoice> choices;
    for (const CameraInfo& camera : yarbus::list_cameras()) {
      CameraChoice choice{camera.path, camera.name, camera.is_readable, {}};
      choice.remembered_mode = modes_.mode_of(camera.name).value_or(TrackingMode::automatic);
      for (const CameraMode& mode : camera.modes) choice.formats.push_back(describe_mode(mode));
      choices.push_back(std::move(choice));
    }
    return choices;
  }

  CameraPreviewControl* camera_previews() override { return this; }

  // CameraPreviewControl.
  void watch(const std::vector<PreviewWish>& wishes) override {
    post([this, wishes] { previews_.watch(wishes); });
  }
  void forget_sharpest() override { previews_.forget_sharpest(); }
  [[nodiscard]] std::vector<CameraPreview> previews() const override { return previews_.previews(); }

  void play(EyeSide side) override {
    with_players(side, [](Playback& playback) { playback.play(); });
  }
  void pause(EyeSide side) override {
    with_players(side, [](Playback& playback) { playback.pause(); });
  }
  void step(EyeSide side, int frames) override {
    pause(side);
    move_players(side, [frames](Playback& playback) { playback.step(frames); });
  }
  void seek(EyeSide side, std::uint64_t frame) override {
    move_players(side, [frame](Playback& playback) { playback.seek(frame); });
  }
  void set_speed(EyeSide side, double factor) override {
    with_players(side, [factor](Playback& playback) { playback.set_speed(factor); });
  }

  void set_stage(EyeSide side, FitStage stage) override {
    eye(side).state.set_stage(stage);
    with_worker(side, [stage](EyeWorker& worker) {
      worker.command([stage](EyeTracker& tracker) { tracker.set_stage(stage); });
      worker.refit();
    });
  }
  void refit(EyeSide side) override {
    with_worker(side, [](EyeWorker& worker) { worker.refit(); });
  }
  void freeze_model(EyeSide side, bool frozen) override {
    eye(side).state.set_frozen(frozen);
    with_worker(side, [frozen](EyeWorker& worker) {
      worker.command([frozen](EyeTracker& tracker) { tracker.set_frozen(frozen); });
    });
  }
  void reset_model(EyeSide side) override {
    with_worker(
        side, [](EyeWorker& worker) { worker.command([](EyeTracker& tracker) { tracker.reset_model(); }); });
  }

  void save_model(EyeSide side, const std::string& path) override {
    post([this, side, path] {
      const EyeModelPtr model = eye(side).state.snapshot().model.model;
      if (model == nullptr) {
        notices_.post(side, {ErrorCode::invalid_option, "there is no eye model to save yet", path,
                             "Look around until the eye model has settled"});
      } else if (const auto saved = save_wearer(path, side, *model); !saved) {
        notices_.post(side, saved.error());
      } else {
        notices_.post(Notice::Severity::info, side, "The eye model was saved as " + path, "");
      }
    });
  }
  void load_model(EyeSide side, const std::string& path) override {
    post([this, side, path] {
      EyeWorker* worker = eye(side).worker.get();
      const auto wearer = load_wearer(path);
      if (!wearer) {
        notices_.post(side, wearer.error());
      } else if (worker == nullptr) {
        notices_.post(
            side, {ErrorCode::invalid_option, "no source is open that the eye model could be used for", path,
                   "Open a source first"});
      } else {
        worker->begin_with(*wearer, path);
      }
    });
  }
  void set_camera_geometry(const std::optional<RigidTransform>& right_cam_from_left_cam) override {
    binocular_.set_geometry(right_cam_from_left_cam);
    streams_.set_camera_geometry(right_cam_from_left_cam);
  }
  BinocularSnapshot binocular() const override { return binocular_.snapshot(); }

  CameraCalibrationControl& camera_calibration() override { return camera_calibration_; }
  CalibrationControl& calibration() override { return calibration_; }
  RecordingControl& recording() override { return recording_; }
  ReplayControl* replay() override { return this; }
  ViewingControl* viewing() override { return &viewing_; }

  // ReplayControl.
  void want_timeline(const TimelineWish& wish) override { replay_.timelines().want(wish); }
  [[nodiscard]] TimelinePtr timeline() const override { return replay_.timelines().latest(); }
  void seek_time(EyeSide side, CaptureTime at) override {
    move_players(side, [at](Playback& playback) { playback.seek_time(at); });
  }
  void set_trim(EyeSide side, const TrimMarks& marks) override {
    post([this, side, marks] {
      replay_.set_trim(side, marks);
      for (const EyeSide one : replay_.together(side)) {
        if (EyeWorker* worker = eye(one).worker.get()) worker->playback().set_trim(replay_.trim(one));
      }
    });
  }
  [[nodiscard]] TrimMarks trim(EyeSide side) const override { return replay_.trim(side); }
  std::optional<StreamHealth> streams() const override { return streams_.health(); }
  int calibrations_asked_for() const override { return streams_.calibrations_asked_for(); }

  std::vector<ScenarioChoice> list_scenarios() override {
    std::vector<ScenarioChoice> choices;
    for (const auto& scenario : simulation::scenarios())
      choices.push_back({std::string(scenario.name), std::string(scenario.summary)});
    for (const auto& scenario : simulation::face_scenarios())
      choices.push_back({std::string(scenario.name), std::string(scenario.summary)});
    return choices;
  }
  void set_simulation(EyeSide side, const SimulationControls& controls) override {
    with_worker(side, [controls](EyeWorker& worker) { worker.set_simulation(controls); });
  }

  EyeSnapshot snapshot(EyeSide side) const override { return eye(side).state.snapshot(); }
  void read_traces(EyeSide side, std::uint64_t from_index, std::vector<TracePoint>& out) const override {
    eye(side).state.read_traces(from_index, out);
  }
  std::vector<Notice> notices(std::uint64_t after_id) const override { return notices_.after(after_id); }

 private:
  struct Eye {
    EyeState state;
    std::unique_ptr<EyeWorker> worker;  ///< session thread only
  };
  Eye& eye(EyeSide side) { return eyes_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const Eye& eye(EyeSide side) const { return eyes_[static_cast<std::size_t>(side)]; }

  // On the session thread.
  EyeTaps taps() {
    EyeTaps taps{{&camera_calibration_, &recording_}, StreamDesk::samples_held(options_.streams)};
    if (options_.streams) taps.taps.push_back(&streams_);
    return taps;
  }
  void start_worker(EyeSide side, const SourceRequest& request) {
    Eye& target = eye(side);
    end_worker(side);
    previews_.make_way(request);
    target.state.opening(request);  // again: the old worker may have written until now
    calibration_.restart(side);
    EyeTrackerOptions options;
    options.fit.stage = target.state.snapshot().model.stage;
    const bool is_frozen = target.state.snapshot().model.is_frozen;
    target.worker = std::make_unique<EyeWorker>(side, request, options, is_frozen, target.state, binocular_,
                                                calibration_, notices_, modes_, open_, taps());
    target.worker->playback().set_trim(replay_.trim(side));
  }
  void end_worker(EyeSide side) {
    if (eye(side).worker != nullptr) {
      eye(side).worker.reset();
      for (EyeTap* tap : taps().taps) tap->source_closed(side, "the source was closed");
    }
    binocular_.restart(side);
  }

  // What previews need, on their threads.
  std::optional<EyeSide> open_as(const SourceRequest& request) const {
    if (request.kind == SourceRequest::Kind::simulated_eye) return std::nullopt;  // as many as are wanted
    for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
      const SourceSnapshot source = eye(side).state.snapshot().source;
      const bool has_it = source.state != PlaybackState::closed && source.state != PlaybackState::failed;
      if (has_it && source.request.kind == request.kind && source.request.location == request.location)
        return side;
    }
    return std::nullopt;
  }
  FramePtr newest_frame(EyeSide side) const {
    const GazeSamplePtr sample = eye(side).state.snapshot().latest;
    return sample != nullptr ? sample->frame : nullptr;
  }

  // What recording needs, on its own thread.
  std::optional<ScreenGeometry> calibrated_screen() const {
    const CalibrationResultPtr result = calibration_.snapshot().result;
    return result != nullptr ? std::optional(result->screen) : std::nullopt;
  }

  // What a viewing needs, on its own thread.
  bool gives_live_frames() const {
    for (const Eye& one : eyes_) {
      const SourceSnapshot source = one.state.snapshot().source;
      if (source.is_live && source.state == PlaybackState::playing) return true;
    }
    return false;
  }

  // What the calibration needs, on its own thread.
  std::optional<CalibrationSetup::Camera> camera(EyeSide side) const override {
    const SourceSnapshot source = eye(side).state.snapshot().source;
    if (source.state == PlaybackState::closed || source.width_px <= 0) return std::nullopt;
    return CalibrationSetup::Camera{source.name, source.width_px, source.height_px};
  }
  std::optional<SourceRequest> simulated_eye(EyeSide side) const override {
    if (!is_simulated(side) || is_webcam()) return std::nullopt;
    return eye(side).state.snapshot().source.request;
  }
  bool is_simulated(EyeSide side) const override { return eye(side).state.is_simulated(); }
  bool is_webcam() const override { return eyes_[0].state.is_webcam() || eyes_[1].state.is_webcam(); }
  FitStage stage(EyeSide side) const override { return eye(side).state.snapshot().model.stage; }
  bool is_frozen(EyeSide side) const override { return eye(side).state.snapshot().model.is_frozen; }
  void open(EyeSide side, const SourceRequest& request) override { open_source(side, request); }
  void freeze(EyeSide side, bool frozen) override { freeze_model(side, frozen); }
  void steer(EyeSide side, const SimulationControls& controls) override { set_simulation(side, controls); }
  void show_to_face(const std::optional<Eigen::Vector2d>& target_in_screen_mm) override {
    with_worker(EyeSide::right,
                [target_in_screen_mm](EyeWorker& worker) { worker.show_to_face(target_in_screen_mm); });
  }

  void post(std::function<void()> command) { commands_.push(std::move(command)); }
  void with_worker(EyeSide side, std::function<void(EyeWorker&)> act) {
    post([this, side, act = std::move(act)] {
      if (EyeWorker* worker = eye(side).worker.get()) act(*worker);
    });
  }

  /// Acts on a source's playback, and on that of the other camera of the same recorded session.
  template <class Act>
  void with_players(EyeSide side, Act act) {
    act_on_players(side, act, [act](Playback& other, const std::optional<CaptureTime>& at) {
      constexpr std::chrono::milliseconds together{50};
      const auto there = other.time();
      if (at && there && std::chrono::abs(*there - *at) > together) other.seek_time(*at);
      act(other);
    });
  }
  /// Moves a source's playback, and the other camera to the same moment.
  template <class Move>
  void move_players(EyeSide side, Move move) {
    act_on_players(side, move, [](Playback& other, const std::optional<CaptureTime>& at) {
      if (at) other.seek_time(*at);
    });
  }
  template <class Act, class ActOnOther>
  void act_on_players(EyeSide side, Act act, ActOnOther act_on_other) {
    post([this, side, act, act_on_other] {
      EyeWorker* worker = eye(side).worker.get();
      if (worker == nullptr) return;
      act(worker->playback());
      const auto at = worker->playback().time();
      for (const EyeSide one : replay_.together(side)) {
        EyeWorker* other = eye(one).worker.get();
        if (one != side && other != nullptr) act_on_other(other->playback(), at);
      }
    });
  }

  const SessionOptions options_;
  const SourceOpener open_;
  const CameraModes modes_;  ///< session thread, capture threads
  NoticeBoard notices_;
  BinocularState binocular_;
  RecordingDesk recording_;
  ReplayDesk replay_{notices_};
  StreamDesk streams_{notices_};
  CalibrationDesk calibration_{*this, notices_, options_.calibration_library, {&recording_, &streams_}};
  CameraCalibrationDesk camera_calibration_;  ///< outlives the workers, which show it their frames
  std::array<Eye, 2> eyes_;
  CameraPreviews previews_{open_,
                           {[this](const SourceRequest& request) { return open_as(request); },
                            [this](EyeSide side) { return newest_frame(side); }}};  ///< session thread
  ViewingDesk viewing_{
      recording_,
      {[this] { return calibrated_screen().has_value(); }, [this] { return gives_live_frames(); },
       [this](const std::optional<ShownPicture>& picture) { calibration_.show_picture(picture); }},
      notices_};
  Channel<std::function<void()>> commands_{command_capacity, Overflow::drop_oldest};
  std::jthread control_thread_;
};

}  // namespace

std::unique_ptr<Session> make_session(const SessionOptions& options) {
  return make_session(options, open_source);
}

std::unique_ptr<Session> make_session(const SessionOptions& options, SourceOpener open) {
  return std::make_unique<LiveSession>(options, std::move(open));
}

}  // namespace yarbus
