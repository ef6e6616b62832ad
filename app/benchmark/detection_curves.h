#pragma once

#include <optional>
#include <vector>

#include "app/benchmark/curve_lines.h"
#include "app/benchmark/detection_summary.h"

namespace yarbus::benchmark {

/// A line of one way of running the detector.
struct WayCurve {
  std::optional<DetectionWay> way;  ///< nullopt: where a reliable confidence would lie
  Line line;
};

/// The six pictures of one set. Shares are in percent. A set of curves is empty when not measurable.
struct DetectionCurves {
  std::vector<WayCurve> center_cumulative;      ///< x: error (px), y: share of the frames that count
  std::vector<WayCurve> outline_cumulative;     ///< x: error (px), y: share of the frames that count
  std::vector<WayCurve> reliability;            ///< x: stated confidence, y: share within 2 px
  std::vector<WayCurve> found_by_visibility;    ///< x: visible share, y: share found within 5 px
  std::vector<WayCurve> outline_by_visibility;  ///< x: visible share, y: median error (px)
  std::vector<WayCurve> time_cumulative;        ///< x: time of a detection (ms), y: share of the timed frames
};

/// `summary` must be of these subjects.
DetectionCurves detection_curves(const DetectionSummary& summary,
                                 const std::vector<const DetectionSubject*>& subjects);

}  // namespace yarbus::benchmark
