#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "app/recording/session_recorder.h"
#include "app/session/session.h"
#include "eyemodel/types/blink.h"
#include "eyemodel/types/gaze_sample.h"
#include "tracker/events/gaze_series.h"

namespace yarbus {

/// Numbers the events of a session, each kind from 0. Threads: any.
class EventNumbers {
 public:
  std::int64_t next(EventKind kind) { return next_[static_cast<std::size_t>(kind)]++; }

 private:
  std::array<std::atomic<std::int64_t>, static_cast<std::size_t>(EventKind::other) + 1> next_{};
};

/// Makes a session's rows of what tracking one camera gives: pupils or faces, poses, models as they change,
/// blinks, and at the end fixations and saccades. Threads: one owner. Memory: 48 bytes a sample, for the end;
/// nothing else is allocated a frame.
class SampleRows {
 public:
  SampleRows(SessionRecorder& recorder, EventNumbers& numbers, int camera, EyeSide eye, bool is_face)
      : recorder_(&recorder), numbers_(&numbers), camera_(camera), eye_(eye), is_face_(is_face) {}

  /// The sample's frame is recorded already.
  void add(const GazeSample& sample);
  /// Of an eye camera, in order; those of a face are taken from the frames whose eyes are shut.
  void add_blink(const BlinkEvent& blink);
  /// Capture time went back. One course of gaze is no more to be had: there will be neither fixations nor
  /// saccades.
  void time_restarted();
  /// The events that only the whole course of gaze tells. Call it once, after the last sample. Errors:
  /// find_gaze_events()'s.
  Result<void> finish();

 private:
  struct Seen {
    GazeDirectionSample gaze;  ///< of the optical axis in cam, or of both eyes' mean
    std::uint64_t sequence = 0;
  };
  template <class Row>
  [[nodiscard]] Row row_of(const GazeSample& sample) const;
  [[nodiscard]] EventRow event_row(EventKind kind, CaptureTime start, CaptureTime end);
  void add_near_eye(const GazeSample& sample);
  void add_face(const GazeSample& sample);
  void note_shut_eyes(const GazeSample& sample);
  void end_shut_eyes();
  void keep(const GazeSample& sample, const Eigen::Vector3d& direction, bool is_valid);

  SessionRecorder* recorder_;
  EventNumbers* numbers_;
  int camera_;
  EyeSide eye_;
  bool is_face_;
  std::uint64_t model_version_ = 0;
  std::vector<std::vector<Seen>> course_;  ///< in blocks, so that it grows without being moved
  bool has_course_ = true;
  std::vector<BlinkEvent> blinks_;
  std::optional<BlinkEvent> shut_;  ///< of a face: its eyes are shut since
};

/// Gaze on the screen of one frame as a row.
GazeRow gaze_row(int camera, std::uint64_t sequence, CaptureTime captured_at, const GazePoint& gaze,
                 double confidence);

/// A source as a session's camera.
SessionCamera session_camera(int camera, const SourceSnapshot& source, const CameraIntrinsics& intrinsics,
                             EyeSide eye);

}  // namespace yarbus
