#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus {

/// Features of one image of a head, and the same seen from elsewhere. Frames & units: image as captured, px;
/// head, mm.
struct HeadView {
  RigidTransform cam_from_head;
  std::vector<Eigen::Vector2f> seen_px;  ///< by feature
  std::vector<char> is_seen;             ///< likewise
};

/// How far each feature of an image lies from the camera that saw it, better than an average face tells.
/// Method: bundle adjustment by turns (Triggs et al. 2000): the pose of each view from all features
/// (fit_pose), then each feature's depth along its ray in the first image from all views, with a normal prior
/// about the depth that it began with and Huber's weights. The first image's pose stays, so the head frame
/// does. How much relief there is as a whole shows hardly in small turns and stays the average face's
/// (Belhumeur, Kriegman & Yuille 1999). Cost: about 1 ms a view.
class HeadStructure {
 public:
  static constexpr double depth_sigma_mm = 7.0;
  static constexpr double seen_sigma_px = 0.5;
  static constexpr std::size_t most_views = 16;

  /// `rays_in_head`: unit, from the camera of the first image.
  HeadStructure(const Eigen::Vector3d& camera_in_head_mm, std::vector<Eigen::Vector3d> rays_in_head,
                const std::vector<Eigen::Vector3d>& places_in_head_mm);
  HeadStructure() = default;

  [[nodiscard]] const std::vector<Eigen::Vector3d>& places_in_head_mm() const { return places_mm_; }
  /// A view from elsewhere than those there are says something new.
  [[nodiscard]] bool wants(const RigidTransform& cam_from_head) const;
  void add(HeadView view, const CameraIntrinsics& intrinsics);

 private:
  void fit_depths(const CameraIntrinsics& intrinsics);

  Eigen::Vector3d camera_in_head_mm_ = Eigen::Vector3d::Zero();
  std::vector<Eigen::Vector3d> rays_;
  std::vector<Eigen::Vector3d> places_mm_;
  std::vector<double> prior_mm_;  ///< depth along the ray
  std::vector<double> depth_mm_;
  std::vector<HeadView> views_;
};

}  // namespace yarbus
