#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/detection_summary.h"
#include "app/benchmark/machine.h"
#include "app/benchmark/no_eye.h"

namespace yarbus::benchmark {

/// Everything a run of `yarbus benchmark detection` found; tables, JSON and plots are made from it.
struct DetectionResult {
  std::string version;  ///< of Yarbus
  std::string command;  ///< that made it
  Machine machine;
  std::vector<DetectionSubject> subjects;
  std::vector<DetectionSummary> groups;          ///< in the order in which their first subject was given
  std::optional<DetectionSummary> all_together;  ///< when there is more than one group
  std::vector<DetectionSummary> by_image_size;   ///< when there is more than one group
  std::vector<NoEyeScores> no_eye;
  std::size_t max_timed_frames = 0;  ///< of each recording
  std::optional<std::uint64_t> peak_memory_bytes;
  std::size_t inputs_asked = 0;  ///< more than inputs_done() after an interruption
  [[nodiscard]] std::size_t inputs_done() const { return subjects.size() + no_eye.size(); }
};

/// Evaluates the recordings one after another, then the sources without an eye. After a stop the result holds
/// those that were finished. Errors: of a recording or source.
Result<DetectionResult> run_detection(std::vector<Dataset> datasets, std::vector<NoEyeSource> no_eye,
                                      const DetectionOptions& options, const OnDatasetProgress& on_progress,
                                      std::stop_token stop);

/// The groups, and all of them together if there is more than one.
std::vector<const DetectionSummary*> summaries_of(const DetectionResult& result);

/// The subjects that a summary of `summaries_of` is about.
std::vector<const DetectionSubject*> subjects_of(const DetectionResult& result,
                                                 const DetectionSummary& summary);

}  // namespace yarbus::benchmark
