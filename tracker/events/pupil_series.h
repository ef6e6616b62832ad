#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "eyemodel/types/blink.h"
#include "eyemodel/types/options.h"
#include "tracker/events/blink_margins.h"

namespace yarbus {

/// A pupil's size at one time. Units: any one length for the whole series (mm, px); NaN or 0: not seen.
struct PupilSizeSample {
  CaptureTime at{};
  double diameter = 0.0;
};

/// What is to be thought of a pupil size. The first that applies, in this order.
enum class PupilFlag : std::uint8_t {
  valid,
  missing,        ///< not seen
  blink,          ///< in a blink or its margins
  speed_outlier,  ///< changes faster than pupils do
  isolated,       ///< a few samples alone among invalid ones
  interpolated,   ///< was one of the others; the value is now from its neighbours
};

constexpr std::string_view to_string(PupilFlag flag) {
  switch (flag) {
    case PupilFlag::valid:
      return "valid";
    case PupilFlag::missing:
      return "missing";
    case PupilFlag::blink:
      return "blink";
    case PupilFlag::speed_outlier:
      return "speed_outlier";
    case PupilFlag::isolated:
      return "isolated";
    case PupilFlag::interpolated:
      return "interpolated";
  }
  return "unknown";
}

struct PupilSeriesOptions {
  BlinkMargins margins;
  double speed_factor = 16.0;      ///< of the median absolute deviation of the dilation speed
  double least_speed_per_s = 1.0;  ///< slower changes are no outliers; in median diameters
  double isolated_s = 0.05;        ///< shorter islands between losses are not trusted
  double loss_s = 0.04;            ///< a loss this long makes what lies beside it an island
  double longest_gap_s = 0.5;      ///< longer gaps are not interpolated

  /// Of everything but the margins, which have their own.
  static std::span<const OptionField<PupilSeriesOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// Which sizes can be trusted.
/// Method: Kret & Sjak-Shie (2019): blink margins; outliers of the dilation speed, the larger of the two to
/// the neighbours, above median + speed_factor times its median absolute deviation; islands. Errors:
/// invalid_option; input_unreadable where time does not rise.
Result<std::vector<PupilFlag>> flag_pupil_sizes(std::span<const PupilSizeSample> series,
                                                std::span<const BlinkEvent> blinks,
                                                const PupilSeriesOptions& options);

/// A series without gaps shorter than `longest_gap_s`.
struct PupilTrace {
  std::vector<double> diameters;  ///< NaN where neither valid nor interpolated
  std::vector<PupilFlag> flags;
};

/// Fills gaps with a straight line between the valid sizes around them, and marks what it filled. A gap is
/// measured from the valid size before to the valid one after; gaps at the ends stay. One flag a sample
/// (YARBUS_CHECK).
PupilTrace interpolate_pupil_sizes(std::span<const PupilSizeSample> series, std::span<const PupilFlag> flags,
                                   double longest_gap_s);

}  // namespace yarbus
