#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "app/recording/session_recorder.h"
#include "app/session/session.h"
#include "app/session/session_events.h"
#include "eyemodel/types/blink.h"
#include "eyemodel/types/gaze_point.h"

namespace yarbus {

/// What a run over one source shall leave as a session.
struct TrackRecordingRequest {
  std::filesystem::path folder;  ///< new or empty
  std::string name;              ///< empty: the source's
  std::string participant;
  std::string notes;
  std::string software_version;
  bool with_video = true;  ///< false: a face is personal
};

/// Records what tracking one source gives: its frames, pupils or faces, poses, models, gaze on the screen,
/// and at the end the events. Unlike a live recording it waits for the disk, so nothing is dropped. Threads:
/// one owner.
class TrackRecording {
 public:
  /// Errors: SessionRecorder::start()'s.
  static Result<TrackRecording> start(const TrackRecordingRequest& request, const SourceSnapshot& source,
                                      const CameraIntrinsics& intrinsics, EyeSide eye);

  /// Errors: output_unwritable if the disk is full or refuses; what was recorded until then is kept.
  Result<void> add(const GazeSample& sample, const std::optional<GazePoint>& gaze = std::nullopt);
  /// `blinks`: of an eye camera; those of a webcam are taken from the frames whose eyes are shut. Errors: as
  /// add().
  Result<RecorderSnapshot> finish(std::span<const BlinkEvent> blinks);

 private:
  TrackRecording(std::unique_ptr<SessionRecorder> recorder, bool is_face, EyeSide eye);
  void add_near_eye(const GazeSample& sample);
  void add_face(const GazeSample& sample, const std::optional<GazePoint>& gaze);
  Result<void> wait_for_room();

  std::unique_ptr<SessionRecorder> recorder_;
  bool is_face_ = false;
  std::uint64_t model_version_ = 0;
  SessionEvents events_;
};

}  // namespace yarbus
