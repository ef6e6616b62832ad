#include "ui/calibration/setup_choices.h"

#include <array>

namespace yarbus::ui {

namespace {

constexpr const char* monitor_setting = "calibration/monitor";
constexpr const char* distance_setting = "calibration/viewing_distance_mm";
constexpr const char* layout_setting = "calibration/layout";
constexpr const char* validation_setting = "calibration/validation_points";
constexpr const char* by_key_setting = "calibration/advance_by_key";
constexpr const char* on_head_setting = "calibration/camera_on_head";
constexpr const char* head_pass_setting = "calibration/head_pass";

constexpr std::array layouts{TargetLayout::five, TargetLayout::nine, TargetLayout::thirteen,
                             TargetLayout::pursuit};
constexpr double nearest_mm = 20.0;
constexpr double farthest_mm = 10000.0;

QString layout_name(TargetLayout layout) {
  const std::string_view name = to_string(layout);
  return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

}  // namespace

QString last_monitor_key(const QSettings& settings) { return settings.value(monitor_setting).toString(); }

SetupChoices load_setup(const QSettings& settings) {
  SetupChoices choices;
  choices.monitor_key = last_monitor_key(settings);
  const double distance_mm = settings.value(distance_setting, choices.viewing_distance_mm).toDouble();
  if (distance_mm >= nearest_mm && distance_mm <= farthest_mm) choices.viewing_distance_mm = distance_mm;
  const QString layout = settings.value(layout_setting).toString();
  for (const TargetLayout one : layouts) {
    if (layout_name(one) == layout) choices.layout = one;
  }
  const int validation = settings.value(validation_setting, choices.validation_points).toInt();
  if (validation == 0 || validation == 4 || validation == 5) choices.validation_points = validation;
  choices.advance_by_key = settings.value(by_key_setting, choices.advance_by_key).toBool();
  choices.is_camera_on_head = settings.value(on_head_setting, choices.is_camera_on_head).toBool();
  choices.head_pass = settings.value(head_pass_setting, choices.head_pass).toBool();
  return choices;
}

void save_setup(QSettings& settings, const SetupChoices& choices) {
  settings.setValue(monitor_setting, choices.monitor_key);
  settings.setValue(distance_setting, choices.viewing_distance_mm);
  settings.setValue(layout_setting, layout_name(choices.layout));
  settings.setValue(validation_setting, choices.validation_points);
  settings.setValue(by_key_setting, choices.advance_by_key);
  settings.setValue(on_head_setting, choices.is_camera_on_head);
  settings.setValue(head_pass_setting, choices.head_pass);
}

CalibrationRequest request_of(const SetupChoices& choices, const ScreenGeometry& screen) {
  CalibrationRequest request;
  request.screen = screen;
  request.layout = choices.layout;
  request.validation_points = choices.validation_points;
  request.advance_by_key = choices.advance_by_key;
  request.is_camera_on_head = choices.is_camera_on_head;
  request.name = choices.name.trimmed().toStdString();
  return request;
}

}  // namespace yarbus::ui
