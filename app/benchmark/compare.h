#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/benchmark/table.h"
#include "eyemodel/types/result.h"

namespace yarbus::benchmark {

/// Reads a result that a benchmark wrote earlier. `kind` is what its "kind" must say.
/// Errors: input_missing, input_unreadable (with the JSON position, or when it is another kind of file).
Result<nlohmann::json> read_earlier_result(const std::filesystem::path& path, const std::string& kind);

/// What a comparison with an earlier result found.
struct Comparison {
  Table table;                           ///< was, is, and what is allowed or the ratio
  std::vector<std::string> regressions;  ///< a sentence each; empty: nothing is worse than its margin
  [[nodiscard]] bool is_fine() const { return regressions.empty(); }
};

/// Compares two accuracy results figure by figure. A figure is worse when it exceeds the earlier one by more
/// than its margin: a part of it, an absolute part, and two standard errors over the frames. The margins are
/// in compare_accuracy.cpp with their reasons, and in docs/accuracy.md. A figure that the earlier result has
/// and this one has not, a fit that failed, and a value that is not finite are worse too. Errors:
/// invalid_option when the two are not of the same groups, subjects and frames, or the earlier file lacks a
/// key.
Result<Comparison> compare_accuracy(const nlohmann::json& now, const nlohmann::json& earlier);

/// Compares two detection results likewise, each set both ways; the margins are in compare_detection.cpp and
/// docs/detection-benchmark.md. Times are not judged. Errors: as above.
Result<Comparison> compare_detection(const nlohmann::json& now, const nlohmann::json& earlier);

/// Compares two speed results. Times are shown as ratios and never judged: they are the machine's as much as
/// the program's. Allocations a frame are: they depend on the program alone. Errors: as above.
Result<Comparison> compare_speed(const nlohmann::json& now, const nlohmann::json& earlier);

}  // namespace yarbus::benchmark
