#include "app/benchmark/accuracy.h"

#include <algorithm>
#include <utility>

namespace yarbus::benchmark {

std::vector<const SubjectScores*> subjects_of(const AccuracyResult& result, const std::string& group) {
  std::vector<const SubjectScores*> subjects;
  for (const SubjectScores& subject : result.subjects) {
    if (subject.group == group) subjects.push_back(&subject);
  }
  return subjects;
}

Result<AccuracyResult> run_accuracy(std::vector<Dataset> datasets,
                                    const std::function<void(const AccuracyProgress&)>& on_progress,
                                    std::stop_token stop) {
  AccuracyResult result;
  result.machine = this_machine();
  result.datasets_asked = datasets.size();
  for (std::size_t i = 0; i < datasets.size() && !stop.stop_requested(); ++i) {
    const auto on_step = [&](const EvaluateProgress& step) {
      on_progress({datasets[i].name(), i, datasets.size(), step});
    };
    auto scores = evaluate(datasets[i], on_step, stop);
    if (!scores && scores.error().code == ErrorCode::interrupted) break;
    if (!scores) return scores.error();
    result.subjects.push_back(std::move(*scores));
  }
  for (const SubjectScores& subject : result.subjects) {
    const bool is_known = std::any_of(result.groups.begin(), result.groups.end(),
                                      [&](const auto& group) { return group.name == subject.group; });
    if (!is_known) result.groups.push_back(summarise(subjects_of(result, subject.group)));
  }
  result.peak_memory_bytes = peak_memory_bytes();
  return result;
}

}  // namespace yarbus::benchmark
