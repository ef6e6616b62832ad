#pragma once

#include <array>
#include <deque>
#include <optional>
#include <span>

#include "app/recording/session_editor.h"
#include "app/session/analyse_session.h"
#include "app/session/event_numbers.h"
#include "app/session/gaze_frames.h"
#include "app/session/session_calibrations.h"
#include "app/session/session_events.h"

namespace yarbus {

/// Writes what one analysis finds, frame by frame, and counts it. Threads: one owner.
class AnalysisRows {
 public:
  AnalysisRows(AnalysisWriter& writer, const SessionCalibrations& calibrations,
               const GazeEventOptions& options, AnalysisOutcome& outcome)
      : writer_(writer), calibrations_(calibrations), options_(options), outcome_(outcome) {}

  /// Of the eye cameras that are looked at together, by EyeSide; unset: that eye has none.
  void begin_eyes(const std::array<std::optional<int>, 2>& cameras);
  Result<void> add_eye(EyeSide eye, const GazeSample& sample);
  /// A frame's final blink label; in order, after its sample.
  Result<void> add_label(EyeSide eye, const std::optional<int>& blink_id);
  /// After the last label.
  Result<void> end_eye(EyeSide eye, std::span<const BlinkEvent> blinks);

  void begin_face(int camera);
  Result<void> add_face(const GazeSample& sample, const ProcedureFrame& frame);
  Result<void> end_face();

 private:
  struct Camera {
    explicit Camera(int number, std::optional<EyeSide> eye) : camera(number), events(number, eye) {}
    int camera;
    SessionEvents events;
    std::uint64_t model_version = 0;
    std::deque<PupilRow> unlabelled;
  };
  /// A frame that was seen: a frame of both eyes has the time of the later one.
  struct Seen {
    CaptureTime at{};
    int camera = 0;
    std::int64_t frame = 0;
  };
  void note_seen(const GazeSample& sample, int camera);
  Result<void> add_gaze(const ProcedureFrame& frame);
  Result<void> write_events(const Camera& camera, std::span<const BlinkEvent> blinks);

  AnalysisWriter& writer_;
  const SessionCalibrations& calibrations_;
  const GazeEventOptions& options_;
  AnalysisOutcome& outcome_;
  EventNumbers numbers_;
  GazeFrames frames_;
  std::deque<Seen> seen_;  ///< the last ones
  std::array<std::optional<Camera>, 2> eyes_;
  std::optional<Camera> face_;
};

}  // namespace yarbus
