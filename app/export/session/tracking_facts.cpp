#include "app/export/session/tracking_facts.h"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

namespace yarbus {
namespace {

TrackingFacts facts_in(const std::string& settings_json) {
  TrackingFacts facts;
  const auto settings = nlohmann::json::parse(settings_json, nullptr, false);
  if (!settings.is_object()) return facts;
  if (const auto stage = settings.find("stage"); stage != settings.end() && stage->is_string())
    facts.is_corrected_for_refraction = *stage == "refraction";
  if (const auto bright = settings.find("bright_pupil"); bright != settings.end() && bright->is_boolean())
    facts.is_bright_pupil = bright->get<bool>();
  return facts;
}

}  // namespace

Result<TrackingFacts> tracking_facts(const ExportRun& run, EyeSide eye) {
  if (run.options.analysis != live_analysis) {
    const auto analyses = run.source.analyses();
    if (!analyses) return analyses.error();
    const auto found = std::find_if(analyses->begin(), analyses->end(), [&](const AnalysisInfo& info) {
      return info.analysis == run.options.analysis;
    });
    return found == analyses->end() ? TrackingFacts{} : facts_in(found->settings_json);
  }
  const auto settings = run.source.settings();
  if (!settings) return settings.error();
  const std::string name = std::string(to_string(eye)) + "_eye";
  const auto found = std::find_if(settings->begin(), settings->end(),
                                  [&](const SettingRow& row) { return row.name == name; });
  return found == settings->end() ? TrackingFacts{} : facts_in(found->value_json);
}

}  // namespace yarbus
