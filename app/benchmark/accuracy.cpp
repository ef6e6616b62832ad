#include "app/benchmark/accuracy.h"

#include <utility>

#include "app/benchmark/run_datasets.h"

namespace yarbus::benchmark {

std::vector<const SubjectScores*> subjects_of(const AccuracyResult& result, const std::string& group) {
  return of_group(result.subjects, group);
}

Result<AccuracyResult> run_accuracy(std::vector<Dataset> datasets, const OnDatasetProgress& on_progress,
                                    std::stop_token stop, const EvaluateOptions& options) {
  AccuracyResult result;
  result.machine = this_machine();
  result.datasets_asked = datasets.size();
  const auto evaluate_one = [&](Dataset& dataset, const OnEvaluateProgress& on_step,
                                std::stop_token stopped) {
    return evaluate(dataset, on_step, std::move(stopped), options);
  };
  auto subjects = run_datasets<SubjectScores>(std::move(datasets), evaluate_one, on_progress, stop);
  if (!subjects) return subjects.error();
  result.subjects = std::move(*subjects);
  for (const std::string& group : groups_of(result.subjects)) {
    result.groups.push_back(summarise(subjects_of(result, group)));
  }
  result.peak_memory_bytes = peak_memory_bytes();
  return result;
}

}  // namespace yarbus::benchmark
