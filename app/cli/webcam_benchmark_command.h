#pragma once

#include <string>

#include "app/benchmark/dataset.h"

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus benchmark webcam`.
struct WebcamArguments {
  benchmark::DatasetChoice choice;
  std::string size;  ///< of simulated images, as ImageSize; empty: 720p
  bool counts_samples = true;
  std::string stills_folder;  ///< faces with marked eyes; then only irises are judged; empty: none
  std::string out_path;       ///< a folder, or a .json or .md file; empty: print only
  std::string command;        ///< as typed, for the report
};

/// Adds `webcam` to `benchmark`.
CLI::App* add_benchmark_webcam(CLI::App& benchmark_app, const std::string& footer,
                               WebcamArguments& arguments);

/// Runs it: tables on standard output, progress and errors on standard error. Returns the exit code.
int run_benchmark_webcam(const WebcamArguments& arguments);

}  // namespace yarbus::cli
