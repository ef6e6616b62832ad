#pragma once

#include <optional>
#include <span>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/head_pose.h"

namespace yarbus {

/// A point of the head and where it is seen. Frames & units: head, mm; image as captured, px.
struct SeenPoint {
  Eigen::Vector3d in_head_mm = Eigen::Vector3d::Zero();
  Eigen::Vector2d seen_px = Eigen::Vector2d::Zero();
  bool is_used = true;  ///< out: it agrees with the pose
};

struct PoseFitOptions {
  double sigma_px = 0.3;        ///< of a feature's place, at least
  double outlier_sigmas = 4.0;  ///< farther off than so many robust deviations: not used
  int fewest = 12;              ///< points that must agree
};

/// The rigid pose that explains where points are seen, from a pose nearby.
/// Method: Gauss-Newton on a turn and a shift with Tukey's weights (Beaton & Tukey 1974), whose scale is the
/// median absolute deviation of each round; the covariance is that of the weighted normal equations, scaled
/// by what is left over where that is more than `sigma_px`. Points behind the camera are not used. Errors:
/// nullopt with too few points that agree, or if it does not converge. Cost: about 50 us for 100 points, no
/// heap.
std::optional<HeadPose> fit_pose(std::span<SeenPoint> points, const CameraIntrinsics& intrinsics,
                                 const RigidTransform& near_cam_from_head,
                                 const PoseFitOptions& options = {});

}  // namespace yarbus
