#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/recording/session_recorder.h"
#include "app/session/event_numbers.h"
#include "app/session/session_events.h"
#include "eyemodel/types/blink.h"
#include "eyemodel/types/gaze_sample.h"

namespace yarbus {

/// Records what tracking one camera gives while it happens: pupils or faces, poses, models as they change,
/// blinks, and at the end fixations and saccades. Threads: one owner. Memory: as SessionEvents; nothing else
/// is allocated a frame.
class LiveRows {
 public:
  LiveRows(SessionRecorder& recorder, EventNumbers& numbers, int camera, EyeSide eye, bool is_face)
      : recorder_(&recorder),
        numbers_(&numbers),
        camera_(camera),
        is_face_(is_face),
        events_(camera, is_face ? std::nullopt : std::optional(eye)),
        eye_(is_face ? std::nullopt : std::optional(eye)) {}

  /// The sample's frame is recorded already.
  void add(const GazeSample& sample);
  /// Of an eye camera, in order; those of a face are taken from the frames whose eyes are shut.
  void add_blink(const BlinkEvent& blink);
  /// Where gaze was on the screen, with the time of the newest sample that it rests on.
  void add_gaze(CaptureTime at, const Eigen::Vector2d& point_in_screen_mm);
  /// Capture time went back. One course of gaze is no more to be had: there will be neither fixations nor
  /// saccades.
  void time_restarted();
  /// The events that only the whole course of gaze tells, for the recording's end. Call it once, after the
  /// last sample. Errors: SessionEvents::find()'s.
  Result<std::vector<EventRow>> finish();

 private:
  void note_shut_eyes(const GazeSample& sample);
  void end_shut_eyes();

  SessionRecorder* recorder_;
  EventNumbers* numbers_;
  int camera_;
  bool is_face_;
  std::uint64_t model_version_ = 0;
  SessionEvents events_;
  std::optional<EyeSide> eye_;
  bool has_course_ = true;
  std::vector<BlinkEvent> blinks_;
  std::optional<BlinkEvent> shut_;  ///< of a face: its eyes are shut since
};

}  // namespace yarbus
