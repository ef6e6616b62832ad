#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/result.h"

namespace yarbus {

constexpr std::size_t max_leds = 4;

/// How a lens bends rays away from the pinhole's.
/// radial_tangential: OpenCV's standard model. fisheye: Kannala and Brandt (2006) as in OpenCV's cv::fisheye,
/// the angle from the axis theta becomes theta (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8); also
/// with all four zero it is no pinhole.
enum class DistortionModel : std::uint8_t { radial_tangential, fisheye };

/// Pinhole camera with one of two lens models.
/// Frames & units: cam (mm) -> image (px): u = fx X/Z + cx, v = fy Y/Z + cy after distorting (X/Z, Y/Z).
struct CameraIntrinsics {
  double fx_px = 0.0;
  double fy_px = 0.0;
  double cx_px = 0.0;
  double cy_px = 0.0;
  int width_px = 0;
  int height_px = 0;
  DistortionModel distortion_model = DistortionModel::radial_tangential;
  std::array<double, 5> distortion{};  ///< k1, k2, p1, p2, k3; of a fisheye k1, k2, k3, k4, 0
  /// The infrared lights beside the camera, at most max_leds; empty: not known. The order tells nothing.
  std::vector<Eigen::Vector3d> leds_in_cam_mm;
  bool is_assumed = false;  ///< true when the focal length was not measured: the default or a data sheet's
  bool is_crop = false;     ///< of a part of the image: the principal point may lie anywhere

  [[nodiscard]] bool has_distortion() const;
  /// The same camera matrix and size without the lens and the lights: of the undistorted image. No heap.
  [[nodiscard]] CameraIntrinsics pinhole() const;
  [[nodiscard]] Eigen::Matrix3d camera_matrix() const;
  /// Point in cam (mm), z > 0, to the captured image (px), distortion included.
  [[nodiscard]] Eigen::Vector2d project(const Eigen::Vector3d& point_in_cam_mm) const;
  /// Undistorted image point (px) to where the lens puts it (px).
  [[nodiscard]] Eigen::Vector2d distort(const Eigen::Vector2d& undistorted_px) const;
  /// The way back. Method: Newton; of a fisheye on the angle alone. Errors: nullopt if it does not converge:
  /// outside the lens model's range, or 90 degrees and more off the axis. No heap.
  [[nodiscard]] std::optional<Eigen::Vector2d> undistort(const Eigen::Vector2d& captured_px) const;
  /// The same camera without its lens; the lights stay.
  void remove_distortion();
  /// Names each value that is not finite, not positive or outside the image, and too many LEDs.
  [[nodiscard]] Result<void> validate() const;

  /// Principal point at ((w-1)/2, (h-1)/2), no distortion.
  static CameraIntrinsics from_focal_length(double focal_px, int width_px, int height_px);
  /// The default when nothing is known: focal length = 1.0 x the longer image side (53 degrees across),
  /// marked as assumed.
  static CameraIntrinsics assumed_for(int width_px, int height_px);
};

/// "radial_tangential" or "fisheye", as in files.
const char* to_string(DistortionModel model);

/// Which lens model a calibration fits; `automatic`: the one that foretells views left out of the fit better.
enum class LensChoice : std::uint8_t { automatic, standard, fisheye };
/// "auto", "standard" or "fisheye".
const char* to_string(LensChoice choice);

/// Reads `{"K": {"fx","fy","cx","cy","width","height"}, "distortion": "none" | [k1,k2,p1,p2(,k3)]}`, with
/// `"distortion_model": "fisheye", "distortion": [k1,k2,k3,k4]` for a fisheye lens, and, where the lights are
/// known, `"leds_in_cam_mm": [[x,y,z], ...]`. Other keys are somebody else's.
/// Errors: input_missing, input_unreadable (with the JSON position or the missing key), invalid_option.
Result<CameraIntrinsics> read_camera_intrinsics(const std::filesystem::path& path);

/// The same camera after the image is rotated clockwise by `rotate_deg` (0, 90, 180, 270) and then mirrored
/// left-right.
CameraIntrinsics rotated_and_mirrored(const CameraIntrinsics& intrinsics, int rotate_deg, bool mirror);

/// A rectangle of whole pixels. Frames & units: image, px; (x, y) is its top-left pixel.
struct ImageRegion {
  int x_px = 0;
  int y_px = 0;
  int width_px = 0;
  int height_px = 0;
  bool operator==(const ImageRegion&) const = default;
};

/// The same camera with only that part of its image kept: the principal point moves, cam stays. The region
/// need not hold the principal point.
CameraIntrinsics cropped(const CameraIntrinsics& intrinsics, const ImageRegion& region);

}  // namespace yarbus
