#include "app/export/session/pupil_datum.h"

#include <chrono>
#include <limits>
#include <utility>

#include "app/export/session/pupil_conventions.h"

namespace yarbus::pupil_labs {
namespace {

using nlohmann::json;

/// Pupil places a gaze of one eye at this depth.
constexpr double nominal_depth_mm = 500.0;
constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

json list(const Eigen::Vector2d& v) { return json::array({v.x(), v.y()}); }
json list(const Eigen::Vector3d& v) { return json::array({v.x(), v.y(), v.z()}); }
json map_of(const PupilEllipse& ellipse) {
  return {{"center", list(ellipse.center_px)}, {"axes", list(ellipse.axes_px)}, {"angle", ellipse.angle_deg}};
}
std::string eye_text(EyeSide side) { return std::to_string(eye_id(side)); }

}  // namespace

json pupil_2d(const ExportRun& run, const PupilRow& row, const SessionCamera& camera) {
  const auto ellipse = row.miss ? PupilEllipse{} : ellipse_of(row.ellipse);
  return {{"id", eye_id(camera.eye)},
          {"topic", "pupil." + eye_text(camera.eye) + ".2d"},
          {"method", method_2d(run.source.info())},
          {"norm_pos", list(norm_pos(ellipse.center_px, camera.width_px, camera.height_px))},
          {"diameter", ellipse.axes_px.y()},
          {"confidence", row.miss ? 0.0 : row.confidence},
          {"timestamp", seconds(row.captured_at)},
          {"ellipse", map_of(ellipse)}};
}

json pupil_3d(const ExportRun& run, const PupilRow& row, const PoseRow& pose_row,
              const SessionCamera& camera) {
  const EyePose& pose = pose_row.pose;
  const auto angles = polar_angles(pose.gaze_dir_in_cam());
  json datum = pupil_2d(run, row, camera);
  datum["topic"] = "pupil." + eye_text(camera.eye) + ".3d";
  datum["method"] = method_3d(run.source.info());
  datum["location"] = datum["ellipse"]["center"];
  datum["sphere"] = {{"center", list(pose.eye_center_in_cam_mm)}, {"radius", pose.eyeball_radius_mm}};
  datum["projected_sphere"] = map_of(projected_sphere(pose, camera.intrinsics).value_or(PupilEllipse{}));
  datum["circle_3d"] = {{"center", list(pose.pupil_in_cam.center_in_cam_mm)},
                        {"normal", list(pose.pupil_in_cam.normal_in_cam)},
                        {"radius", pose.pupil_in_cam.radius_mm}};
  datum["diameter_3d"] = pose.pupil_diameter_mm();
  datum["model_confidence"] = datum["confidence"];
  datum["model_id"] = pose_row.model_version;
  datum["theta"] = angles.theta;
  datum["phi"] = angles.phi;
  return datum;
}

std::string gaze_topic(const GazeEyes& eyes) {
  std::string topic = eyes.has_all_poses() ? "gaze.3d." : "gaze.2d.";
  for (const GazeEye& eye : eyes) topic += eye_text(eye.side);
  return topic + '.';
}

std::optional<json> gaze(const ExportRun& run, const GazeRow& row, const GazeEyes& eyes) {
  const auto place = norm_pos_on_screen(row.gaze.point_in_screen_mm, run.source.info().screen);
  if (!place) return std::nullopt;
  const bool is_3d = eyes.has_all_poses();
  json base = json::array();
  for (const GazeEye& eye : eyes) {
    if (eye.pupil == nullptr) continue;
    base.push_back(is_3d ? pupil_3d(run, *eye.pupil, *eye.pose, *eye.camera)
                         : pupil_2d(run, *eye.pupil, *eye.camera));
  }
  json datum{{"topic", gaze_topic(eyes)},
             {"norm_pos", list(*place)},
             {"confidence", row.confidence},
             {"timestamp", seconds(row.captured_at)},
             {"base_data", std::move(base)}};
  if (!is_3d) return std::make_optional(std::move(datum));
  const EyePose& first = eyes.begin()->pose->pose;
  datum["gaze_point_3d"] =
      list(Eigen::Vector3d(first.eye_center_in_cam_mm + nominal_depth_mm * first.gaze_dir_in_cam()));
  if (eyes.count == 1) {
    datum["eye_center_3d"] = list(first.eye_center_in_cam_mm);
    datum["gaze_normal_3d"] = list(first.gaze_dir_in_cam());
    return std::make_optional(std::move(datum));
  }
  for (const GazeEye& eye : eyes) {
    datum["eye_centers_3d"][eye_text(eye.side)] = list(eye.pose->pose.eye_center_in_cam_mm);
    datum["gaze_normals_3d"][eye_text(eye.side)] = list(eye.pose->pose.gaze_dir_in_cam());
  }
  return std::make_optional(std::move(datum));
}

json blink(const ExportRun& run, const EventRow& event, bool is_onset, const SessionChunk& around) {
  const CaptureTime at = is_onset ? event.start : event.end;
  json base = json::array();
  const SessionCamera* camera = event.camera ? run.camera(*event.camera) : nullptr;
  if (camera != nullptr) {
    if (const PupilRow* row = around.pupil_of(camera->camera, at))
      base.push_back(pupil_2d(run, *row, *camera));
  }
  return {{"topic", "blinks"},
          {"type", is_onset ? "onset" : "offset"},
          {"confidence", event.confidence.value_or(not_known)},
          {"timestamp", seconds(at)},
          {"base_data", std::move(base)}};
}

std::optional<json> fixation(const ExportRun& run, const EventRow& event, const SessionChunk& during) {
  if (!event.start_in_screen_mm) return std::nullopt;
  const auto place = norm_pos_on_screen(*event.start_in_screen_mm, run.source.info().screen);
  if (!place) return std::nullopt;
  json base = json::array();
  for (const GazeRow& row : during.gaze)
    base.push_back(json::array({gaze_topic(eyes_of(run, during, row)), seconds(row.captured_at)}));
  json datum{{"topic", "fixations"},
             {"id", event.id},
             {"norm_pos", list(*place)},
             {"dispersion", event.dispersion_deg.value_or(not_known)},
             {"method", "yarbus"},
             {"timestamp", seconds(event.start)},
             {"duration", std::chrono::duration<double, std::milli>(event.end - event.start).count()},
             {"confidence", event.confidence.value_or(not_known)},
             {"base_data", std::move(base)}};
  return std::make_optional(std::move(datum));
}

json annotation(const AnnotationRow& row) {
  auto datum = json::parse(row.details_json, nullptr, false);
  if (!datum.is_object()) datum = json::object();
  datum["topic"] = "annotation";
  datum["label"] = row.label;
  datum["timestamp"] = seconds(row.at);
  datum["duration"] = std::chrono::duration<double>(row.duration).count();
  return datum;
}

}  // namespace yarbus::pupil_labs
