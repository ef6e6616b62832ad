#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/session/eye_tracker.h"
#include "app/session/open_source.h"
#include "app/session/session.h"
#include "app/session/wearer_file.h"

namespace yarbus {

/// What `track` shall do with one source.
struct TrackRequest {
  SourceRequest source;
  EyeSide eye = EyeSide::right;
  EyeTrackerOptions tracker;
  std::optional<Wearer> wearer;  ///< what the model of stage `refraction` starts from, in both passes
  bool two_pass = false;         ///< fit on the whole file first, then report every frame with that model
  std::optional<std::uint64_t> max_frames;
  /// Of two passes the first reads only every n-th frame, as many as leave them no further apart than this,
  /// of short recordings nearer; unset: all. For sources that seek at the cost of a step, and whose rate is known.
  std::optional<double> first_pass_interval_s;
};

/// Receives the results of the reporting pass, on the caller's thread, in order of frames.
class TrackSink {
 public:
  virtual ~TrackSink() = default;
  /// Once, before the first sample.
  virtual Result<void> begin(const SourceSnapshot& source, const CameraIntrinsics& intrinsics) = 0;
  /// Each frame; `time_s` since the first frame.
  virtual Result<void> on_sample(const GazeSample& sample, double time_s) = 0;
  /// Each frame's final blink label, in order, some frames after its sample.
  virtual Result<void> on_label(const LabelledFrame& label) = 0;
};

struct TrackProgress {
  int pass = 1;
  int passes = 1;
  std::uint64_t frames_done = 0;
  std::optional<std::uint64_t> frames_total;
};

struct TrackSummary {
  SourceSnapshot source;
  CameraIntrinsics intrinsics;
  std::uint64_t frames = 0;
  std::uint64_t frames_with_pupil = 0;
  std::uint64_t frames_with_gaze = 0;
  std::array<std::uint64_t, pupil_miss_reason_count> misses{};  ///< by PupilMissReason
  std::vector<BlinkEvent> blinks;
  EyeModelPtr model;
  std::string
      wearer_caveat;  ///< why the request's wearer was not used in full; empty: it was, or none was given
  std::string focal_length_doubt;  ///< why an assumed focal length cannot be right; empty: nothing says so
  FitReport last_report;
  std::optional<double> median_reprojection_error_px;
  /// Of a simulated eye: Hausdorff distances between the found and the true outlines, over the frames whose
  /// pupil is at least half visible.
  std::optional<double> median_outline_error_px;
  std::optional<double> p95_outline_error_px;
  Percentiles detect;
  Percentiles predict;
  bool was_interrupted = false;
};

/// The summary of what was done, and the error that ended it early, if one did.
struct TrackEnd {
  TrackSummary summary;
  std::optional<Error> error;
};

/// Tracks a source from its first frame to its last. Files never drop a frame, fits run at fixed frame counts
/// while the frames wait, so that two runs give the same samples. A stop request ends it after the frame at
/// hand.
TrackEnd track_file(const TrackRequest& request, TrackSink& sink,
                    const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop);

/// The same over a source that is open already; `request.source` then only says what it is called.
TrackEnd track_file(const TrackRequest& request, OpenedSource source, TrackSink& sink,
                    const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop);

}  // namespace yarbus
