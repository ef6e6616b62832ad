#include "calibration/mapping/calibration_record.h"

#include <array>
#include <string_view>

#include "calibration/mapping/json_section.h"

namespace yarbus {
namespace {

using calibration_json::Fault;
using calibration_json::json;
using calibration_json::numbers;
using calibration_json::Section;

constexpr std::array<TargetLayout, 5> layouts{TargetLayout::one, TargetLayout::five, TargetLayout::nine,
                                              TargetLayout::thirteen, TargetLayout::pursuit};
constexpr std::array<PointVerdict, 4> verdicts{PointVerdict::waiting, PointVerdict::missing,
                                               PointVerdict::poor, PointVerdict::good};

/// The value whose name the text is.
template <class Value, std::size_t N>
Value named(const std::array<Value, N>& values, const std::string& text, const char* what) {
  for (const Value value : values) {
    if (to_string(value) == text) return value;
  }
  throw Fault{"\"" + text + "\" is no " + what};
}

json optional_number(const std::optional<double>& value) { return value ? json(*value) : json(); }

/// The head pass has one key more.
json to_json(const PointView& point) {
  json entry{{"point", point.point},
             {"position_in_screen_mm", numbers(point.position_in_screen_mm)},
             {"is_validation", point.is_validation},
             {"verdict", to_string(point.verdict)},
             {"reason", point.reason},
             {"remedy", point.remedy},
             {"attempts", point.attempts},
             {"samples", point.samples},
             {"spread_deg", point.spread_deg},
             {"data_loss", point.data_loss},
             {"off_deg", optional_number(point.off_deg)}};
  if (point.is_head_pass) entry["is_head_pass"] = true;
  return entry;
}

PointView point_from(const json& value) {
  const char* where = "a point of the record";
  const bool names_head_pass = value.is_object() && value.contains("is_head_pass");
  const Section section =
      names_head_pass
          ? Section(value, where,
                    {"point", "position_in_screen_mm", "is_validation", "verdict", "reason", "remedy",
                     "attempts", "samples", "spread_deg", "data_loss", "off_deg", "is_head_pass"})
          : Section(value, where,
                    {"point", "position_in_screen_mm", "is_validation", "verdict", "reason", "remedy",
                     "attempts", "samples", "spread_deg", "data_loss", "off_deg"});
  PointView point;
  if (names_head_pass) point.is_head_pass = section.truth("is_head_pass");
  point.point = section.whole("point");
  point.position_in_screen_mm = section.vector<2>("position_in_screen_mm");
  point.is_validation = section.truth("is_validation");
  point.verdict = named(verdicts, section.text("verdict"), "verdict");
  point.reason = section.text("reason");
  point.remedy = section.text("remedy");
  point.attempts = section.whole("attempts");
  point.samples = section.whole("samples");
  point.spread_deg = section.number("spread_deg");
  point.data_loss = section.number("data_loss");
  point.off_deg = section.number_if_any("off_deg");
  return point;
}

json to_json(const FindingView& finding) {
  return {{"name", finding.name},
          {"text", finding.text},
          {"remedy", finding.remedy},
          {"points", finding.points},
          {"is_blocking", finding.is_blocking},
          {"is_resolved", finding.is_resolved},
          {"is_of_validation", finding.is_of_validation}};
}

FindingView finding_from(const json& value) {
  const Section section(
      value, "a finding of the record",
      {"name", "text", "remedy", "points", "is_blocking", "is_resolved", "is_of_validation"});
  FindingView finding;
  finding.name = section.text("name");
  finding.text = section.text("text");
  finding.remedy = section.text("remedy");
  for (const json& point : section.list("points")) {
    if (!point.is_number_integer()) throw Fault{"a finding's point is not a whole number"};
    finding.points.push_back(point.get<int>());
  }
  finding.is_blocking = section.truth("is_blocking");
  finding.is_resolved = section.truth("is_resolved");
  finding.is_of_validation = section.truth("is_of_validation");
  return finding;
}

}  // namespace

json record_to_json(const CalibrationRecord& record) {
  json points = json::array();
  for (const PointView& point : record.points) points.push_back(to_json(point));
  json findings = json::array();
  for (const FindingView& finding : record.findings) findings.push_back(to_json(finding));
  return {{"made_at", record.made_at},       {"layout", to_string(record.layout)},
          {"duration_s", record.duration_s}, {"accuracy_deg", optional_number(record.accuracy_deg)},
          {"points", std::move(points)},     {"findings", std::move(findings)}};
}

CalibrationRecord record_from(const json& value) {
  const Section section(value, "\"record\"",
                        {"made_at", "layout", "duration_s", "accuracy_deg", "points", "findings"});
  CalibrationRecord record;
  record.made_at = section.text("made_at");
  record.layout = named(layouts, section.text("layout"), "layout of targets");
  record.duration_s = section.number("duration_s");
  record.accuracy_deg = section.number_if_any("accuracy_deg");
  for (const json& point : section.list("points")) record.points.push_back(point_from(point));
  for (const json& finding : section.list("findings")) record.findings.push_back(finding_from(finding));
  return record;
}

}  // namespace yarbus
