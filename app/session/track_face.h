#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "app/session/open_source.h"
#include "app/session/session.h"
#include "app/session/track_file.h"
#include "calibration/procedure/procedure_frame.h"
#include "eyemodel/types/gaze_point.h"
#include "tracker/face/face_tracker.h"

namespace yarbus {

/// What `track --mode webcam` shall do with one source.
struct FaceTrackRequest {
  SourceRequest source;
  FaceTrackerOptions tracker;
  std::string
      calibration_path;  ///< of gaze on the screen, as the wizard keeps it; empty: no gaze on a screen
  std::optional<std::uint64_t> max_frames;
};

/// One frame of a webcam.
struct FaceTrackFrame {
  const GazeSample& sample;
  double time_s = 0.0;            ///< since the first frame
  const ProcedureFrame& frame;    ///< both eyes' rays
  std::optional<GazePoint> gaze;  ///< with a calibration
};

/// Receives the frames on the caller's thread, in order.
class FaceTrackSink {
 public:
  virtual ~FaceTrackSink() = default;
  /// Once, before the first frame.
  virtual Result<void> begin(const SourceSnapshot& source, const CameraIntrinsics& intrinsics) = 0;
  virtual Result<void> on_frame(const FaceTrackFrame& frame) = 0;
};

struct FaceTrackSummary {
  SourceSnapshot source;
  CameraIntrinsics intrinsics;
  std::uint64_t frames = 0;
  std::uint64_t frames_with_irises = 0;
  std::uint64_t frames_with_gaze = 0;                          ///< on the screen
  std::array<std::uint64_t, face_miss_reason_count> misses{};  ///< by FaceMissReason
  int blinks = 0;
  int most_faces = 0;  ///< that one search found
  bool is_lifeless = false;
  std::optional<double> median_distance_mm;  ///< of the head
  std::optional<double> median_iris_radius_px;
  std::optional<double> median_gaze_error_mm;  ///< of a simulated face, with a calibration
  Percentiles detect;
  bool was_interrupted = false;
};

struct FaceTrackEnd {
  FaceTrackSummary summary;
  std::optional<Error> error;
};

/// Follows one face through a source, from its first frame to its last. Faces are searched in the frame at
/// hand, while the frames wait, so that two runs give the same. A stop request ends it after that frame.
/// Errors: the source's, the calibration's, the sink's; invalid_option for a calibration of an eye camera.
FaceTrackEnd track_face(const FaceTrackRequest& request, FaceTrackSink& sink,
                        const std::function<void(const TrackProgress&)>& on_progress,
                        const std::stop_token& stop);

/// The same over a source that is open already; `request.source` then only says what it is called.
FaceTrackEnd track_face(const FaceTrackRequest& request, OpenedSource source, FaceTrackSink& sink,
                        const std::function<void(const TrackProgress&)>& on_progress,
                        const std::stop_token& stop);

}  // namespace yarbus
