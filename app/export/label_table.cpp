#include "app/export/label_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <sstream>
#include <string>

namespace yarbus {
namespace {

/// Renderers count pixels to find the visible fraction: a little more than all of them is a rounding.
constexpr double tolerated_excess = 0.01;

/// Frame numbers up to this are exact in a double; no recording is as long.
constexpr double largest_frame = 1e15;

/// A number of an ellipse that the truth may lack (an outline that the camera cannot see).
template <const Ellipse SimulatedTruth::*ellipse, auto get>
double of_ellipse(const TruthOfFrame& of) {
  const Ellipse& shape = of.truth.*ellipse;
  return shape.is_valid() ? get(shape) : LabelRow::absent;
}
constexpr auto center_x = [](const Ellipse& e) { return e.center_px.x(); };
constexpr auto center_y = [](const Ellipse& e) { return e.center_px.y(); };
constexpr auto major = [](const Ellipse& e) { return e.semi_major_px; };
constexpr auto minor = [](const Ellipse& e) { return e.semi_minor_px; };
constexpr auto angle = [](const Ellipse& e) { return e.angle_rad; };

template <const Eigen::Vector3d SimulatedTruth::*vector, int index>
double of_vector(const TruthOfFrame& of) {
  return (of.truth.*vector)[index];
}

template <const double SimulatedTruth::*number>
double of_number(const TruthOfFrame& of) {
  return of.truth.*number;
}

template <const bool SimulatedTruth::*flag>
double of_flag(const TruthOfFrame& of) {
  return of.truth.*flag ? 1.0 : 0.0;
}

template <int index>
double of_pupil(const TruthOfFrame& of) {
  return of.truth.pupil_in_cam.center_in_cam_mm[index];
}

template <const double FaceTruth::*number>
double of_face(const FaceTruthOfFrame& of) {
  return of.truth.*number;
}

template <const bool FaceTruth::*flag>
double of_face_flag(const FaceTruthOfFrame& of) {
  return of.truth.*flag ? 1.0 : 0.0;
}

/// A place on the screen in its pixels, from its left or upper edge.
double on_screen_px(const FaceTruthOfFrame& of, const Eigen::Vector2d& place_in_screen_mm, int axis) {
  return axis == 0 ? place_in_screen_mm.x() / of.screen.width_mm * of.screen.width_px
                   : place_in_screen_mm.y() / of.screen.height_mm * of.screen.height_px;
}

bool has_label(const FaceTruthOfFrame& of) {
  return of.truth.target_in_screen_mm && of.truth.is_target_steady;
}

template <int axis>
double of_target(const FaceTruthOfFrame& of) {
  return has_label(of) ? on_screen_px(of, *of.truth.target_in_screen_mm, axis) : LabelRow::absent;
}

template <int axis>
double of_gaze(const FaceTruthOfFrame& of) {
  return of.truth.has_face ? on_screen_px(of, of.truth.gaze_in_screen_mm, axis) : LabelRow::absent;
}

double of_split(const FaceTruthOfFrame& of) {
  return has_label(of) ? static_cast<double>(of.truth.split) : LabelRow::absent;
}

template <EyeSide side, auto get>
double of_face_eye(const FaceTruthOfFrame& of) {
  return of.truth.has_face ? get(of.truth.eye(side)) : LabelRow::absent;
}
constexpr auto limbus_x = [](const FaceEyeTruth& eye) { return eye.limbus.center_px.x(); };
constexpr auto limbus_y = [](const FaceEyeTruth& eye) { return eye.limbus.center_px.y(); };
constexpr auto limbus_major = [](const FaceEyeTruth& eye) { return eye.limbus.semi_major_px; };
constexpr auto openness = [](const FaceEyeTruth& eye) { return eye.openness; };
constexpr auto is_visible = [](const FaceEyeTruth& eye) { return eye.is_visible ? 1.0 : 0.0; };

constexpr int mm_decimals = 6;
constexpr int px_decimals = 6;
constexpr int direction_decimals = 9;
using Truth = SimulatedTruth;
using Row = LabelRow;

constexpr std::array columns{
    LabelColumn{"frame", 0, [](const TruthOfFrame& of) { return static_cast<double>(of.frame); }, &Row::frame,
                [](const FaceTruthOfFrame& of) { return static_cast<double>(of.frame); }},
    LabelColumn{"t_s", 6, of_number<&Truth::time_s>, &Row::t_s, of_face<&FaceTruth::time_s>},
    LabelColumn{"eye_x", mm_decimals, of_vector<&Truth::eye_center_in_cam_mm, 0>, &Row::eye_x},
    LabelColumn{"eye_y", mm_decimals, of_vector<&Truth::eye_center_in_cam_mm, 1>, &Row::eye_y},
    LabelColumn{"eye_z", mm_decimals, of_vector<&Truth::eye_center_in_cam_mm, 2>, &Row::eye_z},
    LabelColumn{"gaze_x", direction_decimals, of_vector<&Truth::optical_axis_in_cam, 0>, &Row::gaze_x},
    LabelColumn{"gaze_y", direction_decimals, of_vector<&Truth::optical_axis_in_cam, 1>, &Row::gaze_y},
    LabelColumn{"gaze_z", direction_decimals, of_vector<&Truth::optical_axis_in_cam, 2>, &Row::gaze_z},
    LabelColumn{"pupil_x", mm_decimals, of_pupil<0>, &Row::pupil_x},
    LabelColumn{"pupil_y", mm_decimals, of_pupil<1>, &Row::pupil_y},
    LabelColumn{"pupil_z", mm_decimals, of_pupil<2>, &Row::pupil_z},
    LabelColumn{"pupil_r", mm_decimals,
                [](const TruthOfFrame& of) { return of.truth.pupil_in_cam.radius_mm; }, &Row::pupil_r},
    LabelColumn{"ell_cx", px_decimals, of_ellipse<&Truth::pupil_ellipse, center_x>, &Row::ell_cx},
    LabelColumn{"ell_cy", px_decimals, of_ellipse<&Truth::pupil_ellipse, center_y>, &Row::ell_cy},
    LabelColumn{"ell_a", px_decimals, of_ellipse<&Truth::pupil_ellipse, major>, &Row::ell_a},
    LabelColumn{"ell_b", px_decimals, of_ellipse<&Truth::pupil_ellipse, minor>, &Row::ell_b},
    LabelColumn{"ell_angle_rad", direction_decimals, of_ellipse<&Truth::pupil_ellipse, angle>,
                &Row::ell_angle_rad},
    LabelColumn{"ell_fit_maxresid_px", px_decimals, of_number<&Truth::pupil_ellipse_residual_px>},
    LabelColumn{"visible_fraction", 6, of_number<&Truth::visible_fraction>, &Row::visible_fraction},
    LabelColumn{"blink", 0, of_flag<&Truth::in_blink>, &Row::blink, of_face_flag<&FaceTruth::in_blink>},
    LabelColumn{"target_x_px", px_decimals, nullptr, &Row::target_x_px, of_target<0>},
    LabelColumn{"target_y_px", px_decimals, nullptr, &Row::target_y_px, of_target<1>},
    LabelColumn{"split", 0, nullptr, &Row::split, of_split},
    LabelColumn{"closure", 6, of_number<&Truth::closure>},
    LabelColumn{"saccade", 0, of_flag<&Truth::is_saccade>, nullptr, of_face_flag<&FaceTruth::is_saccade>},
    LabelColumn{"visual_x", direction_decimals, of_vector<&Truth::visual_axis_in_cam, 0>},
    LabelColumn{"visual_y", direction_decimals, of_vector<&Truth::visual_axis_in_cam, 1>},
    LabelColumn{"visual_z", direction_decimals, of_vector<&Truth::visual_axis_in_cam, 2>},
    LabelColumn{"limbus_cx", px_decimals, of_ellipse<&Truth::limbus_ellipse, center_x>},
    LabelColumn{"limbus_cy", px_decimals, of_ellipse<&Truth::limbus_ellipse, center_y>},
    LabelColumn{"limbus_a", px_decimals, of_ellipse<&Truth::limbus_ellipse, major>},
    LabelColumn{"limbus_b", px_decimals, of_ellipse<&Truth::limbus_ellipse, minor>},
    LabelColumn{"limbus_angle_rad", direction_decimals, of_ellipse<&Truth::limbus_ellipse, angle>},
    LabelColumn{"eyeball_r", mm_decimals, of_number<&Truth::eyeball_radius_mm>},
    LabelColumn{"gaze_on_screen_x_px", px_decimals, nullptr, nullptr, of_gaze<0>},
    LabelColumn{"gaze_on_screen_y_px", px_decimals, nullptr, nullptr, of_gaze<1>},
    LabelColumn{"right_limbus_cx", px_decimals, nullptr, nullptr, of_face_eye<EyeSide::right, limbus_x>},
    LabelColumn{"right_limbus_cy", px_decimals, nullptr, nullptr, of_face_eye<EyeSide::right, limbus_y>},
    LabelColumn{"right_limbus_a", px_decimals, nullptr, nullptr, of_face_eye<EyeSide::right, limbus_major>},
    LabelColumn{"right_open", 6, nullptr, nullptr, of_face_eye<EyeSide::right, openness>},
    LabelColumn{"right_visible", 0, nullptr, nullptr, of_face_eye<EyeSide::right, is_visible>},
    LabelColumn{"left_limbus_cx", px_decimals, nullptr, nullptr, of_face_eye<EyeSide::left, limbus_x>},
    LabelColumn{"left_limbus_cy", px_decimals, nullptr, nullptr, of_face_eye<EyeSide::left, limbus_y>},
    LabelColumn{"left_limbus_a", px_decimals, nullptr, nullptr, of_face_eye<EyeSide::left, limbus_major>},
    LabelColumn{"left_open", 6, nullptr, nullptr, of_face_eye<EyeSide::left, openness>},
    LabelColumn{"left_visible", 0, nullptr, nullptr, of_face_eye<EyeSide::left, is_visible>},
};

constexpr std::array split_words{to_string(GazeSplit::calibration), to_string(GazeSplit::test)};

std::optional<double> if_present(double value) {
  if (std::isnan(value)) return std::nullopt;
  return value;
}

std::optional<Eigen::Vector3d> if_present(double x, double y, double z) {
  if (std::isnan(x) || std::isnan(y) || std::isnan(z)) return std::nullopt;
  return Eigen::Vector3d(x, y, z);
}

Error impossible(std::string_view column, double value, const std::string& rule) {
  std::ostringstream message;
  message << "column " << column << " is " << value << ", must be " << rule;
  return {ErrorCode::input_unreadable, message.str(), "", ""};
}

/// Semi-axes in any order, the angle of the first one, to the project's convention.
Ellipse in_order(const LabelRow& row) {
  const bool is_swapped = row.ell_a < row.ell_b;
  double angle_rad =
      std::fmod(row.ell_angle_rad + (is_swapped ? 0.5 * std::numbers::pi : 0.0), std::numbers::pi);
  if (angle_rad < 0.0) angle_rad += std::numbers::pi;
  if (angle_rad >= std::numbers::pi) angle_rad = 0.0;
  return {
      {row.ell_cx, row.ell_cy}, std::max(row.ell_a, row.ell_b), std::min(row.ell_a, row.ell_b), angle_rad};
}

}  // namespace

std::span<const LabelColumn> label_columns() { return columns; }

std::span<const std::string_view> words_of(const LabelColumn& column) {
  if (column.field == &LabelRow::split) return split_words;
  return {};
}

Result<FrameLabel> label_of(const LabelRow& row) {
  for (const LabelColumn& column : columns) {
    if (column.field != nullptr && std::isinf(row.*column.field))
      return impossible(column.name, row.*column.field, "finite");
  }
  if (!(row.frame >= 0.0 && row.frame <= largest_frame && row.frame == std::floor(row.frame)))
    return impossible("frame", row.frame, "a whole number from 0");
  if (row.pupil_r <= 0.0) return impossible("pupil_r", row.pupil_r, "above 0");
  if (row.ell_a <= 0.0) return impossible("ell_a", row.ell_a, "above 0");
  if (row.ell_b <= 0.0) return impossible("ell_b", row.ell_b, "above 0");
  if (row.visible_fraction < 0.0 || row.visible_fraction > 1.0 + tolerated_excess)
    return impossible("visible_fraction", row.visible_fraction, "between 0 and 1");
  if (!std::isnan(row.blink) && row.blink != 0.0 && row.blink != 1.0)
    return impossible("blink", row.blink, "0 or 1");

  FrameLabel label;
  label.frame = static_cast<std::uint64_t>(row.frame);
  label.time_s = if_present(row.t_s);
  label.eye_center_in_cam_mm = if_present(row.eye_x, row.eye_y, row.eye_z);
  label.gaze_dir_in_cam = if_present(row.gaze_x, row.gaze_y, row.gaze_z);
  if (label.gaze_dir_in_cam) {
    constexpr double shortest = 1e-6;
    if (label.gaze_dir_in_cam->norm() < shortest)
      return impossible("gaze_x", row.gaze_x, "part of a direction, but gaze_x, gaze_y and gaze_z are all 0");
    label.gaze_dir_in_cam->normalize();
  }
  label.pupil_center_in_cam_mm = if_present(row.pupil_x, row.pupil_y, row.pupil_z);
  label.pupil_radius_mm = if_present(row.pupil_r);
  const bool has_ellipse = !std::isnan(row.ell_cx + row.ell_cy + row.ell_a + row.ell_b + row.ell_angle_rad);
  if (has_ellipse) label.pupil_ellipse = in_order(row);
  label.visible_fraction = if_present(std::min(row.visible_fraction, 1.0));
  if (!std::isnan(row.blink)) label.in_blink = row.blink == 1.0;
  if (!std::isnan(row.target_x_px + row.target_y_px))
    label.target_px.emplace(row.target_x_px, row.target_y_px);
  if (!std::isnan(row.split)) label.split = static_cast<GazeSplit>(row.split);
  return label;
}

FrameLabel label_from(std::uint64_t frame, const SimulatedTruth& truth) {
  LabelRow row;
  for (const LabelColumn& column : columns) {
    if (column.field != nullptr && column.value != nullptr) row.*column.field = column.value({frame, truth});
  }
  return label_of(row).value();
}

FrameLabel label_from(std::uint64_t frame, const FaceTruth& truth, const ScreenGeometry& screen) {
  LabelRow row;
  for (const LabelColumn& column : columns) {
    if (column.field != nullptr && column.face_value != nullptr)
      row.*column.field = column.face_value({frame, truth, screen});
  }
  return label_of(row).value();
}

}  // namespace yarbus
