#include "app/session/session_calibrations.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/session/live_recording.h"
#include "calibration/mapping/choose_mapper.h"

namespace yarbus {
namespace {

/// Why a calibration is not for these cameras; empty: it is for one of them at least.
std::string why_foreign(const LoadedCalibration& calibration, const std::vector<SessionCamera>& cameras) {
  const CameraView view = calibration.choice.webcam ? CameraView::webcam : CameraView::near_eye;
  std::string why = "it was made with another kind of camera";
  for (const SessionCamera& camera : cameras) {
    if (camera.view != view) continue;
    const auto& made_with = calibration.saved.setup.cameras[index_of(camera.eye)];
    const bool sees_both = view == CameraView::webcam;
    if (!made_with && !sees_both) {
      why = "it was made for the other eye";
    } else if (made_with &&
               (made_with->width_px != camera.width_px || made_with->height_px != camera.height_px)) {
      why = "it was made with images of another size";
    } else {
      return {};
    }
  }
  return why;
}

}  // namespace

Result<SessionCalibrations> SessionCalibrations::load(const RecordedSession& session,
                                                      const std::string& mapper) {
  auto rows = session.calibrations();
  if (!rows) return rows.error();
  SessionCalibrations result;
  for (const CalibrationRow& row : *rows) {
    const std::string called = "calibration " + std::to_string(row.id) + " (" + row.name + ')';
    auto loaded = parse_calibration(row.file_json, called);
    if (!loaded) {
      result.notes_.push_back(called + " was left out: " + loaded.error().message);
      continue;
    }
    if (const std::string why = why_foreign(*loaded, session.cameras()); !why.empty()) {
      result.notes_.push_back(called + " was left out: " + why);
      continue;
    }
    if (auto chosen = choose_by_name(mapper, loaded->choice); !chosen) {
      Error error = chosen.error();
      error.context = session.folder().string() + ", " + called;
      return error;
    }
    result.calibrations_.push_back({row.id, row.made_at, std::move(*loaded)});
  }
  std::stable_sort(result.calibrations_.begin(), result.calibrations_.end(),
                   [](const Calibration& a, const Calibration& b) { return a.made_at < b.made_at; });
  if (const auto offsets = result.load_offsets(session); !offsets) return offsets.error();
  if (!mapper.empty() && result.calibrations_.empty())
    return Error{ErrorCode::invalid_option, "the session has no calibration that a mapper could be fitted to",
                 session.folder().string(), "Leave out --mapper"};
  return result;
}

Result<void> SessionCalibrations::load_offsets(const RecordedSession& session) {
  const auto settings = session.settings();
  if (!settings) return settings.error();
  for (const SettingRow& setting : *settings) {
    if (setting.name != gaze_offset_setting) continue;
    const auto value = nlohmann::json::parse(setting.value_json, nullptr, false);
    const auto number = [&](const char* key) {
      const auto found = value.is_object() ? value.find(key) : value.end();
      return value.is_object() && found != value.end() && found->is_number()
                 ? found->get<double>()
                 : std::numeric_limits<double>::quiet_NaN();
    };
    const Eigen::Vector2d offset_mm(number("x_mm"), number("y_mm"));
    if (!offset_mm.allFinite()) {
      notes_.emplace_back("a recentre that cannot be read was left out");
      continue;
    }
    offsets_.push_back({setting.at, offset_mm});
  }
  std::stable_sort(offsets_.begin(), offsets_.end(),
                   [](const Offset& a, const Offset& b) { return a.at < b.at; });
  if (!offsets_.empty() && !calibrations_.empty()) {
    notes_.push_back("gaze on the screen was recentred " + std::to_string(offsets_.size()) +
                     (offsets_.size() == 1 ? " time" : " times") + " while it was recorded: so it is here");
  }
  return {};
}

std::optional<SessionCalibrations::MappedGaze> SessionCalibrations::map(const ProcedureFrame& frame) const {
  if (calibrations_.empty()) return std::nullopt;
  const auto later =
      std::upper_bound(calibrations_.begin(), calibrations_.end(), frame.at(),
                       [](CaptureTime at, const Calibration& each) { return at < each.made_at; });
  const Calibration& used = later == calibrations_.begin() ? *later : *(later - 1);
  auto point = used.loaded.choice.mapper().map(frame.rays);
  if (!point || !point->point_in_screen_mm.allFinite()) return std::nullopt;
  const auto after = std::upper_bound(offsets_.begin(), offsets_.end(), frame.at(),
                                      [](CaptureTime at, const Offset& each) { return at < each.at; });
  if (after != offsets_.begin()) point->point_in_screen_mm -= (after - 1)->in_screen_mm;
  return MappedGaze{*point, used.id};
}

}  // namespace yarbus
