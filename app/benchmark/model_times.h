#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/model_courses.h"
#include "app/benchmark/times.h"

namespace yarbus::benchmark {

/// What a joint fit of so many frames took.
struct JointFitTime {
  int frames = 0;
  double seconds = 0.0;  ///< median of its runs
  double ms_per_frame = 0.0;
  double gaze_error_deg = 0.0;  ///< mean over its frames with the model found; NaN without one
  std::string failure;          ///< not empty: no model, why
};

struct ModelTimes {
  std::optional<Times> predict;
  std::optional<Times> update;  ///< one assimilation of LiveFollower::frames_per_update frames
  std::vector<JointFitTime> joint_fits;
  /// The last fit's time per frame over the first's: 1 is a cost in proportion to the frames.
  double per_frame_ratio = 0.0;                   ///< NaN with fewer than two fits
  std::optional<double> allocations_per_predict;  ///< nullopt: nobody counts them
};

struct ModelTimesPlan {
  double course_s = 60.0;  ///< of the live model, at the settings' rate
  std::vector<int> fit_frames{50, 100, 200, 500, 1000};
  int fit_runs = 3;
  double fit_rate_hz = 10.0;  ///< of the frames given to a joint fit: other gazes in each
  /// Reads the number of heap allocations this process has made; empty: not counted.
  std::function<std::uint64_t()> allocations_so_far;
};

/// On one thread, on one subject. nullopt after a stop.
std::optional<ModelTimes> run_model_times(const SubjectSettings& settings, const ModelTimesPlan& plan,
                                          const std::function<void(const std::string&)>& on_step,
                                          const std::stop_token& stop);

}  // namespace yarbus::benchmark
