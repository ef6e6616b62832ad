#include "calibration/mapping/geometric_mapper.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "calibration/mapping/combine_eyes.h"
#include "calibration/mapping/geometric_model.h"

namespace yarbus {
namespace {

using Jet = ceres::Jet<double, 8>;

/// Beyond so many median distances a sample is no fixation.
constexpr double strays = 5.0;

/// Where one sample's eyes look, as angles from the target.
struct Deviation {
  std::array<std::optional<Eigen::Vector2d>, 2> rad;
};

/// Takes the mean off each eye's deviations and drops the strays.
void centre(std::vector<Deviation>& deviations) {
  for (std::size_t eye = 0; eye < 2; ++eye) {
    Eigen::Vector2d mean = Eigen::Vector2d::Zero();
    double count = 0.0;
    for (const Deviation& deviation : deviations) {
      if (!deviation.rad[eye]) continue;
      mean += *deviation.rad[eye];
      count += 1.0;
    }
    if (count == 0.0) continue;
    mean /= count;
    std::vector<double> distances;
    for (Deviation& deviation : deviations) {
      if (!deviation.rad[eye]) continue;
      *deviation.rad[eye] -= mean;
      distances.push_back(deviation.rad[eye]->norm());
    }
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    for (Deviation& deviation : deviations) {
      if (deviation.rad[eye] && deviation.rad[eye]->norm() > strays * *middle) deviation.rad[eye].reset();
    }
  }
}

}  // namespace

GeometricMapper::GeometricMapper(GeometricFit fit, std::span<const CalibrationSample> samples,
                                 double fitted_scale)
    : fit_(std::move(fit)) {
  fit_.covariance *= fitted_scale;
  for (auto& eye : fit_.eyes) {
    if (eye) eye->scatter_rad *= std::sqrt(fitted_scale);
  }
  measure_sample_noise(samples);
}

std::optional<EyeEstimate> GeometricMapper::estimate(EyeSide side, const EyeRay& ray) const {
  const auto& eye = fit_.eye(side);
  if (!eye) return std::nullopt;
  const CameraPlacement& camera = fit_.cameras[static_cast<std::size_t>(eye->camera)];
  const geometric_model::CameraStart start{camera.screen_from_cam_rotation, camera.reference_in_cam_mm};
  std::array<Jet, 2> kappa{Jet(eye->kappa_rad[0], 0), Jet(eye->kappa_rad[1], 1)};
  std::array<Jet, 6> pose;
  for (int k = 0; k < 3; ++k) {
    pose[static_cast<std::size_t>(k)] = Jet(0.0, 2 + k);
    pose[static_cast<std::size_t>(3 + k)] = Jet(camera.reference_in_screen_mm[k], 5 + k);
  }
  const auto line = geometric_model::line_of_sight(kappa.data(), pose.data(), start, side,
                                                   ray.eye_center_in_cam_mm, ray.optical_axis_in_cam);
  // At grazing incidence (beyond 84 degrees) the point means nothing.
  if (!(line.direction_in_screen[2].a > 0.1) || !(line.origin_in_screen_mm[2].a < 0.0)) return std::nullopt;
  const Jet reach = -line.origin_in_screen_mm[2] / line.direction_in_screen[2];
  EyeEstimate estimate;
  for (int k = 0; k < 2; ++k) {
    const Jet point = line.origin_in_screen_mm[k] + reach * line.direction_in_screen[k];
    estimate.point_in_screen_mm[k] = point.a;
    estimate.mm_by_parameters.row(k) = point.v.transpose();
  }
  for (int k = 0; k < 3; ++k) estimate.direction_in_screen[k] = line.direction_in_screen[k].a;
  estimate.direction_in_screen.normalize();
  const Eigen::Matrix<double, 3, 2> basis = geometric_model::tangents<double>(estimate.direction_in_screen);
  const Eigen::Vector2d slope = estimate.direction_in_screen.head<2>() / estimate.direction_in_screen[2];
  estimate.mm_by_rad = reach.a * (basis.topRows<2>() - slope * basis.row(2));
  estimate.scatter_variance_rad2 = eye->scatter_rad * eye->scatter_rad;
  estimate.noise_ratio = noise_ratio(ray, fit_.stated_variance_rad2[static_cast<int>(side)]);
  if (!estimate.point_in_screen_mm.allFinite()) return std::nullopt;
  return estimate;
}

std::optional<GazePoint> GeometricMapper::combine(
    const std::array<std::optional<EyeEstimate>, 2>& eyes) const {
  Eigen::Matrix<double, 4, geometric_parameters> by_parameters =
      Eigen::Matrix<double, 4, geometric_parameters>::Zero();
  Eigen::Matrix4d mm_by_rad = Eigen::Matrix4d::Zero();
  Eigen::Matrix4d scatter = Eigen::Matrix4d::Zero();
  Eigen::Vector4d noise_scale = Eigen::Vector4d::Zero();
  Eigen::Vector4d student = Eigen::Vector4d::Zero();
  for (int i = 0; i < 2; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (!eyes[at]) continue;
    const FittedEye& fitted = *fit_.eyes[at];
    const auto columns = parameter_columns(static_cast<EyeSide>(i), fitted.camera);
    for (int k = 0; k < 8; ++k)
      by_parameters.block<2, 1>(2 * i, columns[static_cast<std::size_t>(k)]) =
          eyes[at]->mm_by_parameters.col(k);
    mm_by_rad.block<2, 2>(2 * i, 2 * i) = eyes[at]->mm_by_rad;
    scatter.block<2, 2>(2 * i, 2 * i) = eyes[at]->scatter_variance_rad2 * Eigen::Matrix2d::Identity();
    noise_scale.segment<2>(2 * i).setConstant(std::sqrt(eyes[at]->noise_ratio));
    student.segment<2>(2 * i).setConstant(std::sqrt(fitted.student_factor));
  }
  if (eyes[0] && eyes[1]) {
    const double common =
        fit_.scatter_correlation * std::sqrt(eyes[0]->scatter_variance_rad2 * eyes[1]->scatter_variance_rad2);
    scatter.topRightCorner<2, 2>() = common * Eigen::Matrix2d::Identity();
    scatter.bottomLeftCorner<2, 2>() = common * Eigen::Matrix2d::Identity();
  }
  const Eigen::Matrix4d fitted = by_parameters * fit_.covariance * by_parameters.transpose() +
                                 mm_by_rad * scatter * mm_by_rad.transpose();
  const Eigen::Matrix4d noise = noise_scale.asDiagonal() * fit_.sample_noise_rad2 * noise_scale.asDiagonal();
  const Eigen::Matrix4d covariance =
      student.asDiagonal() * fitted * student.asDiagonal() + mm_by_rad * noise * mm_by_rad.transpose();
  if (eyes[0] && eyes[1])
    return combine_eyes({eyes[0]->point_in_screen_mm, eyes[1]->point_in_screen_mm}, covariance);
  if (eyes[0]) return GazePoint{eyes[0]->point_in_screen_mm, covariance.topLeftCorner<2, 2>(), {true, false}};
  if (eyes[1])
    return GazePoint{eyes[1]->point_in_screen_mm, covariance.bottomRightCorner<2, 2>(), {false, true}};
  return std::nullopt;
}

std::optional<GazePoint> GeometricMapper::map(const GazeRays& rays) const {
  std::array<std::optional<EyeEstimate>, 2> eyes;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (const auto& ray = rays.eye(side)) eyes[static_cast<std::size_t>(side)] = estimate(side, *ray);
  }
  return combine(eyes);
}

void GeometricMapper::measure_sample_noise(std::span<const CalibrationSample> samples) {
  std::map<int, std::vector<Deviation>> by_target;
  Eigen::Vector2d stated = Eigen::Vector2d::Zero();
  Eigen::Vector2d seen = Eigen::Vector2d::Zero();
  for (const CalibrationSample& sample : samples) {
    Deviation deviation;
    for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
      const auto at = static_cast<std::size_t>(side);
      if (!sample.rays.eyes[at]) continue;
      const auto estimated = estimate(side, *sample.rays.eyes[at]);
      if (!estimated) continue;
      const CameraPlacement& camera = fit_.cameras[static_cast<std::size_t>(fit_.eyes[at]->camera)];
      Eigen::Vector3d to_target(sample.target_in_screen_mm[0], sample.target_in_screen_mm[1], 0.0);
      to_target -= camera.screen_from_cam().point(sample.rays.eyes[at]->eye_center_in_cam_mm);
      deviation.rad[at] =
          geometric_model::angle_from<double>(to_target.normalized(), estimated->direction_in_screen);
      stated[static_cast<int>(at)] += 0.5 * sample.rays.eyes[at]->axis_covariance_in_cam.trace();
      seen[static_cast<int>(at)] += 1.0;
    }
    by_target[sample.target].push_back(deviation);
  }
  Eigen::Matrix4d squares = Eigen::Matrix4d::Zero();
  Eigen::Matrix2d degrees = Eigen::Matrix2d::Zero();
  for (auto& [target, deviations] : by_target) {
    centre(deviations);
    Eigen::Matrix2d counts = Eigen::Matrix2d::Zero();
    for (const Deviation& deviation : deviations) {
      for (int i = 0; i < 2; ++i) {
        for (int j = 0; j < 2; ++j) {
          const auto& a = deviation.rad[static_cast<std::size_t>(i)];
          const auto& b = deviation.rad[static_cast<std::size_t>(j)];
          if (!a || !b) continue;
          squares.block<2, 2>(2 * i, 2 * j) += *a * b->transpose();
          counts(i, j) += 1.0;
        }
      }
    }
    degrees += (counts.array() - 1.0).max(0.0).matrix();
  }
  fit_.sample_noise_rad2.setZero();
  fit_.stated_variance_rad2.setZero();
  for (int i = 0; i < 2; ++i) {
    if (seen[i] > 0.0) fit_.stated_variance_rad2[i] = stated[i] / seen[i];
    for (int j = 0; j < 2; ++j) {
      if (degrees(i, j) > 0.0) {
        fit_.sample_noise_rad2.block<2, 2>(2 * i, 2 * j) = squares.block<2, 2>(2 * i, 2 * j) / degrees(i, j);
      } else if (i == j) {  // one sample a target: nothing but their word
        fit_.sample_noise_rad2.block<2, 2>(2 * i, 2 * j) =
            fit_.stated_variance_rad2[i] * Eigen::Matrix2d::Identity();
      }
    }
  }
}

}  // namespace yarbus
