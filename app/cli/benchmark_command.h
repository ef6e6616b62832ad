#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/benchmark/dataset.h"
#include "app/benchmark/evaluate.h"
#include "app/cli/calibration_benchmark_command.h"
#include "app/cli/detection_command.h"
#include "app/cli/model_command.h"
#include "app/cli/webcam_benchmark_command.h"

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus benchmark accuracy`.
struct AccuracyArguments {
  benchmark::DatasetChoice choice;
  benchmark::EvaluateOptions options;
  std::string out_folder;    ///< or a .json or .md file; empty: print only
  std::string against_path;  ///< empty: no comparison
  std::string command;       ///< as typed, for the report
};

/// The arguments of `yarbus benchmark speed`.
struct SpeedArguments {
  benchmark::DatasetChoice choice;
  std::string out_path;
  std::string against_path;
  std::string command;
};

/// Adds `benchmark` with its six subcommands, which fill these arguments.
struct BenchmarkApps {
  CLI::App* accuracy = nullptr;
  CLI::App* detection = nullptr;
  CLI::App* model = nullptr;
  CLI::App* calibration = nullptr;
  CLI::App* webcam = nullptr;
  CLI::App* speed = nullptr;
};
BenchmarkApps add_benchmark_command(CLI::App& app, AccuracyArguments& accuracy, DetectionArguments& detection,
                                    ModelArguments& model, CalibrationArguments& calibration,
                                    WebcamArguments& webcam, SpeedArguments& speed);

/// Run them: tables on standard output, progress and errors on standard error. Return the exit code;
/// exit_worse when a comparison found a figure worse than its margin.
int run_benchmark_accuracy(const AccuracyArguments& arguments);
int run_benchmark_speed(const SpeedArguments& arguments, std::function<std::uint64_t()> allocations_so_far);

}  // namespace yarbus::cli
