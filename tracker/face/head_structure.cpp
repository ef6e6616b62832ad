#include "tracker/face/head_structure.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Geometry>

#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

/// A head that turns by less than this shows more of how its skin moves than of its relief.
constexpr double first_news_rad = 0.044;
constexpr double news_growth = 1.4;
constexpr double scale_by_turn = 2.3;  ///< a change of distance by 8 % says as much as a turn by 2 deg
constexpr int most_structure_rounds = 4;
constexpr double settled_mm = 0.05;
/// A face is not quite rigid: skin moves over it by a pixel.
constexpr double seen_sigma_px = 1.0;
constexpr double huber_px = 1.0;
/// What is known of a face before: see HeadStructure. Faces' relief differs by 10 to 20 %. It is stated more
/// narrowly because what moves skin, and a focal length that is off, moves thousands of places together: with
/// 20 % here, two real heads turned by nearly twice of what they do.
constexpr double relief_sigma = 0.07;
constexpr double turn_sigma_rad = 0.1;
constexpr double depth_sigma_mm = 4.0;
/// Depths further off than this from where they began are no face.
constexpr double farthest_mm = 25.0;
constexpr double least_point_depth_mm = 10.0;
constexpr double least_point_facing = -0.3;  ///< cosine between normal and ray

using Pose6 = Eigen::Matrix<double, 6, 1>;

RigidTransform moved_by(const RigidTransform& pose, const Pose6& step) {
  RigidTransform then = pose;
  const double angle_rad = step.head<3>().norm();
  if (angle_rad > 0.0)
    then.rotation =
        Eigen::AngleAxisd(angle_rad, step.head<3>() / angle_rad).toRotationMatrix() * pose.rotation;
  then.translation_mm += step.tail<3>();
  return then;
}

/// How much one view of what is there says beside another, as a turn.
double between_rad(const RigidTransform& a, const RigidTransform& b, const Eigen::Vector3d& there_mm) {
  const double turned = Eigen::AngleAxisd(a.rotation.transpose() * b.rotation).angle();
  const double scaled = std::abs(std::log(a.point(there_mm).norm() / b.point(there_mm).norm()));
  return std::max(turned, scaled / scale_by_turn);
}

}  // namespace

HeadStructure::HeadStructure(std::vector<FeaturePlace> features, double looseness)
    : features_(std::move(features)), looseness_(looseness) {
  for (const FeaturePlace& feature : features_) {
    places_mm_.emplace_back(feature.depth_mm * feature.ray);
    depth_mm_.push_back(feature.depth_mm);
    middle_mm_ += places_mm_.back() / static_cast<double>(features_.size());
  }
  const Eigen::Vector3d away = middle_mm_.normalized();
  for (std::size_t i = 0; i < features_.size(); ++i) {
    // The surface moves under the ray that stays.
    const FeaturePlace& feature = features_[i];
    const Eigen::Vector3d from_middle_mm = places_mm_[i] - middle_mm_;
    const double facing = std::min(least_point_facing, feature.normal.dot(feature.ray));
    const auto along_ray = [&](const Eigen::Vector3d& shift) { return feature.normal.dot(shift) / facing; };
    depth_by_mode_.emplace_back(along_ray(relief_sigma * from_middle_mm.dot(away) * away),
                                along_ray(turn_sigma_rad * Eigen::Vector3d::UnitX().cross(from_middle_mm)),
                                along_ray(turn_sigma_rad * Eigen::Vector3d::UnitY().cross(from_middle_mm)));
    depth_by_mode_.back() *= looseness;
  }
}

bool HeadStructure::wants(const RigidTransform& at) const {
  if (between_rad({}, at, middle_mm_) < first_news_rad) return false;
  return std::none_of(views_.begin(), views_.end(), [&](const HeadView& view) {
    return between_rad(view.cam_from_first, at, middle_mm_) < news_rad_;
  });
}

void HeadStructure::add(HeadView view, const CameraIntrinsics& intrinsics) {
  YARBUS_CHECK(view.seen_px.size() == places_mm_.size() && view.is_seen.size() == places_mm_.size());
  views_.push_back(std::move(view));
  for (int round = 0; round < most_structure_rounds && step(intrinsics) > settled_mm; ++round) {
  }
  while (views_.size() >= most_views) thin_out();
}

/// Leaves views that are farther apart.
void HeadStructure::thin_out() {
  news_rad_ *= news_growth;
  std::vector<HeadView> kept;
  for (HeadView& view : views_) {
    if (std::none_of(kept.begin(), kept.end(), [&](const HeadView& other) {
          return between_rad(view.cam_from_first, other.cam_from_first, middle_mm_) < news_rad_;
        }))
      kept.push_back(std::move(view));
  }
  views_ = std::move(kept);
}

double HeadStructure::step(const CameraIntrinsics& intrinsics) {
  const std::size_t count = features_.size();
  const auto poses = static_cast<Eigen::Index>(6 * views_.size());
  const Eigen::Index size = poses + modes;
  Eigen::MatrixXd information = Eigen::MatrixXd::Zero(size, size);
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(size);
  // Of each depth: its own information and gradient, and its row with the others.
  Eigen::MatrixXd beside = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(count), size);
  Eigen::VectorXd depth_information(count);
  Eigen::VectorXd depth_gradient(count);
  information.bottomRightCorner<modes, modes>().setIdentity();
  gradient.tail<modes>() = shape_;
  const double prior_weight = 1.0 / std::pow(looseness_ * depth_sigma_mm, 2.0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const auto& by_mode = depth_by_mode_[i];
    const double off_mm = depth_mm_[i] - features_[i].depth_mm - by_mode.dot(shape_.transpose());
    depth_information[row] = prior_weight;
    depth_gradient[row] = prior_weight * off_mm;
    beside.row(row).tail<modes>() = -prior_weight * by_mode;
    information.bottomRightCorner<modes, modes>() += prior_weight * by_mode.transpose() * by_mode;
    gradient.tail<modes>() -= prior_weight * off_mm * by_mode.transpose();
  }
  const CameraIntrinsics pinhole = intrinsics.pinhole();
  for (std::size_t v = 0; v < views_.size(); ++v) {
    const HeadView& view = views_[v];
    const auto at = static_cast<Eigen::Index>(6 * v);
    for (std::size_t i = 0; i < count; ++i) {
      if (view.is_seen[i] == 0) continue;
      const auto straight_px = intrinsics.undistort(view.seen_px[i].cast<double>());
      const Eigen::Vector3d arm_mm = view.cam_from_first.rotation * places_mm_[i];
      const Eigen::Vector3d in_cam_mm = arm_mm + view.cam_from_first.translation_mm;
      if (!straight_px || !(in_cam_mm.z() > least_point_depth_mm)) continue;
      const double inverse = 1.0 / in_cam_mm.z();
      Eigen::Matrix<double, 2, 3> by_point;
      by_point << pinhole.fx_px * inverse, 0.0, -pinhole.fx_px * in_cam_mm.x() * inverse * inverse, 0.0,
          pinhole.fy_px * inverse, -pinhole.fy_px * in_cam_mm.y() * inverse * inverse;
      Eigen::Matrix<double, 3, 6> moves;
      moves << 0.0, arm_mm.z(), -arm_mm.y(), 1.0, 0.0, 0.0,  //
          -arm_mm.z(), 0.0, arm_mm.x(), 0.0, 1.0, 0.0,       //
          arm_mm.y(), -arm_mm.x(), 0.0, 0.0, 0.0, 1.0;
      const Eigen::Matrix<double, 2, 6> by_pose = by_point * moves;
      const Eigen::Vector2d by_depth = by_point * (view.cam_from_first.rotation * features_[i].ray);
      const Eigen::Vector2d off_px = pinhole.project(in_cam_mm) - *straight_px;
      const double length_px = off_px.norm();
      const double huber = length_px > huber_px ? huber_px / length_px : 1.0;
      const double weight = huber / (seen_sigma_px * seen_sigma_px);
      const auto row = static_cast<Eigen::Index>(i);
      information.block<6, 6>(at, at) += weight * by_pose.transpose() * by_pose;
      gradient.segment<6>(at) += weight * by_pose.transpose() * off_px;
      beside.block<1, 6>(row, at) = weight * by_depth.transpose() * by_pose;
      depth_information[row] += weight * by_depth.squaredNorm();
      depth_gradient[row] += weight * by_depth.dot(off_px);
    }
  }
  const Eigen::VectorXd inverse = depth_information.cwiseInverse();
  const Eigen::MatrixXd scaled = inverse.cwiseSqrt().asDiagonal() * beside;
  Eigen::MatrixXd reduced = information;
  reduced.selfadjointView<Eigen::Lower>().rankUpdate(scaled.transpose(), -1.0);
  const Eigen::VectorXd right = gradient - beside.transpose() * inverse.cwiseProduct(depth_gradient);
  const Eigen::LLT<Eigen::MatrixXd> solver(reduced.selfadjointView<Eigen::Lower>());
  if (solver.info() != Eigen::Success) return 0.0;
  const Eigen::VectorXd change = -solver.solve(right);
  if (!change.allFinite()) return 0.0;
  for (std::size_t v = 0; v < views_.size(); ++v)
    views_[v].cam_from_first =
        moved_by(views_[v].cam_from_first, change.segment<6>(static_cast<Eigen::Index>(6 * v)));
  shape_ += change.tail<modes>();
  const Eigen::VectorXd deeper = -inverse.cwiseProduct(depth_gradient + beside * change);
  for (std::size_t i = 0; i < count; ++i) {
    depth_mm_[i] = std::clamp(depth_mm_[i] + deeper[static_cast<Eigen::Index>(i)],
                              features_[i].depth_mm - farthest_mm, features_[i].depth_mm + farthest_mm);
    places_mm_[i] = depth_mm_[i] * features_[i].ray;
  }
  return deeper.cwiseAbs().maxCoeff();
}

}  // namespace yarbus
