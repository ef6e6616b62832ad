#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/benchmark/compare.h"

namespace yarbus::benchmark {

/// How much worse a figure may get: earlier * relative + absolute + standard_errors * its standard error.
struct Margin {
  double relative = 0.0;
  double absolute = 0.0;
  double standard_errors = 0.0;  ///< of the mean over its frames: how far a few other frames would move it
  bool higher_is_better = false;
};

/// One figure to compare: where it is in a set's JSON, and what it is called.
struct Figure {
  std::string name;
  nlohmann::json::json_pointer place;
  Margin margin;
  int decimals = 2;
};

/// The error of an earlier result that is of other recordings, or not whole.
Error not_comparable(const std::string& what);

/// An empty comparison of figures by set, to be filled by `compare_sets`.
Comparison begin_comparison();
/// Says below the table what is left out of it.
void finish_comparison(Comparison& comparison);

/// Compares the sets of two lists by name: each figure, and every `not_finite` below a set. A figure that the
/// earlier set has and this one has not is worse. The standard error comes from what stands beside a figure:
/// `sd` and `count`, or `share` and `frames`. Errors: not_comparable when they are other sets, or differ in
/// one of `same_keys`. Throws json::exception when a key is missing.
Result<void> compare_sets(const nlohmann::json& now, const nlohmann::json& earlier,
                          const std::vector<Figure>& figures, const std::vector<const char*>& same_keys,
                          Comparison& comparison);

}  // namespace yarbus::benchmark
