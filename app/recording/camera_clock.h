#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "eyemodel/types/frame_time.h"

namespace yarbus {

/// Gives the frames of one camera numbers and times that rise strictly, whatever the camera says.
///
/// A number that does not rise starts a new count, which is put on the end of the old one. A time that goes
/// back by less than a tenth of a second is moved to just after the frame before; one that goes back further
/// is a clock set back: from then on the difference is added, so that this frame comes one interval after the
/// one before. Threads: one owner. No heap but for notes.
class CameraClock {
 public:
  explicit CameraClock(double nominal_rate_hz);

  struct Settled {
    std::int64_t frame = 0;
    CaptureTime captured_at{};
    std::optional<CaptureTime> reported_at;  ///< where the time is another than the camera's
    std::int64_t lost_before = 0;
    std::string note;  ///< what was repaired for this frame and those after it; empty: nothing
  };
  Settled settle(std::int64_t sequence, CaptureTime reported_at);

  struct Place {
    std::int64_t frame = 0;
    CaptureTime captured_at{};
  };
  /// Of a frame settled lately; of any other what it would be now.
  [[nodiscard]] Place find(std::int64_t sequence, CaptureTime reported_at) const;
  [[nodiscard]] CaptureTime repaired(CaptureTime reported_at) const { return reported_at + offset_; }
  [[nodiscard]] std::optional<std::int64_t> last_frame() const { return last_frame_; }
  [[nodiscard]] CaptureTime last_time() const { return last_time_; }
  /// What is added to a sequence to give a frame's number.
  [[nodiscard]] std::int64_t shift() const { return shift_; }

 private:
  struct Recent {
    std::int64_t sequence = 0;
    Place place;
  };
  static constexpr std::size_t recent_frames = 512;

  std::array<Recent, recent_frames> recent_{};
  std::size_t recent_count_ = 0;  ///< ever
  std::int64_t shift_ = 0;
  CaptureTime offset_{};
  std::chrono::nanoseconds interval_;
  std::optional<std::int64_t> last_frame_;
  CaptureTime last_time_{};
};

}  // namespace yarbus
