#include "app/viewing/viewing_plan_file.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <system_error>

#include <nlohmann/json.hpp>

#include "app/viewing/json_lines.h"

namespace yarbus {
namespace {

using nlohmann::json;

constexpr const char* plan_format = "yarbus-viewing-plan";
constexpr int plan_version = 1;

/// What is wrong with a plan and where; thrown while it is read, caught by viewing_plan_from_json().
struct PlanFault {
  std::string message;
  std::string pointer;  ///< JSON pointer to the value
};

/// An object of the plan. `pointer` names it.
class PlanSection {
 public:
  PlanSection(const json& value, std::string pointer, std::initializer_list<std::string_view> needed,
              std::initializer_list<std::string_view> allowed)
      : value_(value), pointer_(std::move(pointer)) {
    const std::string name = pointer_.empty() ? "the plan" : '"' + pointer_.substr(1) + '"';
    if (!value.is_object()) throw PlanFault{name + " is not of the form {\"key\": value, ...}", pointer_};
    const auto holds = [](std::initializer_list<std::string_view> keys, const std::string& key) {
      return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    for (const auto& item : value.items()) {
      if (!holds(needed, item.key()) && !holds(allowed, item.key()))
        throw PlanFault{name + " has an unknown key \"" + item.key() + '"', place_of(item.key())};
    }
    for (const std::string_view key : needed) {
      if (!value.contains(key)) throw PlanFault{name + " has no \"" + std::string(key) + '"', pointer_};
    }
  }
  [[nodiscard]] bool has(const char* key) const { return value_.contains(key); }
  [[nodiscard]] const json& at(const char* key) const { return value_.at(key); }
  [[nodiscard]] std::string text(const char* key) const {
    if (!at(key).is_string()) fail(key, "is not a text");
    return at(key).get<std::string>();
  }
  [[nodiscard]] double number(const char* key) const {
    if (!at(key).is_number() || !std::isfinite(at(key).get<double>())) fail(key, "is not a number");
    return at(key).get<double>();
  }
  [[nodiscard]] std::uint64_t whole(const char* key) const {
    if (!at(key).is_number_unsigned()) fail(key, "is not a whole number of 0 or more");
    return at(key).get<std::uint64_t>();
  }
  [[nodiscard]] bool truth(const char* key) const {
    if (!at(key).is_boolean()) fail(key, "is not true or false");
    return at(key).get<bool>();
  }
  [[noreturn]] void fail(const char* key, const std::string& what) const {
    throw PlanFault{'"' + (pointer_.empty() ? std::string() : pointer_.substr(1) + '/') + key + "\" " + what,
                    place_of(key)};
  }

 private:
  [[nodiscard]] std::string place_of(const std::string& key) const { return pointer_ + '/' + key; }
  const json& value_;
  std::string pointer_;
};

ViewingPlan plan_of(const json& document) {
  const PlanSection top(document, "", {"format", "version", "image", "tasks"},
                        {"name", "instruction_seconds", "waits_for_key", "order", "seed"});
  if (top.text("format") != plan_format)
    top.fail("format", std::string("is not \"") + plan_format + "\": this is another kind of file");
  if (top.whole("version") != plan_version)
    top.fail("version", "is not " + std::to_string(plan_version) + ": another Yarbus wrote it");
  ViewingPlan plan;
  plan.image = top.text("image");
  if (top.has("name")) plan.name = top.text("name");
  if (top.has("instruction_seconds")) plan.instruction_s = top.number("instruction_seconds");
  if (top.has("waits_for_key")) plan.waits_for_key = top.truth("waits_for_key");
  if (top.has("seed")) plan.seed = top.whole("seed");
  if (top.has("order")) {
    const std::string order = top.text("order");
    if (order != to_string(TaskOrder::as_given) && order != to_string(TaskOrder::shuffled))
      top.fail("order", R"(is neither "as_given" nor "shuffled")");
    plan.order = order == to_string(TaskOrder::shuffled) ? TaskOrder::shuffled : TaskOrder::as_given;
  }
  if (!top.at("tasks").is_array()) top.fail("tasks", "is not a list");
  for (std::size_t i = 0; i < top.at("tasks").size(); ++i) {
    const PlanSection task(top.at("tasks")[i], "/tasks/" + std::to_string(i), {"text", "seconds"}, {});
    plan.tasks.push_back({task.text("text"), task.number("seconds")});
  }
  return plan;
}

Error broken_plan(const std::string& what, int line) {
  return {ErrorCode::input_unreadable, "line " + std::to_string(line) + ": " + what, "",
          "Correct that line; docs/viewing.md says what a plan holds"};
}

Error in_file(Error error, const std::filesystem::path& file) {
  error.context = file.string();
  return error;
}

}  // namespace

Result<ViewingPlan> viewing_plan_from_json(const std::string& text) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::parse_error& error) {
    return broken_plan("this is not JSON", line_at(text, error.byte == 0 ? 0 : error.byte - 1));
  }
  const JsonLines lines = find_json_lines(text);
  const auto line_of = [&](const std::string& pointer) {
    const auto found = lines.line_of.find(pointer);
    return found != lines.line_of.end() ? found->second : 1;
  };
  // The reader keeps the last of two: which one was meant, nobody knows.
  if (!lines.repeated.empty()) {
    const std::string& twice = lines.repeated.front();
    return broken_plan('"' + twice.substr(1) + "\" is there twice", line_of(twice));
  }
  try {
    return plan_of(document);
  } catch (const PlanFault& fault) {
    return broken_plan(fault.message, line_of(fault.pointer));
  }
}

std::string viewing_plan_json(const ViewingPlan& plan) {
  nlohmann::ordered_json document{{"format", plan_format},
                                  {"version", plan_version},
                                  {"name", plan.name},
                                  {"image", plan.image},
                                  {"instruction_seconds", plan.instruction_s},
                                  {"waits_for_key", plan.waits_for_key},
                                  {"order", to_string(plan.order)},
                                  {"seed", plan.seed},
                                  {"tasks", nlohmann::ordered_json::array()}};
  for (const ViewingTask& task : plan.tasks)
    document["tasks"].push_back({{"text", task.text}, {"seconds", task.seconds}});
  return document.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

Result<ViewingPlan> load_viewing_plan(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed))
    return Error{ErrorCode::input_missing, "there is no such file", file.string(),
                 "Choose a plan that exists"};
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && !stream.eof())
    return Error{ErrorCode::input_unreadable, "cannot be read", file.string(), "Check who may read it"};
  auto plan = viewing_plan_from_json(text);
  if (!plan) return in_file(plan.error(), file);
  const std::filesystem::path image(plan->image);
  if (!plan->image.empty() && image.is_relative())
    plan->image = (std::filesystem::absolute(file).parent_path() / image).lexically_normal().string();
  return plan;
}

Result<void> save_viewing_plan(const std::filesystem::path& file, const ViewingPlan& plan) {
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  ViewingPlan written = plan;
  const std::filesystem::path image(plan.image);
  if (image.is_absolute()) {
    const std::filesystem::path from_here = image.lexically_relative(folder);
    if (!from_here.empty() && *from_here.begin() != "..") written.image = from_here.string();
  }
  const std::filesystem::path part = file.string() + ".part";
  const auto failed = [&](const std::string& why) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    return Error{ErrorCode::output_unwritable, "the plan cannot be written" + why, file.string(),
                 "Choose a folder that exists and that you may write to, with room left"};
  };
  {
    std::ofstream stream(part, std::ios::binary | std::ios::trunc);
    stream << viewing_plan_json(written);
    stream.flush();
    if (!stream) return failed("");
  }
  std::error_code renaming;
  std::filesystem::rename(part, file, renaming);
  if (renaming) return failed(": " + renaming.message());
  return {};
}

}  // namespace yarbus
