#include "calibration/camera/camera_file.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <vector>

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

namespace yarbus {
namespace {

namespace fs = std::filesystem;

constexpr const char* yaml_remedy =
    "Give a file with camera_matrix, distortion_coefficients, image_width and image_height, as OpenCV and "
    "ROS write";

Error not_a_camera(std::string message) {
  return {ErrorCode::input_unreadable, std::move(message), "", yaml_remedy};
}

bool is_yaml(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending == ".yml" || ending == ".yaml" || ending == ".xml";
}

/// The numbers of a matrix node: OpenCV's own, or a map with rows, cols and data, or a plain list.
std::vector<double> numbers_in(const cv::FileNode& node) {
  std::vector<double> numbers;
  const cv::FileNode list = node.isMap() ? node["data"] : node;
  if (!list.isSeq()) return numbers;
  for (const cv::FileNode& item : list) {
    if (!item.isInt() && !item.isReal()) return {};
    numbers.push_back(static_cast<double>(item));
  }
  return numbers;
}

Result<int> size_in(const cv::FileStorage& file, const char* key) {
  const cv::FileNode node = file[key];
  if (node.empty()) return not_a_camera(std::string("it has no ") + key);
  if (!node.isInt() || static_cast<int>(node) < 1)
    return not_a_camera(std::string(key) + " is not a whole number above 0");
  return static_cast<int>(node);
}

bool says_fisheye(const cv::FileStorage& file) {
  const cv::FileNode model = file["distortion_model"];
  if (model.isString()) {
    const auto name = static_cast<std::string>(model);
    return name == "equidistant" || name == "fisheye" || name == "kannala_brandt";
  }
  const cv::FileNode flag = file["fisheye_model"];
  return flag.isInt() && static_cast<int>(flag) != 0;
}

Result<NamedCamera> camera_in(const cv::FileStorage& file) {
  NamedCamera camera;
  CameraIntrinsics& intrinsics = camera.intrinsics;
  const auto width = size_in(file, "image_width");
  if (!width) return width.error();
  const auto height = size_in(file, "image_height");
  if (!height) return height.error();
  intrinsics.width_px = *width;
  intrinsics.height_px = *height;
  const std::vector<double> K = numbers_in(file["camera_matrix"]);
  if (K.size() != 9) return not_a_camera("its camera_matrix is not 3 by 3 numbers");
  if (K[3] != 0.0 || K[6] != 0.0 || K[7] != 0.0 || K[8] != 1.0)
    return not_a_camera("its camera_matrix is not of the form fx 0 cx, 0 fy cy, 0 0 1");
  if (K[1] != 0.0)
    return Error{ErrorCode::unsupported_format, "its camera_matrix is skewed, which Yarbus does not handle",
                 "", "Calibrate without skew"};
  intrinsics.fx_px = K[0];
  intrinsics.cx_px = K[2];
  intrinsics.fy_px = K[4];
  intrinsics.cy_px = K[5];
  const cv::FileNode coefficients = file["distortion_coefficients"];
  std::vector<double> k = numbers_in(coefficients);
  if (k.empty() && !coefficients.empty() && !(coefficients.isMap() && coefficients["data"].size() == 0))
    return not_a_camera("its distortion_coefficients are not numbers");
  const bool is_fisheye = says_fisheye(file);
  if (is_fisheye) intrinsics.distortion_model = DistortionModel::fisheye;
  const std::size_t most = is_fisheye ? 4 : 5;
  if (std::any_of(k.begin() + static_cast<std::ptrdiff_t>(std::min(most, k.size())), k.end(),
                  [](double value) { return value != 0.0; })) {
    return Error{ErrorCode::unsupported_format,
                 "it has " + std::to_string(k.size()) + " distortion coefficients, Yarbus handles " +
                     std::to_string(most),
                 "", "Calibrate with the five-coefficient model (plumb_bob) or the fisheye model"};
  }
  k.resize(most, 0.0);
  std::copy(k.begin(), k.end(), intrinsics.distortion.begin());
  if (file["camera_name"].isString()) camera.name = static_cast<std::string>(file["camera_name"]);
  if (const auto valid = intrinsics.validate(); !valid) return valid.error();
  return camera;
}

Result<NamedCamera> read_yaml(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return Error{ErrorCode::input_missing, "the camera file does not exist", path.string(), yaml_remedy};
  std::ifstream stream(path, std::ios::binary);
  std::stringstream bytes;
  bytes << stream.rdbuf();
  std::string text = bytes.str();
  if (!stream || fs::is_directory(path, ignored))
    return Error{ErrorCode::input_unreadable, "the camera file cannot be read", path.string(), yaml_remedy};
  // OpenCV knows YAML by its first line, which ROS does not write.
  if (path.extension() != ".xml" && !text.starts_with("%YAML")) text.insert(0, "%YAML:1.0\n---\n");
  Result<NamedCamera> camera = not_a_camera("the camera file is not YAML");
  try {
    const cv::FileStorage file(text, cv::FileStorage::READ | cv::FileStorage::MEMORY);
    if (file.isOpened()) camera = camera_in(file);
  } catch (const cv::Exception&) {  // its only way to say that a file is malformed
    camera = not_a_camera("the camera file is not YAML that OpenCV can read");
  }
  if (camera) return camera;
  Error error = camera.error();
  error.context = path.string();
  return error;
}

std::string yaml_text(const NamedCamera& camera, double rms_px) {
  const CameraIntrinsics& K = camera.intrinsics;
  const bool is_fisheye = K.distortion_model == DistortionModel::fisheye;
  cv::FileStorage file(".yml",
                       cv::FileStorage::WRITE | cv::FileStorage::MEMORY | cv::FileStorage::FORMAT_YAML);
  file << "image_width" << K.width_px << "image_height" << K.height_px;
  if (!camera.name.empty()) file << "camera_name" << camera.name;
  file << "camera_matrix"
       << cv::Mat(cv::Matx33d(K.fx_px, 0.0, K.cx_px, 0.0, K.fy_px, K.cy_px, 0.0, 0.0, 1.0));
  file << "distortion_model" << (is_fisheye ? "equidistant" : "plumb_bob");
  if (is_fisheye) file << "fisheye_model" << 1;
  const std::vector<double> k(K.distortion.begin(), K.distortion.begin() + (is_fisheye ? 4 : 5));
  file << "distortion_coefficients" << cv::Mat(k, true).reshape(1, 1);
  if (std::isfinite(rms_px)) file << "avg_reprojection_error" << rms_px;
  return file.releaseAndGetString();
}

}  // namespace

Result<NamedCamera> read_camera_file(const fs::path& path) {
  if (is_yaml(path)) return read_yaml(path);
  auto intrinsics = read_camera_intrinsics(path);
  if (!intrinsics) return intrinsics.error();
  NamedCamera camera{"", *intrinsics};
  std::ifstream stream(path);
  const auto json = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (const auto name = json.find("camera"); name != json.end() && name->is_string())
    camera.name = name->get<std::string>();
  return camera;
}

std::string camera_json(const NamedCamera& camera, const std::string& calibration_json) {
  const CameraIntrinsics& K = camera.intrinsics;
  const bool is_fisheye = K.distortion_model == DistortionModel::fisheye;
  nlohmann::ordered_json json;
  if (!camera.name.empty()) json["camera"] = camera.name;
  json["K"] = {{"fx", K.fx_px}, {"fy", K.fy_px},       {"cx", K.cx_px},
               {"cy", K.cy_px}, {"width", K.width_px}, {"height", K.height_px}};
  json["distortion_model"] = to_string(K.distortion_model);
  json["distortion"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < (is_fisheye ? 4U : 5U); ++i) json["distortion"].push_back(K.distortion[i]);
  for (const Eigen::Vector3d& led : K.leds_in_cam_mm)
    json["leds_in_cam_mm"].push_back({led.x(), led.y(), led.z()});
  if (!calibration_json.empty()) json["calibration"] = nlohmann::ordered_json::parse(calibration_json);
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

Result<void> write_camera_file(const fs::path& path, const NamedCamera& camera, double rms_px) {
  std::string text;
  if (path.extension() == ".json") {
    text = camera_json(camera);
  } else if (path.extension() == ".yml" || path.extension() == ".yaml") {
    text = yaml_text(camera, rms_px);
  } else {
    return Error{ErrorCode::invalid_option, "a camera is written as .json, .yml or .yaml", path.string(),
                 "Choose a name that ends so"};
  }
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (stream) return {};
  return Error{ErrorCode::output_unwritable, "the camera file cannot be written", path.string(),
               "Choose a folder that exists and that you may write to, with room left"};
}

Result<CameraIntrinsics> scaled_to(const CameraIntrinsics& intrinsics, int width_px, int height_px) {
  if (width_px < 1 || height_px < 1 ||
      static_cast<std::int64_t>(intrinsics.width_px) * height_px !=
          static_cast<std::int64_t>(intrinsics.height_px) * width_px) {
    return Error{ErrorCode::invalid_option,
                 "a camera of " + std::to_string(intrinsics.width_px) + "x" +
                     std::to_string(intrinsics.height_px) + " px cannot be scaled to " +
                     std::to_string(width_px) + "x" + std::to_string(height_px) + " px: the shape is another",
                 "camera intrinsics", "Calibrate the camera at the size you record with"};
  }
  CameraIntrinsics out = intrinsics;
  if (width_px == intrinsics.width_px) return out;
  const double scale = static_cast<double>(width_px) / intrinsics.width_px;
  out.fx_px *= scale;
  out.fy_px *= scale;
  out.cx_px = (out.cx_px + 0.5) * scale - 0.5;
  out.cy_px = (out.cy_px + 0.5) * scale - 0.5;
  out.width_px = width_px;
  out.height_px = height_px;
  out.is_assumed = true;
  return out;
}

}  // namespace yarbus
