#include "eyemodel/types/rigid_transform.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include <Eigen/LU>
#include <Eigen/SVD>
#include <nlohmann/json.hpp>

namespace yarbus {
namespace {

constexpr double rotation_tolerance = 1e-3;

constexpr const char* transform_remedy =
    R"(Give a JSON file like {"rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "translation_mm": [62, 0, 0]}, with x_in_right_cam = rotation * x_in_left_cam + translation_mm)";

Error not_a_transform(std::string message) {
  return {ErrorCode::input_unreadable, std::move(message), "", transform_remedy};
}

bool is_vector3(const nlohmann::json& list) {
  return list.is_array() && list.size() == 3 &&
         std::all_of(list.begin(), list.end(), [](const nlohmann::json& item) { return item.is_number(); });
}

Result<RigidTransform> transform_in(const nlohmann::json& file) {
  if (file.is_discarded()) return not_a_transform("the file is not JSON");
  if (!file.is_object()) return not_a_transform("the file is no JSON object");
  for (const auto& [key, value] : file.items()) {
    if (key != "rotation" && key != "translation_mm")
      return not_a_transform("it has an unknown key \"" + key + "\"");
  }
  RigidTransform transform;
  const auto rotation = file.find("rotation");
  if (rotation == file.end()) return not_a_transform("it has no \"rotation\"");
  if (!rotation->is_array() || rotation->size() != 3 ||
      !std::all_of(rotation->begin(), rotation->end(), is_vector3))
    return not_a_transform("its \"rotation\" is not three rows of three numbers");
  const auto translation = file.find("translation_mm");
  if (translation == file.end()) return not_a_transform("it has no \"translation_mm\"");
  if (!is_vector3(*translation)) return not_a_transform("its \"translation_mm\" is not three numbers");
  for (int row = 0; row < 3; ++row) {
    transform.translation_mm[row] = translation->at(static_cast<std::size_t>(row)).get<double>();
    for (int column = 0; column < 3; ++column)
      transform.rotation(row, column) =
          rotation->at(static_cast<std::size_t>(row)).at(static_cast<std::size_t>(column)).get<double>();
  }
  if (const auto valid = transform.validate(); !valid) return valid.error();
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(transform.rotation, Eigen::ComputeFullU | Eigen::ComputeFullV);
  transform.rotation = svd.matrixU() * svd.matrixV().transpose();
  return transform;
}

}  // namespace

Result<void> RigidTransform::validate() const {
  std::ostringstream faults;
  const auto fault = [&](const std::string& text) { faults << (faults.tellp() > 0 ? "; " : "") << text; };
  if (!translation_mm.allFinite()) fault("the translation is not finite");
  if (!rotation.allFinite()) {
    fault("the rotation is not finite");
  } else {
    const double off =
        (rotation.transpose() * rotation - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff();
    const double determinant = rotation.determinant();
    if (off > rotation_tolerance) {
      std::ostringstream text;
      text << "the rotation's columns are not of unit length and at right angles (off by " << off << ')';
      fault(text.str());
    } else if (determinant < 0.0) {
      fault("the rotation is a mirror image (its determinant is -1)");
    }
  }
  if (faults.tellp() == 0) return {};
  return Error{ErrorCode::invalid_option, faults.str(), "camera transform",
               "Correct the values or calibrate the two cameras again"};
}

Result<RigidTransform> read_right_from_left(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return Error{ErrorCode::input_missing, "the file of the camera transform does not exist", path.string(),
                 transform_remedy};
  }
  std::ifstream stream(path);
  if (!stream || std::filesystem::is_directory(path, ignored)) {
    return Error{ErrorCode::input_unreadable, "the file of the camera transform cannot be read",
                 path.string(), transform_remedy};
  }
  auto transform = transform_in(nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false));
  if (transform) return transform;
  Error error = transform.error();
  error.context = path.string();
  return error;
}

}  // namespace yarbus
