#include "tracker/face/fit_pose.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/Geometry>

namespace yarbus {
namespace {

constexpr int most_rounds = 20;
constexpr std::size_t most_points = 512;
constexpr double tukey = 4.685;
/// Median length of a two-dimensional normal error, in deviations of each direction: sqrt(2 ln 2).
constexpr double median_length = 1.1774;
constexpr double least_depth_mm = 10.0;
constexpr double converged_rad = 1e-4;
constexpr double converged_mm = 0.02;

using Step = Eigen::Matrix<double, 6, 1>;

/// Residual and its derivatives by a turn about the camera's axes through the head's origin, and a shift.
struct Row {
  Eigen::Vector2d off_px;
  Eigen::Matrix<double, 2, 6> by_step;
};

std::optional<Row> row_of(const SeenPoint& point, const CameraIntrinsics& pinhole,
                          const Eigen::Vector2d& undistorted_px, const RigidTransform& pose) {
  const Eigen::Vector3d arm_mm = pose.rotation * point.in_head_mm;
  const Eigen::Vector3d in_cam_mm = arm_mm + pose.translation_mm;
  if (!(in_cam_mm.z() > least_depth_mm)) return std::nullopt;
  const double inverse = 1.0 / in_cam_mm.z();
  Eigen::Matrix<double, 2, 3> by_point;
  by_point << pinhole.fx_px * inverse, 0.0, -pinhole.fx_px * in_cam_mm.x() * inverse * inverse, 0.0,
      pinhole.fy_px * inverse, -pinhole.fy_px * in_cam_mm.y() * inverse * inverse;
  Eigen::Matrix3d arm;
  arm << 0.0, -arm_mm.z(), arm_mm.y(), arm_mm.z(), 0.0, -arm_mm.x(), -arm_mm.y(), arm_mm.x(), 0.0;
  Row row;
  row.off_px = pinhole.project(in_cam_mm) - undistorted_px;
  row.by_step.leftCols<3>() = -by_point * arm;
  row.by_step.rightCols<3>() = by_point;
  return row;
}

RigidTransform moved(const RigidTransform& pose, const Step& step) {
  RigidTransform then = pose;
  const double angle_rad = step.head<3>().norm();
  if (angle_rad > 0.0)
    then.rotation =
        Eigen::AngleAxisd(angle_rad, step.head<3>() / angle_rad).toRotationMatrix() * pose.rotation;
  then.translation_mm += step.tail<3>();
  return then;
}

}  // namespace

std::optional<HeadPose> fit_pose(std::span<SeenPoint> points, const CameraIntrinsics& intrinsics,
                                 const RigidTransform& near, const PoseFitOptions& options) {
  const std::size_t count = std::min(points.size(), most_points);
  const CameraIntrinsics pinhole = intrinsics.pinhole();
  std::array<Eigen::Vector2d, most_points> undistorted_px;
  for (std::size_t i = 0; i < count; ++i) {
    points[i].is_used = points[i].seen_px.allFinite() && points[i].in_head_mm.allFinite();
    if (!points[i].is_used) continue;
    const auto straight_px = intrinsics.undistort(points[i].seen_px);
    points[i].is_used = straight_px.has_value();
    if (straight_px) undistorted_px[i] = *straight_px;
  }
  RigidTransform pose = near;
  std::array<double, most_points> lengths_px{};
  std::array<double, most_points> sorted_px{};
  double scale_px = 0.0;
  Eigen::Matrix<double, 6, 6> information;
  double weighted_squares = 0.0;
  double weights = 0.0;
  bool is_converged = false;
  for (int round = 0; round < most_rounds && !is_converged; ++round) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < count; ++i) {
      lengths_px[i] = -1.0;
      if (!points[i].is_used) continue;
      const auto row = row_of(points[i], pinhole, undistorted_px[i], pose);
      if (!row) continue;
      lengths_px[i] = row->off_px.norm();
      sorted_px[seen++] = lengths_px[i];
    }
    if (seen < static_cast<std::size_t>(std::max(options.fewest, 4))) return std::nullopt;
    const auto middle = sorted_px.begin() + static_cast<std::ptrdiff_t>(seen / 2);
    std::nth_element(sorted_px.begin(), middle, sorted_px.begin() + static_cast<std::ptrdiff_t>(seen));
    scale_px = std::max(options.sigma_px, *middle / median_length);
    information.setZero();
    Step gradient = Step::Zero();
    weighted_squares = weights = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      if (lengths_px[i] < 0.0) continue;
      const double share = lengths_px[i] / (tukey * scale_px);
      if (share >= 1.0) continue;
      const double weight = (1.0 - share * share) * (1.0 - share * share);
      const auto row = row_of(points[i], pinhole, undistorted_px[i], pose);
      information += weight * row->by_step.transpose() * row->by_step;
      gradient += weight * row->by_step.transpose() * row->off_px;
      weighted_squares += weight * row->off_px.squaredNorm();
      weights += weight;
    }
    const Eigen::LDLT<Eigen::Matrix<double, 6, 6>> solver(information);
    if (solver.info() != Eigen::Success || !solver.isPositive()) return std::nullopt;
    const Step step = -solver.solve(gradient);
    if (!step.allFinite()) return std::nullopt;
    pose = moved(pose, step);
    is_converged = step.head<3>().norm() < converged_rad && step.tail<3>().norm() < converged_mm;
  }
  if (!is_converged) return std::nullopt;
  HeadPose found;
  found.cam_from_head = pose;
  double squares = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    points[i].is_used = lengths_px[i] >= 0.0 && lengths_px[i] < options.outlier_sigmas * scale_px;
    if (!points[i].is_used) continue;
    ++found.features;
    squares += lengths_px[i] * lengths_px[i];
  }
  for (std::size_t i = count; i < points.size(); ++i) points[i].is_used = false;
  if (found.features < options.fewest) return std::nullopt;
  found.rms_px = std::sqrt(squares / found.features);
  const double variance_px2 =
      std::max(options.sigma_px * options.sigma_px, weighted_squares / std::max(1.0, 2.0 * weights - 6.0));
  found.covariance = variance_px2 * information.ldlt().solve(PoseCovariance::Identity());
  if (!found.covariance.allFinite()) return std::nullopt;
  return found;
}

}  // namespace yarbus
