#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eyemodel/types/blink.h"
#include "tracker/events/blink_margins.h"
#include "tracker/events/fixation_detector.h"
#include "tracker/events/main_sequence.h"
#include "tracker/events/saccade_detector.h"

namespace yarbus {

struct GazeEventOptions {
  SaccadeOptions saccade;
  FixationDetectorOptions fixation;
  BlinkMargins margins;
  bool fixations_by_velocity = false;  ///< I-VT where the sampling rate allows; else I-DT, the better one
  double longest_loss_s = 0.075;       ///< I-VT: a longer loss of gaze ends a fixation
  double fastest_drift_deg_s = 6.0;    ///< I-VT: where gaze drifts faster for long, it follows something

  /// Of everything but the parts, which have their own.
  static std::span<const OptionField<GazeEventOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// What gaze does at one sample.
enum class GazeLabel : std::uint8_t {
  none,  ///< valid, and nothing of the others
  lost,  ///< invalid: not seen, in a blink or its margins
  fixation,
  saccade,
  drift,  ///< I-VT: between saccades, but moving on (pursuit, or a target that moves with the head)
};

constexpr std::string_view to_string(GazeLabel label) {
  switch (label) {
    case GazeLabel::none:
      return "none";
    case GazeLabel::lost:
      return "lost";
    case GazeLabel::fixation:
      return "fixation";
    case GazeLabel::saccade:
      return "saccade";
    case GazeLabel::drift:
      return "drift";
  }
  return "unknown";
}

/// All events of a whole series.
struct GazeEvents {
  double rate_hz = 0.0;  ///< by the typical interval; 0 for fewer than two samples
  SaccadeRate saccade_rate = SaccadeRate::unknown;
  bool fixations_by_velocity = false;  ///< which method was used
  std::optional<SaccadeThreshold> threshold;
  std::vector<GazeLabel> labels;  ///< one a sample
  std::vector<FixationEvent> fixations;
  std::vector<Saccade> saccades;
  MainSequenceOutcome main_sequence = MainSequenceMiss::too_few;

  /// Why no saccade could be told, for people: "saccades not told: ..."; empty: they could.
  [[nodiscard]] std::string saccade_miss_text() const;
  /// One line for people: the rate, what was found, and what could not be and why.
  [[nodiscard]] std::string to_text() const;
};

/// Fixations, saccades and the main sequence of a whole series, around the given blinks.
/// Errors: invalid_option; input_unreadable where time does not rise. Threads: concurrent-safe. Cost: about
/// 1 us a sample.
Result<GazeEvents> find_gaze_events(std::span<const GazeDirectionSample> series,
                                    std::span<const BlinkEvent> blinks, const GazeEventOptions& options);

/// Fixations by dispersion (I-DT) over a whole series: FixationDetector without single-sample spikes
/// (median_direction), and with a beginning of at least three samples, however slow the camera. Invalid
/// samples are losses.
std::vector<FixationEvent> fixations_by_dispersion(std::span<const GazeDirectionSample> series,
                                                   const FixationDetectorOptions& options);

}  // namespace yarbus
