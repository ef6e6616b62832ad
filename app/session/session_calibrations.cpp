#include "app/session/session_calibrations.h"

#include <algorithm>
#include <utility>

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
  if (!mapper.empty() && result.calibrations_.empty())
    return Error{ErrorCode::invalid_option, "the session has no calibration that a mapper could be fitted to",
                 session.folder().string(), "Leave out --mapper"};
  return result;
}

std::optional<SessionCalibrations::MappedGaze> SessionCalibrations::map(const ProcedureFrame& frame) const {
  if (calibrations_.empty()) return std::nullopt;
  const auto later =
      std::upper_bound(calibrations_.begin(), calibrations_.end(), frame.at(),
                       [](CaptureTime at, const Calibration& each) { return at < each.made_at; });
  const Calibration& used = later == calibrations_.begin() ? *later : *(later - 1);
  const auto point = used.loaded.choice.mapper().map(frame.rays);
  if (!point || !point->point_in_screen_mm.allFinite()) return std::nullopt;
  return MappedGaze{*point, used.id};
}

}  // namespace yarbus
