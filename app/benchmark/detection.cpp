#include "app/benchmark/detection.h"

#include <utility>

#include "app/benchmark/run_datasets.h"

namespace yarbus::benchmark {
namespace {

std::vector<const DetectionSubject*> all_of(const DetectionResult& result) {
  std::vector<const DetectionSubject*> all;
  for (const DetectionSubject& subject : result.subjects) all.push_back(&subject);
  return all;
}

void summarise(DetectionResult& result) {
  for (const std::string& group : groups_of(result.subjects)) {
    result.groups.push_back(summarise_detection(group, of_group(result.subjects, group)));
  }
  if (result.groups.size() < 2) return;
  result.all_together = summarise_detection("all together", all_of(result));
  for (const std::string& size : result.all_together->image_sizes) {
    auto subjects = all_of(result);
    std::erase_if(subjects, [&](const auto* subject) { return image_size_text(*subject) != size; });
    result.by_image_size.push_back(summarise_detection("all of " + size, subjects));
  }
}

}  // namespace

Result<DetectionResult> run_detection(std::vector<Dataset> datasets, std::vector<NoEyeSource> no_eye,
                                      const DetectionOptions& options, const OnDatasetProgress& on_progress,
                                      std::stop_token stop) {
  DetectionResult result;
  result.machine = this_machine();
  result.max_timed_frames = options.max_timed_frames;
  const std::size_t recordings = datasets.size();
  result.inputs_asked = recordings + no_eye.size();
  const auto on_any_progress = [&](DatasetProgress progress) {
    progress.count = result.inputs_asked;
    on_progress(progress);
  };
  auto subjects = run_datasets<DetectionSubject>(
      std::move(datasets),
      [&](Dataset& dataset, const OnEvaluateProgress& on_step, std::stop_token token) {
        return evaluate_detection(dataset, options, on_step, std::move(token));
      },
      on_any_progress, stop);
  if (!subjects) return subjects.error();
  result.subjects = std::move(*subjects);
  for (std::size_t i = 0; i < no_eye.size() && !stop.stop_requested(); ++i) {
    const auto on_step = [&](const EvaluateProgress& step) {
      on_any_progress({no_eye[i].name, recordings + i, 0, step});
    };
    auto scores = evaluate_no_eye(no_eye[i], options, on_step, stop);
    if (!scores && scores.error().code == ErrorCode::interrupted) break;
    if (!scores) return scores.error();
    result.no_eye.push_back(std::move(*scores));
  }
  summarise(result);
  result.peak_memory_bytes = peak_memory_bytes();
  return result;
}

std::vector<const DetectionSummary*> summaries_of(const DetectionResult& result) {
  std::vector<const DetectionSummary*> summaries;
  for (const DetectionSummary& group : result.groups) summaries.push_back(&group);
  if (result.all_together) summaries.push_back(&*result.all_together);
  return summaries;
}

std::vector<const DetectionSubject*> subjects_of(const DetectionResult& result,
                                                 const DetectionSummary& summary) {
  const bool is_all = result.all_together && &summary == &*result.all_together;
  return is_all ? all_of(result) : of_group(result.subjects, summary.name);
}

}  // namespace yarbus::benchmark
