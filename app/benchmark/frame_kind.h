#pragma once

#include <cstdint>
#include <optional>

#include "app/export/labelled_recording.h"
#include "eyemodel/types/ellipse.h"

namespace yarbus::benchmark {

/// A pupil counts as found when its centre is nearer than this to the true one.
constexpr double found_within_px = 5.0;
/// Frames whose pupil is less visible than this count for no error and no detection rate.
constexpr double least_visible_fraction = 0.5;
/// In a blink, a pupil less visible than this counts as closed: whatever is found there is false.
constexpr double closed_visible_fraction = 0.05;

enum class FrameKind : std::uint8_t {
  counted,  ///< at least half visible, or its recording does not say
  hidden,   ///< less than half visible
  closed,   ///< in a blink with nothing to see
};
FrameKind kind_of(const FrameLabel& label);

/// Steps of the visible share of a pupil, each a tenth wide. The first starts at closed_visible_fraction.
constexpr int visibility_tenths = 10;
/// Which tenth, from 0; nullopt: not known, or hardly anything to see.
std::optional<int> visibility_tenth(const std::optional<double>& visible_fraction);

/// Hausdorff distance of a found outline and the true one, px; NaN if either is no finite ellipse, so that it
/// is counted and not left out.
double outline_error_px(const Ellipse& found, const Ellipse& truth);

}  // namespace yarbus::benchmark
