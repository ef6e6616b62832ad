#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/benchmark/dataset.h"
#include "app/benchmark/machine.h"
#include "app/benchmark/metrics.h"
#include "app/benchmark/table.h"
#include "app/benchmark/times.h"

namespace yarbus::benchmark {

/// How long one thing took, over its runs.
struct Timing {
  std::string name;  ///< "detect", "predict edge", "fit edge", ...
  Times times;
  std::string failure;  ///< not empty: a fit that gave no model, why
};

/// Everything a run of `yarbus benchmark speed` found.
struct SpeedResult {
  std::string version;
  std::string command;
  Machine machine;
  std::string dataset;
  std::size_t frames = 0;
  int width_px = 0;
  int height_px = 0;
  std::size_t frames_kept = 0;  ///< in each fit
  std::vector<Timing> timings;
  double frames_per_s = 0.0;  ///< detection and prediction, one thread, in the steady state
  /// Heap allocations a frame in the steady state; nullopt: nobody counts them.
  std::optional<double> allocations_per_frame;
  std::optional<std::uint64_t> peak_memory_bytes;
};

struct SpeedOptions {
  std::uint64_t max_frames = 300;
  int fit_runs = 5;  ///< of each stage
  /// Reads the number of heap allocations this process has made; empty: not counted.
  std::function<std::uint64_t()> allocations_so_far;
};

struct SpeedProgress {
  std::string step;
  std::uint64_t frames_done = 0;  ///< 0: a step that is not made of frames
  std::uint64_t frames_total = 0;
};

/// Reads the frames into memory first, so that neither disk nor renderer is in the figures. Then: one pass
/// that finds pupils and keeps frames; each stage's fit, `fit_runs` times; and for each stage with a model
/// one pass over all frames with that model, which is what a running tracker does between fits (the steady
/// state). Detection times are of all passes but the first, which warms up.
/// Errors: the recording's; input_empty; interrupted.
Result<SpeedResult> run_speed(Dataset& dataset, const SpeedOptions& options,
                              const std::function<void(const SpeedProgress&)>& on_progress,
                              std::stop_token stop);

std::string speed_markdown(const SpeedResult& result);
nlohmann::json speed_json(const SpeedResult& result);

}  // namespace yarbus::benchmark
