#include "app/export/session/pupil_csv.h"

#include <chrono>
#include <set>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/export/session/csv_tables.h"
#include "app/export/session/gaze_eyes.h"
#include "app/export/session/pupil_conventions.h"

namespace yarbus {
namespace {

namespace labs = pupil_labs;
const std::string in_exports = "exports/000/";

constexpr std::string_view pupil_header =
    "pupil_timestamp,world_index,eye_id,confidence,norm_pos_x,norm_pos_y,diameter,method,ellipse_center_x,"
    "ellipse_center_y,ellipse_axis_a,ellipse_axis_b,ellipse_angle,diameter_3d,model_confidence,model_id,"
    "sphere_center_x,sphere_center_y,sphere_center_z,sphere_radius,circle_3d_center_x,circle_3d_center_y,"
    "circle_3d_center_z,circle_3d_normal_x,circle_3d_normal_y,circle_3d_normal_z,circle_3d_radius,theta,phi,"
    "projected_sphere_center_x,projected_sphere_center_y,projected_sphere_axis_a,projected_sphere_axis_b,"
    "projected_sphere_angle\n";
constexpr std::string_view gaze_header =
    "gaze_timestamp,world_index,confidence,norm_pos_x,norm_pos_y,base_data,gaze_point_3d_x,gaze_point_3d_y,"
    "gaze_point_3d_z,eye_center0_3d_x,eye_center0_3d_y,eye_center0_3d_z,gaze_normal0_x,gaze_normal0_y,"
    "gaze_normal0_z,eye_center1_3d_x,eye_center1_3d_y,eye_center1_3d_z,gaze_normal1_x,gaze_normal1_y,"
    "gaze_normal1_z\n";
constexpr std::string_view blink_header =
    "id,start_timestamp,duration,end_timestamp,start_frame_index,index,end_frame_index,confidence,"
    "filter_response,base_data\n";
constexpr std::string_view fixation_header =
    "id,start_timestamp,duration,start_frame_index,end_frame_index,norm_pos_x,norm_pos_y,dispersion,"
    "confidence,method,gaze_point_3d_x,gaze_point_3d_y,gaze_point_3d_z,base_data\n";

/// One line, field by field.
class Line {
 public:
  Line& number(double value) {
    comma();
    put_exact_number(text_, value);
    return *this;
  }
  Line& number(const std::optional<double>& value) {
    comma();
    if (value) put_exact_number(text_, *value);
    return *this;
  }
  Line& integer(std::int64_t value) {
    comma();
    text_ += std::to_string(value);
    return *this;
  }
  Line& text(const std::string& value) {
    comma();
    put_csv_text(text_, value);
    return *this;
  }
  Line& empty(int count) {
    for (int i = 0; i < count; ++i) comma();
    return *this;
  }
  Line& point(const Eigen::Vector3d& value) { return number(value.x()).number(value.y()).number(value.z()); }
  Line& ellipse(const labs::PupilEllipse& value) {
    return number(value.center_px.x())
        .number(value.center_px.y())
        .number(value.axes_px.x())
        .number(value.axes_px.y())
        .number(value.angle_deg);
  }
  std::string take() {
    text_ += '\n';
    is_first_ = true;
    return std::exchange(text_, {});
  }

 private:
  void comma() {
    if (!std::exchange(is_first_, false)) text_ += ',';
  }
  std::string text_;
  bool is_first_ = true;
};

double duration_s(const EventRow& event) {
  return std::chrono::duration<double>(event.end - event.start).count();
}

class PupilCsv {
 public:
  PupilCsv(const ExportRun& run, const FrameTimeline& timeline) : run_(run), timeline_(timeline) {}

  /// One row of the 2-D datum and, with a pose, one of the 3-D datum, as Pupil has both.
  std::string pupil_rows(const SessionChunk& chunk) {
    std::string text;
    for (const PupilRow& row : chunk.pupils) {
      const SessionCamera* camera = run_.camera(row.camera);
      if (camera == nullptr) continue;
      put_pupil(row, *camera, labs::method_2d(run_.source.info()));
      text += line_.empty(21).take();
      const PoseRow* pose = chunk.pose_of(row.camera, row.captured_at);
      if (pose == nullptr) continue;
      put_pupil(row, *camera, labs::method_3d(run_.source.info()));
      put_pose(row, *pose, *camera);
      text += line_.take();
    }
    return text;
  }

  [[nodiscard]] bool has_gaze() const { return has_gaze_; }

  std::string gaze_rows(const SessionChunk& chunk) {
    std::string text;
    has_gaze_ |= !chunk.gaze.empty();
    for (const GazeRow& row : chunk.gaze) {
      const auto eyes = eyes_of(run_, chunk, row);
      std::string base;
      for (const GazeEye& eye : eyes) {
        if (eye.pupil != nullptr) put_base(base, eye.pupil->captured_at, eye.side);
      }
      line_.number(labs::seconds(row.captured_at))
          .integer(static_cast<std::int64_t>(timeline_.index_near(row.captured_at)))
          .number(row.confidence);
      put_screen_point(row.gaze.point_in_screen_mm);
      line_.text(base).empty(3);
      for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
        const PoseRow* pose = nullptr;
        for (const GazeEye& eye : eyes) {
          if (eye.side == side) pose = eye.pose;
        }
        if (pose == nullptr) {
          line_.empty(6);
        } else {
          line_.point(pose->pose.eye_center_in_cam_mm).point(pose->pose.gaze_dir_in_cam());
        }
      }
      text += line_.take();
    }
    return text;
  }

  /// `during`: the rows from its start to its end; likewise of a fixation.
  std::string blink_row(const EventRow& event, std::int64_t id, const SessionChunk& during) {
    std::string base;
    for (const PupilRow& row : during.pupils) {
      const SessionCamera* camera = run_.camera(row.camera);
      if (camera != nullptr && row.camera == event.camera) put_base(base, row.captured_at, camera->eye);
    }
    const auto index = [&](CaptureTime at) { return static_cast<std::int64_t>(timeline_.index_near(at)); };
    return line_.integer(id)
        .number(labs::seconds(event.start))
        .number(duration_s(event))
        .number(labs::seconds(event.end))
        .integer(index(event.start))
        .integer(index(event.start + (event.end - event.start) / 2))
        .integer(index(event.end))
        .number(event.confidence)
        .empty(1)
        .text(base)
        .take();
  }

  std::string fixation_row(const EventRow& event, std::int64_t id, const SessionChunk& during) {
    std::string base;
    for (const GazeRow& row : during.gaze) {
      if (!base.empty()) base += ' ';
      put_exact_number(base, labs::seconds(row.captured_at));
    }
    line_.integer(id)
        .number(labs::seconds(event.start))
        .number(1e3 * duration_s(event))
        .integer(static_cast<std::int64_t>(timeline_.index_near(event.start)))
        .integer(static_cast<std::int64_t>(timeline_.index_near(event.end)));
    if (event.start_in_screen_mm) {
      put_screen_point(*event.start_in_screen_mm);
    } else {
      line_.empty(2);
    }
    return line_.number(event.dispersion_deg)
        .number(event.confidence)
        .text("yarbus")
        .empty(3)
        .text(base)
        .take();
  }

 private:
  static void put_base(std::string& base, CaptureTime at, EyeSide eye) {
    if (!base.empty()) base += ' ';
    put_exact_number(base, labs::seconds(at));
    base += '-' + std::to_string(labs::eye_id(eye));
  }

  void put_screen_point(const Eigen::Vector2d& point_in_screen_mm) {
    const auto place = labs::norm_pos_on_screen(point_in_screen_mm, run_.source.info().screen);
    if (place) {
      line_.number(place->x()).number(place->y());
    } else {
      line_.empty(2);
    }
  }

  void put_pupil(const PupilRow& row, const SessionCamera& camera, const std::string& method) {
    line_.number(labs::seconds(row.captured_at))
        .integer(static_cast<std::int64_t>(timeline_.index_near(row.captured_at)))
        .integer(labs::eye_id(camera.eye))
        .number(row.miss ? 0.0 : row.confidence);
    if (row.miss) {
      line_.empty(3).text(method).empty(5);
      return;
    }
    const auto ellipse = labs::ellipse_of(row.ellipse);
    const auto place = labs::norm_pos(row.ellipse.center_px, camera.width_px, camera.height_px);
    line_.number(place.x()).number(place.y()).number(ellipse.axes_px.y()).text(method).ellipse(ellipse);
  }

  void put_pose(const PupilRow& row, const PoseRow& pose_row, const SessionCamera& camera) {
    const EyePose& pose = pose_row.pose;
    const auto angles = labs::polar_angles(pose.gaze_dir_in_cam());
    line_.number(pose.pupil_diameter_mm())
        .number(row.confidence)
        .integer(static_cast<std::int64_t>(pose_row.model_version))
        .point(pose.eye_center_in_cam_mm)
        .number(pose.eyeball_radius_mm)
        .point(pose.pupil_in_cam.center_in_cam_mm)
        .point(pose.pupil_in_cam.normal_in_cam)
        .number(pose.pupil_in_cam.radius_mm)
        .number(angles.theta)
        .number(angles.phi);
    const auto outline = labs::projected_sphere(pose, camera.intrinsics);
    if (outline) {
      line_.ellipse(*outline);
    } else {
      line_.empty(5);
    }
  }

  const ExportRun& run_;
  const FrameTimeline& timeline_;
  Line line_;
  bool has_gaze_ = false;
};

/// index,timestamp,label,duration and a column for each key that an annotation has, sorted.
Result<std::string> annotations_text(const ExportRun& run, const FrameTimeline& timeline) {
  const auto annotations = run.source.annotations();
  if (!annotations) return annotations.error();
  std::vector<nlohmann::json> details;
  std::set<std::string> keys;
  for (const AnnotationRow& row : *annotations) {
    auto parsed = nlohmann::json::parse(row.details_json, nullptr, false);
    if (!parsed.is_object()) parsed = nlohmann::json::object();
    for (const auto& [key, value] : parsed.items()) keys.insert(key);
    details.push_back(std::move(parsed));
  }
  for (const char* own : {"index", "timestamp", "label", "duration"}) keys.erase(own);
  Line line;
  line.text("index").text("timestamp").text("label").text("duration");
  for (const auto& key : keys) line.text(key);
  std::string text = line.take();
  for (std::size_t i = 0; i < annotations->size(); ++i) {
    const AnnotationRow& row = (*annotations)[i];
    line.integer(static_cast<std::int64_t>(timeline.index_near(row.at)))
        .number(labs::seconds(row.at))
        .text(row.label)
        .number(std::chrono::duration<double>(row.duration).count());
    for (const auto& key : keys) {
      const auto value = details[i].find(key);
      if (value == details[i].end()) {
        line.empty(1);
      } else {
        line.text(value->is_string() ? value->get<std::string>() : value->dump());
      }
    }
    text += line.take();
  }
  return text;
}

std::string pupil_csv_readme(const ExportRun& run) {
  return "# " + run.source.info().name + "\n\nExported by Yarbus " + run.source.info().software_version +
         " in the layout of Pupil Player's raw data exporter.\n" +
         R"(
- Timestamps: seconds of the recording computer's monotonic clock. An absent value is an empty field.
- eye_id 0 is the right eye, 1 the left.
- world_index, index, ..._frame_index: there is no scene camera; they count the frames of the session's first camera
  (world_timestamps.csv).
- pupil_positions.csv: norm_pos with its origin at the image's bottom-left; ellipse in pixels from the top-left, axis_a the
  minor, axis_b the major axis (full), angle of axis_a in degrees from x towards y; diameter in pixels; diameter_3d, sphere,
  circle_3d in mm in the eye camera's frame (x right, y down, z forward); theta = acos(normal_y), phi = atan2(normal_z,
  normal_x), rad. Every frame has a row of method 2d, and a second one of method 3d where the eye model gives a pose. A
  frame without a pupil has confidence 0. sphere_radius is the distance from the eye's centre to the pupil. Yarbus states
  how sure its model is as standard deviations, not as a confidence: model_confidence repeats confidence.
- gaze_positions.csv: norm_pos is on the screen, origin bottom-left. gaze_point_3d is empty (depth is not measured); eye
  centres (mm) and normals are in each eye's own camera's frame.
- blinks.csv: duration in s; confidence is how far the confidence of the pupil fell; base_data are its frames,
  "<timestamp>-<eye_id>". fixations.csv: duration in ms; dispersion is the largest angle between two gaze directions, in
  degrees; confidence is the mean of the frames'; base_data are the timestamps of its gaze on the screen.
)";
}

}  // namespace

Result<void> write_pupil_csv(const ExportRun& run, ExportFolder& folder) {
  auto timeline = read_timeline(run);
  if (!timeline) return timeline.error();
  auto pupil = ExportFile::create(folder, in_exports + "pupil_positions.csv");
  if (!pupil) return pupil.error();
  auto gaze = ExportFile::create(folder, in_exports + "gaze_positions.csv");
  if (!gaze) return gaze.error();
  pupil->put(std::string(pupil_header));
  gaze->put(std::string(gaze_header));
  PupilCsv csv(run, *timeline);
  auto done = for_each_chunk(run, 0.05, 0.9, [&](const SessionChunk& chunk) -> Result<void> {
    pupil->put(csv.pupil_rows(chunk));
    gaze->put(csv.gaze_rows(chunk));
    if (auto written = pupil->check(); !written) return written;
    return gaze->check();
  });
  if (!done) return done;
  for (ExportFile* file : {&*pupil, &*gaze}) {
    if (auto closed = file->close(); !closed) return closed;
  }

  const auto events = run.events();
  if (!events) return events.error();
  std::string blinks(blink_header);
  std::string fixations(fixation_header);
  std::int64_t blink_id = 0;
  std::int64_t fixation_id = 0;
  std::size_t without_place = 0;
  for (const EventRow& event : *events) {
    if (event.kind != EventKind::blink && event.kind != EventKind::fixation) continue;
    if (auto going = run.check(); !going) return going;
    const auto during = read_chunk(run, event.start, event.end + CaptureTime(1));
    if (!during) return during.error();
    if (event.kind == EventKind::blink) {
      blinks += csv.blink_row(event, ++blink_id, *during);
    } else {
      fixations += csv.fixation_row(event, ++fixation_id, *during);
      without_place += event.start_in_screen_mm && run.source.info().screen ? 0 : 1;
    }
  }
  if (!csv.has_gaze()) run.notes.push_back("gaze_positions.csv has no rows: gaze was not calibrated");
  if (without_place > 0)
    run.notes.push_back(std::to_string(without_place) + " of " + std::to_string(fixation_id) +
                        " fixations have an empty norm_pos: where on the screen they were is not known (gaze "
                        "was not calibrated then, or the session does not know its screen)");
  const auto annotations = annotations_text(run, *timeline);
  if (!annotations) return annotations.error();
  std::string world = "timestamps [seconds],pts\n";
  for (std::size_t i = 0; i < timeline->times.size(); ++i) {
    put_exact_number(world, labs::seconds(timeline->times[i]));
    world += ',' + std::to_string(timeline->video_pts[i]) + '\n';
  }
  const std::pair<const char*, const std::string*> files[]{{"blinks.csv", &blinks},
                                                           {"fixations.csv", &fixations},
                                                           {"annotations.csv", &*annotations},
                                                           {"world_timestamps.csv", &world}};
  for (const auto& [name, text] : files) {
    if (auto written = folder.write(in_exports + name, *text); !written) return written;
  }
  if (auto written = folder.write("README.md", pupil_csv_readme(run)); !written) return written;
  return run.check();
}

}  // namespace yarbus
