#include "app/benchmark/curve_lines.h"

#include <algorithm>
#include <cmath>

#include "app/benchmark/statistics.h"

namespace yarbus::benchmark {
namespace {

/// A median of fewer frames than this says little and is left out.
constexpr std::size_t least_frames_of_median = 5;
constexpr std::size_t least_frames_of_share = 3;

}  // namespace

Line cumulative_line(std::vector<double> values, std::size_t frames) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  std::sort(values.begin(), values.end());
  Line line{{0.0}, {0.0}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    line.x.push_back(values[i]);
    line.y.push_back(100.0 * static_cast<double>(i + 1) / static_cast<double>(frames));
  }
  return line;
}

Line median_line(std::map<int, std::vector<double>> bins, double bin_width) {
  Line line;
  for (auto& [bin, values] : bins) {
    if (values.size() < least_frames_of_median) continue;
    std::sort(values.begin(), values.end());
    line.x.push_back((bin + 0.5) * bin_width);
    line.y.push_back(quantile_of(values, 0.5));
  }
  return line;
}

Line share_line(const std::map<int, DetectionRate>& bins, double bin_width) {
  Line line;
  for (const auto& [bin, rate] : bins) {
    if (rate.frames < least_frames_of_share) continue;
    line.x.push_back((bin + 0.5) * bin_width);
    line.y.push_back(100.0 * rate.share());
  }
  return line;
}

}  // namespace yarbus::benchmark
