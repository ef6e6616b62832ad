#include "app/benchmark/compare_figures.h"

#include <cmath>
#include <fstream>
#include <optional>

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

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

const json* set_of(const json& sets, const std::string& name) {
  for (const json& group : sets) {
    if (group.at("name") == name) return &group;
  }
  return nullptr;
}

/// nullopt if both describe the same recordings.
std::optional<Error> difference_between(const json& now, const json& earlier,
                                        const std::vector<const char*>& same_keys) {
  if (now.size() != earlier.size()) {
    return not_comparable("it has " + std::to_string(earlier.size()) + " sets, this one " +
                          std::to_string(now.size()));
  }
  for (const json& was : earlier) {
    const std::string name = was.at("name");
    const json* is = set_of(now, name);
    if (is == nullptr) return not_comparable("this run has no set \"" + name + '"');
    for (const char* key : same_keys) {
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

void compare_set(const json& now, const json& was, const std::vector<Figure>& figures,
                 Comparison& comparison) {
  const std::string name = was.at("name");
  for (const Figure& figure : figures) {
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

Error not_comparable(const std::string& what) {
  return {ErrorCode::invalid_option, "the earlier result cannot be compared: " + what, "--against",
          "Give the options it was made with (its \"command\"), or record it anew"};
}

Comparison begin_comparison() {
  return {{"Against the earlier result", {"set", "figure", "was", "is", "allowed", ""}, {}, {}}, {}};
}

void finish_comparison(Comparison& comparison) {
  comparison.table.notes.emplace_back(
      comparison.table.rows.empty() ? "No figure has changed." : "Figures that did not change are left out.");
}

Result<void> compare_sets(const json& now, const json& earlier, const std::vector<Figure>& figures,
                          const std::vector<const char*>& same_keys, Comparison& comparison) {
  if (auto difference = difference_between(now, earlier, same_keys)) return *difference;
  for (const json& was : earlier) {
    compare_set(*set_of(now, was.at("name")), was, figures, comparison);
  }
  return {};
}

}  // namespace yarbus::benchmark
