#include "app/benchmark/webcam_json.h"

#include "app/benchmark/json_values.h"

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

json mapper_json(const WebcamMapperFigures& mapper) {
  return {{"name", mapper.name},
          {"is_chosen", mapper.is_chosen},
          {"why_not", mapper.why_not},
          {"left_out_deg", json_of(mapper.left_out_deg)},
          {"frame_deg", json_of(mapper.frame_deg)},
          {"target_deg", json_of(mapper.target_deg)},
          {"across_deg", json_of(mapper.across_deg)},
          {"down_deg", json_of(mapper.down_deg)},
          {"coverage_68", json_of(mapper.coverage_68)},
          {"frames", mapper.frames},
          {"map_us", json_of(mapper.map_us)}};
}

json subject_json(const WebcamFigures& subject) {
  json misses = json::object();
  for (std::size_t i = 0; i < face_miss_reason_count; ++i)
    misses[std::string(to_string(static_cast<FaceMissReason>(i)))] = subject.misses[i];
  json mappers = json::array();
  for (const WebcamMapperFigures& mapper : subject.mappers) mappers.push_back(mapper_json(mapper));
  json samples = json::array();
  for (const SampleFigures& figures : subject.samples) {
    json medians = json::object();
    for (const auto& [name, median_deg] : figures.median_deg) medians[name] = json_number(median_deg);
    samples.push_back(
        {{"targets", figures.targets}, {"samples", figures.samples}, {"median_deg", std::move(medians)}});
  }
  return {{"name", subject.name},
          {"group", subject.group},
          {"width_px", subject.width_px},
          {"height_px", subject.height_px},
          {"frames", subject.frames},
          {"with_irises", subject.with_irises},
          {"misses", std::move(misses)},
          {"calibration_targets", subject.calibration_targets},
          {"calibration_samples", subject.calibration_samples},
          {"calibration_s", json_number(subject.calibration_s)},
          {"test_frames", subject.test_frames},
          {"test_targets", subject.test_targets},
          {"mappers", std::move(mappers)},
          {"choice_reason", subject.choice_reason},
          {"fewer_samples", std::move(samples)},
          {"track_ms", json_of(subject.track)},
          {"search_ms", json_of(subject.search)},
          {"fit_ms", json_number(subject.fit_ms)},
          {"failure", subject.failure}};
}

}  // namespace

json webcam_json(const WebcamResult& result) {
  json subjects = json::array();
  for (const WebcamFigures& subject : result.subjects) subjects.push_back(subject_json(subject));
  json summary = json::array();
  for (const WebcamSummaryRow& row : summarise(result.subjects)) {
    summary.push_back({{"group", row.group},
                       {"mapper", row.mapper},
                       {"subjects", row.subjects},
                       {"median_deg", json_number(row.median_deg)},
                       {"worst_deg", json_number(row.worst_deg)},
                       {"target_deg", json_number(row.target_deg)},
                       {"coverage_68", json_of(row.coverage_68)}});
  }
  return {{"kind", "yarbus webcam"},
          {"version", result.version},
          {"command", result.command},
          {"machine", json_of(result.machine)},
          {"summary", std::move(summary)},
          {"subjects", std::move(subjects)},
          {"peak_memory_bytes", json_of(result.peak_memory_bytes)}};
}

}  // namespace yarbus::benchmark
