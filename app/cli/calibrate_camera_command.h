#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/session/session.h"
#include "eyemodel/types/calibration_board.h"
#include "eyemodel/types/camera_intrinsics.h"

namespace yarbus::cli {

/// Width and height of images, px.
struct Resolution {
  int width_px = 0;
  int height_px = 0;
};

/// The arguments of `yarbus calibrate-camera`.
struct CalibrateCameraArguments {
  enum class Task : std::uint8_t { calibrate, print_board, list, import_file, export_saved, remove_saved };
  Task task = Task::calibrate;
  std::vector<std::string> inputs;  ///< pictures, one folder or one video
  SourceRequest camera;             ///< with a location: a live camera in place of inputs
  CalibrationBoard board;
  LensChoice lens = LensChoice::automatic;
  std::string out_path;        ///< .json, .yml or .yaml; empty: none
  std::string save_as;         ///< name in the library; empty: not saved
  std::string overlay_folder;  ///< empty: none
  std::string print_path;
  std::string import_path;
  std::string saved_name;  ///< of --export and --delete
  std::optional<Resolution> resolution;
};

/// Runs it: tables on standard output, progress and errors on standard error. Returns the exit code.
int run_calibrate_camera(const CalibrateCameraArguments& arguments);

}  // namespace yarbus::cli
