#pragma once

#include <array>
#include <string_view>

#include "app/benchmark/metrics.h"

namespace yarbus::benchmark {

struct PublishedError {
  double mean = 0.0;
  double sd = 0.0;
};

/// What L. Swirski and N. Dodgson published for their own program on their own rendered eyes ("A
/// fully-automatic, temporal approach to single camera, glint-free 3D eye model fitting", PETMEI 2013). Other
/// images than any here: to be read beside our figures, not as a result on the same data.
constexpr std::string_view published_source = "Świrski & Dodgson 2013, published, on their images";

/// Gaze error, degrees, by stage.
constexpr std::size_t published_stage_count = 4;
constexpr std::array<PublishedError, published_stage_count> published_gaze_deg{
    {{3.56, 4.24}, {2.69, 1.53}, {2.21, 0.16}, {1.68, 0.34}}};

/// Hausdorff distance of pupil outlines, px: their pupil tracker alone, then the stages from `unoptimised`.
constexpr PublishedError published_detector_outline_px{3.93, 5.81};
constexpr std::array<PublishedError, published_stage_count - 1> published_outline_px{
    {{4.44, 4.92}, {2.12, 1.14}, {2.75, 2.76}}};

}  // namespace yarbus::benchmark
