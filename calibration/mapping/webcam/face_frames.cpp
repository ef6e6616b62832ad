#include "calibration/mapping/webcam/face_frames.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <Eigen/LU>
#include <Eigen/SVD>

#include "calibration/mapping/fixations.h"

namespace yarbus {
namespace {

constexpr double still_turn_rad = 0.026;
constexpr double still_shift_mm = 6.0;
constexpr double still_target_mm = 3.0;

/// What is wrong with a sample; empty: nothing.
std::string fault_of(const CalibrationSample& sample) {
  if (!sample.target_in_screen_mm.allFinite()) return "the target's position is not finite";
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (sample.rays.eye(side) && !is_valid(*sample.rays.eye(side)))
      return std::string("the ray of the ") + to_string(side) + " eye is none";
  }
  if (!is_valid(*sample.rays.face)) return "the face has a value that is not finite or no direction";
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const EyeSight* eye = eye_to_use(sample.rays, side);
    if (eye != nullptr && (eye->iris_covariance_rad2.diagonal().minCoeff() < 0.0 ||
                           eye->iris_covariance_rad2.determinant() < 0.0))
      return std::string("the covariance of the ") + to_string(side) + " iris is none";
  }
  if (sample.rays.face->head.covariance.diagonal().minCoeff() < -1e-12)
    return "the head's covariance has a negative variance";
  return {};
}

using SamplesOfTargets = std::map<int, std::vector<std::size_t>>;

/// Indices of the samples that have a face with an eye, by target and time.
SamplesOfTargets by_target_and_time(std::span<const CalibrationSample> samples) {
  SamplesOfTargets by_target;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (eye_to_use(samples[i].rays, EyeSide::right) != nullptr ||
        eye_to_use(samples[i].rays, EyeSide::left) != nullptr)
      by_target[samples[i].target].push_back(i);
  }
  for (auto& [target, members] : by_target)
    std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      return samples[a].rays.captured_at < samples[b].rays.captured_at;
    });
  return by_target;
}

/// At most most_frames_of_target, evenly chosen.
std::vector<std::size_t> evenly(const std::vector<std::size_t>& members) {
  const std::size_t kept = std::min<std::size_t>(members.size(), most_frames_of_target);
  std::vector<std::size_t> chosen;
  for (std::size_t k = 0; k < kept; ++k) chosen.push_back(members[(2 * k + 1) * members.size() / (2 * kept)]);
  return chosen;
}

FaceBundle average(std::span<const FaceFrame> frames, std::size_t target) {
  FaceBundle bundle;
  bundle.target = target;
  Eigen::Matrix3d turns = Eigen::Matrix3d::Zero();
  const auto count = static_cast<double>(frames.size());
  for (const FaceFrame& frame : frames) {
    const HeadPose& head = frame.rays.face->head;
    turns += head.cam_from_head.rotation;
    bundle.cam_from_head.translation_mm += head.cam_from_head.translation_mm / count;
    bundle.covariance += head.covariance / (count * count);
    bundle.target_in_screen_mm += frame.target_in_screen_mm / count;
    for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
      const EyeSight* seen = eye_to_use(frame.rays, side);
      if (seen == nullptr) continue;
      auto& eye = bundle.eyes[static_cast<std::size_t>(side)];
      if (!eye) {
        eye = FaceBundle::Eye{};
        eye->iris_dir_in_cam.setZero();
      }
      eye->iris_dir_in_cam += seen->iris_dir_in_cam;
      eye->covariance_rad2 += seen->iris_covariance_rad2;
      eye->lids_mm += Eigen::Vector2d(seen->upper_lid_mm, seen->lower_lid_mm);
      eye->frames += 1.0;
    }
  }
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(turns, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Eigen::Vector3d signs(1.0, 1.0, (svd.matrixU() * svd.matrixV().transpose()).determinant());
  bundle.cam_from_head.rotation = svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
  for (auto& eye : bundle.eyes) {
    if (!eye) continue;
    eye->iris_dir_in_cam.normalize();
    eye->covariance_rad2 /= eye->frames * eye->frames;
    eye->lids_mm /= eye->frames;
  }
  return bundle;
}

}  // namespace

Result<std::vector<FaceTarget>> collect_face_targets(std::span<const CalibrationSample> samples) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const CalibrationSample& sample = samples[i];
    if (!sample.rays.face) continue;
    if (const std::string fault = fault_of(sample); !fault.empty())
      return Error{
          ErrorCode::input_unreadable,
          "sample " + std::to_string(i) + " (target " + std::to_string(sample.target) + "): " + fault,
          "calibration", "Leave the sample out or record the target again"};
  }
  const SamplesOfTargets by_target = by_target_and_time(samples);
  if (by_target.empty())
    return Error{ErrorCode::input_empty, "no sample has a face with an eye", "calibration",
                 "Check that the face and the irises are found, then calibrate again"};
  if (by_target.size() > static_cast<std::size_t>(max_targets))
    return Error{ErrorCode::invalid_option,
                 std::to_string(by_target.size()) + " targets are more than the " +
                     std::to_string(max_targets) + " that can be used",
                 "calibration", "Join neighbouring pieces of a moving target"};
  std::vector<FaceTarget> targets;
  for (const auto& [number, members] : by_target) {
    FaceTarget target;
    target.target = number;
    target.movement = samples[members.front()].movement;
    const std::vector<std::size_t> chosen = evenly(members);
    for (const std::size_t i : chosen) {
      target.frames.push_back({samples[i].rays, samples[i].target_in_screen_mm});
      target.target_in_screen_mm += samples[i].target_in_screen_mm / static_cast<double>(chosen.size());
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

std::vector<CalibrationSample> samples_in_use(std::span<const CalibrationSample> samples) {
  const SamplesOfTargets by_target = by_target_and_time(samples);
  if (by_target.empty()) return {samples.begin(), samples.end()};
  std::vector<std::size_t> indices;
  for (const auto& [number, members] : by_target) {
    const std::vector<std::size_t> chosen = evenly(members);
    indices.insert(indices.end(), chosen.begin(), chosen.end());
  }
  std::sort(indices.begin(), indices.end());
  std::vector<CalibrationSample> used;
  for (const std::size_t i : indices) used.push_back(samples[i]);
  return used;
}

std::vector<std::vector<std::size_t>> groups_of(std::span<const FaceTarget> targets) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<int, std::size_t> of_movement;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const int movement = targets[i].movement;
    const bool is_new = movement < 0 || of_movement.try_emplace(movement, groups.size()).second;
    if (is_new) groups.emplace_back();
    groups[movement < 0 ? groups.size() - 1 : of_movement.at(movement)].push_back(i);
  }
  return groups;
}

std::vector<FaceTarget> without(std::span<const FaceTarget> targets, std::span<const std::size_t> group) {
  std::vector<FaceTarget> others;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (std::find(group.begin(), group.end(), i) == group.end()) others.push_back(targets[i]);
  }
  return others;
}

std::vector<FaceBundle> bundle_frames(std::span<const FaceTarget> targets) {
  std::vector<FaceBundle> bundles;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const std::vector<FaceFrame>& frames = targets[t].frames;
    for (std::size_t begin = 0; begin < frames.size();) {
      const RigidTransform& first = frames[begin].rays.face->head.cam_from_head;
      std::size_t end = begin + 1;
      for (; end < frames.size(); ++end) {
        const RigidTransform& next = frames[end].rays.face->head.cam_from_head;
        // Of a small turn the difference of the matrices is sqrt(2) times as large.
        if ((next.rotation - first.rotation).norm() > std::sqrt(2.0) * still_turn_rad ||
            (next.translation_mm - first.translation_mm).norm() > still_shift_mm ||
            (frames[end].target_in_screen_mm - frames[begin].target_in_screen_mm).norm() > still_target_mm)
          break;
      }
      bundles.push_back(average(std::span(frames).subspan(begin, end - begin), t));
      begin = end;
    }
  }
  return bundles;
}

}  // namespace yarbus
