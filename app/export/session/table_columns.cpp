#include "app/export/session/table_columns.h"

#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace yarbus {
namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

template <class T>
double number_of(const std::optional<T>& value) {
  return value ? static_cast<double>(*value) : absent;
}
double milliseconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// Words in the order of an enum's values.
template <class Enum, std::size_t... Is>
constexpr auto words_of(std::index_sequence<Is...>) {
  return std::array<std::string_view, sizeof...(Is)>{to_string(static_cast<Enum>(Is))...};
}
constexpr auto pupil_misses = words_of<PupilMissReason>(std::make_index_sequence<pupil_miss_reason_count>());
constexpr auto face_misses = words_of<FaceMissReason>(std::make_index_sequence<face_miss_reason_count>());
constexpr auto event_kinds =
    words_of<EventKind>(std::make_index_sequence<static_cast<std::size_t>(EventKind::other) + 1>());
constexpr auto gap_causes =
    words_of<GapCause>(std::make_index_sequence<static_cast<std::size_t>(GapCause::clock_set_back) + 1>());
constexpr auto pupil_flags =
    words_of<PupilFlag>(std::make_index_sequence<static_cast<std::size_t>(PupilFlag::interpolated) + 1>());
constexpr auto sides = words_of<EyeSide>(std::make_index_sequence<2>());

template <class Enum>
double word_of(const std::optional<Enum>& value) {
  return value ? static_cast<double>(*value) : absent;
}

template <class Get>
double in_ellipse(const PupilTableRow& row, Get get) {
  return row.row.miss ? absent : get(row.row.ellipse);
}
template <class Get>
double in_pose(const PupilTableRow& row, Get get) {
  return row.pose == nullptr ? absent : get(row.pose->pose);
}
template <class Get>
double in_head(const FaceTableRow& row, Get get) {
  return row.row.head ? get(*row.row.head) : absent;
}
template <std::size_t side, class Get>
double in_eye(const FaceTableRow& row, Get get) {
  return row.row.eyes[side] ? get(*row.row.eyes[side]) : absent;
}

template <class Row>
constexpr TableColumn<Row> number(std::string_view name, int decimals, double (*get)(const Row&)) {
  return {name, decimals, get, {}, nullptr};
}
template <class Row>
constexpr TableColumn<Row> word(std::string_view name, double (*get)(const Row&),
                                std::span<const std::string_view> words) {
  return {name, 0, get, words, nullptr};
}
template <class Row>
constexpr TableColumn<Row> text(std::string_view name, std::string (*get)(const Row&)) {
  return {name, 0, nullptr, {}, get};
}

}  // namespace

template <>
std::span<const TableColumn<FrameTableRow>> table_columns<FrameTableRow>() {
  using R = FrameTableRow;
  static const std::array table{
      number<R>("time_s", 9, [](const R& r) { return r.time_s; }),
      number<R>("camera", 0, [](const R& r) { return double(r.row.camera); }),
      number<R>("frame", 0, [](const R& r) { return double(r.row.frame); }),
      number<R>("arrival_delay_ms", 6,
                [](const R& r) {
                  return r.row.arrived_at ? milliseconds_of(*r.row.arrived_at - r.row.captured_at) : absent;
                }),
      number<R>("processed_delay_ms", 6,
                [](const R& r) {
                  return r.row.processed_at ? milliseconds_of(*r.row.processed_at - r.row.captured_at)
                                            : absent;
                }),
      number<R>("lost_before", 0, [](const R& r) { return double(r.row.lost_before); }),
      number<R>("video_pts", 0, [](const R& r) { return number_of(r.row.video_pts); }),
  };
  return table;
}

template <>
std::span<const TableColumn<PupilTableRow>> table_columns<PupilTableRow>() {
  using R = PupilTableRow;
  using P = EyePose;
  static const std::array table{
      number<R>("time_s", 9, [](const R& r) { return r.time_s; }),
      number<R>("camera", 0, [](const R& r) { return double(r.row.camera); }),
      word<R>(
          "eye", [](const R& r) { return r.camera ? double(r.camera->eye) : absent; }, sides),
      number<R>("frame", 0, [](const R& r) { return double(r.row.frame); }),
      number<R>("confidence", 4, [](const R& r) { return r.row.confidence; }),
      word<R>(
          "miss_reason", [](const R& r) { return word_of(r.row.miss); }, pupil_misses),
      number<R>("lid_closure", 4, [](const R& r) { return number_of(r.row.lid_closure); }),
      number<R>("in_blink", 0, [](const R& r) { return double(r.row.in_blink); }),
      number<R>("ellipse_center_x_px", 4,
                [](const R& r) { return in_ellipse(r, [](const Ellipse& e) { return e.center_px.x(); }); }),
      number<R>("ellipse_center_y_px", 4,
                [](const R& r) { return in_ellipse(r, [](const Ellipse& e) { return e.center_px.y(); }); }),
      number<R>("ellipse_semi_major_px", 4,
                [](const R& r) { return in_ellipse(r, [](const Ellipse& e) { return e.semi_major_px; }); }),
      number<R>("ellipse_semi_minor_px", 4,
                [](const R& r) { return in_ellipse(r, [](const Ellipse& e) { return e.semi_minor_px; }); }),
      number<R>("ellipse_angle_rad", 6,
                [](const R& r) { return in_ellipse(r, [](const Ellipse& e) { return e.angle_rad; }); }),
      number<R>("model_version", 0,
                [](const R& r) { return r.pose ? double(r.pose->model_version) : absent; }),
      number<R>("gaze_in_cam_x", 7,
                [](const R& r) { return in_pose(r, [](const P& p) { return p.gaze_dir_in_cam().x(); }); }),
      number<R>("gaze_in_cam_y", 7,
                [](const R& r) { return in_pose(r, [](const P& p) { return p.gaze_dir_in_cam().y(); }); }),
      number<R>("gaze_in_cam_z", 7,
                [](const R& r) { return in_pose(r, [](const P& p) { return p.gaze_dir_in_cam().z(); }); }),
      number<R>("pupil_diameter_mm", 4,
                [](const R& r) { return in_pose(r, [](const P& p) { return p.pupil_diameter_mm(); }); }),
      number<R>("pupil_diameter_sigma_mm", 4,
                [](const R& r) {
                  return in_pose(r, [](const P& p) {
                    return p.uncertainty ? p.uncertainty->pupil_diameter_mm : absent;
                  });
                }),
      word<R>(
          "pupil_size_flag", [](const R& r) { return r.size ? double(r.size->flag) : absent; }, pupil_flags),
      number<R>("pupil_diameter_filled_mm", 4,
                [](const R& r) { return r.size ? r.size->diameter_mm : absent; }),
      number<R>("pupil_center_in_cam_x_mm", 4,
                [](const R& r) {
                  return in_pose(r, [](const P& p) { return p.pupil_in_cam.center_in_cam_mm.x(); });
                }),
      number<R>("pupil_center_in_cam_y_mm", 4,
                [](const R& r) {
                  return in_pose(r, [](const P& p) { return p.pupil_in_cam.center_in_cam_mm.y(); });
                }),
      number<R>("pupil_center_in_cam_z_mm", 4,
                [](const R& r) {
                  return in_pose(r, [](const P& p) { return p.pupil_in_cam.center_in_cam_mm.z(); });
                }),
      number<R>("eye_center_in_cam_x_mm", 4,
                [](const R& r) { return in_pose(r, [](const P& p) { return p.eye_center_in_cam_mm.x(); }); }),
      number<R>("eye_center_in_cam_y_mm", 4,
                [](const R& r) { return in_pose(r, [](const P& p) { return p.eye_center_in_cam_mm.y(); }); }),
      number<R>("eye_center_in_cam_z_mm", 4,
                [](const R& r) { return in_pose(r, [](const P& p) { return p.eye_center_in_cam_mm.z(); }); }),
      number<R>("reprojection_error_px", 4,
                [](const R& r) { return in_pose(r, [](const P& p) { return p.reprojection_error_px; }); }),
  };
  return table;
}

namespace {

/// Of one eye; `side` is its EyeSide.
template <std::size_t side>
constexpr std::array<TableColumn<FaceTableRow>, 9> face_eye_columns(
    const std::array<std::string_view, 9>& names) {
  using R = FaceTableRow;
  using E = FaceEyeRow;
  return {
      number<R>(
          names[0], 4,
          [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.limbus.center_px.x(); }); }),
      number<R>(
          names[1], 4,
          [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.limbus.center_px.y(); }); }),
      number<R>(
          names[2], 4,
          [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.limbus.semi_major_px; }); }),
      number<R>(
          names[3], 4,
          [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.limbus.semi_minor_px; }); }),
      number<R>(names[4], 7,
                [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.iris_dir_in_cam.x(); }); }),
      number<R>(names[5], 7,
                [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.iris_dir_in_cam.y(); }); }),
      number<R>(names[6], 7,
                [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.iris_dir_in_cam.z(); }); }),
      number<R>(names[7], 4,
                [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.openness; }); }),
      number<R>(names[8], 4,
                [](const R& r) { return in_eye<side>(r, [](const E& e) { return e.confidence; }); }),
  };
}

}  // namespace

template <>
std::span<const TableColumn<FaceTableRow>> table_columns<FaceTableRow>() {
  using R = FaceTableRow;
  using H = HeadPose;
  static const auto table = [] {
    std::vector<TableColumn<R>> columns{
        number<R>("time_s", 9, [](const R& r) { return r.time_s; }),
        number<R>("camera", 0, [](const R& r) { return double(r.row.camera); }),
        number<R>("frame", 0, [](const R& r) { return double(r.row.frame); }),
        word<R>(
            "miss_reason", [](const R& r) { return word_of(r.row.miss); }, face_misses),
        number<R>("face_center_x_px", 2,
                  [](const R& r) { return r.row.box ? r.row.box->center_px.x() : absent; }),
        number<R>("face_center_y_px", 2,
                  [](const R& r) { return r.row.box ? r.row.box->center_px.y() : absent; }),
        number<R>("face_size_px", 2, [](const R& r) { return r.row.box ? r.row.box->size_px : absent; }),
        number<R>("head_in_cam_x_mm", 3,
                  [](const R& r) {
                    return in_head(r, [](const H& h) { return h.cam_from_head.translation_mm.x(); });
                  }),
        number<R>("head_in_cam_y_mm", 3,
                  [](const R& r) {
                    return in_head(r, [](const H& h) { return h.cam_from_head.translation_mm.y(); });
                  }),
        number<R>("head_in_cam_z_mm", 3,
                  [](const R& r) {
                    return in_head(r, [](const H& h) { return h.cam_from_head.translation_mm.z(); });
                  }),
        number<R>("head_forward_in_cam_x", 6,
                  [](const R& r) {
                    return in_head(r, [](const H& h) { return -h.cam_from_head.rotation(0, 2); });
                  }),
        number<R>("head_forward_in_cam_y", 6,
                  [](const R& r) {
                    return in_head(r, [](const H& h) { return -h.cam_from_head.rotation(1, 2); });
                  }),
        number<R>("head_forward_in_cam_z", 6,
                  [](const R& r) {
                    return in_head(r, [](const H& h) { return -h.cam_from_head.rotation(2, 2); });
                  }),
    };
    constexpr std::array<std::string_view, 9> right{
        "right_limbus_center_x_px",   "right_limbus_center_y_px", "right_limbus_semi_major_px",
        "right_limbus_semi_minor_px", "right_iris_dir_in_cam_x",  "right_iris_dir_in_cam_y",
        "right_iris_dir_in_cam_z",    "right_openness",           "right_confidence"};
    constexpr std::array<std::string_view, 9> left{
        "left_limbus_center_x_px",   "left_limbus_center_y_px", "left_limbus_semi_major_px",
        "left_limbus_semi_minor_px", "left_iris_dir_in_cam_x",  "left_iris_dir_in_cam_y",
        "left_iris_dir_in_cam_z",    "left_openness",           "left_confidence"};
    for (const auto& column : face_eye_columns<0>(right)) columns.push_back(column);
    for (const auto& column : face_eye_columns<1>(left)) columns.push_back(column);
    return columns;
  }();
  return table;
}

template <>
std::span<const TableColumn<GazeTableRow>> table_columns<GazeTableRow>() {
  using R = GazeTableRow;
  static const std::array table{
      number<R>("time_s", 9, [](const R& r) { return r.time_s; }),
      number<R>("camera", 0, [](const R& r) { return double(r.row.camera); }),
      number<R>("frame", 0, [](const R& r) { return double(r.row.frame); }),
      number<R>("x_mm", 4, [](const R& r) { return r.row.gaze.point_in_screen_mm.x(); }),
      number<R>("y_mm", 4, [](const R& r) { return r.row.gaze.point_in_screen_mm.y(); }),
      number<R>("x_px", 3,
                [](const R& r) {
                  return r.info.screen ? r.row.gaze.point_in_screen_mm.x() * r.info.screen->width_px /
                                             r.info.screen->width_mm
                                       : absent;
                }),
      number<R>("y_px", 3,
                [](const R& r) {
                  return r.info.screen ? r.row.gaze.point_in_screen_mm.y() * r.info.screen->height_px /
                                             r.info.screen->height_mm
                                       : absent;
                }),
      number<R>("covariance_xx_mm2", 6, [](const R& r) { return r.row.gaze.covariance_mm2(0, 0); }),
      number<R>("covariance_xy_mm2", 6, [](const R& r) { return r.row.gaze.covariance_mm2(0, 1); }),
      number<R>("covariance_yy_mm2", 6, [](const R& r) { return r.row.gaze.covariance_mm2(1, 1); }),
      number<R>("uses_right", 0, [](const R& r) { return double(r.row.gaze.uses(EyeSide::right)); }),
      number<R>("uses_left", 0, [](const R& r) { return double(r.row.gaze.uses(EyeSide::left)); }),
      number<R>("confidence", 4, [](const R& r) { return r.row.confidence; }),
      number<R>("calibration", 0, [](const R& r) { return number_of(r.row.calibration); }),
  };
  return table;
}

template <>
std::span<const TableColumn<EventTableRow>> table_columns<EventTableRow>() {
  using R = EventTableRow;
  static const std::array table{
      word<R>(
          "kind", [](const R& r) { return double(r.row.kind); }, event_kinds),
      number<R>("id", 0, [](const R& r) { return double(r.row.id); }),
      number<R>("start_s", 9, [](const R& r) { return r.time_s; }),
      number<R>("duration_s", 9,
                [](const R& r) { return std::chrono::duration<double>(r.row.end - r.row.start).count(); }),
      word<R>(
          "eye", [](const R& r) { return word_of(r.row.eye); }, sides),
      number<R>("camera", 0, [](const R& r) { return number_of(r.row.camera); }),
      number<R>("first_frame", 0, [](const R& r) { return number_of(r.row.first_frame); }),
      number<R>("last_frame", 0, [](const R& r) { return number_of(r.row.last_frame); }),
      number<R>("confidence", 4, [](const R& r) { return number_of(r.row.confidence); }),
      number<R>("max_closure", 4, [](const R& r) { return number_of(r.row.max_closure); }),
      number<R>("start_x_mm", 4,
                [](const R& r) { return r.row.start_in_screen_mm ? r.row.start_in_screen_mm->x() : absent; }),
      number<R>("start_y_mm", 4,
                [](const R& r) { return r.row.start_in_screen_mm ? r.row.start_in_screen_mm->y() : absent; }),
      number<R>("end_x_mm", 4,
                [](const R& r) { return r.row.end_in_screen_mm ? r.row.end_in_screen_mm->x() : absent; }),
      number<R>("end_y_mm", 4,
                [](const R& r) { return r.row.end_in_screen_mm ? r.row.end_in_screen_mm->y() : absent; }),
      number<R>("mean_direction_x", 7,
                [](const R& r) { return r.row.mean_direction ? r.row.mean_direction->x() : absent; }),
      number<R>("mean_direction_y", 7,
                [](const R& r) { return r.row.mean_direction ? r.row.mean_direction->y() : absent; }),
      number<R>("mean_direction_z", 7,
                [](const R& r) { return r.row.mean_direction ? r.row.mean_direction->z() : absent; }),
      number<R>("dispersion_deg", 4, [](const R& r) { return number_of(r.row.dispersion_deg); }),
      number<R>("amplitude_deg", 4, [](const R& r) { return number_of(r.row.amplitude_deg); }),
      number<R>("peak_velocity_deg_s", 2, [](const R& r) { return number_of(r.row.peak_velocity_deg_s); }),
      text<R>("details_json", [](const R& r) { return r.row.details_json; }),
  };
  return table;
}

template <>
std::span<const TableColumn<AnnotationTableRow>> table_columns<AnnotationTableRow>() {
  using R = AnnotationTableRow;
  static const std::array table{
      number<R>("time_s", 9, [](const R& r) { return r.time_s; }),
      number<R>("duration_s", 9,
                [](const R& r) { return std::chrono::duration<double>(r.row.duration).count(); }),
      text<R>("label", [](const R& r) { return r.row.label; }),
      text<R>("details_json", [](const R& r) { return r.row.details_json; }),
  };
  return table;
}

template <>
std::span<const TableColumn<GapTableRow>> table_columns<GapTableRow>() {
  using R = GapTableRow;
  static const std::array table{
      number<R>("start_s", 9, [](const R& r) { return r.time_s; }),
      number<R>("duration_s", 9,
                [](const R& r) { return std::chrono::duration<double>(r.row.end - r.row.start).count(); }),
      word<R>(
          "cause", [](const R& r) { return double(r.row.cause); }, gap_causes),
      number<R>("camera", 0, [](const R& r) { return number_of(r.row.camera); }),
      number<R>("first_frame", 0, [](const R& r) { return number_of(r.row.first_frame); }),
      number<R>("last_frame", 0, [](const R& r) { return number_of(r.row.last_frame); }),
      number<R>("frames_lost", 0, [](const R& r) { return double(r.row.frames_lost); }),
      number<R>("pictures_lost", 0, [](const R& r) { return double(r.row.pictures_lost); }),
      number<R>("rows_lost", 0, [](const R& r) { return double(r.row.rows_lost); }),
      text<R>("note", [](const R& r) { return r.row.note; }),
  };
  return table;
}

}  // namespace yarbus
