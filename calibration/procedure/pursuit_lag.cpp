#include "calibration/procedure/pursuit_lag.h"

#include <Eigen/Dense>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr double longest_lag_s = 0.3;
constexpr double lag_step_s = 0.01;
constexpr int fewest_samples = 60;
/// Enough for a lag; more costs time only.
constexpr int most_samples = 1000;

struct Sums {
  Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
  Eigen::Matrix3d right = Eigen::Matrix3d::Zero();
  double squares = 0.0;

  void add(const Eigen::Vector2d& target_mm, const Eigen::Vector3d& axis) {
    const Eigen::Vector3d place = target_mm.homogeneous();
    normal += place * place.transpose();
    right += place * axis.transpose();
    squares += axis.squaredNorm();
  }
  [[nodiscard]] double residual() const {
    const Eigen::Matrix3d affine = normal.ldlt().solve(right);
    return squares - affine.cwiseProduct(right).sum();
  }
};

Eigen::Vector2d target_at(const PointAttempt& attempt, const PursuitPath& path, CaptureTime at,
                          double lag_s) {
  return path.at(attempt.motion->path_s(at - time_from_seconds(lag_s)));
}

}  // namespace

std::optional<double> find_pursuit_lag(std::span<const PointAttempt> attempts, const PursuitPath& path) {
  int count = 0;
  for (const auto& attempt : attempts) {
    if (attempt.motion) count += static_cast<int>(attempt.samples.size());
  }
  if (count < fewest_samples) return std::nullopt;
  const auto stride = static_cast<std::size_t>(1 + count / most_samples);
  std::optional<double> best_s;
  double least = 0.0;
  for (double lag_s = 0.0; lag_s <= longest_lag_s; lag_s += lag_step_s) {
    std::array<Sums, 2> sums;
    for (const auto& attempt : attempts) {
      if (!attempt.motion) continue;
      for (std::size_t i = 0; i < attempt.samples.size(); i += stride) {
        const auto& rays = attempt.samples[i].rays;
        const Eigen::Vector2d target_mm = target_at(attempt, path, rays.captured_at, lag_s);
        for (std::size_t eye = 0; eye < 2; ++eye) {
          if (rays.eyes[eye]) sums[eye].add(target_mm, rays.eyes[eye]->optical_axis_in_cam);
        }
      }
    }
    const double residual = sums[0].residual() + sums[1].residual();
    if (best_s && !(residual < least)) continue;
    best_s = lag_s;
    least = residual;
  }
  return best_s;
}

void apply_pursuit_lag(PointAttempt& attempt, const PursuitPath& path, double lag_s) {
  if (!attempt.motion) return;
  for (auto* samples : {&attempt.samples, &attempt.raw}) {
    for (auto& sample : *samples) {
      sample.target_in_screen_mm = target_at(attempt, path, sample.rays.captured_at, lag_s);
    }
  }
  for (const EyeSide side : eye_sides) {
    EyePointResult& eye = attempt.result.eyes[index_of(side)];
    if (!eye.has_data()) continue;
    Eigen::Vector2d sum_mm = Eigen::Vector2d::Zero();
    for (const auto& sample : attempt.samples) {
      if (sample.rays.eye(side)) sum_mm += sample.target_in_screen_mm;
    }
    eye.mean_target_in_screen_mm = sum_mm / eye.samples;
  }
}

}  // namespace yarbus
