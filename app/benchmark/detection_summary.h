#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/benchmark/detection_rate.h"
#include "app/benchmark/evaluate_detection.h"
#include "app/benchmark/lid_closure.h"
#include "app/benchmark/reliability.h"
#include "app/benchmark/statistics.h"
#include "app/benchmark/times.h"

namespace yarbus::benchmark {

/// Errors at which the share of frames is tabled; the curves go over all of them.
constexpr std::array<int, 5> error_steps_px{1, 2, 3, 5, 10};
template <class T>
using PerStep = std::array<T, error_steps_px.size()>;

/// What was found, run one way, over the frames of one or more recordings. nullopt or empty: not measurable,
/// or no frame of that kind.
struct WaySummary {
  /// Frames without a pupil, for one reason.
  struct Misses {
    std::size_t counted = 0;  ///< frames that count
    std::size_t other = 0;    ///< frames whose pupil is less than half visible or closed
  };

  // Of the frames that count: pupils whose centre, whose outline is nearer than a step.
  std::optional<PerStep<DetectionRate>> center_within;
  std::optional<PerStep<DetectionRate>> outline_within;
  std::vector<VisibilityBin> by_visibility;  ///< within found_within_px; of all frames with a pupil to see
  std::optional<DetectionRate> false_positives;  ///< of closed eyes
  std::optional<Statistics> outline_px;          ///< of the pupils reported in frames that count
  // Found minus true, of the pupils found within found_within_px in frames that count.
  std::optional<Statistics> diameter_px;
  std::optional<Statistics> center_x_px;
  std::optional<Statistics> center_y_px;
  std::optional<Reliability> reliability;  ///< of every pupil reported in a frame with a truth
  std::array<Misses, pupil_miss_reason_count> misses{};
  std::optional<LidClosureErrors> lid_closure;  ///< of every frame for which one was stated
  std::optional<Times> detect;
  std::optional<double> allocations_per_frame;
};

/// Recordings taken together.
struct DetectionSummary {
  std::string name;
  std::size_t subjects = 0;
  std::size_t frames = 0;
  std::size_t counted_frames = 0;
  std::size_t closed_frames = 0;
  std::uint64_t labels_without_frame = 0;
  std::vector<std::string> image_sizes;  ///< "640×480"
  PerWay<WaySummary> ways;
};

std::string image_size_text(const DetectionSubject& subject);

/// `subjects` must be at least one. Rates and errors are of the recordings that hold the truth for them.
DetectionSummary summarise_detection(const std::string& name,
                                     const std::vector<const DetectionSubject*>& subjects);

}  // namespace yarbus::benchmark
