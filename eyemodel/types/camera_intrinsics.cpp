#include "eyemodel/types/camera_intrinsics.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <vector>

#include <nlohmann/json.hpp>

namespace yarbus {

bool CameraIntrinsics::has_distortion() const {
  return std::any_of(distortion.begin(), distortion.end(), [](double k) { return k != 0.0; });
}

Eigen::Matrix3d CameraIntrinsics::camera_matrix() const {
  Eigen::Matrix3d K = Eigen::Matrix3d::Identity();
  K(0, 0) = fx_px;
  K(1, 1) = fy_px;
  K(0, 2) = cx_px;
  K(1, 2) = cy_px;
  return K;
}

Eigen::Vector2d CameraIntrinsics::project(const Eigen::Vector3d& point_in_cam_mm) const {
  const double x = point_in_cam_mm.x() / point_in_cam_mm.z();
  const double y = point_in_cam_mm.y() / point_in_cam_mm.z();
  return distort({fx_px * x + cx_px, fy_px * y + cy_px});
}

Eigen::Vector2d CameraIntrinsics::distort(const Eigen::Vector2d& undistorted_px) const {
  if (!has_distortion()) return undistorted_px;
  const auto& [k1, k2, p1, p2, k3] = distortion;
  const double x = (undistorted_px.x() - cx_px) / fx_px;
  const double y = (undistorted_px.y() - cy_px) / fy_px;
  const double r2 = x * x + y * y;
  const double radial = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3));
  const double xd = x * radial + 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x);
  const double yd = y * radial + p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y;
  return {fx_px * xd + cx_px, fy_px * yd + cy_px};
}

Result<void> CameraIntrinsics::validate() const {
  std::ostringstream faults;
  const auto fault = [&](const char* name, double value, const char* rule) {
    if (faults.tellp() > 0) faults << "; ";
    faults << name << " is " << value << ", must be " << rule;
  };
  if (width_px < 1) fault("width", width_px, "at least 1");
  if (height_px < 1) fault("height", height_px, "at least 1");
  const auto focal_ok = [](double f) { return std::isfinite(f) && f > 0.0; };
  if (!focal_ok(fx_px)) fault("fx", fx_px, "finite and positive");
  if (!focal_ok(fy_px)) fault("fy", fy_px, "finite and positive");
  // A principal point outside the image happens with cropped sensors, but not by more than one image size.
  if (!std::isfinite(cx_px) || cx_px < -width_px || cx_px > 2.0 * width_px)
    fault("cx", cx_px, "near the image");
  if (!std::isfinite(cy_px) || cy_px < -height_px || cy_px > 2.0 * height_px)
    fault("cy", cy_px, "near the image");
  for (const double k : distortion) {
    if (!std::isfinite(k)) fault("distortion", k, "finite");
  }
  if (faults.tellp() == 0) return {};
  return Error{ErrorCode::invalid_option, faults.str(), "camera intrinsics",
               "Calibrate the camera again or correct the values"};
}

CameraIntrinsics CameraIntrinsics::from_focal_length(double focal_px, int width_px, int height_px) {
  CameraIntrinsics intrinsics;
  intrinsics.fx_px = intrinsics.fy_px = focal_px;
  intrinsics.cx_px = (width_px - 1) / 2.0;
  intrinsics.cy_px = (height_px - 1) / 2.0;
  intrinsics.width_px = width_px;
  intrinsics.height_px = height_px;
  return intrinsics;
}

CameraIntrinsics CameraIntrinsics::assumed_for(int width_px, int height_px) {
  auto intrinsics = from_focal_length(std::max(width_px, height_px), width_px, height_px);
  intrinsics.is_assumed = true;
  return intrinsics;
}

Result<CameraIntrinsics> read_camera_intrinsics(const std::filesystem::path& path) {
  constexpr const char* remedy =
      R"(Give a JSON file like {"K": {"fx": 620, "fy": 620, "cx": 319.5, "cy": 239.5, "width": 640, "height": 480}, "distortion": [0, 0, 0, 0, 0]})";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return Error{ErrorCode::input_missing, "the camera file does not exist", path.string(), remedy};
  }
  std::ifstream stream(path);
  if (!stream || std::filesystem::is_directory(path, ignored)) {
    return Error{ErrorCode::input_unreadable, "the camera file cannot be read", path.string(), remedy};
  }
  try {
    const auto json = nlohmann::json::parse(stream);
    const auto& K = json.at("K");
    CameraIntrinsics intrinsics;
    intrinsics.fx_px = K.at("fx").get<double>();
    intrinsics.fy_px = K.at("fy").get<double>();
    intrinsics.cx_px = K.at("cx").get<double>();
    intrinsics.cy_px = K.at("cy").get<double>();
    intrinsics.width_px = K.at("width").get<int>();
    intrinsics.height_px = K.at("height").get<int>();
    if (const auto distortion = json.find("distortion"); distortion != json.end() && !distortion->is_null()) {
      if (distortion->is_string()) {
        if (distortion->get<std::string>() != "none") {
          return Error{
              ErrorCode::input_unreadable,
              "distortion is \"" + distortion->get<std::string>() + "\", known are \"none\" and a list",
              path.string(), remedy};
        }
      } else {
        const auto coefficients = distortion->get<std::vector<double>>();
        if (coefficients.size() > intrinsics.distortion.size()) {
          return Error{ErrorCode::input_unreadable,
                       "distortion has more than the five coefficients k1, k2, p1, p2, k3", path.string(),
                       remedy};
        }
        std::copy(coefficients.begin(), coefficients.end(), intrinsics.distortion.begin());
      }
    }
    if (const auto valid = intrinsics.validate(); !valid) {
      Error error = valid.error();
      error.context = path.string();
      return error;
    }
    return intrinsics;
  } catch (const nlohmann::json::exception& exception) {
    return Error{ErrorCode::input_unreadable, std::string("not camera intrinsics: ") + exception.what(),
                 path.string(), remedy};
  }
}

CameraIntrinsics rotated_and_mirrored(const CameraIntrinsics& intrinsics, int rotate_deg, bool mirror) {
  YARBUS_CHECK(rotate_deg == 0 || rotate_deg == 90 || rotate_deg == 180 || rotate_deg == 270);
  CameraIntrinsics out = intrinsics;
  auto& [k1, k2, p1, p2, k3] = out.distortion;
  // Distortion terms follow the axes: x' = x (...) + 2 p1 x y + p2 (r2 + 2 x2), y' = y (...) + p1 (r2 + 2 y2)
  // + 2 p2 x y.
  for (int quarter = 0; quarter < rotate_deg / 90; ++quarter) {  // clockwise: (x, y) -> (h - 1 - y, x)
    const CameraIntrinsics before = out;
    out.fx_px = before.fy_px;
    out.fy_px = before.fx_px;
    out.cx_px = before.height_px - 1 - before.cy_px;
    out.cy_px = before.cx_px;
    out.width_px = before.height_px;
    out.height_px = before.width_px;
    p1 = before.distortion[3];
    p2 = -before.distortion[2];
  }
  if (mirror) {
    out.cx_px = out.width_px - 1 - out.cx_px;
    p2 = -p2;
  }
  return out;
}

}  // namespace yarbus
