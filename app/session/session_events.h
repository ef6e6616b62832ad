#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/recording/session_rows.h"
#include "calibration/procedure/procedure_frame.h"
#include "eyemodel/types/blink.h"
#include "eyemodel/types/gaze_sample.h"
#include "tracker/events/gaze_events.h"
#include "tracker/events/gaze_series.h"

namespace yarbus {

/// Whether a face's eyes were shut for as long as a blink lasts: shorter is a frame that was missed, longer
/// is rest.
bool is_blink_of_face(const BlinkEvent& shut);
/// `eye` unset: both.
EventRow blink_row_of(const BlinkEvent& blink, int camera, std::optional<EyeSide> eye);

/// The events of one camera.
struct FoundEvents {
  std::vector<EventRow> rows;
  std::string saccade_miss;  ///< why no saccade could be told, in words; empty: they could
};

/// Collects the samples of one camera and makes the events of the whole at the end: blinks, fixations and
/// saccades. Of an eye camera they are of the optical axis in cam, of a webcam of both eyes' mean.
/// Every event says how sure the frames are that it rests on, every fixation how far its gaze strayed
/// (docs/events.md). A sample whose time is not later than the last one's is left out. Threads: one owner.
/// Memory: 56 bytes a frame, taken in blocks of thousands of frames, and 24 bytes a gaze on the screen, taken
/// in blocks of some; find() needs as much again.
class SessionEvents {
 public:
  /// `eye` unset: a webcam, which sees both.
  SessionEvents(int camera, std::optional<EyeSide> eye) : camera_(camera), eye_(eye) {}

  /// Of an eye camera.
  void add(const GazeSample& sample);
  /// Of a webcam, with what face_frame_of() makes of it.
  void add_face(const GazeSample& sample, const ProcedureFrame& frame);
  /// Where gaze was on the screen; by rising time, others are left out. Fixations and saccades then say so,
  /// too.
  void add_gaze(CaptureTime at, const Eigen::Vector2d& point_in_screen_mm);

  /// How far the confidence fell when the lid closed: its mean over the 0.1 s before less that over the
  /// closure, 0..1. Absent without a frame in either. The frames up to the blink's end must have been added.
  [[nodiscard]] std::optional<double> blink_confidence(const BlinkEvent& blink) const;

  /// `blinks`: of an eye camera; those of a webcam are taken from the frames whose eyes are shut. Nothing
  /// without a sample. Errors: those of find_gaze_events().
  [[nodiscard]] Result<FoundEvents> find(std::span<const BlinkEvent> blinks,
                                         const GazeEventOptions& options = {}) const;

 private:
  struct Seen {
    GazeDirectionSample gaze;
    std::uint64_t sequence = 0;
    float confidence = 0.0F;  ///< 0..1: of the pupil, or of the face's eyes
    float openness = 0.0F;    ///< 0..1: EyeOpening::openness(); of a face its confidence
  };
  /// The course as the search for events takes it.
  struct Series {
    std::vector<GazeDirectionSample> gaze;
    std::vector<std::uint64_t> sequences;
    std::vector<float> confidences;
    [[nodiscard]] std::size_t index_at(CaptureTime at) const;
    [[nodiscard]] std::optional<std::int64_t> frame_at(CaptureTime at) const;
    /// Mean of the samples of that label; absent without one.
    [[nodiscard]] std::optional<double> confidence(const GazeEvents& events, GazeLabel label,
                                                   CaptureTime from, CaptureTime to) const;
    /// Of the samples that the fixation rests on.
    [[nodiscard]] double extent_deg(const GazeEvents& events, const FixationEvent& fixation) const;
  };
  struct ScreenPoint {
    CaptureTime at{};
    Eigen::Vector2d point_mm;
  };
  void note_shut_eyes(const GazeSample& sample);
  void add_seen(const GazeSample& sample, const Eigen::Vector3d& direction, bool is_valid, double confidence,
                double openness);
  [[nodiscard]] Series series() const;
  [[nodiscard]] std::optional<double> mean_openness(CaptureTime from, CaptureTime to) const;
  [[nodiscard]] EventRow blink_row(const BlinkEvent& blink) const;
  [[nodiscard]] EventRow fixation_row(const FixationEvent& found, const GazeEvents& events,
                                      const Series& series) const;
  [[nodiscard]] EventRow saccade_row(const Saccade& found, const GazeEvents& events, const Series& series,
                                     double settle_s) const;
  [[nodiscard]] std::vector<BlinkEvent> blinks_of_face() const;
  [[nodiscard]] EventRow row(EventKind kind, CaptureTime start, CaptureTime end, const Series& series) const;
  [[nodiscard]] std::optional<Eigen::Vector2d> mean_gaze(CaptureTime from, CaptureTime to) const;

  int camera_;
  std::optional<EyeSide> eye_;
  std::vector<std::vector<Seen>> course_;  ///< in blocks, so that it grows without being moved
  std::deque<ScreenPoint> gaze_;           ///< likewise
  std::vector<BlinkEvent> shut_;           ///< of a face
  bool is_shut_ = false;
};

}  // namespace yarbus
