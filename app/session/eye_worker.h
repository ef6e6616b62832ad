#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/session/binocular_state.h"
#include "app/session/calibration_desk.h"
#include "app/session/camera_modes.h"
#include "app/session/channel.h"
#include "app/session/eye_state.h"
#include "app/session/eye_tap.h"
#include "app/session/eye_tracker.h"
#include "app/session/face_stage.h"
#include "app/session/notice_board.h"
#include "app/session/open_source.h"
#include "app/session/playback.h"
#include "app/session/process_inbox.h"
#include "app/session/recognise_mode.h"
#include "app/session/session_with_opener.h"
#include "app/session/simulated_face_source.h"
#include "app/session/simulated_source.h"
#include "app/session/wearer_file.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// Who else sees what a source gives; they outlive the worker.
struct EyeTaps {
  std::vector<EyeTap*> taps;
  std::size_t samples_held = 0;  ///< by all of them together, at most, with their frames
};

/// One opened source with its threads: capture (opens and reads it), process (owns the EyeTracker, or of a
/// webcam the FaceStage), fit or search.
///
///   capture --frames--> process --FitJob--> fit --FitOutcome--> process
///                        | | `--FaceSearch--> search --FaceSearchOutcome--> process
///                        | `--> EyeState (snapshots, traces), BinocularState (pairs with the other eye)
///                        |--> CalibrationDesk
///                        `--> EyeTaps (recording, streams); capture shows them its frames, too
///
/// Stops and joins on destruction: source first, then the queues in the order of flow.
class EyeWorker {
 public:
  EyeWorker(EyeSide eye, const SourceRequest& request, const EyeTrackerOptions& options, bool is_frozen,
            EyeState& state, BinocularState& binocular, CalibrationDesk& calibration, NoticeBoard& notices,
            const CameraModes& modes, SourceOpener open, EyeTaps taps = {});
  ~EyeWorker();
  EyeWorker(const EyeWorker&) = delete;
  EyeWorker& operator=(const EyeWorker&) = delete;

  [[nodiscard]] Playback& playback() { return playback_; }
  /// Runs on the process thread; dropped if the source never opened.
  void command(TrackerCommand command) { inbox_.push_message(std::move(command)); }
  /// Likewise, of a webcam.
  void command(FaceCommand command) { inbox_.push_message(std::move(command)); }
  void refit();
  /// The eye model anew, from what is known of the wearer; a notice says how far that can be used.
  void begin_with(const Wearer& wearer, const std::string& path);
  /// What a simulated face looks at, mm; ignored by other sources.
  void show_to_face(const std::optional<Eigen::Vector2d>& target_in_screen_mm) {
    face_target_.post(target_in_screen_mm);
  }
  /// From a simulated eye's next frame on; ignored by other sources.
  void set_simulation(const SimulationControls& controls);

 private:
  void capture(const std::stop_token& stop);
  void tell_opening(const OpenedSource& opened, const RecognisedMode& mode);
  [[nodiscard]] RecognisedMode decide_mode(const OpenedSource& opened, const std::stop_token& stop) const;
  void read_frames(FrameSource& source, const std::stop_token& stop);
  void process();
  void handle(const FrameArrival& arrival);
  void publish_face(const FrameArrival& arrival, const GazeSamplePtr& sample);
  void tell_taps(const MadeSample& made);
  void handle(const FitOutcome& outcome);
  void handle(const FaceSearchOutcome& outcome);
  void search();
  void start_fit(FitJob job);
  void fit(const std::stop_token& stop);
  void publish_playback(const SourceInfo& info, const PlaybackMode& mode);
  /// Once, when a model shows that the assumed one is wrong.
  void warn_of_focal_length();
  void fail(const Error& error);

  EyeSide eye_;
  SourceRequest request_;
  EyeTrackerOptions options_;
  bool start_frozen_;
  EyeState& state_;
  BinocularState& binocular_;
  CalibrationDesk& calibration_;
  NoticeBoard& notices_;
  const CameraModes& modes_;
  const SourceOpener open_;
  const EyeTaps taps_;

  Playback playback_;
  SimulationMailbox simulation_;
  FaceMailbox face_target_;
  ProcessInbox inbox_;
  Channel<FitJob> fit_jobs_{1, Overflow::drop_oldest};
  Channel<FaceSearch> searches_{1, Overflow::drop_oldest};
  ObjectPool<GazeSample> samples_;
  // One of the two, made by the capture thread before the process thread starts, then owned by it.
  std::optional<EyeTracker> tracker_;
  std::optional<FaceStage> face_;
  bool is_live_ = false;                     ///< likewise
  bool has_told_of_faces_ = false;           ///< process thread
  bool has_warned_of_lifeless_ = false;      ///< process thread
  bool is_fitting_ = false;                  ///< process thread
  bool has_warned_of_focal_length_ = false;  ///< process thread
  bool is_refit_wanted_ = false;             ///< process thread: asked for while a fit was running
  std::vector<LabelledFrame> settled_;       ///< process thread

  std::jthread fit_thread_;
  std::jthread search_thread_;
  std::jthread process_thread_;
  std::jthread capture_thread_;
};

}  // namespace yarbus
