#include "app/recording/camera_clock.h"

#include <algorithm>
#include <cstdio>

namespace yarbus {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_slip = 100ms;
constexpr auto after_a_slip = 1us;
constexpr double assumed_rate_hz = 30.0;

std::string in_seconds(std::chrono::nanoseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f s", std::chrono::duration<double>(time).count());
  return text.data();
}

}  // namespace

CameraClock::CameraClock(double nominal_rate_hz)
    : interval_(static_cast<std::int64_t>(1e9 / (nominal_rate_hz > 0.0 ? nominal_rate_hz : assumed_rate_hz))) {}

CameraClock::Settled CameraClock::settle(std::int64_t sequence, CaptureTime reported_at) {
  Settled settled;
  if (last_frame_ && sequence + shift_ <= *last_frame_) {
    settled.note = "the source counts anew from " + std::to_string(sequence) + "; its frames are numbered on";
    shift_ = *last_frame_ + 1 - sequence;
  }
  settled.frame = sequence + shift_;
  settled.lost_before = last_frame_ ? settled.frame - *last_frame_ - 1 : 0;
  settled.captured_at = reported_at + offset_;
  if (last_frame_ && settled.captured_at <= last_time_) {
    const auto back = last_time_ - settled.captured_at;
    if (back < longest_slip) {
      settled.captured_at = last_time_ + after_a_slip;
    } else {
      settled.captured_at = last_time_ + interval_;
      offset_ = settled.captured_at - reported_at;
      settled.note += (settled.note.empty() ? "" : "; ");
      settled.note += "the camera's clock went back by " + in_seconds(back) + "; its times go on without a break";
    }
  }
  if (settled.captured_at != reported_at) settled.reported_at = reported_at;
  last_frame_ = settled.frame;
  last_time_ = settled.captured_at;
  recent_[recent_count_++ % recent_frames] = {sequence, {settled.frame, settled.captured_at}};
  return settled;
}

CameraClock::Place CameraClock::find(std::int64_t sequence, CaptureTime reported_at) const {
  const std::size_t kept = std::min(recent_count_, recent_frames);
  for (std::size_t age = 1; age <= kept; ++age) {
    const Recent& recent = recent_[(recent_count_ - age) % recent_frames];
    if (recent.sequence == sequence) return recent.place;
  }
  return {sequence + shift_, reported_at + offset_};
}

}  // namespace yarbus
