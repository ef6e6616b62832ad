#pragma once

#include <filesystem>
#include <string>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// A camera read from a file, with the name the file gives it, if any.
struct NamedCamera {
  std::string name;
  CameraIntrinsics intrinsics;
};

/// Reads intrinsics as Yarbus writes them (.json) or as OpenCV's calibration sample and ROS do (.yml, .yaml,
/// .xml): camera_matrix, distortion_coefficients, image_width, image_height, with `distortion_model:
/// equidistant` or `fisheye_model: 1` for a fisheye lens. Fewer coefficients are filled with zeros; more (a
/// rational model) are refused unless they are zero.
/// Errors: input_missing, input_unreadable, unsupported_format, invalid_option.
Result<NamedCamera> read_camera_file(const std::filesystem::path& path);

/// Writes .json, or OpenCV's YAML as cv::FileStorage and ROS's camera_info read it (.yml, .yaml).
/// Errors: invalid_option (ending), output_unwritable.
Result<void> write_camera_file(const std::filesystem::path& path, const NamedCamera& camera, double rms_px);

/// The text of a .json file, readable with `--camera`; `calibration_json`, if not empty, is kept under the
/// key "calibration".
std::string camera_json(const NamedCamera& camera, const std::string& calibration_json = {});

/// The same camera at another resolution of the same aspect ratio, as if every pixel were resampled; marked
/// as assumed, for a camera may crop instead. Errors: invalid_option for another ratio.
Result<CameraIntrinsics> scaled_to(const CameraIntrinsics& intrinsics, int width_px, int height_px);

}  // namespace yarbus
