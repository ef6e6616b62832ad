#pragma once

/// What a recorded session holds, row by row. Frame numbers: `frame` is the camera's own number of the frame
/// within the session, rising strictly; numbers left out are frames that were lost. Every row of a result
/// names the analysis that it belongs to (live_analysis: made while recording) and repeats the frame's
/// capture time, so that it can be read by itself.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <Eigen/Core>

#include "app/recording/session_info.h"
#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/gaze_point.h"
#include "eyemodel/types/iris_pair.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// One frame of a camera. Times: steady clock, ns.
struct FrameRow {
  int camera = 0;
  std::int64_t frame = 0;
  CaptureTime captured_at{};  ///< rising strictly
  /// What the camera's clock said, where it went back and `captured_at` had to be repaired.
  std::optional<CaptureTime> reported_at;
  std::optional<CaptureTime> arrived_at;    ///< in the program
  std::optional<CaptureTime> processed_at;  ///< when its results were ready
  std::int64_t lost_before = 0;             ///< frames lost between the last one and this
  std::optional<std::int64_t> video_pts;    ///< in the video's time base; absent: it has no picture
};

/// Why something is missing.
enum class GapCause : std::uint8_t {
  source,          ///< the camera, its driver or the tracker's own queues
  queue_full,      ///< the disk was slower than the frames for too long
  write_failed,    ///< the disk refused: it is full, or broken
  cut_off,         ///< the program ended without finishing
  clock_set_back,  ///< nothing is missing: capture times were repaired here
};

constexpr std::string_view to_string(GapCause cause) {
  switch (cause) {
    case GapCause::source:
      return "source";
    case GapCause::queue_full:
      return "queue_full";
    case GapCause::write_failed:
      return "write_failed";
    case GapCause::cut_off:
      return "cut_off";
    case GapCause::clock_set_back:
      return "clock_set_back";
  }
  return "unknown";
}

/// A place where something is missing or was repaired.
struct GapRow {
  GapCause cause = GapCause::source;
  std::optional<int> camera;                ///< absent: of no one camera
  std::optional<std::int64_t> first_frame;  ///< where it is known which
  std::optional<std::int64_t> last_frame;
  CaptureTime start{};
  CaptureTime end{};
  std::int64_t frames_lost = 0;    ///< neither row nor picture
  std::int64_t pictures_lost = 0;  ///< the frame has a row, but no picture
  std::int64_t rows_lost = 0;      ///< results (pupils, gaze, ...)
  std::string note;                ///< in words
};

/// The pupil of one near-eye frame. Frames & units: image as captured (distorted), px.
struct PupilRow {
  AnalysisId analysis = live_analysis;
  int camera = 0;
  std::int64_t frame = 0;
  CaptureTime captured_at{};
  std::optional<PupilMissReason> miss;  ///< set: there is no pupil, and the ellipse is empty
  Ellipse ellipse;
  OutlineCovariance covariance_px2 = OutlineCovariance::Zero();
  double confidence = 0.0;            ///< 0..1; of a miss: of the best rejected hypothesis
  std::optional<double> lid_closure;  ///< 0 open .. 1 the lid covers the pupil
  bool in_blink = false;
};

/// What the eye model made of one near-eye frame. Frames & units: cam, mm.
struct PoseRow {
  AnalysisId analysis = live_analysis;
  int camera = 0;
  std::int64_t frame = 0;
  CaptureTime captured_at{};
  std::uint64_t model_version = 0;  ///< of ModelRow
  EyePose pose;
};

/// One eye of a face.
struct FaceEyeRow {
  Ellipse limbus;                                              ///< image as captured, px
  Eigen::Vector3d iris_dir_in_cam = Eigen::Vector3d::UnitZ();  ///< unit, from the camera to the iris
  Eigen::Vector3d eye_center_in_head_mm = Eigen::Vector3d::Zero();
  double limbus_radius_rad = 0.0;
  double openness = 0.0;    ///< 0 closed .. 1 wide open
  double confidence = 0.0;  ///< 0..1
};

/// The face in one webcam frame.
struct FaceRow {
  AnalysisId analysis = live_analysis;
  int camera = 0;
  std::int64_t frame = 0;
  CaptureTime captured_at{};
  std::optional<FaceMissReason> miss;  ///< set: neither eyes nor head
  std::optional<FaceBox> box;          ///< image, px
  std::optional<HeadPose> head;
  std::array<std::optional<FaceEyeRow>, 2> eyes;  ///< by EyeSide
};

/// Where somebody looked. Frames & units: screen, mm.
struct GazeRow {
  AnalysisId analysis = live_analysis;
  CaptureTime captured_at{};
  int camera = 0;                           ///< whose frame it was made for (two eyes: the newer sample's)
  std::int64_t frame = 0;                   ///< that frame
  std::optional<std::int64_t> calibration;  ///< of CalibrationRow
  GazePoint gaze;
  double confidence = 0.0;  ///< 0..1, of what it rests on
};

/// One version of an eye's model. Its supporting pupils are not kept.
struct ModelRow {
  AnalysisId analysis = live_analysis;
  int camera = 0;
  CaptureTime made_at{};
  EyeModel model;  ///< `version` numbers it within the analysis and camera
};

enum class EventKind : std::uint8_t { blink, fixation, saccade, pursuit, other };

constexpr std::string_view to_string(EventKind kind) {
  switch (kind) {
    case EventKind::blink:
      return "blink";
    case EventKind::fixation:
      return "fixation";
    case EventKind::saccade:
      return "saccade";
    case EventKind::pursuit:
      return "pursuit";
    case EventKind::other:
      return "other";
  }
  return "unknown";
}

/// A blink, fixation or saccade. What does not apply to its kind, or is not known, is absent.
struct EventRow {
  AnalysisId analysis = live_analysis;
  EventKind kind = EventKind::blink;
  std::int64_t id = 0;         ///< 0-based within analysis and kind, in order
  std::optional<EyeSide> eye;  ///< absent: of both together
  std::optional<int> camera;
  std::optional<std::int64_t> first_frame;
  std::optional<std::int64_t> last_frame;
  CaptureTime start{};
  CaptureTime end{};
  std::optional<double> confidence;                   ///< 0..1
  std::optional<double> max_closure;                  ///< blink, 0..1
  std::optional<Eigen::Vector2d> start_in_screen_mm;  ///< saccade; of a fixation its mean
  std::optional<Eigen::Vector2d> end_in_screen_mm;    ///< saccade
  std::optional<Eigen::Vector3d> mean_direction;      ///< fixation: unit, in the frame of `details_json`
  std::optional<double> dispersion_deg;               ///< fixation
  std::optional<double> amplitude_deg;                ///< saccade
  std::optional<double> peak_velocity_deg_s;          ///< saccade
  std::string details_json;  ///< anything else that its finder tells, a JSON object; empty: nothing
};

/// Something that a person or another program noted.
struct AnnotationRow {
  std::int64_t id = 0;  ///< given when it is written
  CaptureTime at{};
  std::chrono::nanoseconds duration{};
  std::string label;
  std::string details_json;  ///< a JSON object; empty: nothing
};

/// A calibration of gaze with its raw samples, as text of the calibration file (docs/calibration.md).
struct CalibrationRow {
  std::int64_t id = 0;  ///< given when it is written; GazeRow names it
  CaptureTime made_at{};
  std::string name;
  std::optional<double> accuracy_deg;
  std::string file_json;
};

/// A setting and since when it held.
struct SettingRow {
  std::int64_t id = 0;  ///< given when it is written
  CaptureTime at{};
  std::string name;
  std::string value_json;
};

}  // namespace yarbus
