#pragma once

#include <optional>
#include <span>
#include <vector>

#include "app/recording/session_rows.h"
#include "calibration/procedure/procedure_frame.h"
#include "eyemodel/types/blink.h"
#include "eyemodel/types/gaze_sample.h"
#include "tracker/events/gaze_series.h"

namespace yarbus {

/// Whether a face's eyes were shut for as long as a blink lasts: shorter is a frame that was missed, longer
/// is rest.
bool is_blink_of_face(const BlinkEvent& shut);
/// `eye` unset: both.
EventRow blink_row_of(const BlinkEvent& blink, int camera, std::optional<EyeSide> eye);

/// Collects the samples of one camera and makes the events of the whole at the end: blinks, fixations and
/// saccades. Of an eye camera they are of the optical axis in cam, of a webcam of both eyes' mean.
/// A sample whose time is not later than the last one's is left out. Threads: one owner. Memory: about 50
/// bytes a frame, taken in blocks of thousands of frames; find() needs as much again.
class SessionEvents {
 public:
  /// `eye` unset: a webcam, which sees both.
  SessionEvents(int camera, std::optional<EyeSide> eye) : camera_(camera), eye_(eye) {}

  /// Of an eye camera.
  void add(const GazeSample& sample);
  /// Of a webcam, with what face_frame_of() makes of it.
  void add_face(const GazeSample& sample, const ProcedureFrame& frame);
  /// Where that gaze was on the screen; by rising time. Fixations and saccades then say so, too.
  void add_gaze(CaptureTime at, const Eigen::Vector2d& point_in_screen_mm);

  /// `blinks`: of an eye camera; those of a webcam are taken from the frames whose eyes are shut. Nothing
  /// without a sample. Errors: those of find_gaze_events().
  [[nodiscard]] Result<std::vector<EventRow>> find(std::span<const BlinkEvent> blinks) const;

 private:
  struct Seen {
    GazeDirectionSample gaze;
    std::uint64_t sequence = 0;
  };
  /// The course as the search for events takes it.
  struct Series {
    std::vector<GazeDirectionSample> gaze;
    std::vector<std::uint64_t> sequences;
    [[nodiscard]] std::optional<std::int64_t> frame_at(CaptureTime at) const;
  };
  struct ScreenPoint {
    CaptureTime at{};
    Eigen::Vector2d point_mm;
  };
  void note_shut_eyes(const GazeSample& sample);
  void add_direction(const GazeSample& sample, const Eigen::Vector3d& direction, bool is_valid);
  [[nodiscard]] std::vector<BlinkEvent> blinks_of_face() const;
  [[nodiscard]] EventRow row(EventKind kind, std::size_t id, CaptureTime start, CaptureTime end,
                             const Series& series) const;
  [[nodiscard]] std::optional<Eigen::Vector2d> mean_gaze(CaptureTime from, CaptureTime to) const;

  int camera_;
  std::optional<EyeSide> eye_;
  std::vector<std::vector<Seen>> course_;  ///< in blocks, so that it grows without being moved
  std::vector<ScreenPoint> gaze_;
  std::vector<BlinkEvent> shut_;  ///< of a face
  bool is_shut_ = false;
};

}  // namespace yarbus
