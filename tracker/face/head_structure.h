#pragma once

#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus {

/// A head's features seen from elsewhere than in their own image. Frames & units: image as captured, px;
/// cam, mm; first: the camera before the head as in the features' own image.
struct HeadView {
  RigidTransform cam_from_first;
  std::vector<Eigen::Vector2f> seen_px;  ///< by feature
  std::vector<char> is_seen;             ///< likewise
};

/// A feature of an image where a face is expected to have it. Frames & units: cam, mm.
struct FeaturePlace {
  Eigen::Vector3d ray = Eigen::Vector3d::UnitZ();      ///< from the camera, unit
  double depth_mm = 0.0;                               ///< along it
  Eigen::Vector3d normal = -Eigen::Vector3d::UnitZ();  ///< of the face there, unit, outward
};

/// How far each feature of an image lies from the camera that saw it, better than an average face tells.
/// Method: bundle adjustment (Triggs et al. 2000) of the views' poses and of each feature's depth along its
/// ray in their own image, whose pose stays. Gauss-Newton with Huber's weights; depths
/// are eliminated first (Schur). What is known of depths before: an average face whose relief as a whole may
/// be stronger or weaker, and which may be turned against the first pose, and each depth beside that by
/// itself. What they have in common has its own parameters because small turns tell little of it by any one
/// feature (Belhumeur, Kriegman & Yuille 1999): all of them together show it, by foreshortening and
/// perspective. Cost: about 0.1 ms a view and round.
class HeadStructure {
 public:
  static constexpr std::size_t most_views = 16;

  /// `looseness`: of what is known before, 1 for an average face, less for one that was measured.
  explicit HeadStructure(std::vector<FeaturePlace> features, double looseness = 1.0);
  HeadStructure() = default;

  [[nodiscard]] const std::vector<Eigen::Vector3d>& places_in_first_mm() const { return places_mm_; }
  /// A view from elsewhere than those there are says something new.
  [[nodiscard]] bool wants(const RigidTransform& cam_from_first) const;
  void add(HeadView view, const CameraIntrinsics& intrinsics);

 private:
  /// Relief, turns about x and y.
  static constexpr int modes = 3;

  /// One step; its largest change of a depth, mm.
  double step(const CameraIntrinsics& intrinsics);
  void thin_out();

  std::vector<FeaturePlace> features_;
  std::vector<Eigen::Vector3d> places_mm_;
  std::vector<Eigen::Matrix<double, 1, modes>> depth_by_mode_;  ///< mm per sigma
  std::vector<double> depth_mm_;
  Eigen::Matrix<double, modes, 1> shape_ = Eigen::Matrix<double, modes, 1>::Zero();  ///< in sigmas
  std::vector<HeadView> views_;
  Eigen::Vector3d middle_mm_ = Eigen::Vector3d::Zero();  ///< of the features as expected
  double news_rad_ = 0.03;
  double looseness_ = 1.0;
};

}  // namespace yarbus
