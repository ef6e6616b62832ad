#include "app/recording/model_json.h"

#include <limits>

#include <nlohmann/json.hpp>

namespace yarbus {
namespace {

using Json = nlohmann::json;

template <class M>
Json numbers_of(const M& matrix) {
  Json numbers = Json::array();
  for (Eigen::Index row = 0; row < matrix.rows(); ++row)
    for (Eigen::Index column = 0; column < matrix.cols(); ++column) numbers.push_back(matrix(row, column));
  return numbers;
}

double number(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

template <class M>
void read_numbers(const Json& numbers, M& matrix) {
  std::size_t at = 0;
  for (Eigen::Index row = 0; row < matrix.rows(); ++row)
    for (Eigen::Index column = 0; column < matrix.cols(); ++column)
      matrix(row, column) = number(numbers.at(at++));
}

Json json_of(const CameraIntrinsics& intrinsics) {
  Json lights = Json::array();
  for (const auto& light : intrinsics.leds_in_cam_mm) lights.push_back(numbers_of(light));
  return {{"K",
           {{"fx", intrinsics.fx_px},
            {"fy", intrinsics.fy_px},
            {"cx", intrinsics.cx_px},
            {"cy", intrinsics.cy_px},
            {"width", intrinsics.width_px},
            {"height", intrinsics.height_px}}},
          {"distortion_model", to_string(intrinsics.distortion_model)},
          {"distortion", intrinsics.distortion},
          {"leds_in_cam_mm", lights},
          {"is_assumed", intrinsics.is_assumed},
          {"is_crop", intrinsics.is_crop}};
}

CameraIntrinsics intrinsics_of(const Json& json) {
  CameraIntrinsics intrinsics;
  const Json& camera = json.at("K");
  intrinsics.fx_px = camera.at("fx").get<double>();
  intrinsics.fy_px = camera.at("fy").get<double>();
  intrinsics.cx_px = camera.at("cx").get<double>();
  intrinsics.cy_px = camera.at("cy").get<double>();
  intrinsics.width_px = camera.at("width").get<int>();
  intrinsics.height_px = camera.at("height").get<int>();
  if (json.at("distortion_model") == to_string(DistortionModel::fisheye))
    intrinsics.distortion_model = DistortionModel::fisheye;
  intrinsics.distortion = json.at("distortion").get<std::array<double, 5>>();
  for (const Json& light : json.at("leds_in_cam_mm"))
    read_numbers(light, intrinsics.leds_in_cam_mm.emplace_back());
  intrinsics.is_assumed = json.at("is_assumed").get<bool>();
  intrinsics.is_crop = json.at("is_crop").get<bool>();
  return intrinsics;
}

Json json_of(const FitReport& report) {
  return {{"was_run", report.was_run},
          {"stage", to_string(report.stage)},
          {"failure", report.failure ? Json(static_cast<int>(*report.failure)) : Json()},
          {"frames_used", report.frames_used},
          {"frames_rejected", report.frames_rejected},
          {"rms_px", report.rms_px},
          {"condition", report.condition},
          {"converged", report.converged},
          {"iterations", report.iterations},
          {"spread_deg", report.spread_deg},
          {"gauge", report.gauge},
          {"shape_sigmas_mm", numbers_of(report.shape_sigmas_mm)},
          {"gaze_sigma_deg", report.gaze_sigma_deg},
          {"pupil_diameter_sigma_mm", report.pupil_diameter_sigma_mm},
          {"from_priors", report.from_priors},
          {"slips", report.slips},
          {"wall_time_ns", report.wall_time.count()}};
}

FitReport report_of(const Json& json) {
  FitReport report;
  report.was_run = json.at("was_run").get<bool>();
  report.stage = fit_stage_from_string(json.at("stage").get<std::string>()).value_or(FitStage::unprojection);
  if (!json.at("failure").is_null())
    report.failure = static_cast<FitFailure>(json.at("failure").get<std::uint8_t>());
  report.frames_used = json.at("frames_used").get<int>();
  report.frames_rejected = json.at("frames_rejected").get<int>();
  report.rms_px = number(json.at("rms_px"));
  report.condition = number(json.at("condition"));
  report.converged = json.at("converged").get<bool>();
  report.iterations = json.at("iterations").get<int>();
  report.spread_deg = number(json.at("spread_deg"));
  report.gauge = json.at("gauge").get<std::string>();
  read_numbers(json.at("shape_sigmas_mm"), report.shape_sigmas_mm);
  report.gaze_sigma_deg = number(json.at("gaze_sigma_deg"));
  report.pupil_diameter_sigma_mm = number(json.at("pupil_diameter_sigma_mm"));
  report.from_priors = json.at("from_priors").get<std::vector<std::string>>();
  report.slips = json.at("slips").get<int>();
  report.wall_time = std::chrono::nanoseconds(json.at("wall_time_ns").get<std::int64_t>());
  return report;
}

}  // namespace

std::string model_json_of(const EyeModel& model) {
  Json placements = Json::array();
  for (const auto& placement : model.placements) {
    placements.push_back(
        {{"at_ns", placement.at.count()}, {"eye_center_in_cam_mm", numbers_of(placement.eye_center_in_cam_mm)}});
  }
  const Json json{{"intrinsics", json_of(model.intrinsics)},
                  {"eye_center_in_cam_mm", numbers_of(model.eye_center_in_cam_mm)},
                  {"eyeball_radius_mm", model.eyeball_radius_mm},
                  {"anatomy_mm", numbers_of(model.anatomy.vector())},
                  {"covariance_mm2", numbers_of(model.covariance_mm2)},
                  {"placements", placements},
                  {"contrast_band_px", model.contrast_band_px},
                  {"glint_threshold_gray", model.glint_threshold_gray},
                  {"report", json_of(model.report)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool read_model_json(const std::string& text, EyeModel& model) {
  try {
    const Json json = Json::parse(text);
    model.intrinsics = intrinsics_of(json.at("intrinsics"));
    read_numbers(json.at("eye_center_in_cam_mm"), model.eye_center_in_cam_mm);
    model.eyeball_radius_mm = number(json.at("eyeball_radius_mm"));
    Eigen::Vector4d anatomy_mm = Eigen::Vector4d::Zero();
    read_numbers(json.at("anatomy_mm"), anatomy_mm);
    model.anatomy = OpticalAnatomy::from(anatomy_mm);
    read_numbers(json.at("covariance_mm2"), model.covariance_mm2);
    for (const Json& placement : json.at("placements")) {
      EyePlacement& read = model.placements.emplace_back();
      read.at = CaptureTime(placement.at("at_ns").get<std::int64_t>());
      read_numbers(placement.at("eye_center_in_cam_mm"), read.eye_center_in_cam_mm);
    }
    model.contrast_band_px = number(json.at("contrast_band_px"));
    model.glint_threshold_gray = json.at("glint_threshold_gray").get<int>();
    model.report = report_of(json.at("report"));
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

std::string intrinsics_json_of(const CameraIntrinsics& intrinsics) { return json_of(intrinsics).dump(); }

std::optional<CameraIntrinsics> intrinsics_of_json(const std::string& text) {
  try {
    return intrinsics_of(Json::parse(text));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace yarbus
