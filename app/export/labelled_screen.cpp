#include "app/export/labelled_screen.h"

#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

namespace yarbus {
namespace {

Error unreadable(const std::filesystem::path& path, const std::string& message) {
  return {ErrorCode::input_unreadable, message, path.string(),
          "docs/simulation.md describes the labelled-recording format"};
}

/// A number above 0 under a key of the screen.
Result<double> length(const std::filesystem::path& path, const nlohmann::json& screen, const char* key) {
  const auto found = screen.find(key);
  if (found == screen.end() || !found->is_number())
    return unreadable(path, "\"screen\" has no number \"" + std::string(key) + '"');
  const double value = found->get<double>();
  if (!std::isfinite(value) || value <= 0.0)
    return unreadable(path, "screen." + std::string(key) + " is " + found->dump() + ", must be above 0");
  return value;
}

bool is_row_of_numbers(const nlohmann::json& row) {
  if (!row.is_array() || row.size() != 3) return false;
  for (const auto& value : row) {
    if (!value.is_number()) return false;
  }
  return true;
}

Result<RigidTransform> read_place(const std::filesystem::path& path, const nlohmann::json& place) {
  const Error malformed = unreadable(
      path,
      "screen_from_cam must hold \"rotation\" (three rows of three numbers) and \"translation_mm\" "
      "(three numbers)");
  if (!place.is_object() || !place.contains("rotation") || !place.contains("translation_mm"))
    return malformed;
  const auto& rotation = place["rotation"];
  const auto& translation = place["translation_mm"];
  if (!rotation.is_array() || rotation.size() != 3 || !is_row_of_numbers(translation)) return malformed;
  RigidTransform screen_from_cam;
  for (std::size_t row = 0; row < 3; ++row) {
    if (!is_row_of_numbers(rotation[row])) return malformed;
    screen_from_cam.translation_mm[static_cast<Eigen::Index>(row)] = translation[row].get<double>();
    for (std::size_t column = 0; column < 3; ++column)
      screen_from_cam.rotation(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) =
          rotation[row][column].get<double>();
  }
  if (const auto valid = screen_from_cam.validate(); !valid)
    return unreadable(path, "screen_from_cam: " + valid.error().message);
  return screen_from_cam;
}

}  // namespace

Result<std::optional<LabelledScreen>> read_labelled_screen(const std::filesystem::path& path,
                                                           const nlohmann::json& meta) {
  const auto found = meta.find("screen");
  if (found == meta.end()) return std::optional<LabelledScreen>{};
  if (!found->is_object()) return unreadable(path, "\"screen\" is " + found->dump() + ", must be an object");
  LabelledScreen screen;
  const auto width_mm = length(path, *found, "width_mm");
  if (!width_mm) return width_mm.error();
  const auto height_mm = length(path, *found, "height_mm");
  if (!height_mm) return height_mm.error();
  const auto width_px = length(path, *found, "width_px");
  if (!width_px) return width_px.error();
  const auto height_px = length(path, *found, "height_px");
  if (!height_px) return height_px.error();
  constexpr double most_px = 100'000.0;
  if (*width_px > most_px || *height_px > most_px)
    return unreadable(path, "the screen has more than 100000 pixels on a side");
  screen.geometry.width_mm = *width_mm;
  screen.geometry.height_mm = *height_mm;
  screen.geometry.width_px = static_cast<int>(std::lround(*width_px));
  screen.geometry.height_px = static_cast<int>(std::lround(*height_px));
  if (const auto place = meta.find("screen_from_cam"); place != meta.end()) {
    auto screen_from_cam = read_place(path, *place);
    if (!screen_from_cam) return screen_from_cam.error();
    screen.screen_from_cam = *screen_from_cam;
  }
  return std::optional<LabelledScreen>(screen);
}

}  // namespace yarbus
