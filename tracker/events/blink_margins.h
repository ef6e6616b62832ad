#pragma once

#include <span>
#include <vector>

#include "eyemodel/types/blink.h"
#include "eyemodel/types/options.h"
#include "tracker/events/blink_detector.h"
#include "tracker/events/gaze_series.h"

namespace yarbus {

/// How much around a blink is not to be trusted: the lid covers part of the pupil before the closure is half
/// and after it, which moves the pupil's middle and shrinks it.
struct BlinkMargins {
  double before_s = 0.06;
  double after_s = 0.10;  ///< lids open more slowly than they close

  static std::span<const OptionField<BlinkMargins>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// Whether times that rise lie in one of the blinks or in its margins. The blinks must be in order
/// (YARBUS_CHECK). Threads: one owner. No heap.
class BlinkCover {
 public:
  BlinkCover(std::span<const BlinkEvent> blinks, const BlinkMargins& margins);
  /// Times must rise from call to call.
  bool covers(CaptureTime at);

 private:
  std::span<const BlinkEvent> blinks_;
  CaptureTime before_;
  CaptureTime after_;
};

/// Makes the samples in blinks and in their margins invalid.
void mask_blinks(std::span<GazeDirectionSample> series, std::span<const BlinkEvent> blinks,
                 const BlinkMargins& margins);

/// One frame of a series of openings.
struct EyeOpeningSample {
  CaptureTime at{};
  EyeOpening eye;
};

/// Blinks of a whole series: BlinkDetector's, whose labels look ahead anyway, so that live and offline agree.
/// Sequence numbers are places in the series. Errors: invalid_option; input_unreadable where time does not
/// rise or a confidence is not a number.
Result<std::vector<BlinkEvent>> find_blinks(std::span<const EyeOpeningSample> series,
                                            const BlinkDetectorOptions& options);

}  // namespace yarbus
