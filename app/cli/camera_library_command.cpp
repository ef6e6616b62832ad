#include "app/cli/camera_library_command.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <limits>

#include "app/cli/library_folders.h"
#include "app/cli/exit_codes.h"
#include "calibration/camera/camera_file.h"
#include "calibration/camera/camera_library.h"
#include "calibration/camera/camera_presets.h"

namespace yarbus::cli {
namespace {

int list(const CameraLibrary& library) {
  std::vector<Error> faults;
  const auto records = library.list(&faults);
  std::printf("Calibrated cameras in %s:\n", library.folder().c_str());
  if (records.empty()) std::puts("  none yet");
  for (const CameraRecord& record : records) {
    const CameraIntrinsics& camera = record.intrinsics;
    std::printf("  %s, %dx%d: focal length %.1f px, %s lens", record.camera.c_str(), camera.width_px,
                camera.height_px, camera.fx_px,
                camera.distortion_model == DistortionModel::fisheye ? "fisheye" : "standard");
    if (record.rms_px) std::printf(", error %.3f px", *record.rms_px);
    std::printf("; %s%s%s\n", record.origin.c_str(), record.date.empty() ? "" : ", ", record.date.c_str());
  }
  std::puts(
      "\nPresets, from data sheets and makers: approximate, lenses of one type differ by some per cent:");
  const CameraPreset* before = nullptr;
  for (const CameraPreset& preset : camera_presets()) {
    const bool is_again =
        before != nullptr && before->name == preset.name && before->driver_name != preset.driver_name;
    if (!is_again)
      std::printf("  %s, %dx%d: %.1f px\n", std::string(preset.name).c_str(), preset.width_px,
                  preset.height_px, preset.focal_px);
    if (!is_again || preset.width_px == before->width_px) before = &preset;
  }
  std::fflush(stdout);
  for (const Error& fault : faults) std::fprintf(stderr, "yarbus: %s\n", fault.to_text().c_str());
  return exit_success;
}

/// The saved camera meant: of the resolution given, else its only one.
Result<CameraRecord> saved_camera(const CameraLibrary& library, const CalibrateCameraArguments& arguments) {
  if (arguments.resolution)
    return library.load(arguments.saved_name, arguments.resolution->width_px,
                        arguments.resolution->height_px);
  std::vector<CameraRecord> found;
  std::string sizes;
  for (CameraRecord& record : library.list()) {
    if (record.camera != arguments.saved_name) continue;
    sizes += (sizes.empty() ? "" : ", ") + std::to_string(record.intrinsics.width_px) + 'x' +
             std::to_string(record.intrinsics.height_px);
    found.push_back(std::move(record));
  }
  if (found.size() == 1) return found.front();
  if (found.empty())
    return Error{ErrorCode::input_missing, "no camera of that name is saved", arguments.saved_name,
                 "See `yarbus calibrate-camera --list`"};
  return Error{ErrorCode::invalid_option, "the camera is saved at " + sizes, arguments.saved_name,
               "Say which with --resolution"};
}

int import_file(const CameraLibrary& library, const CalibrateCameraArguments& arguments) {
  auto read = read_camera_file(arguments.import_path);
  if (!read) return report_error(read.error());
  std::string how = "imported from " + std::filesystem::path(arguments.import_path).filename().string();
  if (arguments.resolution) {
    const Resolution was{read->intrinsics.width_px, read->intrinsics.height_px};
    auto scaled =
        scaled_to(read->intrinsics, arguments.resolution->width_px, arguments.resolution->height_px);
    if (!scaled) return report_error(scaled.error());
    if (scaled->width_px != was.width_px) {
      how += ", scaled from " + std::to_string(was.width_px) + 'x' + std::to_string(was.height_px);
      std::printf("scaled      from %dx%d px, as if the camera did not crop\n", was.width_px, was.height_px);
    }
    read->intrinsics = *scaled;
  }
  const CameraIntrinsics& camera = read->intrinsics;
  std::printf("camera      %dx%d px, %s lens, focal length %.2f, %.2f px, centre %.2f, %.2f px\n",
              camera.width_px, camera.height_px,
              camera.distortion_model == DistortionModel::fisheye ? "fisheye" : "standard", camera.fx_px,
              camera.fy_px, camera.cx_px, camera.cy_px);
  if (!arguments.save_as.empty()) {
    CameraRecord record;
    record.camera = arguments.save_as;
    record.intrinsics = camera;
    record.origin = how;
    record.date = date_of_today();
    const auto saved = library.save(record);
    if (!saved) return report_error(saved.error());
    std::printf("saved       %s\n", saved->c_str());
  }
  if (!arguments.out_path.empty()) {
    if (!arguments.save_as.empty()) read->name = arguments.save_as;
    const auto written =
        write_camera_file(arguments.out_path, *read, std::numeric_limits<double>::quiet_NaN());
    if (!written) return report_error(written.error());
    std::printf("wrote       %s\n", arguments.out_path.c_str());
  }
  return exit_success;
}

int export_saved(const CameraLibrary& library, const CalibrateCameraArguments& arguments) {
  const auto record = saved_camera(library, arguments);
  if (!record) return report_error(record.error());
  const auto written = write_camera_file(arguments.out_path, {record->camera, record->intrinsics},
                                         record->rms_px.value_or(std::numeric_limits<double>::quiet_NaN()));
  if (!written) return report_error(written.error());
  std::printf("wrote       %s\n", arguments.out_path.c_str());
  return exit_success;
}

int remove_saved(const CameraLibrary& library, const CalibrateCameraArguments& arguments) {
  const auto record = saved_camera(library, arguments);
  if (!record) return report_error(record.error());
  const CameraIntrinsics& camera = record->intrinsics;
  if (const auto removed = library.remove(record->camera, camera.width_px, camera.height_px); !removed)
    return report_error(removed.error());
  std::printf("deleted     %s, %dx%d\n", record->camera.c_str(), camera.width_px, camera.height_px);
  return exit_success;
}

}  // namespace

std::string date_of_today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &utc);
  return text.data();
}

int run_camera_library(const CalibrateCameraArguments& arguments) {
  using Task = CalibrateCameraArguments::Task;
  const CameraLibrary library(camera_library_folder());
  if (arguments.task == Task::list) return list(library);
  if (arguments.task == Task::import_file) return import_file(library, arguments);
  if (arguments.task == Task::export_saved) return export_saved(library, arguments);
  return remove_saved(library, arguments);
}

}  // namespace yarbus::cli
