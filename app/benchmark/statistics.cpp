#include "app/benchmark/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "eyemodel/types/check.h"

namespace yarbus::benchmark {

double quantile_of(const std::vector<double>& ascending, double fraction) {
  YARBUS_CHECK(fraction >= 0.0 && fraction <= 1.0);
  if (ascending.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double rank = fraction * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return ascending[below] + (rank - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

double standard_error_of_mean(const Statistics& statistics) {
  return statistics.sd / std::sqrt(static_cast<double>(statistics.count));
}

std::optional<Statistics> statistics_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const auto finite_end =
      std::partition(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  Statistics statistics;
  statistics.not_finite = static_cast<std::size_t>(values.end() - finite_end);
  values.erase(finite_end, values.end());
  statistics.count = values.size();
  std::sort(values.begin(), values.end());
  double sum = 0.0;
  for (const double value : values) sum += value;
  const auto count = static_cast<double>(values.size());
  statistics.mean = sum / count;  // NaN for none
  double squares = 0.0;
  for (const double value : values) squares += (value - statistics.mean) * (value - statistics.mean);
  statistics.sd = std::sqrt(squares / count);
  statistics.median = quantile_of(values, 0.5);
  statistics.p95 = quantile_of(values, 0.95);
  return statistics;
}

}  // namespace yarbus::benchmark
