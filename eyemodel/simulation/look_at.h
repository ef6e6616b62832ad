#pragma once

#include <cstdint>

#include <Eigen/Core>

#include "eyemodel/simulation/gaze_motion.h"
#include "eyemodel/simulation/scene.h"

namespace yarbus::simulation {

/// What an eye can do: yaw and pitch of the optical axis, either way, degrees.
inline Eigen::Vector2d gaze_limit_deg() { return {30.0, 25.0}; }

/// The visual axis as the eye itself has it: the optical axis turned by kappa, in its own frame. Frames &
/// units: eye, unit.
Eigen::Vector3d visual_axis_in_eye(const EyeAnatomy& eye);

/// Of a scene, in head (unit, from the rotation centre): kappa is carried along by Listing's law.
Eigen::Vector3d visual_axis_in_head(const Scene& scene);

/// The gaze with which the visual axis passes through a point. Frames & units: head, mm -> yaw and pitch of
/// the optical axis, deg, within gaze_limit_deg(). Method: the optical axis is turned by what the visual axis
/// lacks until nothing lacks; Listing's torsion makes this a fixed point, not a formula. No heap.
Eigen::Vector2d gaze_towards_deg(const EyeAnatomy& eye, const Eigen::Vector3d& point_in_head_mm);

/// An eye that looks at points: saccades to new ones, pursuit of moving ones, fixations that drift.
/// Threads: one owner; times rise.
class LookAtMotion {
 public:
  LookAtMotion(const EyeAnatomy& eye, const Eigen::Vector2d& start_deg, std::uint64_t seed);
  GazeMotion::State at(const Eigen::Vector3d& point_in_head_mm, double time_s);

 private:
  EyeAnatomy eye_;
  GazeFollower follower_;
  GazeMotion unrest_;
};

}  // namespace yarbus::simulation
