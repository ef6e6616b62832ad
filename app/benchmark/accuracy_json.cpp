#include "app/benchmark/accuracy_json.h"

#include "app/benchmark/json_values.h"
#include "app/benchmark/published.h"

namespace yarbus::benchmark {
namespace {

using benchmark::json_of;  // beside those below
using nlohmann::json;

json json_of(const GroupSummary::Fits& fits) {
  json failures = json::array();
  for (const auto& failure : fits.failures) {
    failures.push_back({{"subject", failure.subject}, {"reason", failure.reason}});
  }
  return {{"made", fits.made},
          {"failed", fits.failures.size()},
          {"failures", failures},
          {"seconds", json_of(fits.seconds)},
          {"reached_one_degree", fits.reached_good},
          {"frames_to_one_degree", json_of(fits.frames_to_good)}};
}

template <class T>
json by_stage(const PerStage<T>& values) {
  json object = json::object();
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    object[std::string(to_string(stages[stage]))] = json_of(values[stage]);
  }
  return object;
}

json json_of(const GroupSummary::BySubject& subject) {
  json outline = by_stage(subject.outline_px);
  outline["detector"] = json_of(subject.detector_outline_px);
  return {{"name", subject.name},
          {"gaze_error_deg", by_stage(subject.gaze_deg)},
          {"outline_error_px", outline},
          {"detection", json_of(subject.detection)}};
}

json json_of(const GroupSummary& group) {
  json outline = by_stage(group.outline_px);
  outline["detector"] = json_of(group.detector_outline_px);
  json subjects = json::array();
  for (const auto& subject : group.by_subject) subjects.push_back(json_of(subject));
  return {{"name", group.name},
          {"subjects", group.by_subject.size()},
          {"frames", group.frames},
          {"counted_frames", group.counted_frames},
          {"closed_frames", group.closed_frames},
          {"gaze_error_deg", by_stage(group.gaze_deg)},
          {"outline_error_px", outline},
          {"eye_center_error_mm", by_stage(group.eye_center_mm)},
          {"eye_center_across_error_mm", by_stage(group.eye_center_across_mm)},
          {"eye_center_depth_error_mm", by_stage(group.eye_center_depth_mm)},
          {"gaze_inside_68_percent_region", json_of(group.inside_68)},
          {"gaze_inside_95_percent_region", json_of(group.inside_95)},
          {"pupil_diameter_error_mm", by_stage(group.pupil_diameter_mm)},
          {"pupil_diameter_bias_mm", by_stage(group.pupil_diameter_bias_mm)},
          {"detection", json_of(group.detection)},
          {"detection_by_visible_fraction", json_of(group.detection_by_visibility)},
          {"false_positives_on_closed_eyes", json_of(group.false_positives)},
          {"fits", by_stage(group.fits)},
          {"detect_ms", json_of(group.detect)},
          {"predict_ms", by_stage(group.predict)},
          {"by_subject", subjects}};
}

json published() {
  const auto pair = [](const PublishedError& error) { return json{{"mean", error.mean}, {"sd", error.sd}}; };
  json gaze = json::object();
  json outline = {{"detector", pair(published_detector_outline_px)}};
  for (std::size_t stage = 0; stage < published_stage_count; ++stage) {
    const std::string name(to_string(stages[stage]));
    gaze[name] = pair(published_gaze_deg[stage]);
    if (stage > 0) outline[name] = pair(published_outline_px[stage - 1]);
  }
  return {{"source", published_source}, {"gaze_error_deg", gaze}, {"outline_error_px", outline}};
}

}  // namespace

nlohmann::json accuracy_json(const AccuracyResult& result) {
  json groups = json::array();
  for (const GroupSummary& group : result.groups) groups.push_back(json_of(group));
  return {{"kind", "yarbus accuracy"},
          {"version", result.version},
          {"command", result.command},
          {"machine", json_of(result.machine)},
          {"peak_memory_bytes", json_of(result.peak_memory_bytes)},
          {"published", published()},
          {"groups", groups}};
}

}  // namespace yarbus::benchmark
