#include "calibration/mapping/fixations.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <Eigen/Geometry>

namespace yarbus {
namespace {

/// Of a Rayleigh distribution with scale 1: turns a median distance into a standard deviation.
constexpr double rayleigh_median = 1.1774;
constexpr double huber_sigmas = 2.0;
constexpr double largest_weight_ratio = 4.0;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// By how the samples state their sureness; 1 where they do not.
std::vector<double> stated_weights(const std::vector<const EyeRay*>& rays) {
  std::vector<double> variances;
  for (const EyeRay* ray : rays) variances.push_back(ray->axis_covariance_in_cam.trace());
  const double middle = median(variances);
  std::vector<double> weights(rays.size(), 1.0);
  if (!(middle > 0.0)) return weights;
  for (std::size_t i = 0; i < rays.size(); ++i) {
    const double ratio = variances[i] > 0.0 ? middle / variances[i] : 1.0;
    weights[i] = std::clamp(ratio, 1.0 / largest_weight_ratio, largest_weight_ratio);
  }
  return weights;
}

EyeFixation average(const std::vector<const EyeRay*>& rays) {
  const std::vector<double> stated = stated_weights(rays);
  EyeFixation fixation;
  fixation.samples = static_cast<int>(rays.size());
  std::vector<double> weights = stated;
  std::vector<double> distances(rays.size());
  for (int pass = 0; pass < 3; ++pass) {
    Eigen::Vector3d axis = Eigen::Vector3d::Zero();
    Eigen::Vector3d center = Eigen::Vector3d::Zero();
    double sum = 0.0;
    for (std::size_t i = 0; i < rays.size(); ++i) {
      axis += weights[i] * rays[i]->optical_axis_in_cam;
      center += weights[i] * rays[i]->eye_center_in_cam_mm;
      sum += weights[i];
    }
    fixation.optical_axis_in_cam = axis.normalized();
    fixation.eye_center_in_cam_mm = center / sum;
    for (std::size_t i = 0; i < rays.size(); ++i)
      distances[i] = (rays[i]->optical_axis_in_cam - fixation.optical_axis_in_cam).norm();
    const double reach = huber_sigmas * median(distances) / rayleigh_median;
    for (std::size_t i = 0; i < rays.size(); ++i)
      weights[i] = stated[i] * (distances[i] > reach && reach > 0.0 ? reach / distances[i] : 1.0);
  }
  Eigen::Matrix3d scatter = Eigen::Matrix3d::Zero();
  double sum = 0.0;
  double squares = 0.0;
  double variance = 0.0;
  for (std::size_t i = 0; i < rays.size(); ++i) {
    const Eigen::Vector3d off = rays[i]->optical_axis_in_cam - fixation.optical_axis_in_cam;
    scatter += weights[i] * off * off.transpose();
    sum += weights[i];
    squares += weights[i] * weights[i];
    variance += 0.5 * rays[i]->axis_covariance_in_cam.trace();
  }
  const double effective = sum * sum / squares;
  fixation.mean_covariance_in_cam =
      effective > 1.5 ? Eigen::Matrix3d(scatter / sum / (effective - 1.0)) : rays[0]->axis_covariance_in_cam;
  fixation.stated_variance_rad2 = variance / static_cast<double>(rays.size());
  return fixation;
}

/// What is wrong with a sample; empty: nothing.
std::string fault_of(const CalibrationSample& sample) {
  if (!sample.target_in_screen_mm.allFinite()) return "the target's position is not finite";
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto& ray = sample.rays.eye(side);
    if (!ray) continue;
    const std::string of = std::string(" of the ") + to_string(side) + " eye";
    if (!ray->eye_center_in_cam_mm.allFinite()) return "the centre" + of + " is not finite";
    if (!ray->optical_axis_in_cam.allFinite()) return "the axis" + of + " is not finite";
    if (std::abs(ray->optical_axis_in_cam.norm() - 1.0) > 1e-3) return "the axis" + of + " is no unit vector";
    if (!ray->axis_covariance_in_cam.allFinite()) return "the axis's covariance" + of + " is not finite";
    if (ray->axis_covariance_in_cam.diagonal().minCoeff() < -1e-12)
      return "the axis's covariance" + of + " has a negative variance";
  }
  return {};
}

}  // namespace

GazeRays Fixation::rays() const {
  GazeRays all;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!eyes[i]) continue;
    const Eigen::Vector3d& axis = eyes[i]->optical_axis_in_cam;
    const Eigen::Matrix3d across = Eigen::Matrix3d::Identity() - axis * axis.transpose();
    all.eyes[i] = EyeRay{eyes[i]->eye_center_in_cam_mm, Eigen::Matrix3d::Zero(), axis,
                         eyes[i]->stated_variance_rad2 * across, 1.0};
  }
  return all;
}

Result<std::vector<Fixation>> average_fixations(std::span<const CalibrationSample> samples) {
  if (samples.empty())
    return Error{ErrorCode::input_empty, "there are no calibration samples", "calibration",
                 "Run the calibration and look at each target"};
  std::map<int, std::vector<const CalibrationSample*>> by_target;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const CalibrationSample& sample = samples[i];
    if (const std::string fault = fault_of(sample); !fault.empty())
      return Error{
          ErrorCode::input_unreadable,
          "sample " + std::to_string(i) + " (target " + std::to_string(sample.target) + "): " + fault,
          "calibration", "Leave the sample out or record the target again"};
    if (sample.rays.eyes[0] || sample.rays.eyes[1]) by_target[sample.target].push_back(&sample);
  }
  if (by_target.empty())
    return Error{ErrorCode::input_empty, "no sample has an eye", "calibration",
                 "Check that the pupil is found and the eye model has settled, then calibrate again"};
  if (by_target.size() > static_cast<std::size_t>(max_targets))
    return Error{ErrorCode::invalid_option,
                 std::to_string(by_target.size()) + " targets are more than the " +
                     std::to_string(max_targets) + " that can be used",
                 "calibration", "Join neighbouring pieces of a moving target"};
  std::vector<Fixation> fixations;
  for (const auto& [target, members] : by_target) {
    Fixation fixation;
    fixation.target = target;
    fixation.movement = members.front()->movement;
    for (const CalibrationSample* sample : members)
      fixation.target_in_screen_mm += sample->target_in_screen_mm / static_cast<double>(members.size());
    for (std::size_t eye = 0; eye < 2; ++eye) {
      std::vector<const EyeRay*> rays;
      for (const CalibrationSample* sample : members) {
        if (sample->rays.eyes[eye]) rays.push_back(&*sample->rays.eyes[eye]);
      }
      if (!rays.empty()) fixation.eyes[eye] = average(rays);
    }
    fixations.push_back(fixation);
  }
  return fixations;
}

double target_spread_rad(std::span<const Fixation> fixations, const Eigen::Vector3d& eye_in_screen_mm) {
  const auto direction = [&](const Fixation& fixation) -> Eigen::Vector3d {
    Eigen::Vector3d point = Eigen::Vector3d::Zero();
    point.head<2>() = fixation.target_in_screen_mm;
    return (point - eye_in_screen_mm).normalized();
  };
  double widest = 0.0;
  for (std::size_t i = 0; i < fixations.size(); ++i) {
    for (std::size_t j = i + 1; j < fixations.size(); ++j) {
      const Eigen::Vector3d a = direction(fixations[i]);
      const Eigen::Vector3d b = direction(fixations[j]);
      widest = std::max(widest, std::atan2(a.cross(b).norm(), a.dot(b)));
    }
  }
  return widest;
}

}  // namespace yarbus
