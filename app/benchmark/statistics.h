#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace yarbus::benchmark {

/// What is said of a set of errors. Values that are not finite are counted, never left out in silence: a
/// table shows them and a comparison with an earlier result fails on them.
struct Statistics {
  std::size_t count = 0;       ///< of finite values, which the numbers below describe
  std::size_t not_finite = 0;  ///< NaN and infinite values
  double mean = 0.0;
  double sd = 0.0;  ///< of these values (divided by count, not by count - 1)
  double median = 0.0;
  double p95 = 0.0;
};

/// Of the mean, as if the values were independent: sd / sqrt(count). Frames that follow each other are not,
/// so it is a lower bound.
double standard_error_of_mean(const Statistics& statistics);

/// nullopt for no values. With none of them finite the numbers are NaN.
std::optional<Statistics> statistics_of(std::vector<double> values);

/// The value below which `fraction` (0..1) of them lie, interpolated between neighbours; NaN if there are
/// none. `ascending` must be sorted and finite.
double quantile_of(const std::vector<double>& ascending, double fraction);

}  // namespace yarbus::benchmark
