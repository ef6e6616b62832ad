#include "app/benchmark/calibration_json.h"

#include <string>

#include "app/benchmark/json_values.h"

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

json figure_json(const std::optional<MiddleAndWorst>& value) {
  if (!value) return nullptr;
  return {{"subjects", value->subjects},
          {"median", json_number(value->median)},
          {"worst", json_number(value->worst)}};
}

json figure_json(const GazeErrors& errors) {
  return {{"to_truth_deg", json_of(errors.to_truth_deg)},
          {"to_target_deg", json_of(errors.to_target_deg)},
          {"worst_to_truth_deg", json_of(errors.worst_deg)},
          {"coverage_68_truth", json_of(errors.covers_truth)},
          {"coverage_68_target", json_of(errors.covers_target)}};
}

std::string cause_text(DriftCause cause) {
  switch (cause) {
    case DriftCause::none:
      return "none";
    case DriftCause::slippage:
      return "slippage";
    case DriftCause::head_moved:
      return "head-moved";
    case DriftCause::unknown:
      break;
  }
  return "unknown";
}

json figure_json(const std::optional<CheckFigures>& check) {
  if (!check) return nullptr;
  return {{"offset_deg", json_number(check->offset_deg)}, {"cause", cause_text(check->cause)}};
}

json subject_json(const SubjectFigures& subject) {
  json findings = json::array();
  for (const NamedFinding& finding : subject.findings)
    findings.push_back(
        {{"name", finding.name}, {"text", finding.text}, {"is_resolved", finding.is_resolved}});
  return {{"seed", subject.seed},
          {"scenario", subject.scenario},
          {"is_done", subject.is_done},
          {"end", subject.end},
          {"findings", std::move(findings)},
          {"axis_error_deg", json_of(subject.axis_error_deg)},
          {"gate_s", json_of(subject.gate_s)},
          {"to_gaze_s", json_of(subject.to_gaze_s)},
          {"length_s", json_number(subject.length_s)},
          {"samples", subject.samples},
          {"mapper", subject.mapper.empty() ? json(nullptr) : json(subject.mapper)},
          {"left_out_deg",
           {{"geometric", json_of(subject.left_out_deg[0])},
            {"polynomial", json_of(subject.left_out_deg[1])},
            {"gaussian process", json_of(subject.left_out_deg[2])}}},
          {"fit_ms", json_of(subject.fit_ms)},
          {"map_us", json_of(subject.map_us)},
          {"reported_deg", json_of(subject.reported_deg)},
          {"validation", figure_json(subject.validation)},
          {"fresh_places", figure_json(subject.fresh)},
          {"wander_deg", json_of(subject.wander_deg)},
          {"head_moved", figure_json(subject.head_moved)},
          {"slip_imagined", subject.is_slip_imagined ? json(*subject.is_slip_imagined) : json(nullptr)},
          {"slip_named_s", json_of(subject.slip_named_s)},
          {"slip_deg", json_of(subject.slip_deg)},
          {"slip_check", figure_json(subject.slip_check)},
          {"recentred_deg", json_of(subject.recentred_deg)}};
}

json summary_json(const CalibrationSummary& summary) {
  return {{"subjects", summary.subjects},
          {"done", summary.done},
          {"fault_named", summary.named},
          {"reported_deg", figure_json(summary.reported_deg)},
          {"true_deg", figure_json(summary.true_deg)},
          {"fresh_deg", figure_json(summary.fresh_deg)},
          {"wander_deg", figure_json(summary.wander_deg)},
          {"reported_off_deg", figure_json(summary.reported_off_deg)},
          {"reported_off_fresh_deg", figure_json(summary.reported_off_fresh_deg)},
          {"left_out_deg",
           {{"geometric", figure_json(summary.left_out_deg[0])},
            {"polynomial", figure_json(summary.left_out_deg[1])},
            {"gaussian process", figure_json(summary.left_out_deg[2])}}},
          {"chosen",
           {{"geometric", summary.chosen[0]},
            {"polynomial", summary.chosen[1]},
            {"gaussian process", summary.chosen[2]}}},
          {"coverage_68", json_of(summary.coverage_68)},
          {"coverage_68_standard_error", json_of(summary.coverage_68_se)},
          {"coverage_68_truth", json_of(summary.truth_coverage_68)},
          {"axis_error_deg", figure_json(summary.axis_error_deg)},
          {"gate_s", figure_json(summary.gate_s)},
          {"to_gaze_s", figure_json(summary.to_gaze_s)},
          {"length_s", figure_json(summary.length_s)},
          {"samples", figure_json(summary.samples)},
          {"map_us", figure_json(summary.map_us)},
          {"fit_ms", json_of(summary.fit)},
          {"slips", summary.slips},
          {"slips_imagined", summary.slips_imagined},
          {"slips_in_time", summary.slips_in_time},
          {"slip_named_s", figure_json(summary.slip_named_s)},
          {"slip_deg", figure_json(summary.slip_deg)},
          {"recentred_deg", figure_json(summary.recentred_deg)},
          {"head_moves", summary.head_moves},
          {"head_moves_named", summary.head_moves_named}};
}

json level_json(const std::vector<SubjectFigures>& subjects, ViewerFault fault) {
  json each = json::array();
  for (const SubjectFigures& subject : subjects) each.push_back(subject_json(subject));
  return {{"summary", summary_json(summarise(subjects, fault))}, {"each", std::move(each)}};
}

}  // namespace

json calibration_json(const CalibrationResult& result) {
  const CalibrationOptions& options = result.options;
  const ViewerFault fault = options.plan.fault;
  const json screen = {{"width_mm", options.plan.screen.width_mm},
                       {"height_mm", options.plan.screen.height_mm},
                       {"viewing_distance_mm", options.plan.screen.viewing_distance_mm}};
  return {{"kind", "yarbus calibration"},
          {"version", result.version},
          {"command", result.command},
          {"machine", json_of(result.machine)},
          {"first_seed", options.first_seed},
          {"targets", std::string(to_string(options.plan.layout))},
          {"fault", std::string(to_string(fault))},
          {"expected_finding", fault == ViewerFault::none ? json(nullptr) : json(expected_name(fault))},
          {"screen", screen},
          {"rendered", level_json(result.rendered, fault)},
          {"outlined", level_json(result.outlined, fault)},
          {"peak_memory_bytes", json_of(result.peak_memory_bytes)}};
}

}  // namespace yarbus::benchmark
