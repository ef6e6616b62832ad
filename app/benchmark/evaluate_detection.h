#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/dataset.h"
#include "app/benchmark/detection_score.h"
#include "app/benchmark/evidence_table.h"
#include "app/benchmark/metrics.h"
#include "app/benchmark/progress.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::benchmark {

struct DetectionOptions {
  PupilDetectorOptions detector;
  /// Of each recording, held in memory and timed: its first ones.
  std::size_t max_timed_frames = 300;
  /// Reads the number of heap allocations this process has made; empty: not counted.
  std::function<std::uint64_t()> allocations_so_far;
  /// Also gets every frame, for a search of its own; null: none. Must outlive the run.
  EvidenceTable* evidence = nullptr;
};

/// A detector that goes through a recording one way. Threads: one owner.
class WayRunner {
 public:
  WayRunner(DetectionWay way, const PupilDetectorOptions& options) : way_(way), detector_(options) {}

  /// The next frame of the recording. Valid until the next call.
  const PupilOutcome& detect(const GrayView& image);
  /// How long the detector took for it.
  [[nodiscard]] std::chrono::nanoseconds last_duration() const { return last_duration_; }
  /// The next frame is the first of a recording again.
  void restart() { prior_.reset(); }

 private:
  DetectionWay way_;
  PupilDetector detector_;
  std::optional<PupilPrior> prior_;
  PupilOutcome outcome_;
  std::chrono::nanoseconds last_duration_{};
};

/// One recording, run both ways.
struct DetectionSubject {
  std::string name;
  std::string group;
  std::uint64_t frames = 0;
  int width_px = 0;
  int height_px = 0;
  Measurable measurable;
  std::uint64_t labels_without_frame = 0;
  PerWay<std::vector<DetectionScore>> scores;           ///< one a label
  PerWay<std::vector<std::chrono::nanoseconds>> times;  ///< one a timed frame
  PerWay<std::optional<std::uint64_t>> allocations;     ///< over the timed frames
};

/// Runs the detector over a recording both ways and scores what it says about each labelled frame. Then the
/// recording's first frames, which were kept, are run twice more each way with a new detector: once to warm
/// up and once for the time, so that neither disk nor renderer is in it. Errors: the recording's; interrupted
/// after a stop; input_empty without frames, or without labels for them.
Result<DetectionSubject> evaluate_detection(Dataset& dataset, const DetectionOptions& options,
                                            const OnEvaluateProgress& on_progress, std::stop_token stop);

}  // namespace yarbus::benchmark
