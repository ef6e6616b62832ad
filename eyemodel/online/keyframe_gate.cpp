#include "eyemodel/online/keyframe_gate.h"

#include <chrono>

namespace yarbus {
namespace {

constexpr double least_confidence = 0.7;
/// Shares of the pupil's semi-major axis.
constexpr double moved_share = 0.06;
constexpr double fast_share_per_s = 4.0;  ///< some 50 degrees a second
constexpr double longest_wait_s = 0.15;
/// Frames further apart tell nothing about the speed between them.
constexpr double longest_step_s = 0.1;

double seconds(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

bool KeyframeGate::take(const PupilObservation& observation, CaptureTime captured_at) {
  if (!observation.ellipse.is_valid() || !(observation.confidence >= least_confidence)) {
    before_.reset();
    return false;
  }
  const Seen now{observation.ellipse.center_px, captured_at};
  const double size_px = observation.ellipse.semi_major_px;
  bool is_fast = false;
  if (before_) {
    const double step_s = seconds(captured_at - before_->at);
    is_fast = step_s > 0.0 && step_s < longest_step_s &&
              (now.center_px - before_->center_px).norm() > fast_share_per_s * step_s * size_px;
  }
  before_ = now;
  if (is_fast) return false;
  const bool is_due = !taken_ || captured_at < taken_->at ||
                      seconds(captured_at - taken_->at) >= longest_wait_s ||
                      (now.center_px - taken_->center_px).norm() > moved_share * size_px;
  if (is_due) taken_ = now;
  return is_due;
}

void KeyframeGate::restart() {
  taken_.reset();
  before_.reset();
}

}  // namespace yarbus
