#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "app/recording/session_recorder.h"
#include "app/session/sample_rows.h"
#include "app/session/session.h"
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
  TrackRecording(std::unique_ptr<SessionRecorder> recorder, EyeSide eye, bool is_face);
  Result<void> wait_for_room();

  std::unique_ptr<SessionRecorder> recorder_;
  std::unique_ptr<EventNumbers> numbers_;
  SampleRows rows_;
};

}  // namespace yarbus
