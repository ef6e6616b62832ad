#pragma once

#include <stop_token>

#include "app/benchmark/dataset.h"
#include "app/benchmark/metrics.h"
#include "app/benchmark/progress.h"

namespace yarbus::benchmark {

struct EvaluateOptions {
  bool refraction_by_contrast = false;  ///< stage `refraction` as FitOptions has it
};

/// Runs a recording through the product's own path, as `yarbus track --two-pass` does: one pass of the
/// tracker's detector over all frames, which also keeps the frames for the fits; then, for each of the four
/// stages, one fit of all kept frames, and the prediction of every frame with that model. Every frame is
/// scored by its prediction alone, which is what the tracker reports; the pupils that the joint fit placed in
/// its own frames are not looked at. Errors: the recording's; interrupted after a stop; input_empty without
/// frames, or without labels for them.
Result<SubjectScores> evaluate(Dataset& dataset, const OnEvaluateProgress& on_progress, std::stop_token stop,
                               const EvaluateOptions& options = {});

}  // namespace yarbus::benchmark
