#include "app/session/wearer_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <string_view>
#include <utility>

#include <Eigen/Eigenvalues>
#include <nlohmann/json.hpp>

#include "eyemodel/online/known_eye.h"

namespace yarbus {
namespace {

using nlohmann::json;

constexpr const char* format_name = "yarbus wearer";
constexpr int format_version = 1;
constexpr const char* remedy = "Give a file that Yarbus saved for a wearer, or save the eye model anew";

Error unreadable(std::string message) {
  return {ErrorCode::input_unreadable, std::move(message), "", remedy};
}

/// A length of the anatomy: its key and what an eye can have at most and at least.
struct Length {
  const char* key;
  double OpticalAnatomy::*value_mm;
  double least_mm;
  double most_mm;
};
constexpr std::array<Length, 4> lengths{{
    {"pupil_plane_mm", &OpticalAnatomy::pupil_plane_mm, 7.0, 13.0},
    {"cornea_center_mm", &OpticalAnatomy::cornea_center_mm, 3.0, 8.0},
    {"cornea_radius_mm", &OpticalAnatomy::cornea_radius_mm, 6.0, 10.0},
    {"limbus_radius_mm", &OpticalAnatomy::limbus_radius_mm, 4.5, 7.5},
}};

struct CameraNumber {
  const char* key;
  double CameraIntrinsics::*value_px;
};
constexpr std::array<CameraNumber, 4> camera_numbers{{
    {"focal_length_x_px", &CameraIntrinsics::fx_px},
    {"focal_length_y_px", &CameraIntrinsics::fy_px},
    {"principal_point_x_px", &CameraIntrinsics::cx_px},
    {"principal_point_y_px", &CameraIntrinsics::cy_px},
}};

template <class Matrix>
json to_json(const Matrix& matrix) {
  json rows = json::array();
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    json row = json::array();
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) row.push_back(matrix(i, j));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// An object of the file that must have exactly these keys. `where` names it: "anatomy".
class Section {
 public:
  static Result<Section> of(const json& value, std::string where,
                            std::initializer_list<std::string_view> keys) {
    const std::string name = where.empty() ? "the file" : '"' + where + '"';
    if (!value.is_object()) return unreadable(name + " is not of the form {\"name\": value, ...}");
    for (const auto& item : value.items()) {
      if (std::find(keys.begin(), keys.end(), item.key()) == keys.end())
        return unreadable(name + " has an unknown key \"" + item.key() + '"');
    }
    for (const std::string_view key : keys) {
      if (!value.contains(key)) return unreadable(name + " has no \"" + std::string(key) + '"');
    }
    return Section(value, std::move(where));
  }

  [[nodiscard]] const json& at(const char* key) const { return value_->at(key); }
  [[nodiscard]] std::string name_of(const char* key) const {
    return '"' + (where_.empty() ? std::string(key) : where_ + '.' + key) + '"';
  }
  [[nodiscard]] Result<double> number(const char* key) const {
    const json& value = at(key);
    if (!value.is_number() || !std::isfinite(value.get<double>()))
      return unreadable(name_of(key) + " is " + value.dump() + ", must be a finite number");
    return value.get<double>();
  }
  [[nodiscard]] Result<int> whole_number(const char* key) const {
    const json& value = at(key);
    constexpr long long most = 100'000;
    if (!value.is_number_integer() || std::abs(value.get<double>()) > static_cast<double>(most))
      return unreadable(name_of(key) + " is " + value.dump() + ", must be a whole number");
    return value.get<int>();
  }
  [[nodiscard]] Result<Eigen::Vector3d> point(const char* key) const {
    Eigen::Vector3d out;
    if (!read_row(at(key), out)) return unreadable(name_of(key) + " is not a list of 3 finite numbers");
    return out;
  }
  /// Rows of finite numbers; `out` decides how many of each.
  template <class Matrix>
  Result<void> read(const char* key, Matrix& out) const {
    const json& rows = at(key);
    bool is_whole = rows.is_array() && rows.size() == static_cast<std::size_t>(out.rows());
    for (Eigen::Index i = 0; is_whole && i < out.rows(); ++i) {
      Eigen::VectorXd row(out.cols());
      is_whole = read_row(rows[static_cast<std::size_t>(i)], row);
      out.row(i) = row.transpose();
    }
    if (is_whole) return {};
    return unreadable(name_of(key) + " is not a matrix of " + std::to_string(out.rows()) + " by " +
                      std::to_string(out.cols()) + " finite numbers");
  }

 private:
  Section(const json& value, std::string where) : value_(&value), where_(std::move(where)) {}
  template <class Vector>
  static bool read_row(const json& list, Vector& out) {
    if (!list.is_array() || list.size() != static_cast<std::size_t>(out.size())) return false;
    for (Eigen::Index i = 0; i < out.size(); ++i) {
      const json& value = list[static_cast<std::size_t>(i)];
      out[i] = value.is_number() ? value.get<double>() : std::nan("");
    }
    return out.allFinite();
  }
  const json* value_;
  std::string where_;
};

/// Symmetric and positive definite, well enough to be inverted.
bool is_covariance(const ModelCovariance& matrix) {
  if (!matrix.allFinite() || !matrix.isApprox(matrix.transpose(), 1e-6)) return false;
  const Eigen::SelfAdjointEigenSolver<ModelCovariance> eigen(matrix, Eigen::EigenvaluesOnly);
  constexpr double most_condition = 1e12;
  return eigen.eigenvalues()[0] > 0.0 && eigen.eigenvalues()[6] < most_condition * eigen.eigenvalues()[0];
}

Result<void> read_camera(const json& value, CameraIntrinsics& intrinsics) {
  const auto camera = Section::of(value, "camera",
                                  {"image_width_px", "image_height_px", "focal_length_x_px",
                                   "focal_length_y_px", "principal_point_x_px", "principal_point_y_px"});
  if (!camera) return camera.error();
  for (const auto& [key, size_px] : {std::pair{"image_width_px", &CameraIntrinsics::width_px},
                                     {"image_height_px", &CameraIntrinsics::height_px}}) {
    const auto number = camera->whole_number(key);
    if (!number) return number.error();
    intrinsics.*size_px = *number;
  }
  for (const CameraNumber& number : camera_numbers) {
    const auto read = camera->number(number.key);
    if (!read) return read.error();
    intrinsics.*number.value_px = *read;
  }
  if (const auto valid = intrinsics.validate(); !valid)
    return unreadable("\"camera\" is no camera: " + valid.error().message);
  return {};
}

Result<Eigen::Matrix4d> read_anatomy(const json& value, OpticalAnatomy& anatomy) {
  const auto section = Section::of(
      value, "anatomy",
      {"pupil_plane_mm", "cornea_center_mm", "cornea_radius_mm", "limbus_radius_mm", "covariance_mm2"});
  if (!section) return section.error();
  for (const Length& length : lengths) {
    const auto read = section->number(length.key);
    if (!read) return read.error();
    if (*read < length.least_mm || *read > length.most_mm) {
      return unreadable(section->name_of(length.key) + " is " + section->at(length.key).dump() +
                        ", an eye has " + json(length.least_mm).dump() + " to " +
                        json(length.most_mm).dump());
    }
    anatomy.*length.value_mm = *read;
  }
  Eigen::Matrix4d covariance_mm2;
  if (const auto read = section->read("covariance_mm2", covariance_mm2); !read) return read.error();
  return covariance_mm2;
}

Result<void> read_place(const json& value, EyeModel& model) {
  const auto place = Section::of(value, "place", {"eye_center_in_cam_mm", "covariance_with_anatomy_mm2"});
  if (!place) return place.error();
  const auto center_in_cam_mm = place->point("eye_center_in_cam_mm");
  if (!center_in_cam_mm) return center_in_cam_mm.error();
  model.eye_center_in_cam_mm = *center_in_cam_mm;
  if (!(model.eye_center_in_cam_mm.z() > 0.0))
    return unreadable("\"place.eye_center_in_cam_mm\" lies behind the camera");
  return place->read("covariance_with_anatomy_mm2", model.covariance_mm2);
}

Result<Wearer> wearer_in(const json& file) {
  if (file.is_discarded()) return unreadable("the file is not JSON");
  // Format and version first: a later version may have other keys.
  if (!file.is_object() || !file.contains("format") || file["format"] != format_name)
    return unreadable(std::string("the file is no saved eye: it lacks \"format\": \"") + format_name + '"');
  if (!file.contains("version") || file["version"] != format_version) {
    return unreadable("the file's version is " +
                      (file.contains("version") ? file["version"].dump() : "absent") +
                      ", this program reads version " + std::to_string(format_version));
  }
  const auto whole = Section::of(file, "", {"format", "version", "eye", "camera", "anatomy", "place"});
  if (!whole) return whole.error();
  Wearer wearer;
  if (file["eye"] != to_string(EyeSide::right) && file["eye"] != to_string(EyeSide::left))
    return unreadable("\"eye\" is " + file["eye"].dump() + R"(, known are "right" and "left")");
  wearer.eye = file["eye"] == to_string(EyeSide::left) ? EyeSide::left : EyeSide::right;
  EyeModel& model = wearer.model;
  model.stage = FitStage::refraction;
  if (const auto read = read_camera(file["camera"], model.intrinsics); !read) return read.error();
  const auto anatomy_covariance_mm2 = read_anatomy(file["anatomy"], model.anatomy);
  if (!anatomy_covariance_mm2) return anatomy_covariance_mm2.error();
  model.eyeball_radius_mm = model.anatomy.pupil_plane_mm;
  if (const auto read = read_place(file["place"], model); !read) return read.error();
  if (!is_covariance(model.covariance_mm2)) {
    return unreadable(
        "\"place.covariance_with_anatomy_mm2\" is no covariance: it must be symmetric and positive definite");
  }
  const Eigen::Matrix4d part = model.covariance_mm2.bottomRightCorner<4, 4>();
  if (!part.isApprox(*anatomy_covariance_mm2, 1e-6)) {
    return unreadable(
        "\"anatomy.covariance_mm2\" is not the last four rows and columns of "
        "\"place.covariance_with_anatomy_mm2\"");
  }
  return wearer;
}

}  // namespace

Result<void> save_wearer(const std::filesystem::path& path, EyeSide eye, const EyeModel& model) {
  if (model.stage != FitStage::refraction) {
    return Error{ErrorCode::invalid_option,
                 "only a model of the stage refraction can be saved, this one is of the stage " +
                     std::string(to_string(model.stage)),
                 path.string(), "Choose the stage refraction (Ctrl+5, or --stage refraction)"};
  }
  if (!is_covariance(model.covariance_mm2)) {
    return Error{ErrorCode::invalid_option, "the eye model does not yet say how sure it is", path.string(),
                 "Look around until the eye model has settled"};
  }
  const Eigen::Vector3d center =
      model.placements.empty() ? model.eye_center_in_cam_mm : model.placements.back().eye_center_in_cam_mm;
  nlohmann::ordered_json file;
  file["format"] = format_name;
  file["version"] = format_version;
  file["eye"] = to_string(eye);
  auto& camera = file["camera"];
  camera["image_width_px"] = model.intrinsics.width_px;
  camera["image_height_px"] = model.intrinsics.height_px;
  for (const CameraNumber& number : camera_numbers) camera[number.key] = model.intrinsics.*number.value_px;
  auto& anatomy = file["anatomy"];
  for (const Length& length : lengths) anatomy[length.key] = model.anatomy.*length.value_mm;
  anatomy["covariance_mm2"] = to_json(model.covariance_mm2.bottomRightCorner<4, 4>());
  auto& place = file["place"];
  place["eye_center_in_cam_mm"] = {center.x(), center.y(), center.z()};
  place["covariance_with_anatomy_mm2"] = to_json(model.covariance_mm2);

  const std::filesystem::path part = path.string() + ".part";
  std::error_code failed;
  {
    std::ofstream stream(part, std::ios::binary | std::ios::trunc);
    stream << file.dump(2) << '\n';
    stream.close();
    if (!stream) failed = std::make_error_code(std::errc::io_error);
  }
  if (!failed) std::filesystem::rename(part, path, failed);
  if (!failed) return {};
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  return Error{ErrorCode::output_unwritable, "the eye model cannot be written", path.string(),
               "Choose a folder that exists and that you may write to, with room left"};
}

Result<Wearer> load_wearer(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Error{ErrorCode::input_missing, "the file with the eye model does not exist", path.string(),
                 remedy};
  std::ifstream stream(path);
  if (!stream || std::filesystem::is_directory(path, ignored))
    return Error{ErrorCode::input_unreadable, "the file with the eye model cannot be read", path.string(),
                 remedy};
  auto wearer = wearer_in(json::parse(stream, nullptr, /*allow_exceptions=*/false));
  if (wearer) return wearer;
  Error error = wearer.error();
  error.context = path.string();
  return error;
}

WearerUse use_of_wearer(const Wearer& wearer, EyeSide eye, const CameraIntrinsics& intrinsics) {
  WearerUse use;
  use.known.model = std::make_shared<EyeModel>(wearer.model);
  const CameraIntrinsics& saved = wearer.model.intrinsics;
  if (wearer.eye != eye) {
    use.caveat = "saved for the " + std::string(to_string(wearer.eye)) + " eye";
  } else if (!is_same_camera(saved, intrinsics)) {
    use.caveat = "saved with another camera (" + std::to_string(saved.width_px) + "x" +
                 std::to_string(saved.height_px) + " px, focal length " +
                 std::to_string(std::lround(saved.fx_px)) + " px)";
  }
  use.known.uses_place = use.caveat.empty();
  if (!use.caveat.empty()) use.caveat += ": the eye's place is not used, its anatomy is";
  return use;
}

}  // namespace yarbus
