#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "eyemodel/types/gaze_sample.h"
#include "tracker/face/face_tracker.h"
#include "tracker/face/liveness.h"

namespace yarbus {

/// A frame in which faces are to be looked for.
struct FaceSearch {
  FramePtr frame;
};

/// What a search found.
struct FaceSearchOutcome {
  FramePtr frame;
  std::vector<FaceBox> faces;
};

/// What a webcam's frame goes through, from image to both irises: tracking, blinks, and whether the face
/// lives. Threads: one owner. Searches for faces are done elsewhere.
class FaceStage {
 public:
  /// Errors: FaceTracker::create()'s.
  static Result<FaceStage> create(const CameraIntrinsics& intrinsics, const FaceTrackerOptions& options = {});

  /// Fills everything of `sample` but `timings.total`.
  void process(const FramePtr& frame, GazeSample& sample);
  /// The search that is due, once; the next one only after its outcome came.
  std::optional<FaceSearch> take_due_search();
  void found(const FaceSearchOutcome& outcome);
  /// That frame is the last one that was processed, and it showed no face before the search.
  [[nodiscard]] bool may_look_again(const Frame& frame) const {
    return was_missed_ && last_sequence_ == frame.sequence;
  }
  void choose(const Eigen::Vector2d& place_px) { tracker_.choose(place_px); }
  /// After a seek: time may go back.
  void restart_time();

  [[nodiscard]] int blink_count() const { return blinks_; }
  [[nodiscard]] int faces_seen() const { return tracker_.faces_seen(); }
  [[nodiscard]] bool is_lifeless() const { return liveness_.is_lifeless(); }
  [[nodiscard]] const CameraIntrinsics& intrinsics() const { return tracker_.intrinsics(); }

 private:
  explicit FaceStage(FaceTracker tracker) : tracker_(std::move(tracker)) {}

  FaceTracker tracker_;
  Liveness liveness_;
  FramePtr newest_;  ///< for the next search
  bool is_searching_ = false;
  bool was_missed_ = false;
  std::uint64_t last_sequence_ = 0;
  std::optional<CaptureTime> closed_since_;
  int blinks_ = 0;
};

}  // namespace yarbus
