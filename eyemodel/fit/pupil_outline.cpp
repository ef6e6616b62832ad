#include "eyemodel/fit/pupil_outline.h"

#include <array>
#include <cmath>

#include <Eigen/Geometry>
#include <ceres/jet.h>

#include "eyemodel/geometry/conic.h"

namespace yarbus {
namespace {

/// Pupils seen closer to edge-on than this (cosine between disc normal and viewing ray) have no usable
/// outline.
constexpr double min_outline_facing_cosine = 0.05;

/// Coefficients of f and its gradient at a point: f = conic . f_by_conic, grad = (conic . gx, conic . gy).
struct PointRows {
  Eigen::Matrix<double, 6, 1> f;
  Eigen::Matrix<double, 6, 1> gx;
  Eigen::Matrix<double, 6, 1> gy;
};

PointRows rows_at(double x, double y) {
  PointRows rows;
  rows.f << x * x, 2.0 * x * y, y * y, 2.0 * x, 2.0 * y, 1.0;
  rows.gx << 2.0 * x, 2.0 * y, 0.0, 2.0, 0.0, 0.0;
  rows.gy << 0.0, 2.0 * x, 2.0 * y, 0.0, 2.0, 0.0;
  return rows;
}

}  // namespace

PupilChart PupilChart::about(const Eigen::Vector3d& gaze_dir_in_cam) {
  PupilChart chart;
  chart.base_in_cam = gaze_dir_in_cam.normalized();
  chart.u_in_cam = chart.base_in_cam.unitOrthogonal();
  chart.v_in_cam = chart.base_in_cam.cross(chart.u_in_cam);
  return chart;
}

Eigen::Vector3d PupilChart::gaze_at(double a_mm, double b_mm, double eyeball_radius_mm) const {
  return (base_in_cam + (a_mm * u_in_cam + b_mm * v_in_cam) / eyeball_radius_mm).normalized();
}

double PupilOutline::distance_px(double x, double y) const {
  const PointRows rows = rows_at(x, y);
  return conic.dot(rows.f) / std::hypot(conic.dot(rows.gx), conic.dot(rows.gy));
}

double PupilOutline::distance_px(double x, double y, Eigen::Matrix<double, 1, 6>& by_parameters) const {
  const PointRows rows = rows_at(x, y);
  const double f = conic.dot(rows.f);
  const double gx = conic.dot(rows.gx);
  const double gy = conic.dot(rows.gy);
  const double g = std::hypot(gx, gy);
  const Eigen::Matrix<double, 6, 1> by_conic = rows.f / g - (f / (g * g * g)) * (gx * rows.gx + gy * rows.gy);
  by_parameters.noalias() = by_conic.transpose() * conic_by_parameters;
  return f / g;
}

std::optional<PupilOutline> pupil_outline(const PupilParameters& parameters, const PupilChart& chart,
                                          double eyeball_radius_mm, const CameraIntrinsics& intrinsics) {
  using Jet = ceres::Jet<double, 6>;
  using Jet3 = Eigen::Matrix<Jet, 3, 1>;
  if (!parameters.allFinite() || !(parameters[5] > 0.0)) return std::nullopt;

  Jet3 eye_center;
  for (int i = 0; i < 3; ++i) eye_center[i] = Jet(parameters[i], i);
  const Jet a(parameters[3] / eyeball_radius_mm, 3);
  const Jet b(parameters[4] / eyeball_radius_mm, 4);
  const Jet radius(parameters[5], 5);
  Jet3 gaze;
  for (int i = 0; i < 3; ++i) gaze[i] = chart.base_in_cam[i] + a * chart.u_in_cam[i] + b * chart.v_in_cam[i];
  const Jet length = sqrt(gaze[0] * gaze[0] + gaze[1] * gaze[1] + gaze[2] * gaze[2]);
  for (int i = 0; i < 3; ++i) gaze[i] = gaze[i] / length;
  Jet3 center;
  for (int i = 0; i < 3; ++i) center[i] = eye_center[i] + eyeball_radius_mm * gaze[i];

  const Jet facing = gaze[0] * center[0] + gaze[1] * center[1] + gaze[2] * center[2];
  const double distance =
      std::sqrt(center[0].a * center[0].a + center[1].a * center[1].a + center[2].a * center[2].a);
  if (!(-facing.a > min_outline_facing_cosine * distance) || !(center[2].a > radius.a)) return std::nullopt;

  const Eigen::Matrix<Jet, 3, 3> cone = cone_of_circle<Jet>(center, gaze, radius);
  // Into pixels: K^-T Q K^-1, with K^-1 = [1/fx 0 -cx/fx; 0 1/fy -cy/fy; 0 0 1].
  const double ix = 1.0 / intrinsics.fx_px;
  const double iy = 1.0 / intrinsics.fy_px;
  const double tx = -intrinsics.cx_px * ix;
  const double ty = -intrinsics.cy_px * iy;
  const Jet A = cone(0, 0) * (ix * ix);
  const Jet B = cone(0, 1) * (ix * iy);
  const Jet C = cone(1, 1) * (iy * iy);
  const Jet dx = cone(0, 0) * tx + cone(0, 1) * ty + cone(0, 2);
  const Jet dy = cone(0, 1) * tx + cone(1, 1) * ty + cone(1, 2);
  const Jet dz = cone(0, 2) * tx + cone(1, 2) * ty + cone(2, 2);
  const std::array<Jet, 6> conic{A, B, C, dx * ix, dy * iy, dx * tx + dy * ty + dz};

  PupilOutline outline;
  for (int i = 0; i < 6; ++i) {
    outline.conic[i] = conic[static_cast<std::size_t>(i)].a;
    outline.conic_by_parameters.row(i) = conic[static_cast<std::size_t>(i)].v.transpose();
  }
  // a and b were scaled to radians for the Jets' seeds: back to millimetres.
  outline.conic_by_parameters.col(3) /= eyeball_radius_mm;
  outline.conic_by_parameters.col(4) /= eyeball_radius_mm;
  return outline;
}

}  // namespace yarbus
