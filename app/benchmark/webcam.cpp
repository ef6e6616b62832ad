#include "app/benchmark/webcam.h"

#include <algorithm>
#include <utility>

namespace yarbus::benchmark {
namespace {

struct Collected {
  std::vector<double> medians_deg;
  std::vector<double> targets_deg;
  std::vector<double> coverages;
};

double middle_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return quantile_of(values, 0.5);
}

/// Names in the order in which they first come.
template <class Names>
void add_once(std::vector<std::string>& names, const Names& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

std::vector<WebcamSummaryRow> summarise(const std::vector<WebcamFigures>& subjects) {
  std::vector<std::string> groups;
  std::vector<std::string> mappers{"chosen"};
  for (const WebcamFigures& subject : subjects) {
    add_once(groups, subject.group);
    for (const WebcamMapperFigures& mapper : subject.mappers) add_once(mappers, mapper.name);
  }
  std::vector<WebcamSummaryRow> rows;
  for (const std::string& group : groups) {
    for (const std::string& name : mappers) {
      Collected all;
      for (const WebcamFigures& subject : subjects) {
        if (subject.group != group) continue;
        for (const WebcamMapperFigures& mapper : subject.mappers) {
          if (!(name == "chosen" ? mapper.is_chosen : mapper.name == name) || !mapper.frame_deg) continue;
          all.medians_deg.push_back(mapper.frame_deg->median);
          all.targets_deg.push_back(mapper.target_deg->median);
          all.coverages.push_back(mapper.coverage_68.value_or(0.0));
        }
      }
      if (all.medians_deg.empty()) continue;
      WebcamSummaryRow row{group,
                           name,
                           all.medians_deg.size(),
                           middle_of(all.medians_deg),
                           *std::max_element(all.medians_deg.begin(), all.medians_deg.end()),
                           middle_of(all.targets_deg),
                           0.0};
      for (const double coverage : all.coverages)
        *row.coverage_68 += coverage / static_cast<double>(all.coverages.size());
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Result<WebcamResult> run_webcam(std::vector<Dataset> datasets, const WebcamPlan& plan,
                                const OnDatasetProgress& on_progress, const std::stop_token& stop) {
  WebcamResult result;
  result.machine = this_machine();
  result.subjects_asked = datasets.size();
  for (std::size_t i = 0; i < datasets.size() && !stop.stop_requested(); ++i) {
    Dataset& dataset = datasets[i];
    const auto on_frame = [&](std::uint64_t frames) {
      on_progress({dataset.name(), i, result.subjects_asked, {"tracking", frames, dataset.frame_count()}});
    };
    auto subject = run_webcam_subject(dataset, plan, on_frame, stop);
    if (!subject) return subject.error();
    if (stop.stop_requested()) break;
    result.subjects.push_back(std::move(*subject));
  }
  result.peak_memory_bytes = peak_memory_bytes();
  return result;
}

}  // namespace yarbus::benchmark
