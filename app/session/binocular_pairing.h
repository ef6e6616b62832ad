#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "eyemodel/geometry/vergence.h"
#include "eyemodel/types/binocular_sample.h"

namespace yarbus {

/// How the samples of two eyes are brought together.
struct PairingOptions {
  /// Samples further apart in capture time are no pair. Unset: half the slower eye's frame interval.
  std::optional<std::chrono::nanoseconds> tolerance;
  /// Until two samples of an eye have told its interval.
  std::chrono::nanoseconds assumed_interval{33'333'333};
  /// Where the left eye's camera is; identity if one camera sees both eyes. Unset: no vergence.
  std::optional<RigidTransform> right_cam_from_left_cam;
  VergenceOptions vergence;
};

/// The usual time between an eye's frames: the median of the last ones, which a gap does not move.
/// Fixed memory.
class FrameInterval {
 public:
  void add(CaptureTime time);
  void restart() { *this = FrameInterval{}; }
  /// nullopt before the second frame.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> median() const;
  [[nodiscard]] std::optional<CaptureTime> last() const { return last_; }

 private:
  static constexpr std::size_t kept = 9;
  std::array<std::chrono::nanoseconds, kept> intervals_{};
  std::size_t count_ = 0;
  std::optional<CaptureTime> last_;
};

/// Pairs the samples of two live eyes by capture time, and no eye ever waits for the other: each sample is
/// answered at once, with the nearest sample of the other eye that is already there, if one is within the
/// tolerance. (The other eye's own answer, when it comes, has this sample as partner.) Partners too old for
/// any sample to come are let go. An eye may stop for any time; one whose time goes back (a seek) starts
/// anew. Threads: one owner. Memory: at most `kept` samples an eye, no heap.
class BinocularPairing {
 public:
  explicit BinocularPairing(const PairingOptions& options) : options_(options) {}

  /// `time`: the sample's capture time in the clock that both eyes share.
  BinocularSample push(EyeSide eye, const GazeSamplePtr& sample, CaptureTime time);
  /// Forgets an eye: its source was closed or wound back.
  void restart(EyeSide eye);
  void set_geometry(const std::optional<RigidTransform>& right_cam_from_left_cam) {
    options_.right_cam_from_left_cam = right_cam_from_left_cam;
  }
  [[nodiscard]] std::chrono::nanoseconds tolerance() const;

  static constexpr std::size_t kept = 4;

 private:
  struct Timed {
    CaptureTime time{};
    GazeSamplePtr sample;
  };
  struct Eye {
    std::array<Timed, kept> recent{};  ///< those with a sample; in no order
    FrameInterval interval;
  };
  Eye& eye(EyeSide side) { return eyes_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const Eye& eye(EyeSide side) const { return eyes_[static_cast<std::size_t>(side)]; }

  PairingOptions options_;
  std::array<Eye, 2> eyes_;
};

/// Pairs the samples of two files: both merged by capture time (the right eye first where times are equal),
/// each with the other eye's nearest sample within the tolerance, before or after it. What comes out depends
/// on the samples alone. Use: while `wants(eye)`, push that eye's next sample or end it; then take `next()`.
/// Threads: one owner. Memory: two samples an eye, no heap.
class MergedPairing {
 public:
  explicit MergedPairing(const PairingOptions& options) : options_(options) {}

  [[nodiscard]] bool wants(EyeSide eye) const;
  /// Capture times of an eye must rise (YARBUS_CHECK).
  void push(EyeSide eye, const GazeSamplePtr& sample, CaptureTime time);
  void end(EyeSide eye) { this->eye(eye).has_ended = true; }
  /// The earliest sample not yet given; nullopt once both eyes have ended. YARBUS_CHECK: neither is wanted.
  std::optional<BinocularSample> next();

 private:
  struct Timed {
    CaptureTime time{};
    GazeSamplePtr sample;
  };
  struct Eye {
    Timed previous;
    Timed head;
    FrameInterval interval;
    bool has_ended = false;
  };
  Eye& eye(EyeSide side) { return eyes_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const Eye& eye(EyeSide side) const { return eyes_[static_cast<std::size_t>(side)]; }

  PairingOptions options_;
  std::array<Eye, 2> eyes_;
};

constexpr EyeSide other_eye(EyeSide eye) { return eye == EyeSide::right ? EyeSide::left : EyeSide::right; }

}  // namespace yarbus
