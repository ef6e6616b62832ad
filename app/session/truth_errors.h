#pragma once

#include "eyemodel/types/gaze_sample.h"
#include "eyemodel/types/truth_errors.h"

namespace yarbus {

/// How far a sample is from the truth that its frame carries; nothing where the frame carries none, or where
/// the sample has no gaze or no pupil. Threads: concurrent-safe. Cost: about 50 us, no heap.
TruthErrors compare_with_truth(const GazeSample& sample);

}  // namespace yarbus
