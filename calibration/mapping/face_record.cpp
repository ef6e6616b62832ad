#include "calibration/mapping/face_record.h"

#include <array>
#include <string_view>

#include "calibration/mapping/json_section.h"

namespace yarbus {
namespace {

using calibration_json::Fault;
using calibration_json::json;
using calibration_json::numbers;
using calibration_json::Section;

constexpr std::array<const char*, 2> face_eye_names{"right", "left"};
/// RFC 4648, section 4.
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static_assert(eye_patch_pixels % 3 == 0, "no padding is written");
constexpr std::size_t patch_text_length = eye_patch_pixels / 3 * 4;

std::string patch_to_text(const EyePatch& patch) {
  std::string text;
  text.reserve(patch_text_length);
  for (std::size_t i = 0; i < patch.size(); i += 3) {
    const unsigned three = static_cast<unsigned>(patch[i]) << 16U |
                           static_cast<unsigned>(patch[i + 1]) << 8U | static_cast<unsigned>(patch[i + 2]);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) text.push_back(base64_digits[three >> shift & 63U]);
  }
  return text;
}

EyePatch patch_from(const std::string& text, const std::string& where) {
  if (text.size() != patch_text_length)
    throw Fault{where + ": \"patch\" has not " + std::to_string(patch_text_length) + " characters"};
  EyePatch patch{};
  for (std::size_t i = 0; i < text.size(); i += 4) {
    unsigned three = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t digit = base64_digits.find(text[i + k]);
      if (digit == std::string_view::npos) throw Fault{where + ": \"patch\" is not base64"};
      three = three << 6U | static_cast<unsigned>(digit);
    }
    for (std::size_t k = 0; k < 3; ++k)
      patch[i / 4 * 3 + k] = static_cast<std::uint8_t>(three >> (16U - 8U * static_cast<unsigned>(k)) & 255U);
  }
  return patch;
}

json to_json(const EyeSight& eye) {
  const Eigen::Matrix2d& c = eye.iris_covariance_rad2;
  return {{"iris_dir_in_cam", numbers(eye.iris_dir_in_cam)},
          {"iris_covariance_rad2", {c(0, 0), c(0, 1), c(1, 1)}},
          {"limbus_radius_rad", eye.limbus_radius_rad},
          {"limbus_radius_sigma_rad", eye.limbus_radius_sigma_rad},
          {"eye_center_in_head_mm", numbers(eye.eye_center_in_head_mm)},
          {"upper_lid_mm", eye.upper_lid_mm},
          {"lower_lid_mm", eye.lower_lid_mm},
          {"openness", eye.openness},
          {"confidence", eye.confidence},
          {"patch", patch_to_text(eye.patch)}};
}

EyeSight eye_from(const json& value, const std::string& where) {
  const Section section(
      value, where,
      {"iris_dir_in_cam", "iris_covariance_rad2", "limbus_radius_rad", "limbus_radius_sigma_rad",
       "eye_center_in_head_mm", "upper_lid_mm", "lower_lid_mm", "openness", "confidence", "patch"});
  EyeSight eye;
  eye.iris_dir_in_cam = section.vector<3>("iris_dir_in_cam");
  const Eigen::Vector3d c = section.vector<3>("iris_covariance_rad2");
  eye.iris_covariance_rad2 << c[0], c[1], c[1], c[2];
  eye.limbus_radius_rad = section.number("limbus_radius_rad");
  eye.limbus_radius_sigma_rad = section.number("limbus_radius_sigma_rad");
  eye.eye_center_in_head_mm = section.vector<3>("eye_center_in_head_mm");
  eye.upper_lid_mm = section.number("upper_lid_mm");
  eye.lower_lid_mm = section.number("lower_lid_mm");
  eye.openness = section.number("openness");
  eye.confidence = section.number("confidence");
  eye.patch = patch_from(section.text("patch"), where);
  return eye;
}

}  // namespace

json face_to_json(const FaceSight& face) {
  Eigen::Matrix<double, 21, 1> covariance;  // its upper triangle, by rows
  Eigen::Index k = 0;
  for (int row = 0; row < 6; ++row) {
    for (int column = row; column < 6; ++column) covariance[k++] = face.head.covariance(row, column);
  }
  const Eigen::Matrix<double, 3, 3, Eigen::RowMajor> rotation = face.head.cam_from_head.rotation;
  json value{
      {"at_ns", face.head.at.count()},
      {"cam_from_head_rotation", numbers(Eigen::Map<const Eigen::Matrix<double, 9, 1>>(rotation.data()))},
      {"cam_from_head_translation_mm", numbers(face.head.cam_from_head.translation_mm)},
      {"head_covariance", numbers(covariance)},
      {"rms_px", face.head.rms_px},
      {"features", face.head.features}};
  for (std::size_t eye = 0; eye < 2; ++eye)
    value[face_eye_names[eye]] = face.eyes[eye] ? to_json(*face.eyes[eye]) : json();
  return value;
}

std::shared_ptr<const FaceSight> face_from(const json& value, const std::string& where) {
  const Section section(value, where,
                        {"at_ns", "cam_from_head_rotation", "cam_from_head_translation_mm", "head_covariance",
                         "rms_px", "features", "right", "left"});
  auto face = std::make_shared<FaceSight>();
  face->head.at = CaptureTime(section.whole<CaptureTime::rep>("at_ns"));
  const Eigen::Matrix<double, 9, 1> rotation = section.vector<9>("cam_from_head_rotation");
  face->head.cam_from_head.rotation =
      Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(rotation.data());
  face->head.cam_from_head.translation_mm = section.vector<3>("cam_from_head_translation_mm");
  const Eigen::Matrix<double, 21, 1> covariance = section.vector<21>("head_covariance");
  Eigen::Index k = 0;
  for (int row = 0; row < 6; ++row) {
    for (int column = row; column < 6; ++column)
      face->head.covariance(row, column) = face->head.covariance(column, row) = covariance[k++];
  }
  face->head.rms_px = section.number("rms_px");
  face->head.features = section.whole("features");
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!section.at(face_eye_names[eye]).is_null())
      face->eyes[eye] = eye_from(section.at(face_eye_names[eye]), where + ", " + face_eye_names[eye] + " eye");
  }
  if (const auto valid = face->head.cam_from_head.validate(); !valid)
    throw Fault{where + ": " + valid.error().message};
  if (!is_valid(*face)) throw Fault{where + " has a value that is not finite or a direction that is none"};
  return face;
}

}  // namespace yarbus
