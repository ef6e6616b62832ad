#pragma once

/// The columns of every kind of row, told once for naming, writing and reading them (row_visitors.h).
/// `Row` is the row's type or that type const.

#include <string>
#include <string_view>
#include <type_traits>

#include "app/recording/model_json.h"
#include "app/recording/row_visitors.h"
#include "app/recording/session_rows.h"

namespace yarbus {

constexpr std::size_t gap_cause_count = static_cast<std::size_t>(GapCause::clock_set_back) + 1;
constexpr std::size_t event_kind_count = static_cast<std::size_t>(EventKind::other) + 1;
constexpr std::size_t eye_side_count = 2;

template <class Row>
using Plain = std::remove_const_t<Row>;
template <class Row, class Wanted>
concept RowOf = std::is_same_v<Plain<Row>, Wanted>;

/// In which table a kind of row is, and which column orders it.
template <class Row>
struct RowTable;
template <>
struct RowTable<FrameRow> {
  static constexpr std::string_view name = "frames", order = "captured_at_ns";
};
template <>
struct RowTable<GapRow> {
  static constexpr std::string_view name = "gaps", order = "start_ns";
};
template <>
struct RowTable<PupilRow> {
  static constexpr std::string_view name = "pupils", order = "captured_at_ns";
};
template <>
struct RowTable<PoseRow> {
  static constexpr std::string_view name = "poses", order = "captured_at_ns";
};
template <>
struct RowTable<FaceRow> {
  static constexpr std::string_view name = "faces", order = "captured_at_ns";
};
template <>
struct RowTable<GazeRow> {
  static constexpr std::string_view name = "gaze", order = "captured_at_ns";
};
template <>
struct RowTable<ModelRow> {
  static constexpr std::string_view name = "eye_models", order = "captured_at_ns";
};
template <>
struct RowTable<EventRow> {
  static constexpr std::string_view name = "events", order = "start_ns";
};
template <>
struct RowTable<AnnotationRow> {
  static constexpr std::string_view name = "annotations", order = "at_ns";
};
template <>
struct RowTable<CalibrationRow> {
  static constexpr std::string_view name = "calibrations", order = "made_at_ns";
};
template <>
struct RowTable<SettingRow> {
  static constexpr std::string_view name = "settings", order = "at_ns";
};

template <class Visitor, class E>
void ellipse_columns(Visitor& column, std::array<std::string_view, 5> names, E& ellipse) {
  column(names[0], ellipse.center_px.x());
  column(names[1], ellipse.center_px.y());
  column(names[2], ellipse.semi_major_px);
  column(names[3], ellipse.semi_minor_px);
  column(names[4], ellipse.angle_rad);
}

template <class Visitor, class V>
void vector_columns(Visitor& column, std::array<std::string_view, 3> names, V& vector) {
  column(names[0], vector.x());
  column(names[1], vector.y());
  column(names[2], vector.z());
}

/// A row's own id: 0 is written as NULL, for which the database gives the next one.
template <class Visitor, class Id>
void row_id(Visitor& column, Id& id) {
  if constexpr (std::is_same_v<Visitor, RowBinder>) {
    column("id", id == 0 ? std::nullopt : std::optional<std::int64_t>(id));
  } else {
    column("id", id);
  }
}

template <class Visitor, class Row>
  requires RowOf<Row, FrameRow>
void columns(Visitor& column, Row& row) {
  column("camera", row.camera);
  column("frame", row.frame);
  column("captured_at_ns", row.captured_at);
  column("reported_at_ns", row.reported_at);
  column("arrived_at_ns", row.arrived_at);
  column("processed_at_ns", row.processed_at);
  column("lost_before", row.lost_before);
  column("video_pts", row.video_pts);
}

template <class Visitor, class Row>
  requires RowOf<Row, GapRow>
void columns(Visitor& column, Row& row) {
  column.word("cause", row.cause, gap_cause_count);
  column("camera", row.camera);
  column("first_frame", row.first_frame);
  column("last_frame", row.last_frame);
  column("start_ns", row.start);
  column("end_ns", row.end);
  column("frames_lost", row.frames_lost);
  column("pictures_lost", row.pictures_lost);
  column("rows_lost", row.rows_lost);
  column("note", row.note);
}

template <class Visitor, class Row>
  requires RowOf<Row, PupilRow>
void columns(Visitor& column, Row& row) {
  column("analysis", row.analysis);
  column("camera", row.camera);
  column("frame", row.frame);
  column("captured_at_ns", row.captured_at);
  column.word("miss", row.miss, pupil_miss_reason_count);
  column("confidence", row.confidence);
  column("lid_closure", row.lid_closure);
  column("in_blink", row.in_blink);
  column.part(!row.miss.has_value(), [&] {
    ellipse_columns(column, {"center_x_px", "center_y_px", "semi_major_px", "semi_minor_px", "angle_rad"},
                    row.ellipse);
    column.symmetric("covariance_px2", row.covariance_px2);
  });
}

template <class Visitor, class Row>
  requires RowOf<Row, PoseRow>
void columns(Visitor& column, Row& row) {
  column("analysis", row.analysis);
  column("camera", row.camera);
  column("frame", row.frame);
  column("captured_at_ns", row.captured_at);
  column("model_version", row.model_version);
  auto& pose = row.pose;
  vector_columns(column, {"eye_center_x_mm", "eye_center_y_mm", "eye_center_z_mm"},
                 pose.eye_center_in_cam_mm);
  column("eyeball_radius_mm", pose.eyeball_radius_mm);
  vector_columns(column, {"pupil_center_x_mm", "pupil_center_y_mm", "pupil_center_z_mm"},
                 pose.pupil_in_cam.center_in_cam_mm);
  vector_columns(column, {"gaze_x", "gaze_y", "gaze_z"}, pose.pupil_in_cam.normal_in_cam);
  column("pupil_radius_mm", pose.pupil_in_cam.radius_mm);
  ellipse_columns(column,
                  {"reprojected_center_x_px", "reprojected_center_y_px", "reprojected_semi_major_px",
                   "reprojected_semi_minor_px", "reprojected_angle_rad"},
                  pose.reprojected_ellipse);
  column("reprojection_error_px", pose.reprojection_error_px);
  column.optional_part(pose.uncertainty, [&](auto& uncertainty) {
    column("pupil_diameter_sigma_mm", uncertainty.pupil_diameter_mm);
    column.symmetric("gaze_covariance_rad2", uncertainty.gaze_covariance_in_cam);
  });
}

template <class Visitor, class Row>
  requires RowOf<Row, FaceRow>
void columns(Visitor& column, Row& row) {
  column("analysis", row.analysis);
  column("camera", row.camera);
  column("frame", row.frame);
  column("captured_at_ns", row.captured_at);
  column.word("miss", row.miss, face_miss_reason_count);
  column.optional_part(row.box, [&](auto& box) {
    column("box_center_x_px", box.center_px.x());
    column("box_center_y_px", box.center_px.y());
    column("box_size_px", box.size_px);
    column("box_score", box.score);
  });
  column.optional_part(row.head, [&](auto& head) {
    column("head_at_ns", head.at);
    vector_columns(column, {"head_x_mm", "head_y_mm", "head_z_mm"}, head.cam_from_head.translation_mm);
    column.matrix("head_rotation", head.cam_from_head.rotation);
    column.symmetric("head_covariance", head.covariance);
    column("head_rms_px", head.rms_px);
    column("head_features", head.features);
  });
  for (std::size_t side = 0; side < row.eyes.size(); ++side) {
    column.prefixed(side == 0 ? "right_" : "left_", [&] {
      column.optional_part(row.eyes[side], [&](auto& eye) {
        ellipse_columns(column, {"center_x_px", "center_y_px", "semi_major_px", "semi_minor_px", "angle_rad"},
                        eye.limbus);
        vector_columns(column, {"iris_dir_x", "iris_dir_y", "iris_dir_z"}, eye.iris_dir_in_cam);
        vector_columns(column, {"eye_center_x_mm", "eye_center_y_mm", "eye_center_z_mm"},
                       eye.eye_center_in_head_mm);
        column("limbus_radius_rad", eye.limbus_radius_rad);
        column("openness", eye.openness);
        column("confidence", eye.confidence);
      });
    });
  }
}

template <class Visitor, class Row>
  requires RowOf<Row, GazeRow>
void columns(Visitor& column, Row& row) {
  column("analysis", row.analysis);
  column("captured_at_ns", row.captured_at);
  column("camera", row.camera);
  column("frame", row.frame);
  column("calibration", row.calibration);
  column("x_mm", row.gaze.point_in_screen_mm.x());
  column("y_mm", row.gaze.point_in_screen_mm.y());
  column("xx_mm2", row.gaze.covariance_mm2(0, 0));
  column("xy_mm2", row.gaze.covariance_mm2(0, 1));
  column("yy_mm2", row.gaze.covariance_mm2(1, 1));
  column("uses_right", row.gaze.eyes[0]);
  column("uses_left", row.gaze.eyes[1]);
  column("confidence", row.confidence);
  if constexpr (!std::is_const_v<Row>) row.gaze.covariance_mm2(1, 0) = row.gaze.covariance_mm2(0, 1);
}

template <class Visitor, class Row>
  requires RowOf<Row, ModelRow>
void columns(Visitor& column, Row& row) {
  column("analysis", row.analysis);
  column("camera", row.camera);
  column("captured_at_ns", row.made_at);
  column("version", row.model.version);
  column.word("stage", row.model.stage, static_cast<std::size_t>(FitStage::refraction) + 1);
  if constexpr (std::is_same_v<Visitor, RowReader>) {
    std::string text;
    column("model_json", text);
    if (!read_model_json(text, row.model)) column.set_bad();
  } else if constexpr (std::is_same_v<Visitor, RowBinder>) {
    column("model_json", model_json_of(row.model));
  } else {
    column("model_json", row.model);
  }
}

template <class Visitor, class Row>
  requires RowOf<Row, EventRow>
void columns(Visitor& column, Row& row) {
  column("analysis", row.analysis);
  column.word("kind", row.kind, event_kind_count);
  column("number", row.id);
  column.word("eye", row.eye, eye_side_count);
  column("camera", row.camera);
  column("first_frame", row.first_frame);
  column("last_frame", row.last_frame);
  column("start_ns", row.start);
  column("end_ns", row.end);
  column("confidence", row.confidence);
  column("max_closure", row.max_closure);
  column.optional_part(row.start_in_screen_mm, [&](auto& point) {
    column("start_x_mm", point.x());
    column("start_y_mm", point.y());
  });
  column.optional_part(row.end_in_screen_mm, [&](auto& point) {
    column("end_x_mm", point.x());
    column("end_y_mm", point.y());
  });
  column.optional_part(row.mean_direction, [&](auto& direction) {
    vector_columns(column, {"direction_x", "direction_y", "direction_z"}, direction);
  });
  column("dispersion_deg", row.dispersion_deg);
  column("amplitude_deg", row.amplitude_deg);
  column("peak_velocity_deg_s", row.peak_velocity_deg_s);
  column("details_json", row.details_json);
}

template <class Visitor, class Row>
  requires RowOf<Row, AnnotationRow>
void columns(Visitor& column, Row& row) {
  row_id(column, row.id);
  column("at_ns", row.at);
  column("duration_ns", row.duration);
  column("label", row.label);
  column("details_json", row.details_json);
}

template <class Visitor, class Row>
  requires RowOf<Row, CalibrationRow>
void columns(Visitor& column, Row& row) {
  row_id(column, row.id);
  column("made_at_ns", row.made_at);
  column("name", row.name);
  column("accuracy_deg", row.accuracy_deg);
  column("file_json", row.file_json);
}

template <class Visitor, class Row>
  requires RowOf<Row, SettingRow>
void columns(Visitor& column, Row& row) {
  row_id(column, row.id);
  column("at_ns", row.at);
  column("name", row.name);
  column("value_json", row.value_json);
}

/// "a, b, c" of a kind of row.
template <class Row>
std::string column_names() {
  ColumnNames names;
  const Row row{};
  columns(names, row);
  return names.names();
}

/// A prepared INSERT of a kind of row.
template <class Row>
Result<SqlStatement> prepare_insert(const SqlDatabase& database) {
  ColumnNames names;
  const Row row{};
  columns(names, row);
  return database.prepare("INSERT INTO " + std::string(RowTable<Row>::name) + "(" + names.names() +
                          ") VALUES (" + names.placeholders() + ")");
}

template <class Row>
Result<void> insert_row(SqlStatement& insert, const Row& row) {
  RowBinder binder(insert);
  columns(binder, row);
  return insert.run();
}

}  // namespace yarbus
