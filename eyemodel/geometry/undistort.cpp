#include "eyemodel/geometry/undistort.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Eigenvalues>

#include "eyemodel/geometry/conic.h"

namespace yarbus {
namespace {

constexpr int outline_points = 64;

/// The ellipse with the first and second moments of a mapped outline's points, spaced evenly in its
/// parameter: exact if the map makes an ellipse of it, the mean of the outline for what a lens makes of it.
/// `map` takes a point and returns an optional one. Errors: nullopt if a point has none, or all lie on a
/// line.
template <class Map>
std::optional<Ellipse> mapped_ellipse(const Ellipse& from, const Map& map) {
  Eigen::Matrix<double, 2, outline_points> points;
  for (int i = 0; i < outline_points; ++i) {
    const std::optional<Eigen::Vector2d> point =
        map(from.point_at(2.0 * std::numbers::pi * i / outline_points));
    if (!point) return std::nullopt;
    points.col(i) = *point;
  }
  const Eigen::Vector2d center = points.rowwise().mean();
  const auto centered = (points.colwise() - center).eval();
  const Eigen::Matrix2d moments = 2.0 * centered * centered.transpose() / outline_points;
  Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> eigen;
  eigen.computeDirect(moments);
  if (!(eigen.eigenvalues()[0] > 0.0)) return std::nullopt;
  Ellipse ellipse;
  ellipse.center_px = center;
  ellipse.semi_major_px = std::sqrt(eigen.eigenvalues()[1]);
  ellipse.semi_minor_px = std::sqrt(eigen.eigenvalues()[0]);
  const Eigen::Vector2d axis = eigen.eigenvectors().col(1);
  double angle = std::atan2(axis.y(), axis.x());
  if (angle < 0.0) angle += std::numbers::pi;
  if (angle >= std::numbers::pi) angle -= std::numbers::pi;
  ellipse.angle_rad = angle;
  return ellipse;
}

}  // namespace

std::optional<Eigen::Vector2d> undistort_point(const CameraIntrinsics& intrinsics,
                                               const Eigen::Vector2d& captured_px) {
  return intrinsics.undistort(captured_px);
}

std::optional<PupilObservation> undistort(const CameraIntrinsics& intrinsics,
                                          const PupilObservation& captured) {
  if (!intrinsics.has_distortion()) return captured;
  PupilObservation out;
  out.confidence = captured.confidence;
  out.covariance_px2 = captured.covariance_px2;
  out.lid_closure = captured.lid_closure;
  const auto ellipse = mapped_ellipse(
      captured.ellipse, [&](const Eigen::Vector2d& point) { return undistort_point(intrinsics, point); });
  if (!ellipse) return std::nullopt;
  out.ellipse = *ellipse;
  for (const EdgePoint& edge : captured.edge_points) {
    const auto point = undistort_point(intrinsics, edge.position_px.cast<double>());
    if (!point) return std::nullopt;
    out.edge_points.push_back({point->cast<float>(), edge.sigma_px});
  }
  return out;
}

std::optional<Ellipse> distort(const CameraIntrinsics& intrinsics, const Ellipse& undistorted) {
  if (!intrinsics.has_distortion()) return undistorted;
  const auto captured = mapped_ellipse(
      undistorted, [&](const Eigen::Vector2d& point) { return std::optional(intrinsics.distort(point)); });
  return captured && captured->is_valid() ? captured : std::nullopt;
}

void cut_undistorted_patch(const CameraIntrinsics& intrinsics, GrayView captured, const Ellipse& ellipse,
                           ImagePatch& patch, double reach) {
  constexpr double least_margin_px = 8.0;
  const double reach_px = std::max(reach * ellipse.semi_major_px, ellipse.semi_major_px + least_margin_px);
  const auto clamp_to = [](double value, int size) {
    return std::clamp(static_cast<int>(std::lround(value)), 0, size - 1);
  };
  const int x0 = clamp_to(ellipse.center_px.x() - reach_px, captured.width_px);
  const int x1 = clamp_to(ellipse.center_px.x() + reach_px, captured.width_px);
  const int y0 = clamp_to(ellipse.center_px.y() - reach_px, captured.height_px);
  const int y1 = clamp_to(ellipse.center_px.y() + reach_px, captured.height_px);
  patch.x0_px = x0;
  patch.y0_px = y0;
  patch.pixels.resize(x1 - x0 + 1, y1 - y0 + 1);
  for (int y = y0; y <= y1; ++y) {
    std::uint8_t* row = patch.pixels.row(y - y0);
    if (!intrinsics.has_distortion()) {
      std::copy_n(captured.row(y) + x0, x1 - x0 + 1, row);
      continue;
    }
    for (int x = x0; x <= x1; ++x) {
      const Eigen::Vector2d at = intrinsics.distort({x, y});
      const double u = std::clamp(at.x(), 0.0, captured.width_px - 1.001);
      const double v = std::clamp(at.y(), 0.0, captured.height_px - 1.001);
      const int ui = static_cast<int>(u);
      const int vi = static_cast<int>(v);
      const double fu = u - ui;
      const double fv = v - vi;
      const double value = (1 - fv) * ((1 - fu) * captured.at(ui, vi) + fu * captured.at(ui + 1, vi)) +
                           fv * ((1 - fu) * captured.at(ui, vi + 1) + fu * captured.at(ui + 1, vi + 1));
      row[x - x0] = static_cast<std::uint8_t>(std::lround(value));
    }
  }
}

}  // namespace yarbus
