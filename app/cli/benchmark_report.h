#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/benchmark/compare.h"
#include "app/benchmark/progress.h"
#include "app/cli/progress_bar.h"

namespace yarbus::cli {

/// What a benchmark that goes through several recordings found, in words, numbers and pictures.
struct BenchmarkReport {
  std::string name;  ///< of its files: "accuracy" gives accuracy.md
  std::size_t inputs_done = 0;
  std::size_t inputs_asked = 0;  ///< more than were done after an interruption
  std::string markdown;
  nlohmann::json json;
  std::function<Result<std::vector<std::filesystem::path>>(const std::filesystem::path& folder)> write_plots;
  std::function<Result<benchmark::Comparison>(const nlohmann::json& now, const nlohmann::json& earlier)>
      compare;                             ///< empty: there is no earlier result to compare with
  std::string inputs_noun = "recordings";  ///< what was done and asked for
};

/// What `--against` names; null for an empty path. Errors: of read_earlier_result.
Result<nlohmann::json> read_against(const std::string& path, const std::string& kind);

/// Checks before any work that `--out` can be written: a folder, which is made, or a single .json or .md
/// file. Empty: nothing to write. Errors: output_unwritable.
Result<void> check_out(const std::filesystem::path& out, const std::string& name);

benchmark::OnDatasetProgress show_progress_on(ProgressBar& bar);

Result<std::filesystem::path> write_text(const std::filesystem::path& path, const std::string& text);

/// Prints what was compared; the exit code.
int report_comparison(const Result<benchmark::Comparison>& comparison);

/// Prints the report, writes its files to `out` (as check_out) and compares it with `earlier` unless that is
/// null. After an interruption it only prints. Returns the exit code.
int finish_report(const BenchmarkReport& report, const std::filesystem::path& out,
                  const nlohmann::json& earlier);

}  // namespace yarbus::cli
