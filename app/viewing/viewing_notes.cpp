#include "app/viewing/viewing_notes.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include <nlohmann/json.hpp>

#include "app/viewing/viewing_plan_file.h"

namespace yarbus {
namespace {

using nlohmann::json;

constexpr const char* kind_key = "viewing";
constexpr std::size_t longest_label = 80;  ///< bytes of a task's text in a label

std::string text_of_json(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// At most so many bytes, not cut within a character of UTF-8.
std::string shortened(std::string text) {
  if (text.size() <= longest_label) return text;
  std::size_t size = longest_label;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size) + "…";
}

json screen_json(const ScreenGeometry& screen) {
  return {{"width_mm", screen.width_mm},
          {"height_mm", screen.height_mm},
          {"width_px", screen.width_px},
          {"height_px", screen.height_px},
          {"viewing_distance_mm", screen.viewing_distance_mm}};
}

ViewingSetup setup_of(const json& details) {
  ViewingSetup setup;
  auto plan = viewing_plan_from_json(text_of_json(details.at("plan")));
  if (!plan) throw std::invalid_argument("its plan: " + plan.error().message);
  setup.plan = std::move(*plan);
  const json& picture = details.at("picture");
  setup.picture_file = picture.at("file").get<std::string>();
  setup.picture_width_px = picture.at("width_px").get<int>();
  setup.picture_height_px = picture.at("height_px").get<int>();
  setup.picture.low_mm = {picture.at("left_mm").get<double>(), picture.at("top_mm").get<double>()};
  setup.picture.high_mm = {picture.at("right_mm").get<double>(), picture.at("bottom_mm").get<double>()};
  const json& screen = details.at("screen");
  setup.screen = {screen.at("width_mm").get<double>(), screen.at("height_mm").get<double>(),
                  screen.at("width_px").get<int>(), screen.at("height_px").get<int>(),
                  screen.at("viewing_distance_mm").get<double>()};
  const Eigen::Vector2d size_mm = setup.picture.high_mm - setup.picture.low_mm;
  if (!(size_mm.minCoeff() > 0.0) || !size_mm.allFinite() || setup.picture_width_px <= 0 ||
      setup.picture_height_px <= 0 || !(setup.screen.viewing_distance_mm > 0.0))
    throw std::invalid_argument("the picture or the screen has no size");
  if (setup.plan.tasks.empty()) throw std::invalid_argument("it has no task");
  return setup;
}

PictureShowing showing_of(const json& details, const ViewingNote& note, const ViewingPlan& plan) {
  PictureShowing showing;
  showing.task = details.at("task").get<int>();
  showing.position = details.at("position").get<int>();
  showing.attempt = details.at("attempt").get<int>();
  showing.start = note.at;
  showing.end = note.at + note.duration;
  const auto how = showing_end_from_string(details.at("end").get<std::string>());
  if (!how) throw std::invalid_argument("it ended in an unknown way");
  showing.how = *how;
  if (showing.task < 0 || static_cast<std::size_t>(showing.task) >= plan.tasks.size())
    throw std::invalid_argument("the plan has no such task");
  return showing;
}

}  // namespace

Eigen::Vector2d ViewingSetup::picture_px(const Eigen::Vector2d& in_screen_mm) const {
  const Eigen::Vector2d share =
      (in_screen_mm - picture.low_mm).cwiseQuotient(picture.high_mm - picture.low_mm);
  return share.cwiseProduct(Eigen::Vector2d(picture_width_px, picture_height_px)) -
         Eigen::Vector2d::Constant(0.5);
}

Eigen::Vector2d ViewingSetup::screen_mm(const Eigen::Vector2d& in_picture_px) const {
  const Eigen::Vector2d share = (in_picture_px + Eigen::Vector2d::Constant(0.5))
                                    .cwiseQuotient(Eigen::Vector2d(picture_width_px, picture_height_px));
  return picture.low_mm + share.cwiseProduct(picture.high_mm - picture.low_mm);
}

bool ViewingSetup::is_on_picture(const Eigen::Vector2d& in_screen_mm) const {
  return (in_screen_mm - picture.low_mm).minCoeff() >= 0.0 &&
         (picture.high_mm - in_screen_mm).minCoeff() >= 0.0;
}

double ViewingSetup::mm_per_deg() const {
  return screen.viewing_distance_mm * std::tan(std::numbers::pi / 180.0);
}

double ViewingSetup::angle_deg(const Eigen::Vector2d& one_in_screen_mm,
                               const Eigen::Vector2d& other_in_screen_mm) const {
  const Eigen::Vector2d middle_mm = 0.5 * Eigen::Vector2d(screen.width_mm, screen.height_mm);
  const auto ray = [&](const Eigen::Vector2d& place_mm) {
    const Eigen::Vector2d beside_mm = place_mm - middle_mm;
    return Eigen::Vector3d(beside_mm.x(), beside_mm.y(), screen.viewing_distance_mm);
  };
  const Eigen::Vector3d a = ray(one_in_screen_mm);
  const Eigen::Vector3d b = ray(other_in_screen_mm);
  const Eigen::Vector3d normal(a.y() * b.z() - a.z() * b.y(), a.z() * b.x() - a.x() * b.z(),
                               a.x() * b.y() - a.y() * b.x());
  return std::atan2(normal.norm(), a.dot(b)) * 180.0 / std::numbers::pi;
}

ViewingNote viewing_begin_note(const ViewingSetup& setup, CaptureTime at) {
  const json details{{kind_key, "begin"},
                     {"plan", json::parse(viewing_plan_json(setup.plan))},
                     {"picture",
                      {{"file", setup.picture_file},
                       {"width_px", setup.picture_width_px},
                       {"height_px", setup.picture_height_px},
                       {"left_mm", setup.picture.low_mm.x()},
                       {"top_mm", setup.picture.low_mm.y()},
                       {"right_mm", setup.picture.high_mm.x()},
                       {"bottom_mm", setup.picture.high_mm.y()}}},
                     {"screen", screen_json(setup.screen)}};
  return {at, {}, "viewing begins", text_of_json(details)};
}

ViewingNote viewing_picture_note(const ViewingPlan& plan, const PictureShowing& showing) {
  const std::string& task = plan.tasks.at(static_cast<std::size_t>(showing.task)).text;
  const json details{{kind_key, "picture"},        {"task", showing.task}, {"position", showing.position},
                     {"attempt", showing.attempt}, {"text", task},         {"end", to_string(showing.how)}};
  return {showing.start, showing.end - showing.start,
          "picture, task " + std::to_string(showing.task + 1) + ": " + shortened(task),
          text_of_json(details)};
}

ViewingNote viewing_end_note(CaptureTime at, bool is_complete, const std::string& problem) {
  const json details{{kind_key, "end"}, {"complete", is_complete}, {"problem", problem}};
  return {at, {}, is_complete ? "viewing ends" : "viewing ends early", text_of_json(details)};
}

Result<std::vector<RecordedViewing>> read_viewing_notes(std::span<const ViewingNote> notes) {
  std::vector<RecordedViewing> viewings;
  // A picture's note has the time of its start, but is written when it has ended: order by time all the same.
  std::vector<const ViewingNote*> by_time;
  for (const ViewingNote& note : notes) by_time.push_back(&note);
  std::stable_sort(by_time.begin(), by_time.end(),
                   [](const ViewingNote* a, const ViewingNote* b) { return a->at < b->at; });
  for (const ViewingNote* note : by_time) {
    const json details = json::parse(note->details_json, nullptr, false);
    if (!details.is_object() || !details.contains(kind_key) || !details[kind_key].is_string()) continue;
    const auto kind = details[kind_key].get<std::string>();
    try {
      if (kind == "begin") {
        viewings.push_back({setup_of(details), note->at, {}, false, false, ""});
      } else if (viewings.empty()) {
        throw std::invalid_argument("no viewing has begun before");
      } else if (kind == "picture") {
        viewings.back().showings.push_back(showing_of(details, *note, viewings.back().setup.plan));
      } else if (kind == "end") {
        viewings.back().has_end = true;
        viewings.back().is_complete = details.at("complete").get<bool>();
        viewings.back().problem = details.at("problem").get<std::string>();
      } else {
        throw std::invalid_argument("its kind \"" + kind + "\" is unknown: another Yarbus wrote it");
      }
    } catch (const std::exception& fault) {
      return Error{
          ErrorCode::input_unreadable,
          "the annotation \"" + note->label + "\" is not as a viewing session writes it: " + fault.what(), "",
          "Use the Yarbus that recorded the session"};
    }
  }
  return viewings;
}

}  // namespace yarbus
