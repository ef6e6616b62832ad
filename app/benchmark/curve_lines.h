#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "app/benchmark/detection_rate.h"

namespace yarbus::benchmark {

/// Points of a line to plot.
struct Line {
  std::vector<double> x;
  std::vector<double> y;
};

/// Share of `frames` (percent) whose value is at most x. Values that are not finite never come in.
Line cumulative_line(std::vector<double> values, std::size_t frames);

/// Medians of the bins with at least five values, at the bins' middles: x = (bin + 0.5) * bin_width.
Line median_line(std::map<int, std::vector<double>> bins, double bin_width);

/// Shares (percent) of the bins with at least three frames, at the bins' middles.
Line share_line(const std::map<int, DetectionRate>& bins, double bin_width);

}  // namespace yarbus::benchmark
