#include "calibration/mapping/polynomial_mapper.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <Eigen/Geometry>
#include <Eigen/SVD>

#include "calibration/mapping/combine_eyes.h"

namespace yarbus {
namespace {

bool is_used(const Fixation& fixation, std::size_t eye, std::span<const LeftOutTarget> left_out) {
  return fixation.eyes[eye] && std::none_of(left_out.begin(), left_out.end(), [&](const auto& target) {
           return target.target == fixation.target && static_cast<std::size_t>(target.eye) == eye;
         });
}

/// Two right angles to `axis`, then itself, as rows.
Eigen::Matrix3d frame_about(const Eigen::Vector3d& axis) {
  Eigen::Matrix3d frame;
  frame.row(0) = axis.unitOrthogonal().transpose();
  frame.row(1) = axis.cross(frame.row(0).transpose()).transpose();
  frame.row(2) = axis.transpose();
  return frame;
}

std::optional<Eigen::Vector2d> angles_in(const Eigen::Matrix3d& frame, const Eigen::Vector3d& axis) {
  const Eigen::Vector3d turned = frame * axis;
  if (!(turned[2] > 0.05)) return std::nullopt;
  return Eigen::Vector2d(turned.head<2>() / turned[2]);
}

/// Turns (or mirrors) the first two rows so that the angles run along the screen's rows and columns: the
/// orthogonal part of the plane through angles and targets.
void align_with_screen(std::span<const Fixation> seen, std::size_t eye, Eigen::Matrix3d& frame) {
  Eigen::Vector2d middle_mm = Eigen::Vector2d::Zero();
  for (const Fixation& fixation : seen)
    middle_mm += fixation.target_in_screen_mm / static_cast<double>(seen.size());
  Eigen::Matrix2d cross = Eigen::Matrix2d::Zero();
  Eigen::Matrix2d square = Eigen::Matrix2d::Zero();
  for (const Fixation& fixation : seen) {
    const Eigen::Vector2d at = (frame * fixation.eyes[eye]->optical_axis_in_cam).head<2>();
    cross += (fixation.target_in_screen_mm - middle_mm) * at.transpose();
    square += at * at.transpose();
  }
  square.diagonal().array() += 1e-9;
  const Eigen::JacobiSVD<Eigen::Matrix2d> svd(cross * square.inverse(),
                                              Eigen::ComputeFullU | Eigen::ComputeFullV);
  frame.topRows<2>() = (svd.matrixU() * svd.matrixV().transpose() * frame.topRows<2>()).eval();
}

}  // namespace

std::optional<Eigen::Vector2d> PolynomialMapper::angles(const GazeRays& rays, Source source) const {
  if (source == both) {
    const auto of_right = angles(rays, right);
    const auto of_left = angles(rays, left);
    if (!of_right || !of_left) return std::nullopt;
    return Eigen::Vector2d(0.5 * (*of_right + *of_left));
  }
  const auto at = static_cast<std::size_t>(source);
  if (!rays.eyes[at] || !eyes_[at].regression) return std::nullopt;
  return angles_in(eyes_[at].angle_frame_from_cam, rays.eyes[at]->optical_axis_in_cam);
}

Result<PolynomialMapper> PolynomialMapper::fit(std::span<const Fixation> fixations,
                                               std::span<const CalibrationSample> samples,
                                               std::span<const LeftOutTarget> left_out, int least_targets) {
  PolynomialMapper mapper;
  std::size_t most = 0;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    std::vector<Fixation> seen;
    Eigen::Vector3d mean_axis = Eigen::Vector3d::Zero();
    for (const Fixation& fixation : fixations) {
      if (!is_used(fixation, eye, left_out)) continue;
      seen.push_back(fixation);
      mean_axis += fixation.eyes[eye]->optical_axis_in_cam;
    }
    most = std::max(most, seen.size());
    if (static_cast<int>(seen.size()) < least_targets) continue;
    Eye& of = mapper.eyes_[eye];
    of.angle_frame_from_cam = frame_about(mean_axis.normalized());
    align_with_screen(seen, eye, of.angle_frame_from_cam);
    std::vector<AnglePoint> points;
    for (const Fixation& fixation : seen) {
      const auto at = angles_in(of.angle_frame_from_cam, fixation.eyes[eye]->optical_axis_in_cam);
      if (at) points.push_back({*at, fixation.target_in_screen_mm});
    }
    if (static_cast<int>(points.size()) >= least_targets) of.regression = PolynomialRegression::fit(points);
  }
  if (!mapper.eyes_[0].regression && !mapper.eyes_[1].regression) {
    return Error{ErrorCode::input_empty,
                 "the polynomial needs " + std::to_string(least_targets) +
                     " targets of one eye, and there are " + std::to_string(most),
                 "calibration", "Calibrate with more targets or use the geometric mapper"};
  }
  std::vector<AnglePoint> points;
  for (const Fixation& fixation : fixations) {
    if (!is_used(fixation, 0, left_out) || !is_used(fixation, 1, left_out)) continue;
    if (const auto at = mapper.angles(fixation.rays(), both))
      points.push_back({*at, fixation.target_in_screen_mm});
  }
  if (static_cast<int>(points.size()) >= least_targets) mapper.both_ = PolynomialRegression::fit(points);
  mapper.measure_sample_noise(samples);
  return mapper;
}

std::optional<GazePoint> PolynomialMapper::map(const GazeRays& rays) const {
  std::optional<GazePoint> best;
  const auto consider = [&](Source source) {
    const auto& by = regression(source);
    if (!by) return;
    const auto at = angles(rays, source);
    if (!at) return;
    const auto prediction = by->predict(*at);
    double ratio = 0.0;
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (source == both || static_cast<std::size_t>(source) == eye)
        ratio += noise_ratio(*rays.eyes[eye], eyes_[eye].usual_variance_rad2) / (source == both ? 2.0 : 1.0);
    }
    GazePoint point{prediction.point_in_screen_mm,
                    fitted_scale_ * prediction.variance_mm2 * Eigen::Matrix2d::Identity() +
                        ratio * sample_noise_mm2_[static_cast<std::size_t>(source)],
                    {source != left, source != right}};
    if (!point.point_in_screen_mm.allFinite()) return;
    if (!best || point.covariance_mm2.trace() < best->covariance_mm2.trace()) best = point;
  };
  consider(both);
  if (best) return best;
  consider(right);
  consider(left);
  return best;
}

void PolynomialMapper::measure_sample_noise(std::span<const CalibrationSample> samples) {
  Eigen::Vector2d stated = Eigen::Vector2d::Zero();
  Eigen::Vector2d seen = Eigen::Vector2d::Zero();
  for (const CalibrationSample& sample : samples) {
    for (int eye = 0; eye < 2; ++eye) {
      if (const auto& ray = sample.rays.eyes[static_cast<std::size_t>(eye)]) {
        stated[eye] += 0.5 * ray->axis_covariance_in_cam.trace();
        seen[eye] += 1.0;
      }
    }
  }
  for (int eye = 0; eye < 2; ++eye) {
    if (seen[eye] > 0.0) eyes_[static_cast<std::size_t>(eye)].usual_variance_rad2 = stated[eye] / seen[eye];
  }
  for (const Source source : {right, left, both}) {
    const auto& by = regression(source);
    if (!by) continue;
    std::map<int, std::vector<Eigen::Vector2d>> by_target;
    for (const CalibrationSample& sample : samples) {
      if (const auto at = angles(sample.rays, source))
        by_target[sample.target].emplace_back(by->predict(*at).point_in_screen_mm -
                                              sample.target_in_screen_mm);
    }
    Eigen::Matrix2d squares = Eigen::Matrix2d::Zero();
    double degrees = 0.0;
    for (auto& [target, points] : by_target) {
      Eigen::Vector2d mean = Eigen::Vector2d::Zero();
      for (const auto& point : points) mean += point / static_cast<double>(points.size());
      std::vector<double> distances;
      for (auto& point : points) distances.push_back((point -= mean).norm());
      const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
      std::nth_element(distances.begin(), middle, distances.end());
      double count = 0.0;
      for (const auto& point : points) {
        if (point.norm() > 5.0 * *middle) continue;  // no fixation
        squares += point * point.transpose();
        count += 1.0;
      }
      degrees += std::max(0.0, count - 1.0);
    }
    if (degrees > 0.0) sample_noise_mm2_[static_cast<std::size_t>(source)] = squares / degrees;
  }
}

}  // namespace yarbus
