#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <utility>
#include <variant>

#include "app/session/camera_calibration_desk.h"
#include "calibration/camera/board_drawing.h"
#include "calibration/camera/camera_file.h"
#include "calibration/camera/camera_presets.h"
#include "calibration/camera/find_board.h"
#include "calibration/camera/image_file.h"

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

void CameraCalibrationDesk::load_pictures(const std::vector<std::string>& paths) {
  std::stop_token stop;
  {
    const std::lock_guard lock(mutex_);
    if (is_shut_down_ || !is_wanted_) return;
    work_stop_ = std::stop_source();
    stop = work_stop_.get_token();
    newest_.reset();
    shown_.is_busy = true;
  }
  tapped_eye_ = -1;
  post([this, paths, stop] { load_now(paths, stop); });
}

void CameraCalibrationDesk::load_now(const std::vector<std::string>& paths, const std::stop_token& stop) {
  std::vector<std::filesystem::path> pictures(paths.begin(), paths.end());
  std::error_code ignored;
  if (pictures.size() == 1 && std::filesystem::is_directory(pictures.front(), ignored)) {
    if (auto in_folder = pictures_in(pictures.front())) {
      pictures = std::move(*in_folder);
    } else {
      notices_.post(eye(), in_folder.error());
      pictures.clear();
    }
  }
  if (!is_from_files_) forget_views();
  is_from_files_ = true;
  {
    const std::lock_guard lock(mutex_);
    shown_.is_from_files = true;
    shown_.not_taken.clear();
    shown_.result.reset();
    shown_.saved_as.clear();
  }
  result_.reset();
  fitted_ids_.clear();
  const std::size_t before = collector_.views().size();
  std::size_t done = 0;
  for (const auto& path : pictures) {
    if (stop.stop_requested()) break;
    const std::string why_not = search_picture(path);
    const std::lock_guard lock(mutex_);
    if (!why_not.empty()) shown_.not_taken.push_back(path.filename().string() + ": " + why_not);
    shown_.busy_share = static_cast<double>(++done) / static_cast<double>(pictures.size());
    shown_.busy_text =
        "looking for the board in picture " + std::to_string(done) + " of " + std::to_string(pictures.size());
  }
  publish_views();
  {
    const std::lock_guard lock(mutex_);
    shown_.is_busy = false;
    shown_.busy_text.clear();
    shown_.busy_share = 0.0;
  }
  if (pictures.empty() || stop.stop_requested()) return;
  const std::size_t found = collector_.views().size() - before;
  const bool is_enough = found * 2 >= pictures.size();
  notices_.post(is_enough ? Notice::Severity::info : Notice::Severity::warning, eye(),
                "The board was found in " + std::to_string(found) + " of " + std::to_string(pictures.size()) +
                    " pictures",
                is_enough ? "" : "Check that the board chosen is the one in the pictures");
}

std::string CameraCalibrationDesk::search_picture(const std::filesystem::path& path) {
  const auto image = read_gray_image(path);
  if (!image) return image.error().message;
  BoardSearch found = find_board(image->view(), setup_.board);
  std::vector<Eigen::Vector2d> points;
  std::string why_not;
  if (const auto* view = std::get_if<BoardView>(&found)) {
    for (const BoardPoint& point : view->points) points.push_back(point.in_image_px);
    const ViewVerdict verdict = collector_.take(*view);
    if (verdict.kept_id) {
      pictures_[*verdict.kept_id] = path.filename().string();
      publish_views();
    } else {
      why_not = verdict.text;
    }
  } else {
    why_not = std::get<BoardNotFound>(found).text;
  }
  show_search(image->view(), std::move(points), why_not.empty() ? "kept" : why_not);
  return why_not;
}

CameraIntrinsics CameraCalibrationDesk::in_sensor(const CameraIntrinsics& shown) const {
  if (is_from_files_) return shown;
  const SourceRequest request = hooks_.source_of(eye()).request;
  const CameraIntrinsics turned = rotated_and_mirrored(shown, 0, request.mirror);
  return rotated_and_mirrored(turned, (360 - request.rotate_deg) % 360, false);
}

EyeSide CameraCalibrationDesk::eye() const {
  const std::lock_guard lock(mutex_);
  return shown_.eye;
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
  const bool is_turned = is_from_files_ && source.request.rotate_deg % 180 != 0;
  const bool is_its_size = result_->intrinsics.width_px == (is_turned ? source.height_px : source.width_px) &&
                           result_->intrinsics.height_px == (is_turned ? source.width_px : source.height_px);
  const bool is_its_camera = !is_from_files_ || record.camera == source.name;
  const bool is_in_use = is_open(source.state) && is_its_size && is_its_camera;
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

Result<BoardDrawing> CameraCalibrationDesk::draw_board(const CalibrationBoard& board) const {
  if (const auto valid = board.validate(); !valid) return valid.error();
  const Eigen::Vector2d size_mm = printed_size_mm(board);
  return BoardDrawing{board_svg(board), size_mm.x(), size_mm.y()};
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

void CameraCalibrationDesk::export_saved(const std::string& camera, int width_px, int height_px,
                                         const std::string& path) {
  post([this, camera, width_px, height_px, path] {
    const auto record = library_.load(camera, width_px, height_px);
    if (!record) return notices_.post(eye(), record.error());
    tell(write_camera_file(path, {record->camera, record->intrinsics}, record->rms_px.value_or(0.0)),
         "The camera was written to " + path);
  });
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
