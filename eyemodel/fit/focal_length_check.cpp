#include "eyemodel/fit/focal_length_check.h"

#include <algorithm>
#include <cmath>

namespace yarbus {
namespace {

/// A lens nearer than 10 mm before the cornea would touch the lashes; beyond 150 mm it is no eye camera. By
/// more than two standard deviations of the distance.
constexpr double nearest_possible_mm = 23.0;
constexpr double farthest_possible_mm = 150.0;
/// Where head-worn eye cameras are.
constexpr double nearest_usual_mm = 25.0;
constexpr double farthest_usual_mm = 60.0;
constexpr int fewest_frames = 20;

std::string rounded(double value) { return std::to_string(std::lround(value)); }

}  // namespace

std::string FocalLengthDoubt::to_text() const {
  return "the assumed focal length of " + rounded(assumed_focal_px) + " px puts the eye's centre " +
         rounded(eye_distance_mm) + " mm from the camera, where none can be; at a usual distance (" +
         rounded(nearest_usual_mm) + " to " + rounded(farthest_usual_mm) + " mm) it would be " +
         rounded(nearest_focal_px) + " to " + rounded(farthest_focal_px) + " px";
}

std::optional<FocalLengthDoubt> doubt_focal_length(const EyeModel& model) {
  if (!model.intrinsics.is_assumed || model.stage != FitStage::refraction) return std::nullopt;
  if (model.report.frames_used < fewest_frames) return std::nullopt;
  const double distance_mm = model.eye_center_in_cam_mm.norm();
  const Eigen::Vector3d sight = model.eye_center_in_cam_mm / distance_mm;
  const double doubt_mm =
      2.0 * std::sqrt(std::max(0.0, sight.dot(model.covariance_mm2.topLeftCorner<3, 3>() * sight)));
  if (distance_mm + doubt_mm >= nearest_possible_mm && distance_mm - doubt_mm <= farthest_possible_mm)
    return std::nullopt;
  const double focal_px = model.intrinsics.fx_px;
  return FocalLengthDoubt{distance_mm, focal_px, focal_px * nearest_usual_mm / distance_mm,
                          focal_px * farthest_usual_mm / distance_mm};
}

}  // namespace yarbus
