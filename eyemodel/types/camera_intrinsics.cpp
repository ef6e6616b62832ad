#include "eyemodel/types/camera_intrinsics.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <numbers>
#include <sstream>
#include <string>
#include <utility>

#include <Eigen/LU>
#include <nlohmann/json.hpp>

namespace yarbus {

CameraIntrinsics CameraIntrinsics::pinhole() const {
  CameraIntrinsics pinhole;
  pinhole.fx_px = fx_px;
  pinhole.fy_px = fy_px;
  pinhole.cx_px = cx_px;
  pinhole.cy_px = cy_px;
  pinhole.width_px = width_px;
  pinhole.height_px = height_px;
  pinhole.is_assumed = is_assumed;
  pinhole.is_crop = is_crop;
  return pinhole;
}

namespace {

/// Of a fisheye: the angle in the image over the coefficients' polynomial, and its derivative by theta.
struct BentAngle {
  double theta = 0.0;
  double by_theta = 1.0;
};
BentAngle bend(const std::array<double, 5>& k, double theta) {
  const double t2 = theta * theta;
  return {theta * (1.0 + t2 * (k[0] + t2 * (k[1] + t2 * (k[2] + t2 * k[3])))),
          1.0 + t2 * (3.0 * k[0] + t2 * (5.0 * k[1] + t2 * (7.0 * k[2] + t2 * 9.0 * k[3])))};
}

/// Below this distance from the axis (normalised) a fisheye's scale is 1 to double precision.
constexpr double on_axis = 1e-9;

}  // namespace

const char* to_string(DistortionModel model) {
  return model == DistortionModel::fisheye ? "fisheye" : "radial_tangential";
}

const char* to_string(LensChoice choice) {
  switch (choice) {
    case LensChoice::automatic:
      return "auto";
    case LensChoice::standard:
      return "standard";
    case LensChoice::fisheye:
      return "fisheye";
  }
  return "";
}

bool CameraIntrinsics::has_distortion() const {
  if (distortion_model == DistortionModel::fisheye) return true;
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
  const double x = (undistorted_px.x() - cx_px) / fx_px;
  const double y = (undistorted_px.y() - cy_px) / fy_px;
  if (distortion_model == DistortionModel::fisheye) {
    const double r = std::sqrt(x * x + y * y);
    const double scale = r > on_axis ? bend(distortion, std::atan(r)).theta / r : 1.0;
    return {fx_px * x * scale + cx_px, fy_px * y * scale + cy_px};
  }
  const auto& [k1, k2, p1, p2, k3] = distortion;
  const double r2 = x * x + y * y;
  const double radial = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3));
  const double xd = x * radial + 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x);
  const double yd = y * radial + p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y;
  return {fx_px * xd + cx_px, fy_px * yd + cy_px};
}

namespace {

std::optional<Eigen::Vector2d> undistort_fisheye(const CameraIntrinsics& camera,
                                                 const Eigen::Vector2d& captured_px) {
  const double x = (captured_px.x() - camera.cx_px) / camera.fx_px;
  const double y = (captured_px.y() - camera.cy_px) / camera.fy_px;
  const double bent = std::sqrt(x * x + y * y);
  if (!std::isfinite(bent)) return std::nullopt;
  if (bent <= on_axis) return captured_px;
  constexpr int max_iterations = 30;
  constexpr double straight_ahead_of = std::numbers::pi / 2.0;
  double theta = std::min(bent, 1.5);
  for (int i = 0; i < max_iterations; ++i) {
    const BentAngle at = bend(camera.distortion, theta);
    // Where the polynomial turns back, two angles share a place in the image.
    if (!(at.by_theta > 0.0)) return std::nullopt;
    const double step = (at.theta - bent) / at.by_theta;
    theta -= step;
    if (!(theta > 0.0) || !(theta < 2.0)) return std::nullopt;
    if (std::abs(step) < 1e-13) break;
  }
  if (!(theta < straight_ahead_of) || !(std::abs(bend(camera.distortion, theta).theta - bent) < 1e-9))
    return std::nullopt;
  const double scale = std::tan(theta) / bent;
  return Eigen::Vector2d(camera.fx_px * x * scale + camera.cx_px, camera.fy_px * y * scale + camera.cy_px);
}

}  // namespace

std::optional<Eigen::Vector2d> CameraIntrinsics::undistort(const Eigen::Vector2d& captured_px) const {
  if (!has_distortion()) return captured_px;
  if (distortion_model == DistortionModel::fisheye) return undistort_fisheye(*this, captured_px);
  constexpr int max_iterations = 30;
  constexpr double tolerance_px = 1e-9;
  constexpr double step_px = 1e-3;  // of the numeric Jacobian, central differences
  Eigen::Vector2d estimate = captured_px;
  for (int i = 0; i < max_iterations; ++i) {
    const Eigen::Vector2d miss = distort(estimate) - captured_px;
    if (!miss.allFinite()) return std::nullopt;
    if (miss.norm() < tolerance_px) return estimate;
    Eigen::Matrix2d jacobian;
    for (int axis = 0; axis < 2; ++axis) {
      Eigen::Vector2d step = Eigen::Vector2d::Zero();
      step[axis] = step_px;
      jacobian.col(axis) = (distort(estimate + step) - distort(estimate - step)) / (2.0 * step_px);
    }
    // Where the lens folds the image over (determinant <= 0) there is no one answer.
    if (!(jacobian.determinant() > 0.0)) return std::nullopt;
    estimate -= jacobian.inverse() * miss;
  }
  return (distort(estimate) - captured_px).norm() < 1e-6 ? std::optional(estimate) : std::nullopt;
}

void CameraIntrinsics::remove_distortion() {
  distortion_model = DistortionModel::radial_tangential;
  distortion = {};
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
  const auto is_near = [this](double center_px, int side_px) {
    return std::isfinite(center_px) && (is_crop || (center_px >= -side_px && center_px <= 2.0 * side_px));
  };
  if (!is_near(cx_px, width_px)) fault("cx", cx_px, "near the image");
  if (!is_near(cy_px, height_px)) fault("cy", cy_px, "near the image");
  for (const double k : distortion) {
    if (!std::isfinite(k)) fault("distortion", k, "finite");
  }
  if (leds_in_cam_mm.size() > max_leds)
    fault("number of leds_in_cam_mm", static_cast<double>(leds_in_cam_mm.size()), "at most 4");
  for (const Eigen::Vector3d& led : leds_in_cam_mm) {
    for (const double coordinate : led) {
      if (!std::isfinite(coordinate)) fault("leds_in_cam_mm", coordinate, "finite");
    }
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

namespace {

constexpr const char* camera_file_remedy =
    R"(Give a JSON file like {"K": {"fx": 620, "fy": 620, "cx": 319.5, "cy": 239.5, "width": 640, "height": 480}, "distortion": [0, 0, 0, 0, 0]})";

Error not_intrinsics(std::string message) {
  return {ErrorCode::input_unreadable, std::move(message), "", camera_file_remedy};
}

Result<double> number_of_K(const nlohmann::json& K, const std::string& key) {
  const auto found = K.find(key);
  if (found == K.end()) return not_intrinsics("its \"K\" has no \"" + key + "\"");
  if (!found->is_number())
    return not_intrinsics("\"" + key + "\" in \"K\" is " + found->dump() + ", must be a number");
  return found->get<double>();
}

Result<int> size_of_K(const nlohmann::json& K, const std::string& key) {
  const auto number = number_of_K(K, key);
  if (!number) return number.error();
  constexpr double largest = std::numeric_limits<int>::max();
  if (std::floor(*number) != *number || std::abs(*number) > largest)
    return not_intrinsics("\"" + key + "\" in \"K\" is " + K.at(key).dump() + ", must be a whole number");
  return static_cast<int>(*number);
}

/// Absent, null and "none" are a lens without distortion, or a fisheye whose coefficients are zero.
Result<void> read_distortion(const nlohmann::json& camera, CameraIntrinsics& intrinsics) {
  const auto model = camera.find("distortion_model");
  const bool is_fisheye = model != camera.end() && *model == "fisheye";
  if (is_fisheye) {
    intrinsics.distortion_model = DistortionModel::fisheye;
  } else if (model != camera.end() && !model->is_null() && *model != "radial_tangential") {
    return not_intrinsics("distortion_model is " + model->dump() +
                          ", known are \"radial_tangential\" and \"fisheye\"");
  }
  const auto distortion = camera.find("distortion");
  if (distortion == camera.end() || distortion->is_null() || *distortion == "none") return {};
  const bool is_list =
      distortion->is_array() && std::all_of(distortion->begin(), distortion->end(),
                                            [](const nlohmann::json& item) { return item.is_number(); });
  if (!is_list) {
    return not_intrinsics("distortion is " + distortion->dump() +
                          ", known are \"none\" and a list of numbers");
  }
  if (is_fisheye && distortion->size() > 4)
    return not_intrinsics("distortion has more than the four coefficients k1, k2, k3, k4 of a fisheye");
  if (distortion->size() > intrinsics.distortion.size())
    return not_intrinsics("distortion has more than the five coefficients k1, k2, p1, p2, k3");
  std::transform(distortion->begin(), distortion->end(), intrinsics.distortion.begin(),
                 [](const nlohmann::json& item) { return item.get<double>(); });
  return {};
}

/// Absent and null are lights whose places are not known.
Result<void> read_leds(const nlohmann::json& camera, CameraIntrinsics& intrinsics) {
  const auto leds = camera.find("leds_in_cam_mm");
  if (leds == camera.end() || leds->is_null()) return {};
  const auto is_place = [](const nlohmann::json& led) {
    return led.is_array() && led.size() == 3 &&
           std::all_of(led.begin(), led.end(), [](const nlohmann::json& item) { return item.is_number(); });
  };
  if (!leds->is_array() || !std::all_of(leds->begin(), leds->end(), is_place))
    return not_intrinsics("leds_in_cam_mm is " + leds->dump() + ", must be a list of places [x, y, z] in mm");
  if (leds->size() > max_leds) return not_intrinsics("leds_in_cam_mm has more than four places");
  for (const nlohmann::json& led : *leds)
    intrinsics.leds_in_cam_mm.emplace_back(led[0].get<double>(), led[1].get<double>(), led[2].get<double>());
  return {};
}

Result<CameraIntrinsics> intrinsics_in(const nlohmann::json& camera) {
  if (camera.is_discarded()) return not_intrinsics("the camera file is not JSON");
  const auto K = camera.find("K");
  if (K == camera.end())
    return not_intrinsics("it has no \"K\", which holds the camera's focal length and size");
  if (!K->is_object()) return not_intrinsics("its \"K\" is not of the form {\"fx\": ..., \"fy\": ..., ...}");
  CameraIntrinsics intrinsics;
  for (const auto& [key, value] : {std::pair{"fx", &CameraIntrinsics::fx_px},
                                   {"fy", &CameraIntrinsics::fy_px},
                                   {"cx", &CameraIntrinsics::cx_px},
                                   {"cy", &CameraIntrinsics::cy_px}}) {
    const auto number = number_of_K(*K, key);
    if (!number) return number.error();
    intrinsics.*value = *number;
  }
  for (const auto& [key, value] :
       {std::pair{"width", &CameraIntrinsics::width_px}, {"height", &CameraIntrinsics::height_px}}) {
    const auto size = size_of_K(*K, key);
    if (!size) return size.error();
    intrinsics.*value = *size;
  }
  if (const auto read = read_distortion(camera, intrinsics); !read) return read.error();
  if (const auto read = read_leds(camera, intrinsics); !read) return read.error();
  if (const auto valid = intrinsics.validate(); !valid) return valid.error();
  return intrinsics;
}

}  // namespace

Result<CameraIntrinsics> read_camera_intrinsics(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return Error{ErrorCode::input_missing, "the camera file does not exist", path.string(),
                 camera_file_remedy};
  }
  std::ifstream stream(path);
  if (!stream || std::filesystem::is_directory(path, ignored)) {
    return Error{ErrorCode::input_unreadable, "the camera file cannot be read", path.string(),
                 camera_file_remedy};
  }
  auto intrinsics = intrinsics_in(nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false));
  if (intrinsics) return intrinsics;
  Error error = intrinsics.error();
  error.context = path.string();
  return error;
}

CameraIntrinsics rotated_and_mirrored(const CameraIntrinsics& intrinsics, int rotate_deg, bool mirror) {
  YARBUS_CHECK(rotate_deg == 0 || rotate_deg == 90 || rotate_deg == 180 || rotate_deg == 270);
  CameraIntrinsics out = intrinsics;
  auto& [k1, k2, p1, p2, k3] = out.distortion;
  const bool is_fisheye = out.distortion_model == DistortionModel::fisheye;  // it is round: the same turned
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
    if (!is_fisheye) {
      p1 = before.distortion[3];
      p2 = -before.distortion[2];
    }
    for (Eigen::Vector3d& led : out.leds_in_cam_mm) led = Eigen::Vector3d(-led.y(), led.x(), led.z());
  }
  if (mirror) {
    out.cx_px = out.width_px - 1 - out.cx_px;
    if (!is_fisheye) p2 = -p2;
    for (Eigen::Vector3d& led : out.leds_in_cam_mm) led.x() = -led.x();
  }
  return out;
}

CameraIntrinsics cropped(const CameraIntrinsics& intrinsics, const ImageRegion& region) {
  CameraIntrinsics out = intrinsics;
  out.cx_px -= region.x_px;
  out.cy_px -= region.y_px;
  out.width_px = region.width_px;
  out.height_px = region.height_px;
  out.is_crop = true;
  return out;
}

}  // namespace yarbus
