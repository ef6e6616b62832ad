#include "app/benchmark/frame_kind.h"

#include <algorithm>
#include <limits>

#include "eyemodel/geometry/outline_distance.h"

namespace yarbus::benchmark {

FrameKind kind_of(const FrameLabel& label) {
  const double visible = label.visible_fraction.value_or(1.0);
  if (label.in_blink.value_or(false) && visible < closed_visible_fraction) return FrameKind::closed;
  return visible < least_visible_fraction ? FrameKind::hidden : FrameKind::counted;
}

std::optional<int> visibility_tenth(const std::optional<double>& visible_fraction) {
  if (!visible_fraction || !(*visible_fraction >= closed_visible_fraction)) return std::nullopt;
  return std::min(visibility_tenths - 1, static_cast<int>(*visible_fraction * visibility_tenths));
}

double outline_error_px(const Ellipse& found, const Ellipse& truth) {
  return found.is_valid() && truth.is_valid() ? hausdorff_distance_px(found, truth)
                                              : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace yarbus::benchmark
