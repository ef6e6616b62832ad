#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "eyemodel/types/blink.h"
#include "eyemodel/types/options.h"

namespace yarbus {

/// Confidence drop/rise filter: the mean confidence over the later half of the window minus the earlier half.
struct BlinkDetectorOptions {
  double filter_length_s = 0.2;
  double onset_threshold = 0.5;   ///< of the drop
  double offset_threshold = 0.5;  ///< of the rise
  double max_duration_s = 3.0;    ///< a longer closure is not a blink (the pupil is lost, or the eye is closed)

  static std::span<const OptionField<BlinkDetectorOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// A frame whose blink label is final.
struct LabelledFrame {
  std::uint64_t sequence = 0;
  std::optional<int> blink_id;
};

/// Turns a stream of pupil confidences into blink events. Deterministic; time comes with the frames.
/// Threads: one owner. Memory: bounded by max_duration_s of frames.
class BlinkDetector {
 public:
  explicit BlinkDetector(const BlinkDetectorOptions& options);

  /// Adds one frame; times must rise. Frames whose label became final are appended to `settled`, in order.
  void push(std::uint64_t sequence, CaptureTime captured_at, double confidence, std::vector<LabelledFrame>& settled);
  /// The end of the stream: labels whatever is left.
  void finish(std::vector<LabelledFrame>& settled);

  /// True from the moment a closure is recognised until the eye is open again (live display).
  [[nodiscard]] bool in_blink() const;
  /// Completed blinks since the last call.
  std::vector<BlinkEvent> take_events();
  [[nodiscard]] int blink_count() const;
};

}  // namespace yarbus
