#include <algorithm>
#include <cmath>
#include <fstream>

#include "app/benchmark/compare.h"
#include "app/benchmark/metrics.h"

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

/// How much worse a figure may get: earlier * relative + absolute + standard_errors * its standard error.
struct Margin {
  double relative = 0.0;
  double absolute = 0.0;
  double standard_errors = 0.0;  ///< of the mean over its frames: how far a few other frames would move it
  bool higher_is_better = false;
};

// On one machine with one build the same seeds give the same figures to the last digit. Another compiler,
// processor or library rounds differently; then a random sample of the detector may win that lost before, a
// frame may cross a threshold, and a fit may keep another frame. How far that can go was seen by giving the
// detector another seed, which changes the random samples of every frame: figures moved mostly by less than
// two standard errors (little for clear pupils, much for recordings with a few wild frames); eye centre and
// pupil size, which all frames of a model share, by up to 0.7 mm and 0.15 mm. The margins are of that size.
// They are not a licence to get worse by little steps: the baseline is recorded anew with every change that
// is meant to move figures.
constexpr Margin gaze_margin{0.05, 0.05, 2.0, false};      // deg
constexpr Margin outline_margin{0.05, 0.05, 2.0, false};   // px
constexpr Margin center_margin{0.10, 0.30, 0.0, false};    // mm
constexpr Margin diameter_margin{0.10, 0.12, 0.0, false};  // mm
constexpr Margin share_margin{0.0, 0.02, 2.0, true};       // of frames found
constexpr Margin count_margin{0.0, 1.0, 0.0, false};       // closed eyes taken for pupils
constexpr Margin fits_margin{0.0, 0.0, 0.0, false};        // fits that failed

/// One figure to compare: where it is in a group's JSON, and what it is called.
struct Figure {
  std::string name;
  json::json_pointer place;
  Margin margin;
  int decimals = 2;
};

std::vector<Figure> figures() {
  std::vector<Figure> list;
  const auto add_errors = [&](const std::string& key, const std::string& what, const std::string& of,
                              const Margin& margin) {
    const json::json_pointer place("/" + key + "/" + of);
    list.push_back({what + ", " + of + ", mean", place / "mean", margin});
    list.push_back({what + ", " + of + ", median", place / "median", margin});
  };
  add_errors("outline_error_px", "outline (px)", "detector", outline_margin);
  for (const FitStage stage : stages) {
    const std::string name(to_string(stage));
    add_errors("gaze_error_deg", "gaze (deg)", name, gaze_margin);
    add_errors("outline_error_px", "outline (px)", name, outline_margin);
    add_errors("eye_center_error_mm", "eye centre (mm)", name, center_margin);
    add_errors("pupil_diameter_error_mm", "pupil diameter (mm)", name, diameter_margin);
    list.push_back(
        {"fits that failed, " + name, json::json_pointer("/fits/" + name + "/failed"), fits_margin, 0});
  }
  list.push_back({"pupils found, share", json::json_pointer("/detection/share"), share_margin, 3});
  list.push_back({"pupils found on closed eyes", json::json_pointer("/false_positives_on_closed_eyes/found"),
                  count_margin, 0});
  return list;
}

/// The number at `place`; nullopt where the group has null there, or on the way there.
std::optional<double> number_at(const json& group, const json::json_pointer& place) {
  for (json::json_pointer upper = place; !upper.empty(); upper = upper.parent_pointer()) {
    if (!group.contains(upper)) continue;
    const json& value = group.at(upper);
    return upper == place && value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
  }
  return std::nullopt;
}

/// Of the mean, or of the share, that stands at `place` beside its count; 0 if there is none.
double standard_error_at(const json& group, const json::json_pointer& place) {
  const auto beside = [&](const char* key) { return number_at(group, place.parent_pointer() / key); };
  if (const auto sd = beside("sd"), count = beside("count"); sd && count && *count > 0.0) {
    return *sd / std::sqrt(*count);
  }
  if (const auto share = beside("share"), frames = beside("frames"); share && frames && *frames > 0.0) {
    return std::sqrt(*share * (1.0 - *share) / *frames);
  }
  return 0.0;
}

const json* group_of(const json& result, const std::string& name) {
  for (const json& group : result.at("groups")) {
    if (group.at("name") == name) return &group;
  }
  return nullptr;
}

Error not_comparable(const std::string& what) {
  return {ErrorCode::invalid_option, "the earlier result cannot be compared: " + what, "--against",
          "Give the options it was made with (its \"command\"), or record it anew"};
}

/// nullopt if both describe the same recordings.
std::optional<Error> difference_between(const json& now, const json& earlier) {
  if (now.at("groups").size() != earlier.at("groups").size()) {
    return not_comparable("it has " + std::to_string(earlier.at("groups").size()) + " sets, this one " +
                          std::to_string(now.at("groups").size()));
  }
  for (const json& was : earlier.at("groups")) {
    const std::string name = was.at("name");
    const json* is = group_of(now, name);
    if (is == nullptr) return not_comparable("this run has no set \"" + name + '"');
    for (const char* key : {"subjects", "frames"}) {
      if (was.at(key) != is->at(key)) {
        return not_comparable("\"" + name + "\" had " + was.at(key).dump() + ' ' + key + ", now " +
                              is->at(key).dump());
      }
    }
  }
  return std::nullopt;
}

/// Places of values that are not finite, anywhere below `value`.
void find_not_finite(const json& value, const std::string& place, std::vector<std::string>& found) {
  if (!value.is_object()) return;
  for (const auto& [key, inner] : value.items()) {
    if (key == "not_finite" && inner.is_number() && inner.get<double>() > 0.0) {
      found.push_back(place + ": " + inner.dump() + " values are not finite");
    }
    find_not_finite(inner, place + (place.empty() ? "" : "/") + key, found);
  }
}

void compare_group(const json& now, const json& was, Comparison& comparison) {
  const std::string name = was.at("name");
  for (const Figure& figure : figures()) {
    const auto before = number_at(was, figure.place);
    const auto after = number_at(now, figure.place);
    if (!before) continue;
    const double sign = figure.margin.higher_is_better ? -1.0 : 1.0;
    const double margin = figure.margin.relative * std::abs(*before) + figure.margin.absolute +
                          figure.margin.standard_errors * standard_error_at(was, figure.place);
    const double allowed = *before + sign * margin;
    const bool is_worse = !after || sign * (*after - allowed) > 1e-9;
    const auto text = [&](double value) { return number_text(value, figure.decimals); };
    const std::string is_text = after ? text(*after) : "none";
    if (is_worse) {
      comparison.regressions.push_back(name + ": " + figure.name + " is " + is_text + ", was " +
                                       text(*before) + ", allowed " + text(allowed));
    }
    const bool has_changed = !after || std::abs(*after - *before) > 5e-4;
    if (has_changed) {
      comparison.table.rows.push_back(
          {name, figure.name, text(*before), is_text, text(allowed), is_worse ? "WORSE" : "within"});
    }
  }
  std::vector<std::string> not_finite;
  find_not_finite(now, "", not_finite);
  for (const std::string& place : not_finite) comparison.regressions.push_back(name + ": " + place);
}

}  // namespace

Result<nlohmann::json> read_earlier_result(const std::filesystem::path& path, const std::string& kind) {
  std::ifstream stream(path);
  if (!stream) {
    return Error{ErrorCode::input_missing, "there is no earlier result to compare with", path.string(),
                 "Give a JSON file that the benchmark wrote with --out"};
  }
  const auto unreadable = [&](const std::string& reason) {
    return Error{ErrorCode::input_unreadable, reason, path.string(),
                 "Give a JSON file that the same benchmark wrote with --out"};
  };
  try {
    json result = json::parse(stream);
    if (!result.is_object() || result.value("kind", json()) != json(kind)) {
      return unreadable("it is not the result of this benchmark (no \"kind\": \"" + kind + "\")");
    }
    return result;
  } catch (const json::exception& error) {
    return unreadable("it is not JSON: " + std::string(error.what()));
  }
}

Result<Comparison> compare_accuracy(const nlohmann::json& now, const nlohmann::json& earlier) {
  try {
    if (auto difference = difference_between(now, earlier)) return *difference;
    Comparison comparison;
    comparison.table = {"Against the earlier result", {"set", "figure", "was", "is", "allowed", ""}, {}, {}};
    for (const json& was : earlier.at("groups")) {
      const std::string name = was.at("name");
      compare_group(*group_of(now, name), was, comparison);
    }
    comparison.table.notes.emplace_back(comparison.table.rows.empty()
                                            ? "No figure has changed."
                                            : "Figures that did not change are left out.");
    return comparison;
  } catch (const json::exception& error) {
    return not_comparable("it is not complete (" + std::string(error.what()) + ')');
  }
}

}  // namespace yarbus::benchmark
