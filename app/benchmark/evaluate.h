#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "app/benchmark/dataset.h"
#include "app/benchmark/metrics.h"

namespace yarbus::benchmark {

/// What is being done with a recording.
struct EvaluateProgress {
  std::string step;               ///< "detecting", "fitting edge", ...
  std::uint64_t frames_done = 0;  ///< 0: a step that is not made of frames
  std::optional<std::uint64_t> frames_total;
};

/// Runs a recording through the product's own path, as `yarbus track --two-pass` does: one pass of the
/// tracker's detector over all frames, which also keeps the frames for the fits; then, for each of the four
/// stages, one fit of all kept frames, and the prediction of every frame with that model. Every frame is
/// scored by its prediction alone, which is what the tracker reports; the pupils that the joint fit placed in
/// its own frames are not looked at. Errors: the recording's; interrupted after a stop; input_empty without
/// frames, or without labels for them.
Result<SubjectScores> evaluate(Dataset& dataset,
                               const std::function<void(const EvaluateProgress&)>& on_progress,
                               std::stop_token stop);

}  // namespace yarbus::benchmark
