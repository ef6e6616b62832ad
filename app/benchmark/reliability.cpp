#include "app/benchmark/reliability.h"

#include <algorithm>
#include <cmath>

namespace yarbus::benchmark {

std::optional<Reliability> reliability_of(const std::vector<StatedOutcome>& statements) {
  if (statements.empty()) return std::nullopt;
  constexpr double width = 1.0 / static_cast<double>(reliability_bins);
  Reliability reliability;
  for (std::size_t i = 0; i < reliability_bins; ++i) {
    reliability.bins[i].from = static_cast<double>(i) * width;
    reliability.bins[i].to = static_cast<double>(i + 1) * width;
  }
  for (const auto& [probability, is_true] : statements) {
    if (!(probability >= 0.0 && probability <= 1.0)) {
      ++reliability.not_finite;
      continue;
    }
    const auto at = static_cast<std::size_t>(probability * static_cast<double>(reliability_bins));
    auto& bin = reliability.bins[std::min(at, reliability_bins - 1)];
    const double outcome = is_true ? 1.0 : 0.0;
    ++reliability.count;
    ++bin.count;
    bin.mean_stated += probability;
    bin.observed += outcome;
    reliability.brier += (probability - outcome) * (probability - outcome);
  }
  const auto count = static_cast<double>(reliability.count);
  for (auto& bin : reliability.bins) {
    reliability.mean_stated += bin.mean_stated;
    reliability.observed += bin.observed;
    reliability.calibration_error += std::abs(bin.mean_stated - bin.observed);
    bin.mean_stated /= static_cast<double>(bin.count);  // NaN for none
    bin.observed /= static_cast<double>(bin.count);
  }
  reliability.mean_stated /= count;
  reliability.observed /= count;
  reliability.calibration_error /= count;
  reliability.brier /= count;
  return reliability;
}

}  // namespace yarbus::benchmark
