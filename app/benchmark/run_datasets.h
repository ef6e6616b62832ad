#pragma once

#include <algorithm>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "app/benchmark/dataset.h"
#include "app/benchmark/progress.h"

namespace yarbus::benchmark {

inline Error interrupted(const std::string& dataset) {
  return {ErrorCode::interrupted, "stopped before it was done", dataset, ""};
}

/// Evaluates the recordings one after another. After a stop: those that were finished. Errors: of a
/// recording.
template <class Scores>
Result<std::vector<Scores>> run_datasets(
    std::vector<Dataset> datasets,
    const std::function<Result<Scores>(Dataset&, const OnEvaluateProgress&, std::stop_token)>& evaluate,
    const OnDatasetProgress& on_progress, const std::stop_token& stop) {
  std::vector<Scores> finished;
  for (std::size_t i = 0; i < datasets.size() && !stop.stop_requested(); ++i) {
    const auto on_step = [&](const EvaluateProgress& step) {
      on_progress({datasets[i].name(), i, datasets.size(), step});
    };
    auto scores = evaluate(datasets[i], on_step, stop);
    if (!scores && scores.error().code == ErrorCode::interrupted) break;
    if (!scores) return scores.error();
    finished.push_back(std::move(*scores));
  }
  return finished;
}

/// Those of one group.
template <class Scores>
std::vector<const Scores*> of_group(const std::vector<Scores>& subjects, const std::string& group) {
  std::vector<const Scores*> found;
  for (const Scores& subject : subjects) {
    if (subject.group == group) found.push_back(&subject);
  }
  return found;
}

/// Each group once, in the order in which its first subject comes.
template <class Scores>
std::vector<std::string> groups_of(const std::vector<Scores>& subjects) {
  std::vector<std::string> groups;
  for (const Scores& subject : subjects) {
    if (std::find(groups.begin(), groups.end(), subject.group) == groups.end())
      groups.push_back(subject.group);
  }
  return groups;
}

}  // namespace yarbus::benchmark
