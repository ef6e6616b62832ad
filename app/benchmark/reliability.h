#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace yarbus::benchmark {

/// A probability that was stated, and whether the thing came true.
struct StatedOutcome {
  double probability = 0.0;
  bool is_true = false;
};

constexpr std::size_t reliability_bins = 10;

/// Do stated probabilities match observed frequencies?
struct Reliability {
  struct Bin {
    double from = 0.0;  ///< inclusive
    double to = 0.0;    ///< exclusive, but for the last
    std::size_t count = 0;
    double mean_stated = 0.0;  ///< NaN for an empty bin, as the next
    double observed = 0.0;
  };
  std::size_t count = 0;       ///< of probabilities, which the numbers below describe
  std::size_t not_finite = 0;  ///< NaN, or outside 0..1: no probability
  double mean_stated = 0.0;
  double observed = 0.0;
  /// Expected calibration error: mean over the statements of |stated - observed| of their bin.
  double calibration_error = 0.0;
  double brier = 0.0;  ///< mean of (probability - outcome)^2: 0 is knowing, 0.25 always saying a half
  std::array<Bin, reliability_bins> bins;
};

/// nullopt for no statements. With no probability among them the numbers are NaN.
std::optional<Reliability> reliability_of(const std::vector<StatedOutcome>& statements);

}  // namespace yarbus::benchmark
