#include "calibration/validation/data_quality.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include <Eigen/Geometry>

#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {

constexpr double bcea_share = 0.68;
constexpr double pupil_largest_error_deg = 5.0;
constexpr double pupil_largest_step_deg = 0.5;

bool is_valid(const DirectedGaze& frame) {
  return frame.gaze_in_screen && frame.gaze_in_screen->allFinite() && frame.gaze_in_screen->norm() > 0.5;
}

double angle_deg(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::atan2(a.cross(b).norm(), a.dot(b)) * deg_per_rad;
}

/// Azimuth (right) and elevation (up), deg.
Eigen::Vector2d angles_deg(const Eigen::Vector3d& direction) {
  return deg_per_rad * Eigen::Vector2d(std::atan2(direction[0], direction[2]),
                                       std::atan2(-direction[1], std::hypot(direction[0], direction[2])));
}

double seconds(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

void measure_scatter(std::span<const DirectedGaze> frames, TargetQuality& quality) {
  std::vector<Eigen::Vector2d> angles;
  double squared_steps = 0.0;
  int steps = 0;
  std::optional<Eigen::Vector2d> before;
  for (const DirectedGaze& frame : frames) {
    if (!is_valid(frame)) {
      before.reset();
      continue;
    }
    const Eigen::Vector2d now = angles_deg(*frame.gaze_in_screen);
    if (before) {
      squared_steps += (now - *before).squaredNorm();
      ++steps;
    }
    before = now;
    angles.push_back(now);
  }
  if (steps > 0) quality.rms_s2s_deg = std::sqrt(squared_steps / steps);
  if (angles.size() < 2) return;
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  for (const auto& angle : angles) mean += angle / static_cast<double>(angles.size());
  Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
  for (const auto& angle : angles)
    covariance += (angle - mean) * (angle - mean).transpose() / static_cast<double>(angles.size());
  quality.std_deg = std::sqrt(covariance.trace());
  // sigma_x sigma_y sqrt(1 - rho^2) is the root of the covariance's determinant.
  quality.bcea_deg2 = 2.0 * -std::log(1.0 - bcea_share) * std::numbers::pi *
                      std::sqrt(std::max(0.0, covariance.determinant()));
}

/// Mean of a value over the targets that have it.
template <class Member>
std::optional<double> mean_of(const std::vector<TargetQuality>& targets, Member member) {
  double sum = 0.0;
  int count = 0;
  for (const TargetQuality& target : targets) {
    if (!(target.*member)) continue;
    sum += *(target.*member);
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

}  // namespace

TargetQuality measure_target(int target, std::span<const DirectedGaze> frames) {
  TargetQuality quality;
  quality.target = target;
  quality.frames = static_cast<int>(frames.size());
  if (frames.empty()) return quality;
  Eigen::Vector3d gaze = Eigen::Vector3d::Zero();
  Eigen::Vector3d aim = Eigen::Vector3d::Zero();
  for (const DirectedGaze& frame : frames) {
    aim += frame.target_in_screen;
    if (!is_valid(frame)) continue;
    gaze += frame.gaze_in_screen->normalized();
    ++quality.valid;
  }
  const auto count = static_cast<double>(frames.size());
  const double span_s = seconds(frames.back().captured_at) - seconds(frames.front().captured_at);
  quality.window_s = frames.size() > 1 ? span_s * count / (count - 1.0) : 0.0;
  quality.data_loss_percent = 100.0 * (count - quality.valid) / count;
  if (quality.window_s > 0.0) quality.effective_hz = quality.valid / quality.window_s;
  if (quality.valid > 0) {
    quality.accuracy_deg = angle_deg(gaze, aim);
    quality.offset_deg = angles_deg(gaze) - angles_deg(aim);
  }
  measure_scatter(frames, quality);
  return quality;
}

PupilAccuracy measure_as_pupil(std::span<const DirectedGaze> frames) {
  PupilAccuracy result;
  double cosines = 0.0;
  double squared_steps = 0.0;
  int steps = 0;
  const DirectedGaze* before = nullptr;
  for (const DirectedGaze& frame : frames) {
    if (!is_valid(frame) ||
        angle_deg(*frame.gaze_in_screen, frame.target_in_screen) > pupil_largest_error_deg)
      continue;
    cosines += frame.gaze_in_screen->normalized().dot(frame.target_in_screen.normalized());
    ++result.used;
    if (before != nullptr) {
      const double step = angle_deg(*before->gaze_in_screen, *frame.gaze_in_screen);
      if (step < pupil_largest_step_deg) {
        squared_steps += step * step;
        ++steps;
      }
    }
    before = &frame;
  }
  if (result.used > 0)
    result.accuracy_deg = std::acos(std::clamp(cosines / result.used, -1.0, 1.0)) * deg_per_rad;
  if (steps > 0) result.precision_deg = std::sqrt(squared_steps / steps);
  return result;
}

QualityOfEyes summarise_quality(std::vector<TargetQuality> targets) {
  QualityOfEyes quality;
  quality.accuracy_deg = mean_of(targets, &TargetQuality::accuracy_deg);
  quality.rms_s2s_deg = mean_of(targets, &TargetQuality::rms_s2s_deg);
  quality.std_deg = mean_of(targets, &TargetQuality::std_deg);
  quality.bcea_deg2 = mean_of(targets, &TargetQuality::bcea_deg2);
  int frames = 0;
  int valid = 0;
  double window_s = 0.0;
  for (const TargetQuality& target : targets) {
    frames += target.frames;
    valid += target.valid;
    window_s += target.window_s;
    if (target.accuracy_deg)
      quality.worst_accuracy_deg = std::max(quality.worst_accuracy_deg.value_or(0.0), *target.accuracy_deg);
  }
  if (frames > 0) quality.data_loss_percent = 100.0 * (frames - valid) / frames;
  if (window_s > 0.0) quality.effective_hz = valid / window_s;
  if (!targets.empty()) quality.window_s = window_s / static_cast<double>(targets.size());
  quality.targets = std::move(targets);
  return quality;
}

QualityReport measure_quality(const GazeMapper& mapper, std::span<const CalibrationSample> samples,
                              const std::array<std::optional<Eigen::Vector3d>, 2>& eyes_in_screen_mm) {
  std::map<int, std::vector<const CalibrationSample*>> by_target;
  for (const CalibrationSample& sample : samples) by_target[sample.target].push_back(&sample);
  const auto direction = [](const Eigen::Vector2d& point_mm, const Eigen::Vector3d& origin_mm) {
    return Eigen::Vector3d((Eigen::Vector3d(point_mm[0], point_mm[1], 0.0) - origin_mm).normalized());
  };
  const auto measure = [&](const Eigen::Vector3d& origin_mm, const auto& map) {
    std::vector<TargetQuality> targets;
    std::vector<DirectedGaze> all;
    for (const auto& [target, members] : by_target) {
      std::vector<DirectedGaze> frames;
      for (const CalibrationSample* sample : members) {
        DirectedGaze frame{sample->rays.captured_at, std::nullopt,
                           direction(sample->target_in_screen_mm, origin_mm)};
        if (const std::optional<GazePoint> point = map(*sample))
          frame.gaze_in_screen = direction(point->point_in_screen_mm, origin_mm);
        frames.push_back(frame);
      }
      targets.push_back(measure_target(target, frames));
      all.insert(all.end(), frames.begin(), frames.end());
    }
    QualityOfEyes quality = summarise_quality(std::move(targets));
    quality.as_pupil = measure_as_pupil(all);
    return quality;
  };
  QualityReport report;
  Eigen::Vector3d origin = Eigen::Vector3d::Zero();
  double eyes = 0.0;
  double sum_deg = 0.0;
  int measured = 0;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto& at = eyes_in_screen_mm[static_cast<std::size_t>(side)];
    if (!at) continue;
    origin += *at;
    eyes += 1.0;
    auto quality =
        measure(*at, [&](const CalibrationSample& sample) { return mapper.map_eye(sample.rays, side); });
    if (quality.accuracy_deg) {
      sum_deg += *quality.accuracy_deg;
      ++measured;
    }
    report.eyes[static_cast<std::size_t>(side)] = std::move(quality);
  }
  if (measured > 0) report.mean_accuracy_of_eyes_deg = sum_deg / measured;
  if (eyes == 0.0) return report;
  origin /= eyes;
  int held = 0;
  int mapped = 0;
  report.both = measure(origin, [&](const CalibrationSample& sample) {
    const auto point = mapper.map(sample.rays);
    if (point) {
      ++mapped;
      held += point->region_holds(sample.target_in_screen_mm, bcea_share) ? 1 : 0;
    }
    return point;
  });
  if (mapped > 0) report.coverage_68 = static_cast<double>(held) / mapped;
  return report;
}

}  // namespace yarbus
