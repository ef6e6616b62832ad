#include "calibration/mapping/calibration_file.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "calibration/mapping/calibration_record.h"
#include "calibration/mapping/face_record.h"
#include "calibration/mapping/json_section.h"
#include "calibration/mapping/webcam/face_frames.h"

namespace yarbus {
namespace {

using calibration_json::Fault;
using calibration_json::json;
using calibration_json::numbers;
using calibration_json::Section;

constexpr const char* format_name = "yarbus calibration";
constexpr int format_version = 1;
constexpr const char* remedy = "Give a file that Yarbus saved for a calibration, or calibrate again";
constexpr std::array<const char*, 2> eye_names{"right", "left"};
/// Figures of a fit that is run again may differ by so much between machines.
constexpr double figure_tolerance = 1e-3;

struct ScreenNumber {
  const char* key;
  double ScreenGeometry::*value;
};
constexpr std::array<ScreenNumber, 3> screen_numbers{
    {{"width_mm", &ScreenGeometry::width_mm},
     {"height_mm", &ScreenGeometry::height_mm},
     {"viewing_distance_mm", &ScreenGeometry::viewing_distance_mm}}};

struct GeometricNumber {
  const char* key;
  double GeometricOptions::*value;
};
constexpr std::array<GeometricNumber, 12> geometric_numbers{{
    {"kappa_nasal_deg", &GeometricOptions::kappa_nasal_deg},
    {"kappa_nasal_sigma_deg", &GeometricOptions::kappa_nasal_sigma_deg},
    {"kappa_up_deg", &GeometricOptions::kappa_up_deg},
    {"kappa_up_sigma_deg", &GeometricOptions::kappa_up_sigma_deg},
    {"distance_sigma_share", &GeometricOptions::distance_sigma_share},
    {"eye_across_sigma_mm", &GeometricOptions::eye_across_sigma_mm},
    {"eye_height_sigma_mm", &GeometricOptions::eye_height_sigma_mm},
    {"interpupillary_mm", &GeometricOptions::interpupillary_mm},
    {"interpupillary_sigma_mm", &GeometricOptions::interpupillary_sigma_mm},
    {"facing_sigma_deg", &GeometricOptions::facing_sigma_deg},
    {"scatter_deg", &GeometricOptions::scatter_deg},
    {"scatter_prior_weight", &GeometricOptions::scatter_prior_weight},
}};

/// Its upper triangle, by rows.
json symmetric(const Eigen::Matrix3d& c) { return {c(0, 0), c(0, 1), c(0, 2), c(1, 1), c(1, 2), c(2, 2)}; }

Eigen::Matrix3d symmetric_from(const Section& section, const char* key) {
  const Eigen::Matrix<double, 6, 1> c = section.vector<6>(key);
  Eigen::Matrix3d matrix;
  matrix << c[0], c[1], c[2], c[1], c[3], c[4], c[2], c[4], c[5];
  return matrix;
}

json to_json(const EyeRay& ray) {
  return {{"eye_center_in_cam_mm", numbers(ray.eye_center_in_cam_mm)},
          {"center_covariance_in_cam_mm2", symmetric(ray.center_covariance_in_cam_mm2)},
          {"optical_axis_in_cam", numbers(ray.optical_axis_in_cam)},
          {"axis_covariance_in_cam", symmetric(ray.axis_covariance_in_cam)},
          {"confidence", ray.confidence}};
}

EyeRay ray_from(const json& value, const std::string& where) {
  const Section section(value, where,
                        {"eye_center_in_cam_mm", "center_covariance_in_cam_mm2", "optical_axis_in_cam",
                         "axis_covariance_in_cam", "confidence"});
  EyeRay ray;
  ray.eye_center_in_cam_mm = section.vector<3>("eye_center_in_cam_mm");
  ray.optical_axis_in_cam = section.vector<3>("optical_axis_in_cam");
  ray.center_covariance_in_cam_mm2 = symmetric_from(section, "center_covariance_in_cam_mm2");
  ray.axis_covariance_in_cam = symmetric_from(section, "axis_covariance_in_cam");
  ray.confidence = section.number("confidence");
  return ray;
}

/// A webcam's samples have one key more.
json samples_to_json(const std::vector<CalibrationSample>& samples, bool with_faces = true) {
  json list = json::array();
  for (const CalibrationSample& sample : samples) {
    json entry{{"captured_at_ns", sample.rays.captured_at.count()},
               {"target", sample.target},
               {"movement", sample.movement},
               {"target_in_screen_mm", numbers(sample.target_in_screen_mm)}};
    for (std::size_t eye = 0; eye < 2; ++eye)
      entry[eye_names[eye]] = sample.rays.eyes[eye] ? to_json(*sample.rays.eyes[eye]) : json();
    if (sample.rays.face && with_faces) entry["face"] = face_to_json(*sample.rays.face);
    list.push_back(std::move(entry));
  }
  return list;
}

std::vector<CalibrationSample> samples_from(const json& list) {
  std::vector<CalibrationSample> samples;
  for (const json& entry : list) {
    const std::string where = "sample " + std::to_string(samples.size());
    const bool has_face = entry.is_object() && entry.contains("face");
    const Section section =
        has_face ? Section(entry, where,
                           {"captured_at_ns", "target", "movement", "target_in_screen_mm", "right", "left",
                            "face"})
                 : Section(entry, where,
                           {"captured_at_ns", "target", "movement", "target_in_screen_mm", "right", "left"});
    CalibrationSample sample;
    sample.rays.captured_at = CaptureTime(section.whole<CaptureTime::rep>("captured_at_ns"));
    sample.target = section.whole("target");
    sample.movement = section.whole("movement");
    sample.target_in_screen_mm = section.vector<2>("target_in_screen_mm");
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (!section.at(eye_names[eye]).is_null())
        sample.rays.eyes[eye] = ray_from(section.at(eye_names[eye]), where + ", " + eye_names[eye] + " eye");
    }
    if (has_face) sample.rays.face = face_from(section.at("face"), where + ", face");
    samples.push_back(std::move(sample));
  }
  return samples;
}

json setup_to_json(const CalibrationSetup& setup) {
  json screen{{"width_px", setup.screen.width_px}, {"height_px", setup.screen.height_px}};
  for (const ScreenNumber& number : screen_numbers) screen[number.key] = setup.screen.*number.value;
  json cameras;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    const auto& camera = setup.cameras[eye];
    cameras[eye_names[eye]] =
        camera
            ? json{{"name", camera->name}, {"width_px", camera->width_px}, {"height_px", camera->height_px}}
            : json();
  }
  return {{"screen", std::move(screen)}, {"cameras", std::move(cameras)}};
}

CalibrationSetup setup_from(const json& value) {
  const Section section(value, "\"setup\"", {"screen", "cameras"});
  const Section screen(section.at("screen"), "\"screen\"",
                       {"width_px", "height_px", "width_mm", "height_mm", "viewing_distance_mm"});
  CalibrationSetup setup;
  setup.screen.width_px = screen.whole("width_px");
  setup.screen.height_px = screen.whole("height_px");
  for (const ScreenNumber& number : screen_numbers) setup.screen.*number.value = screen.number(number.key);
  const Section cameras(section.at("cameras"), "\"cameras\"", {"right", "left"});
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (cameras.at(eye_names[eye]).is_null()) continue;
    const Section camera(cameras.at(eye_names[eye]), std::string("the ") + eye_names[eye] + " camera",
                         {"name", "width_px", "height_px"});
    setup.cameras[eye] =
        CalibrationSetup::Camera{camera.text("name"), camera.whole("width_px"), camera.whole("height_px")};
  }
  return setup;
}

json options_to_json(const MapperOptions& options) {
  json geometric{{"one_camera", options.geometric.one_camera}};
  for (const GeometricNumber& number : geometric_numbers)
    geometric[number.key] = options.geometric.*number.value;
  return {{"mapper", options.mapper}, {"geometric", std::move(geometric)}};
}

MapperOptions options_from(const json& value) {
  const Section section(value, "\"options\"", {"mapper", "geometric"});
  const Section geometric(
      section.at("geometric"), "\"geometric\"",
      {"one_camera", "kappa_nasal_deg", "kappa_nasal_sigma_deg", "kappa_up_deg", "kappa_up_sigma_deg",
       "distance_sigma_share", "eye_across_sigma_mm", "eye_height_sigma_mm", "interpupillary_mm",
       "interpupillary_sigma_mm", "facing_sigma_deg", "scatter_deg", "scatter_prior_weight"});
  MapperOptions options;
  options.mapper = section.text("mapper");
  options.geometric.one_camera = geometric.truth("one_camera");
  for (const GeometricNumber& number : geometric_numbers)
    options.geometric.*number.value = geometric.number(number.key);
  return options;
}

/// What the fit came to: a file whose samples say something else was altered.
json figures_of(const MapperChoice& choice) {
  json errors = json::object();
  for (const MapperCandidate& candidate : choice.candidates)
    errors[candidate.name] = candidate.cross_validation ? json(candidate.cross_validation->mean_deg) : json();
  return {{"chosen", choice.candidates[choice.chosen].name},
          {"left_out_mean_error_deg", std::move(errors)},
          {"geometric_rms_deg", choice.geometric_rms_deg()}};
}

bool agree(const json& a, const json& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    return std::all_of(a.items().begin(), a.items().end(), [&](const auto& item) {
      return b.contains(item.key()) && agree(item.value(), b.at(item.key()));
    });
  }
  if (a.is_number() && b.is_number()) return std::abs(a.get<double>() - b.get<double>()) <= figure_tolerance;
  return a == b;
}

void check_format(const json& file) {
  if (file.is_discarded()) throw Fault{"the file is not JSON or ends too early"};
  if (!file.is_object() || !file.contains("format") || file.at("format") != format_name)
    throw Fault{"the file is no Yarbus calibration"};
  if (!file.contains("version") || file.at("version") != format_version)
    throw Fault{"the file's version is not " + std::to_string(format_version)};
}

LoadedCalibration calibration_from(const json& file) {
  const Section section(file, "the file",
                        {"format", "version", "name", "record", "setup", "options", "samples", "validation",
                         "other_frames", "figures"});
  LoadedCalibration loaded;
  loaded.saved.name = section.text("name");
  if (loaded.saved.name.size() > longest_calibration_name)
    throw Fault{"the name is longer than " + std::to_string(longest_calibration_name) + " characters"};
  loaded.saved.record = record_from(section.at("record"));
  loaded.saved.setup = setup_from(section.at("setup"));
  loaded.saved.options = options_from(section.at("options"));
  loaded.saved.samples = samples_from(section.list("samples"));
  loaded.saved.validation = samples_from(section.list("validation"));
  loaded.saved.other_frames = samples_from(section.list("other_frames"));
  auto choice = fit_mappers(loaded.saved.samples, loaded.saved.setup.screen, loaded.saved.options);
  if (!choice) throw Fault{choice.error().message};
  if (!agree(figures_of(*choice), section.at("figures")))
    throw Fault{"its samples give other figures than it says: it was altered after it was saved"};
  loaded.choice = std::move(*choice);
  return loaded;
}

}  // namespace

std::string calibration_text(const SavedCalibration& calibration, const MapperChoice& choice) {
  MapperOptions options = calibration.options;
  options.mapper = choice.candidates[choice.chosen].name;
  const json file{{"format", format_name},
                  {"version", format_version},
                  {"name", calibration.name},
                  {"record", record_to_json(calibration.record)},
                  {"setup", setup_to_json(calibration.setup)},
                  {"options", options_to_json(options)},
                  {"samples", samples_to_json(samples_in_use(calibration.samples))},
                  {"validation", samples_to_json(calibration.validation)},
                  {"other_frames", samples_to_json(calibration.other_frames, false)},
                  {"figures", figures_of(choice)}};
  return file.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

Result<void> save_calibration(const std::filesystem::path& path, const SavedCalibration& calibration,
                              const MapperChoice& choice) {
  const std::filesystem::path partial = path.string() + ".part";
  {
    std::ofstream stream(partial, std::ios::trunc);
    stream << calibration_text(calibration, choice);
    if (!stream.flush())
      return Error{ErrorCode::output_unwritable, "the calibration cannot be written", path.string(),
                   "Choose another folder or make room on the disk"};
  }
  std::error_code failure;
  std::filesystem::rename(partial, path, failure);
  if (!failure) return {};
  std::filesystem::remove(partial, failure);
  return Error{ErrorCode::output_unwritable, "the calibration cannot be written", path.string(),
               "Choose another name"};
}

namespace {

/// Checks the format and gives the file to `make`. `text`: a text or a stream of one.
template <class Text, class Make>
auto make_from(Text&& text, const std::string& context, const Make& make) -> Result<decltype(make(json()))> {
  try {
    const json file = json::parse(text, nullptr, /*allow_exceptions=*/false);
    check_format(file);
    return make(file);
  } catch (const Fault& fault) {
    return Error{ErrorCode::input_unreadable, fault.message, context, remedy};
  }
}

/// Reads the file, checks its format and gives it to `make`.
template <class Make>
auto read_with(const std::filesystem::path& path, const Make& make) -> Result<decltype(make(json()))> {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Error{ErrorCode::input_missing, "the calibration does not exist", path.string(), remedy};
  std::ifstream stream(path);
  if (!stream || std::filesystem::is_directory(path, ignored))
    return Error{ErrorCode::input_unreadable, "the calibration cannot be read", path.string(), remedy};
  return make_from(stream, path.string(), make);
}

}  // namespace

Result<LoadedCalibration> load_calibration(const std::filesystem::path& path) {
  return read_with(path, calibration_from);
}

Result<LoadedCalibration> parse_calibration(const std::string& text, const std::string& context) {
  return make_from(text, context, calibration_from);
}

Result<CalibrationHead> read_calibration_head(const std::filesystem::path& path) {
  return read_with(path, [](const json& file) {
    for (const char* key : {"name", "record", "setup"}) {
      if (!file.contains(key)) throw Fault{std::string("the file has no \"") + key + '"'};
    }
    if (!file.at("name").is_string()) throw Fault{"\"name\" is not a text"};
    return CalibrationHead{file.at("name").get<std::string>(), record_from(file.at("record")),
                           setup_from(file.at("setup"))};
  });
}

Result<void> check_setup(const CalibrationSetup& calibrated, const CalibrationSetup& current) {
  std::string differences;
  const auto differ = [&](const std::string& text) {
    differences += (differences.empty() ? "" : "; ") + text;
  };
  for (std::size_t eye = 0; eye < 2; ++eye) {
    const auto& before = calibrated.cameras[eye];
    const auto& now = current.cameras[eye];
    const std::string of = std::string("the ") + eye_names[eye] + " eye";
    if (!before || !now) continue;  // gaze survives the lack of an eye
    if (before->name != now->name)
      differ(of + "'s camera is \"" + now->name + "\", the calibration's \"" + before->name + '"');
    if (before->width_px != now->width_px || before->height_px != now->height_px) {
      const auto size = [](const CalibrationSetup::Camera& camera) {
        return std::to_string(camera.width_px) + 'x' + std::to_string(camera.height_px) + " px";
      };
      differ(of + "'s camera is " + size(*now) + ", the calibration's " + size(*before));
    }
  }
  const auto shares_an_eye = [&](std::size_t eye) { return calibrated.cameras[eye] && current.cameras[eye]; };
  if (!shares_an_eye(0) && !shares_an_eye(1)) differ("it was made for the other eye");
  const auto far_off = [](double a, double b, double share) {
    return !(std::abs(a - b) <= share * std::abs(a));
  };
  if (far_off(calibrated.screen.width_mm, current.screen.width_mm, 0.02) ||
      far_off(calibrated.screen.height_mm, current.screen.height_mm, 0.02))
    differ("the screen has another size");
  if (far_off(calibrated.screen.viewing_distance_mm, current.screen.viewing_distance_mm, 0.1))
    differ("the viewing distance is another");
  if (differences.empty()) return {};
  return Error{ErrorCode::invalid_option, differences, "calibration", "Calibrate again for this setup"};
}

}  // namespace yarbus
