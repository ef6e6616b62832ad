#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/recording/session_recorder.h"
#include "app/session/session.h"
#include "app/session/session_events.h"
#include "eyemodel/types/blink.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/gaze_point.h"

namespace yarbus {

/// Options of the tracking that those who read its results must know.
struct TrackedWith {
  FitStage stage = FitStage::refraction;
  bool bright_pupil = false;
  bool refine_contrast = false;
};

/// What a run over one source shall leave as a session.
struct TrackRecordingRequest {
  std::filesystem::path folder;  ///< new or empty
  std::string name;              ///< empty: the source's
  std::string participant;
  std::string notes;
  std::string software_version;
  bool with_video = true;  ///< false: a face is personal
  TrackedWith made_with;   ///< of eye cameras: kept as a setting of each, "<side>_eye"
};

/// One camera of such a run.
struct TrackedCamera {
  SourceSnapshot source;
  CameraIntrinsics intrinsics;
  EyeSide eye = EyeSide::right;
  std::chrono::nanoseconds offset{};  ///< from its own clock to the session's, added to its times
};

/// Records what tracking one source, or an eye camera for each eye, gives: frames, pupils or faces, poses,
/// models, gaze on the screen, and at the end the events. Unlike a live recording it waits for the disk, so
/// nothing is dropped. Threads: one owner.
class TrackRecording {
 public:
  /// The session's cameras in their order. YARBUS_CHECK: one, or two of different eyes. Errors:
  /// SessionRecorder::start()'s.
  static Result<TrackRecording> start(const TrackRecordingRequest& request,
                                      std::span<const TrackedCamera> cameras);

  /// Of two cameras it goes to the one of the frame's eye. Errors: output_unwritable if the disk is full or
  /// refuses; what was recorded until then is kept.
  Result<void> add(const GazeSample& sample, const std::optional<GazePoint>& gaze = std::nullopt);
  /// `blinks`: of each eye camera, in their order; those of a webcam are taken from the frames whose eyes are
  /// shut. Errors: as add().
  Result<RecorderSnapshot> finish(std::initializer_list<std::span<const BlinkEvent>> blinks);

 private:
  struct Camera {
    int number = 0;
    EyeSide eye = EyeSide::right;
    std::chrono::nanoseconds offset{};
    bool is_described = false;
    std::uint64_t model_version = 0;
    SessionEvents events;
  };
  TrackRecording(std::unique_ptr<SessionRecorder> recorder, std::span<const TrackedCamera> cameras);
  Camera& camera_of(const GazeSample& sample);
  void describe(const Camera& camera, CaptureTime at);
  void add_near_eye(Camera& camera, const GazeSample& sample);
  void add_face(Camera& camera, const GazeSample& sample, const std::optional<GazePoint>& gaze);
  Result<void> wait_for_room();

  std::unique_ptr<SessionRecorder> recorder_;
  bool is_face_ = false;
  TrackedWith made_with_;
  std::vector<Camera> cameras_;
};

}  // namespace yarbus
