#include "eyemodel/fit/refracted_frame.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <Eigen/LU>

#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/corneal_reflection.h"

namespace yarbus {
namespace {

/// The nearest point of a curve is found when a step is shorter than this.
constexpr double settled_px = 1e-3;
constexpr int most_steps = 4;

constexpr int outline_points = RefractedFrame::outline_points;
constexpr double outline_tolerance_px = 1e-6;
constexpr int most_outline_steps = 12;

/// The least-squares conic through points that lie nearly on an ellipse, as an ellipse.
std::optional<Ellipse> ellipse_through(const std::array<Eigen::Vector2d, outline_points>& points) {
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  for (const auto& point : points) mean += point / outline_points;
  double scale = 0.0;
  for (const auto& point : points) scale = std::max(scale, (point - mean).norm());
  // A x^2 + 2B xy + C y^2 + 2D x + 2E y = 1 about the mean, which lies inside.
  Eigen::Matrix<double, 5, 5> normal = Eigen::Matrix<double, 5, 5>::Zero();
  Eigen::Matrix<double, 5, 1> right = Eigen::Matrix<double, 5, 1>::Zero();
  for (const auto& point : points) {
    const Eigen::Vector2d p = (point - mean) / scale;
    Eigen::Matrix<double, 5, 1> row;
    row << p.x() * p.x(), 2.0 * p.x() * p.y(), p.y() * p.y(), 2.0 * p.x(), 2.0 * p.y();
    normal.noalias() += row * row.transpose();
    right += row;
  }
  const Eigen::Matrix<double, 5, 1> solved = normal.ldlt().solve(right);
  Eigen::Matrix<double, 6, 1> coefficients;
  coefficients << solved, -1.0;
  auto ellipse = ellipse_from_conic(conic_from_coefficients(coefficients));
  if (!ellipse) return std::nullopt;
  ellipse->center_px = mean + scale * ellipse->center_px;
  ellipse->semi_major_px *= scale;
  ellipse->semi_minor_px *= scale;
  return ellipse;
}

}  // namespace

EyeShape shape_of(const Eigen::Vector3d& eye_center_in_cam_mm, const OpticalAnatomy& anatomy) {
  EyeShape shape;
  shape << eye_center_in_cam_mm, anatomy.vector();
  return shape;
}

CameraIntrinsics pinhole_with_lights(const CameraIntrinsics& intrinsics) {
  CameraIntrinsics pinhole = intrinsics.pinhole();
  pinhole.leds_in_cam_mm = intrinsics.leds_in_cam_mm;
  return pinhole;
}

bool is_possible(const EyeShape& shape) {
  if (!shape.allFinite()) return false;
  const OpticalAnatomy anatomy = OpticalAnatomy::from(shape.tail<4>());
  const double apex_mm = anatomy.cornea_center_mm + anatomy.cornea_radius_mm;
  return anatomy.cornea_center_mm > 0.0 && anatomy.limbus_radius_mm > 0.0 &&
         anatomy.limbus_radius_mm < anatomy.cornea_radius_mm &&
         anatomy.pupil_plane_mm > anatomy.cornea_center_mm && anatomy.pupil_plane_mm < apex_mm &&
         shape[2] > apex_mm;
}

RefractedFrame::RefractedFrame(const EyeShape& shape, const PupilChart& chart, const EyeTurn& turn,
                               const CameraIntrinsics& intrinsics)
    : eye_{shape.head<3>(), {}, shape[3], shape[4], shape[5]},
      radius_mm_(turn[2]),
      limbus_radius_mm_(shape[6]),
      intrinsics_(intrinsics.pinhole()) {
  for (const Eigen::Vector3d& light : intrinsics.leds_in_cam_mm) lights_in_cam_mm_.push_back(light);
  const Eigen::Vector3d along = chart.base_in_cam + turn[0] * chart.u_in_cam + turn[1] * chart.v_in_cam;
  const double length = along.norm();
  eye_.optical_axis_in_cam = along / length;
  const Eigen::Vector3d& axis = eye_.optical_axis_in_cam;
  axis_by_a_ = (chart.u_in_cam - axis.dot(chart.u_in_cam) * axis) / length;
  axis_by_b_ = (chart.v_in_cam - axis.dot(chart.v_in_cam) * axis) / length;
}

Circle3 RefractedFrame::pupil_in_cam() const {
  const Eigen::Vector3d& axis = eye_.optical_axis_in_cam;
  return {eye_.eye_center_in_cam_mm + eye_.pupil_plane_mm * axis, axis, radius_mm_};
}

template <bool refracted>
std::optional<RefractedFrame::Curve> RefractedFrame::curve_at(const Eigen::Vector2d& pixel,
                                                              bool with_parameters) const {
  const Eigen::Vector3d towards((pixel.x() - intrinsics_.cx_px) / intrinsics_.fx_px,
                                (pixel.y() - intrinsics_.cy_px) / intrinsics_.fy_px, 1.0);
  const double length = towards.norm();
  const Eigen::Vector3d ray = towards / length;
  const Eigen::Vector3d& axis = eye_.optical_axis_in_cam;

  Curve curve;
  PassageGradient by;
  if constexpr (refracted) {
    const auto passage = pass_cornea(eye_, ray);
    if (!passage) return std::nullopt;
    const double off_axis = passage->from_axis_in_cam_mm.norm();
    if (!(off_axis > 0.0)) return std::nullopt;
    curve.value_mm = off_axis - radius_mm_;
    by = passage_gradient(eye_, ray, *passage, passage->from_axis_in_cam_mm / off_axis);
  } else {
    // The limbus: a circle on the cornea, in a plane across the axis.
    const double rise =
        std::sqrt(eye_.cornea_radius_mm * eye_.cornea_radius_mm - limbus_radius_mm_ * limbus_radius_mm_);
    const double plane_mm = eye_.cornea_center_mm + rise;
    const double towards_plane = axis.dot(ray);
    if (!(towards_plane < -1e-3)) return std::nullopt;
    const double along = (axis.dot(eye_.eye_center_in_cam_mm) + plane_mm) / towards_plane;
    if (!(along > 0.0)) return std::nullopt;
    const Eigen::Vector3d from_axis = along * ray - eye_.eye_center_in_cam_mm - plane_mm * axis;
    const double off_axis = from_axis.norm();
    if (!(off_axis > 0.0)) return std::nullopt;
    curve.value_mm = off_axis - limbus_radius_mm_;
    const Eigen::Vector3d direction = from_axis / off_axis;
    const double by_numerator = direction.dot(ray) / towards_plane;
    const double by_denominator = -by_numerator * along;
    by.by_ray = along * direction + by_denominator * axis;
    by.by_eye_center = by_numerator * axis - direction;
    by.by_optical_axis =
        by_numerator * eye_.eye_center_in_cam_mm + by_denominator * ray - plane_mm * direction;
    by.by_cornea_center = by_numerator;
    by.by_cornea_radius = by_numerator * eye_.cornea_radius_mm / rise;
    if (with_parameters) curve.by_parameters[6] = -by_numerator * limbus_radius_mm_ / rise - 1.0;
  }
  const Eigen::Vector3d across = (by.by_ray - by.by_ray.dot(ray) * ray) / length;
  curve.by_pixel = {across.x() / intrinsics_.fx_px, across.y() / intrinsics_.fy_px};
  if (with_parameters) {
    curve.by_parameters.head<3>() = by.by_eye_center.transpose();
    curve.by_parameters[3] = by.by_pupil_plane;
    curve.by_parameters[4] = by.by_cornea_center;
    curve.by_parameters[5] = by.by_cornea_radius;
    if constexpr (refracted) curve.by_parameters[6] = 0.0;
    curve.by_parameters[7] = by.by_optical_axis.dot(axis_by_a_);
    curve.by_parameters[8] = by.by_optical_axis.dot(axis_by_b_);
    curve.by_parameters[9] = refracted ? -1.0 : 0.0;
  }
  return curve;
}

template <bool refracted>
std::optional<double> RefractedFrame::distance(const Eigen::Vector2d& point, RefractionRow* row) const {
  // The nearest point of the curve lies where the curve's normal passes through `point`. Each step takes the
  // foot on the tangent; they shrink by the distance over the curve's radius.
  Eigen::Vector2d foot = point;
  for (int step = 0; step < most_steps; ++step) {
    const auto curve = curve_at<refracted>(foot, row != nullptr);
    if (!curve) return std::nullopt;
    const double slope = curve->by_pixel.norm();
    if (!(slope > 0.0)) return std::nullopt;
    const Eigen::Vector2d normal = curve->by_pixel / slope;
    const double distance_px = curve->value_mm / slope + normal.dot(point - foot);
    const Eigen::Vector2d next = point - distance_px * normal;
    const bool is_settled = step > 0 && (next - foot).squaredNorm() < settled_px * settled_px;
    if (is_settled || step + 1 == most_steps) {
      if (row != nullptr) *row = curve->by_parameters / slope;
      return distance_px;
    }
    foot = next;
  }
  return std::nullopt;
}

std::optional<double> RefractedFrame::pupil_distance_px(const Eigen::Vector2d& point,
                                                        RefractionRow* row) const {
  return distance<true>(point, row);
}

std::optional<double> RefractedFrame::limbus_distance_px(const Eigen::Vector2d& point,
                                                         RefractionRow* row) const {
  return distance<false>(point, row);
}

std::optional<Eigen::Vector2d> RefractedFrame::glint_px(std::size_t light, RefractionRows* rows) const {
  const Eigen::Vector3d& axis = eye_.optical_axis_in_cam;
  const double radius = eye_.cornea_radius_mm;
  const auto reflection = reflect_on_cornea(eye_.eye_center_in_cam_mm + eye_.cornea_center_mm * axis, radius,
                                            lights_in_cam_mm_[light]);
  if (!reflection || !(reflection->point_in_cam_mm.z() > 0.0)) return std::nullopt;
  // Beyond the limbus there is no cornea.
  const double at_limbus = std::sqrt(radius * radius - limbus_radius_mm_ * limbus_radius_mm_) / radius;
  if (!(reflection->normal_in_cam.dot(axis) > at_limbus)) return std::nullopt;
  const Eigen::Vector2d pixel = pixel_of(reflection->point_in_cam_mm);
  if (rows != nullptr) {
    const double depth_mm = reflection->point_in_cam_mm.z();
    Eigen::Matrix<double, 2, 3> by_point;
    by_point << intrinsics_.fx_px / depth_mm, 0.0, (intrinsics_.cx_px - pixel.x()) / depth_mm,  //
        0.0, intrinsics_.fy_px / depth_mm, (intrinsics_.cy_px - pixel.y()) / depth_mm;
    const Eigen::Matrix<double, 2, 3> by_center = by_point * reflection->by_cornea_center;
    rows->setZero();
    rows->leftCols<3>() = by_center;
    rows->col(4) = by_center * axis;
    rows->col(5) = by_point * reflection->by_cornea_radius;
    rows->col(7) = eye_.cornea_center_mm * by_center * axis_by_a_;
    rows->col(8) = eye_.cornea_center_mm * by_center * axis_by_b_;
  }
  return pixel;
}

/// Points of an outline with their outward normals. Newton's method along each direction from the middle.
template <bool refracted>
std::optional<RefractedFrame::Outline> RefractedFrame::outline() const {
  const auto middle = refracted ? apparent_center_px() : limbus_center_px();
  if (!middle) return std::nullopt;
  Outline out;
  double along_px = 0.0;
  for (int i = 0; i < outline_points; ++i) {
    const double angle = 2.0 * std::numbers::pi * i / outline_points;
    const Eigen::Vector2d direction(std::cos(angle), std::sin(angle));
    if (along_px <= 0.0) {
      const double depth_mm = eye_.eye_center_in_cam_mm.z() - eye_.pupil_plane_mm;
      along_px = (refracted ? radius_mm_ : limbus_radius_mm_) * intrinsics_.fx_px / depth_mm;
    }
    bool is_found = false;
    for (int step = 0; step < most_outline_steps && !is_found; ++step) {
      const auto curve = curve_at<refracted>(*middle + along_px * direction, false);
      if (!curve) {
        along_px *= 0.8;  // beyond the cornea's rim
        continue;
      }
      const double slope = curve->by_pixel.dot(direction);
      if (!(slope > 0.0)) return std::nullopt;
      const double change_px = -curve->value_mm / slope;
      along_px = std::clamp(along_px + change_px, 0.2 * along_px, 3.0 * along_px);
      is_found = std::abs(change_px) < outline_tolerance_px;
    }
    if (!is_found) return std::nullopt;
    out.points_px[static_cast<std::size_t>(i)] = *middle + along_px * direction;
  }
  return out;
}

std::optional<Eigen::Vector2d> RefractedFrame::limbus_center_px() const {
  const double rise =
      std::sqrt(eye_.cornea_radius_mm * eye_.cornea_radius_mm - limbus_radius_mm_ * limbus_radius_mm_);
  const Eigen::Vector3d center =
      eye_.eye_center_in_cam_mm + (eye_.cornea_center_mm + rise) * eye_.optical_axis_in_cam;
  if (!(center.z() > 0.0) || !(center.dot(eye_.optical_axis_in_cam) < 0.0)) return std::nullopt;
  return pixel_of(center);
}

Eigen::Vector2d RefractedFrame::pixel_of(const Eigen::Vector3d& in_cam_mm) const {
  return {intrinsics_.fx_px * in_cam_mm.x() / in_cam_mm.z() + intrinsics_.cx_px,
          intrinsics_.fy_px * in_cam_mm.y() / in_cam_mm.z() + intrinsics_.cy_px};
}

std::optional<Eigen::Vector2d> RefractedFrame::apparent_center_px() const {
  const Circle3 pupil = pupil_in_cam();
  if (!(pupil.center_in_cam_mm.z() > 0.0)) return std::nullopt;
  Eigen::Vector2d pixel = pixel_of(pupil.center_in_cam_mm);
  const Eigen::Vector3d u = eye_.optical_axis_in_cam.unitOrthogonal();
  const Eigen::Vector3d v = eye_.optical_axis_in_cam.cross(u);
  for (int step = 0; step < most_steps; ++step) {
    const Eigen::Vector3d towards((pixel.x() - intrinsics_.cx_px) / intrinsics_.fx_px,
                                  (pixel.y() - intrinsics_.cy_px) / intrinsics_.fy_px, 1.0);
    const double length = towards.norm();
    const Eigen::Vector3d ray = towards / length;
    const auto passage = pass_cornea(eye_, ray);
    if (!passage) return std::nullopt;
    Eigen::Matrix2d by_pixel;
    for (int row = 0; row < 2; ++row) {
      const Eigen::Vector3d by_ray = passage_gradient(eye_, ray, *passage, row == 0 ? u : v).by_ray;
      const Eigen::Vector3d across = (by_ray - by_ray.dot(ray) * ray) / length;
      by_pixel.row(row) << across.x() / intrinsics_.fx_px, across.y() / intrinsics_.fy_px;
    }
    const Eigen::Vector2d off(passage->from_axis_in_cam_mm.dot(u), passage->from_axis_in_cam_mm.dot(v));
    pixel -= by_pixel.inverse() * off;
    if (!pixel.allFinite()) return std::nullopt;
  }
  return pixel;
}

std::optional<Ellipse> RefractedFrame::pupil_ellipse() const {
  const auto points = outline<true>();
  return points ? ellipse_through(points->points_px) : std::nullopt;
}

std::optional<Ellipse> RefractedFrame::limbus_ellipse() const {
  const auto points = outline<false>();
  return points ? ellipse_through(points->points_px) : std::nullopt;
}

}  // namespace yarbus
