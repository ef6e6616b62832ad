// What the desk does with a result and with the library of cameras.

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <utility>

#include "app/session/camera_calibration_desk.h"
#include "calibration/camera/board_drawing.h"
#include "calibration/camera/camera_file.h"
#include "calibration/camera/camera_presets.h"

namespace yarbus {
namespace {

std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &utc);
  return text.data();
}

bool is_open(PlaybackState state) { return state != PlaybackState::closed && state != PlaybackState::failed; }

}  // namespace

CameraIntrinsics CameraCalibrationDesk::in_sensor(const CameraIntrinsics& shown) const {
  const SourceRequest request = hooks_.source_of(eye()).request;
  const CameraIntrinsics turned = rotated_and_mirrored(shown, 0, request.mirror);
  return rotated_and_mirrored(turned, (360 - request.rotate_deg) % 360, false);
}

void CameraCalibrationDesk::tell(const Result<void>& outcome, const std::string& done) {
  if (outcome) {
    notices_.post(Notice::Severity::info, eye(), done, "");
  } else {
    notices_.post(eye(), outcome.error());
  }
}

void CameraCalibrationDesk::save(const std::string& camera_name) {
  post([this, camera_name] { save_now(camera_name); });
}

void CameraCalibrationDesk::save_now(const std::string& camera_name) {
  if (!result_) {
    notices_.post(eye(), {ErrorCode::invalid_option, "there is no camera calibration to save yet", "",
                          "Show the board from many sides, then compute"});
    return;
  }
  const SourceSnapshot source = hooks_.source_of(eye());
  CameraRecord record;
  record.camera = camera_name.empty() ? source.name : camera_name;
  record.intrinsics = in_sensor(result_->intrinsics);
  record.origin = "calibrated: " + setup_.board.to_text();
  record.date = today();
  record.rms_px = result_->rms_px;
  record.focal_sigma_px = result_->sigma_px[0];
  record.views = result_->views_used;
  const auto saved = library_.save(record);
  if (!saved) {
    notices_.post(eye(), saved.error());
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    shown_.saved_as = record.camera;
  }
  const bool is_in_use = is_open(source.state) && source.width_px == result_->intrinsics.width_px &&
                         source.height_px == result_->intrinsics.height_px;
  notices_.post(Notice::Severity::info, eye(),
                "The camera was saved as " + record.camera + (is_in_use ? " and is used from now on" : ""),
                "");
  if (!is_in_use) return;
  SourceRequest request = source.request;
  request.intrinsics_file = saved->string();
  request.focal_px.reset();
  hooks_.reopen(eye(), request);
}

void CameraCalibrationDesk::export_result(const std::string& path) {
  post([this, path] { export_now(path); });
}

void CameraCalibrationDesk::export_now(const std::string& path) {
  if (!result_) {
    notices_.post(eye(), {ErrorCode::invalid_option, "there is no camera calibration to export yet", path,
                          "Show the board from many sides, then compute"});
    return;
  }
  const SourceSnapshot source = hooks_.source_of(eye());
  tell(write_camera_file(path, {source.name, in_sensor(result_->intrinsics)}, result_->rms_px),
       "The camera was written to " + path);
}

void CameraCalibrationDesk::print_board(const std::string& path, const CalibrationBoard& board) {
  post([this, path, board] {
    tell(write_board(path, board),
         "The board was written to " + path + ": print it at 100 %, glue it to something flat");
  });
}

std::vector<SavedCamera> CameraCalibrationDesk::list_saved() {
  std::vector<SavedCamera> cameras;
  for (const CameraRecord& record : library_.list()) {
    const CameraIntrinsics& camera = record.intrinsics;
    cameras.push_back({record.camera, camera.width_px, camera.height_px, camera.fx_px,
                       camera.distortion_model, record.origin, record.date, record.rms_px});
  }
  return cameras;
}

void CameraCalibrationDesk::remove_saved(const std::string& camera, int width_px, int height_px) {
  post([this, camera, width_px, height_px] {
    tell(library_.remove(camera, width_px, height_px),
         "The camera " + camera + " was deleted from the library");
  });
}

void CameraCalibrationDesk::import_file(const std::string& path, const std::string& camera_name) {
  post([this, path, camera_name] {
    const auto read = read_camera_file(path);
    if (!read) return notices_.post(eye(), read.error());
    CameraRecord record;
    record.camera = camera_name.empty() ? read->name : camera_name;
    record.intrinsics = read->intrinsics;
    record.origin = "imported from " + std::filesystem::path(path).filename().string();
    record.date = today();
    const auto saved = library_.save(record);
    if (!saved) return notices_.post(eye(), saved.error());
    notices_.post(Notice::Severity::info, eye(), "The camera " + record.camera + " was put into the library",
                  "");
  });
}

std::vector<CameraPresetChoice> CameraCalibrationDesk::list_presets() {
  std::vector<CameraPresetChoice> choices;
  for (const CameraPreset& preset : camera_presets()) {
    CameraPresetChoice choice{std::string(preset.name), preset.width_px, preset.height_px, preset.focal_px,
                              std::string(preset.derivation)};
    const auto is_same = [&](const CameraPresetChoice& other) {
      return other.name == choice.name && other.width_px == choice.width_px;
    };
    if (std::none_of(choices.begin(), choices.end(), is_same)) choices.push_back(std::move(choice));
  }
  return choices;
}

}  // namespace yarbus
