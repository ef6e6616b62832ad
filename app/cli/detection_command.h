#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/benchmark/dataset.h"

namespace yarbus::cli {

/// The arguments of `yarbus benchmark detection`.
struct DetectionArguments {
  benchmark::DatasetChoice choice;
  std::vector<std::string> no_eye;  ///< sources without a pupil
  std::string out_path;             ///< a folder, or a .json or .md file; empty: print only
  std::string against_path;         ///< empty: no comparison
  std::string evidence_path;        ///< empty: no table of the outlines considered
  std::string command;              ///< as typed, for the report
};

/// Runs it: tables on standard output, progress and errors on standard error. Returns the exit code;
/// exit_worse when a comparison found a figure worse than its margin.
int run_benchmark_detection(const DetectionArguments& arguments,
                            std::function<std::uint64_t()> allocations_so_far);

}  // namespace yarbus::cli
