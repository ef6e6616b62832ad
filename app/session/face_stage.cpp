#include "app/session/face_stage.h"

#include <chrono>

namespace yarbus {
namespace {

/// Eyes that are shut for longer rest or are not seen.
constexpr std::chrono::milliseconds longest_blink{600};
/// Less is a frame in which the eyes were missed.
constexpr std::chrono::milliseconds shortest_blink{50};

}  // namespace

Result<FaceStage> FaceStage::create(const CameraIntrinsics& intrinsics, const FaceTrackerOptions& options) {
  auto tracker = FaceTracker::create(intrinsics, options);
  if (!tracker) return tracker.error();
  return FaceStage(std::move(*tracker));
}

void FaceStage::process(const FramePtr& frame, GazeSample& sample) {
  const auto start = std::chrono::steady_clock::now();
  sample.frame = frame;
  newest_ = frame;
  const CaptureTime at = frame->captured_at;
  sample.face = tracker_.track(at, frame->gray.view());
  liveness_.push(at, *sample.face);
  const auto* miss = std::get_if<FaceMiss>(&*sample.face);
  was_missed_ = miss != nullptr;
  last_sequence_ = frame->sequence;
  sample.in_blink = miss != nullptr && miss->reason == FaceMissReason::eyes_closed;
  if (sample.in_blink) {
    if (!closed_since_) closed_since_ = at;
  } else if (const auto since = std::exchange(closed_since_, std::nullopt)) {
    if (miss == nullptr && at - *since <= longest_blink && at - *since >= shortest_blink) ++blinks_;
  }
  sample.timings.detect = std::chrono::steady_clock::now() - start;
}

std::optional<FaceSearch> FaceStage::take_due_search() {
  if (is_searching_ || newest_ == nullptr || !tracker_.wants_search()) return std::nullopt;
  is_searching_ = true;
  return FaceSearch{std::exchange(newest_, nullptr)};
}

void FaceStage::found(const FaceSearchOutcome& outcome) {
  is_searching_ = false;
  tracker_.found(outcome.frame->gray.view(), outcome.frame->captured_at, outcome.faces);
}

void FaceStage::restart_time() {
  tracker_.restart_time();
  liveness_.forget();
  closed_since_.reset();
}

}  // namespace yarbus
