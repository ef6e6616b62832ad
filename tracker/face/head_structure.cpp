#include "tracker/face/head_structure.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Geometry>

#include "tracker/face/fit_pose.h"

namespace yarbus {
namespace {

constexpr double new_turn_rad = 0.035;
constexpr double new_scale = 0.08;
constexpr int turns = 4;
constexpr double huber_px = 1.5;
constexpr double step_mm = 1.0;
/// Depths further off than this from where they began are no face.
constexpr double farthest_sigmas = 3.0;

}  // namespace

HeadStructure::HeadStructure(const Eigen::Vector3d& camera_in_head_mm,
                             std::vector<Eigen::Vector3d> rays_in_head,
                             const std::vector<Eigen::Vector3d>& places_in_head_mm)
    : camera_in_head_mm_(camera_in_head_mm), rays_(std::move(rays_in_head)), places_mm_(places_in_head_mm) {
  prior_mm_.reserve(places_mm_.size());
  for (std::size_t i = 0; i < places_mm_.size(); ++i)
    prior_mm_.push_back(rays_[i].dot(places_mm_[i] - camera_in_head_mm_));
  depth_mm_ = prior_mm_;
}

bool HeadStructure::wants(const RigidTransform& at) const {
  if (views_.size() >= most_views) return false;
  return std::none_of(views_.begin(), views_.end(), [&](const HeadView& view) {
    const double turned = Eigen::AngleAxisd(view.cam_from_head.rotation.transpose() * at.rotation).angle();
    const double scaled =
        std::abs(std::log(view.cam_from_head.translation_mm.norm() / at.translation_mm.norm()));
    return turned < new_turn_rad && scaled < new_scale;
  });
}

void HeadStructure::add(HeadView view, const CameraIntrinsics& intrinsics) {
  views_.push_back(std::move(view));
  std::vector<SeenPoint> seen;
  for (int turn = 0; turn < turns; ++turn) {
    fit_depths(intrinsics);
    for (HeadView& each : views_) {
      seen.clear();
      for (std::size_t i = 0; i < places_mm_.size(); ++i) {
        if (each.is_seen[i] != 0) seen.push_back({places_mm_[i], each.seen_px[i].cast<double>(), true});
      }
      if (const auto pose = fit_pose(seen, intrinsics, each.cam_from_head))
        each.cam_from_head = pose->cam_from_head;
    }
  }
}

void HeadStructure::fit_depths(const CameraIntrinsics& intrinsics) {
  for (std::size_t i = 0; i < places_mm_.size(); ++i) {
    double weight_sum = 1.0 / (depth_sigma_mm * depth_sigma_mm);
    double vector = weight_sum * (prior_mm_[i] - depth_mm_[i]);
    for (const HeadView& view : views_) {
      if (view.is_seen[i] == 0) continue;
      const Eigen::Vector3d here_in_cam_mm = view.cam_from_head.point(places_mm_[i]);
      if (here_in_cam_mm.z() < 10.0) continue;
      const Eigen::Vector2d here_px = intrinsics.project(here_in_cam_mm);
      const Eigen::Vector2d slope =
          (intrinsics.project(view.cam_from_head.point(places_mm_[i] + step_mm * rays_[i])) - here_px) /
          step_mm;
      const Eigen::Vector2d off_px = view.seen_px[i].cast<double>() - here_px;
      const double length_px = off_px.norm();
      const double huber = length_px > huber_px ? huber_px / length_px : 1.0;
      const double weight = huber / (seen_sigma_px * seen_sigma_px);
      weight_sum += weight * slope.squaredNorm();
      vector += weight * slope.dot(off_px);
    }
    const double farthest_mm = farthest_sigmas * depth_sigma_mm;
    depth_mm_[i] = std::clamp(depth_mm_[i] + vector / weight_sum, prior_mm_[i] - farthest_mm,
                              prior_mm_[i] + farthest_mm);
    places_mm_[i] = camera_in_head_mm_ + depth_mm_[i] * rays_[i];
  }
}

}  // namespace yarbus
