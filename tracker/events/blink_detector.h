#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "eyemodel/types/blink.h"
#include "eyemodel/types/options.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// The confidence filter of BlinkDetector.
struct BlinkDetectorOptions {
  double filter_length_s = 0.2;
  double onset_threshold = 0.5;   ///< of the drop
  double offset_threshold = 0.5;  ///< of the rise
  double max_duration_s = 3.0;  ///< a longer closure is not a blink (the pupil is lost, or the eye is closed)

  static std::span<const OptionField<BlinkDetectorOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// A frame whose blink label is final.
struct LabelledFrame {
  std::uint64_t sequence = 0;
  std::optional<int> blink_id;
};

/// What one frame tells about the lids.
struct EyeOpening {
  double confidence = 0.0;  ///< of the pupil; 0 for a miss
  std::optional<double> lid_closure =
      std::nullopt;            ///< 0 open, 1 the lid covers the pupil; absent where nothing tells
  bool is_blink_miss = false;  ///< the detector itself says that the lid is what hides the pupil

  static EyeOpening of(const PupilOutcome& outcome);
  /// 0..1: the confidence, but 1 where the pupil is hidden by anything but the lid: it is out of the image,
  /// lost in a reflection, without contrast, while the lid is known to be up (it covers less than a quarter).
  [[nodiscard]] double openness() const;
};

/// Turns a stream of pupil confidences into blink events.
///
/// Method: confidence here is EyeOpening::openness(), so that only a lid, or a miss that nothing is known of,
/// makes a closure. The response is the mean confidence over the earlier half of the window minus that over
/// the later half. A response of at least `onset_threshold` starts a closure, one of at most
/// -`offset_threshold` at an open frame ends it. The closure's frames are those between the first and the
/// last with a confidence below one half. A closure that never opens, or opens later than `max_duration_s`,
/// is not a blink. A blink carries the greatest lid closure that its frames know of. Deterministic; time
/// comes with the frames. Threads: one owner. Memory: bounded by the frames of max_duration_s.
class BlinkDetector {
 public:
  explicit BlinkDetector(const BlinkDetectorOptions& options);  ///< options must be valid (YARBUS_CHECK)

  /// Adds one frame; capture times must rise (YARBUS_CHECK). Frames whose label became final are appended to
  /// `settled`, in order.
  void push(std::uint64_t sequence, CaptureTime captured_at, const EyeOpening& eye,
            std::vector<LabelledFrame>& settled);
  /// The end of the stream: labels whatever is left. A closure still going on is not a blink.
  void finish(std::vector<LabelledFrame>& settled);
  /// Forgets the frames (after a seek), keeps the blinks counted so far.
  void restart();

  /// True from the moment a closure is recognised until the eye is open again or it has lasted too long (live
  /// display).
  [[nodiscard]] bool in_blink() const { return state_ == State::closed; }
  /// Completed blinks since the last call.
  std::vector<BlinkEvent> take_events();
  [[nodiscard]] int blink_count() const { return blink_count_; }

 private:
  struct Entry {
    std::uint64_t sequence = 0;
    CaptureTime captured_at{};
    double openness = 0.0;
    std::optional<double> lid_closure;
  };
  enum class State : std::uint8_t { open, closed, lost };

  static bool is_low(const Entry& entry);
  [[nodiscard]] std::optional<double> response() const;
  void begin_closure();
  void end_closure(std::vector<LabelledFrame>& settled);
  void settle_front(std::size_t count, std::optional<int> blink_id, std::vector<LabelledFrame>& settled);
  void settle_before_window(std::vector<LabelledFrame>& settled);

  CaptureTime filter_length_;
  CaptureTime max_duration_;
  double onset_threshold_;
  double offset_threshold_;
  State state_ = State::open;
  std::deque<Entry> entries_;      ///< frames not yet settled, oldest first
  CaptureTime closure_started_{};  ///< of the first low frame
  int blink_count_ = 0;
  std::vector<BlinkEvent> events_;
};

}  // namespace yarbus
