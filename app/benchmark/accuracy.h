#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/dataset.h"
#include "app/benchmark/evaluate.h"
#include "app/benchmark/machine.h"
#include "app/benchmark/metrics.h"

namespace yarbus::benchmark {

/// Everything a run of `yarbus benchmark accuracy` found; tables, JSON and plots are made from it.
struct AccuracyResult {
  std::string version;  ///< of Yarbus
  std::string command;  ///< that made it
  Machine machine;
  std::vector<SubjectScores> subjects;
  std::vector<GroupSummary> groups;  ///< in the order in which their first subject was given
  std::optional<std::uint64_t> peak_memory_bytes;
  std::size_t datasets_asked = 0;  ///< more than subjects.size() after an interruption
};

/// Evaluates the recordings one after another, with the options of evaluate(). After a stop the result holds
/// those that were finished. Errors: of a recording.
Result<AccuracyResult> run_accuracy(std::vector<Dataset> datasets, const OnDatasetProgress& on_progress,
                                    std::stop_token stop, const EvaluateOptions& options = {});

/// The subjects of one group.
std::vector<const SubjectScores*> subjects_of(const AccuracyResult& result, const std::string& group);

}  // namespace yarbus::benchmark
