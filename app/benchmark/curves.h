#pragma once

#include <optional>
#include <vector>

#include "app/benchmark/metrics.h"

namespace yarbus::benchmark {

/// A line to plot.
struct Curve {
  std::optional<FitStage> stage;  ///< nullopt: the detector alone
  std::vector<double> x;
  std::vector<double> y;
};

/// The six pictures of one group. Shares are in percent. A set of curves is empty when not measurable.
struct AccuracyCurves {
  std::vector<Curve> gaze_cumulative;        ///< x: error (deg), y: share of frames at or below it, by stage
  std::vector<Curve> gaze_by_eccentricity;   ///< x: eccentricity (deg), y: median error (deg), by stage
  std::vector<Curve> gaze_by_visibility;     ///< x: visible share (%), y: median error (deg), by stage
  std::vector<Curve> outline_cumulative;     ///< x: error (px), y: share of frames; detector and stages
  std::vector<Curve> outline_by_visibility;  ///< x: visible share (%), y: median error (px); detector, stages
  std::vector<Curve> found_by_visibility;    ///< x: visible share of the pupil (%), y: pupils found (%)
};

/// Cumulative shares are of all frames that count and have a truth: a frame without a pupil or pose never
/// comes in, so that a curve may end below 100 %. What stands against the visible share is of all frames but
/// those with hardly anything to see, also of frames less than half visible, which count nowhere else.
AccuracyCurves accuracy_curves(const std::vector<const SubjectScores*>& subjects);

}  // namespace yarbus::benchmark
