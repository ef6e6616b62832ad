#include "app/benchmark/detection_json.h"

#include <cmath>

#include "app/benchmark/json_values.h"

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

json json_of_steps(const std::optional<PerStep<DetectionRate>>& rates) {
  if (!rates) return nullptr;
  json object = json::object();
  for (std::size_t step = 0; step < error_steps_px.size(); ++step) {
    object[std::to_string(error_steps_px[step])] = json_of(std::optional((*rates)[step]));
  }
  return object;
}

/// `size` is what a comparison judges: a bias is as bad to either side.
json json_of_bias(const std::optional<Statistics>& errors) {
  json object = json_of(errors);
  if (!errors) return object;
  object["standard_error"] = json_number(standard_error_of_mean(*errors));
  object["size"] = json_number(std::abs(errors->mean));
  return object;
}

json json_of_reliability(const std::optional<Reliability>& reliability) {
  if (!reliability) return nullptr;
  json bins = json::array();
  for (const Reliability::Bin& bin : reliability->bins) {
    bins.push_back({{"from", json_number(bin.from)},
                    {"to", json_number(bin.to)},
                    {"count", bin.count},
                    {"mean_stated", json_number(bin.mean_stated)},
                    {"observed", json_number(bin.observed)}});
  }
  return {{"count", reliability->count},
          {"not_finite", reliability->not_finite},
          {"mean_stated", json_number(reliability->mean_stated)},
          {"observed", json_number(reliability->observed)},
          {"calibration_error", json_number(reliability->calibration_error)},
          {"brier", json_number(reliability->brier)},
          {"bins", bins}};
}

json json_of_misses(const WaySummary& way) {
  json object = json::object();
  for (std::size_t i = 0; i < pupil_miss_reason_count; ++i) {
    object[std::string(to_string(static_cast<PupilMissReason>(i)))] = {
        {"in_frames_that_count", way.misses[i].counted}, {"in_others", way.misses[i].other}};
  }
  return object;
}

json json_of_lid_closure(const std::optional<LidClosureErrors>& errors) {
  if (!errors) return nullptr;
  return {{"area_error", json_of(std::optional(errors->area_error))},
          {"correlation", json_of(errors->correlation)}};
}

json json_of_way(const WaySummary& way) {
  return {{"center_within_px", json_of_steps(way.center_within)},
          {"outline_within_px", json_of_steps(way.outline_within)},
          {"by_visible_fraction", json_of(way.by_visibility)},
          {"false_positives_on_closed_eyes", json_of(way.false_positives)},
          {"outline_error_px", json_of(way.outline_px)},
          {"bias_px",
           {{"mean_diameter", json_of_bias(way.diameter_px)},
            {"center_x", json_of_bias(way.center_x_px)},
            {"center_y", json_of_bias(way.center_y_px)}}},
          {"confidence", json_of_reliability(way.reliability)},
          {"misses", json_of_misses(way)},
          {"lid_closure", json_of_lid_closure(way.lid_closure)},
          {"detect_ms", json_of(way.detect)},
          {"allocations_per_frame", json_of(way.allocations_per_frame)}};
}

json json_of_summary(const DetectionSummary& summary) {
  json object = {{"name", summary.name},
                 {"subjects", summary.subjects},
                 {"frames", summary.frames},
                 {"counted_frames", summary.counted_frames},
                 {"closed_frames", summary.closed_frames},
                 {"images", summary.image_sizes}};
  for (std::size_t way = 0; way < way_count; ++way) {
    object[std::string(to_string(ways[way]))] = json_of_way(summary.ways[way]);
  }
  return object;
}

json json_of_no_eye(const NoEyeScores& source) {
  json object = {{"name", source.name}, {"frames", source.frames}, {"note", source.note}};
  for (std::size_t way = 0; way < way_count; ++way) {
    const NoEyeScores::OfWay& of_way = source.ways[way];
    object[std::string(to_string(ways[way]))] = {
        {"reported", of_way.reported}, {"highest_confidence", json_number(of_way.highest_confidence)}};
  }
  return object;
}

json json_of_image_size(const DetectionSummary& summary) {
  json object = {{"name", summary.name}};
  for (std::size_t way = 0; way < way_count; ++way) {
    object[std::string(to_string(ways[way]))] = {
        {"detect_ms", json_of(summary.ways[way].detect)},
        {"allocations_per_frame", json_of(summary.ways[way].allocations_per_frame)}};
  }
  return object;
}

}  // namespace

nlohmann::json detection_json(const DetectionResult& result) {
  json groups = json::array();
  for (const DetectionSummary* summary : summaries_of(result)) groups.push_back(json_of_summary(*summary));
  json sizes = json::array();
  for (const DetectionSummary& summary : result.by_image_size) sizes.push_back(json_of_image_size(summary));
  json no_eye = json::array();
  for (const NoEyeScores& source : result.no_eye) no_eye.push_back(json_of_no_eye(source));
  return {{"kind", "yarbus detection"},
          {"version", result.version},
          {"command", result.command},
          {"machine", json_of(result.machine)},
          {"peak_memory_bytes", json_of(result.peak_memory_bytes)},
          {"groups", groups},
          {"times_by_image_size", sizes},
          {"no_eye", no_eye}};
}

}  // namespace yarbus::benchmark
