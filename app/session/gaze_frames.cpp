#include "app/session/gaze_frames.h"

#include <algorithm>
#include <chrono>

namespace yarbus {
namespace {

constexpr std::chrono::nanoseconds waited_for{250'000'000};
constexpr std::chrono::nanoseconds assumed_interval{33'333'333};

}  // namespace

void GazeFrames::take(ProcedureFrame& frame, EyeSide eye) {
  auto& waiting = waiting_[index_of(eye)];
  if (!waiting) return;
  frame.rays.eyes[index_of(eye)] = waiting->ray;
  frame.status[index_of(eye)] = waiting->status;
  waiting.reset();
}

void GazeFrames::emit(CaptureTime at) {
  ProcedureFrame frame;
  frame.rays.captured_at = at;
  for (const EyeSide eye : eye_sides) take(frame, eye);
  // A source that is open is tracked, also in a frame that it has no part in.
  for (const EyeSide eye : eye_sides) {
    if (frame.status[index_of(eye)].is_tracked) continue;
    const auto seen = intervals_[index_of(eye)].last();
    frame.status[index_of(eye)].is_tracked = seen && at - *seen < waited_for;
  }
  if (last_ && at <= *last_) return;
  last_ = at;
  frames_[count_++] = frame;
}

std::span<const ProcedureFrame> GazeFrames::push(EyeSide eye, const EyeGlance& glance) {
  count_ = 0;
  const CaptureTime at = glance.at;
  const EyeSide other = other_eye(eye);
  FrameInterval& own = intervals_[index_of(eye)];
  FrameInterval& others = intervals_[index_of(other)];
  if (own.last() && at < *own.last()) restart(eye);
  const auto own_interval = own.median().value_or(assumed_interval);
  const auto others_interval = others.median().value_or(assumed_interval);
  if (const auto& waiting = waiting_[index_of(eye)]) {
    const bool is_other_slower = 2 * others_interval > 3 * own_interval;
    if (is_other_slower && others.last() && at - *others.last() < 2 * others_interval) {
      waiting_[index_of(eye)].reset();
    } else {
      emit(waiting->at);
    }
  }
  own.add(at);
  waiting_[index_of(eye)] = glance;

  const auto slower = std::max(own_interval, others_interval);
  if (auto& partner = waiting_[index_of(other)]) {
    if (std::chrono::abs(at - partner->at) <= slower / 2) {
      emit(std::max(at, partner->at));
    } else if (partner->at < at) {
      const CaptureTime of_partner = partner->at;
      std::optional<EyeGlance> kept;
      std::swap(kept, waiting_[index_of(eye)]);
      emit(of_partner);
      std::swap(kept, waiting_[index_of(eye)]);
    }
  }
  const bool is_other_there = others.last() && at - *others.last() < waited_for;
  if (waiting_[index_of(eye)] && !is_other_there) emit(at);
  return {frames_.data(), count_};
}

void GazeFrames::restart(EyeSide eye) {
  waiting_[index_of(eye)].reset();
  intervals_[index_of(eye)].restart();
  last_.reset();
}

}  // namespace yarbus
