#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "calibration/calibration_sample.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// One frame of a calibration, as the webcam's mappers take it. Frames & units: screen, mm.
struct FaceFrame {
  GazeRays rays;  ///< with a face
  Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();
};

/// What was seen while a target was looked at.
struct FaceTarget {
  int target = 0;
  int movement = -1;                                              ///< as CalibrationSample
  Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();  ///< mean
  std::vector<FaceFrame> frames;                                  ///< by rising time
};

constexpr int most_frames_of_target = 40;

/// What an eye of a sample shows; null if it is not to be used. No heap.
inline const EyeSight* eye_to_use(const GazeRays& rays, EyeSide side) {
  if (!rays.face || !rays.eye(side)) return nullptr;
  const auto& sight = rays.face->eye(side);
  return sight ? &*sight : nullptr;
}

/// The samples with a face by rising target, at most most_frames_of_target of each, evenly chosen. Errors:
/// input_empty without a face that has an eye; input_unreadable naming the first sample with a value that is
/// not finite or a covariance that is none; invalid_option for more than max_targets.
Result<std::vector<FaceTarget>> collect_face_targets(std::span<const CalibrationSample> samples);

/// The samples that collect_face_targets() uses, in their order; without any face all of them.
std::vector<CalibrationSample> samples_in_use(std::span<const CalibrationSample> samples);

/// Indices of what is left out at once: a target, or all of one movement.
std::vector<std::vector<std::size_t>> groups_of(std::span<const FaceTarget> targets);

/// Targets without those of one group.
std::vector<FaceTarget> without(std::span<const FaceTarget> targets, std::span<const std::size_t> group);

/// Frames during which the head all but kept still, as one. Their noise is averaged; what the eye itself did
/// is not. Frames & units: cam, head, mm, rad.
struct FaceBundle {
  struct Eye {
    Eigen::Vector3d iris_dir_in_cam = Eigen::Vector3d::UnitZ();
    Eigen::Matrix2d covariance_rad2 = Eigen::Matrix2d::Zero();  ///< of the mean, as EyeSight states it
    Eigen::Vector2d lids_mm = Eigen::Vector2d::Zero();          ///< upper, lower
    double frames = 0.0;
  };
  std::size_t target = 0;  ///< its index
  Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();
  RigidTransform cam_from_head;
  PoseCovariance covariance = PoseCovariance::Zero();  ///< of the mean
  std::array<std::optional<Eye>, 2> eyes;              ///< by EyeSide
};

/// Bundles of all targets. Method: frames that follow each other go together while the head is within 1.5 deg
/// and 6 mm of the first, and the target within 3 mm.
std::vector<FaceBundle> bundle_frames(std::span<const FaceTarget> targets);

}  // namespace yarbus
