#include "calibration/mapping/webcam/appearance_mapper.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>

#include "calibration/mapping/webcam/webcam_model.h"

namespace yarbus {
namespace {

using Place = Eigen::Matrix<double, appearance_place_numbers, 1>;

/// What varied less than this during calibration is taken to have varied so much: axis, lids (mm), openness,
/// head's turn (rad), shift (mm).
const Place least_spread =
    (Place() << 0.05, 0.05, 0.5, 0.5, 0.2, 0.07, 0.07, 0.07, 25.0, 25.0, 30.0).finished();
/// The correction fades by a Gaussian of so much outside what was seen; 0: it does not matter.
const Place reach = (Place() << 0.07, 0.07, 0.0, 0.0, 0.0, 0.1, 0.1, 0.1, 40.0, 40.0, 60.0).finished();
constexpr double least_component_share = 0.15;  ///< of the first one's spread
constexpr double most_residual_rad = 0.12;      ///< beyond it nobody looked at the target

/// Of the turn from one to another, small ones: the axis by the sine of the angle.
Eigen::Vector3d turn_between(const Eigen::Matrix3d& from, const Eigen::Matrix3d& to) {
  const Eigen::Matrix3d turn = to * from.transpose();
  return 0.5 * Eigen::Vector3d(turn(2, 1) - turn(1, 2), turn(0, 2) - turn(2, 0), turn(1, 0) - turn(0, 1));
}

}  // namespace

AppearanceMapper::Seen AppearanceMapper::seen_of(const EyeSight& sight, const HeadPose& head,
                                                 const Eigen::Vector3d& optical_axis_in_head,
                                                 const Eigen::Matrix3d& mean_cam_from_head) {
  Seen seen;
  const Eigen::Vector3d turn = turn_between(mean_cam_from_head, head.cam_from_head.rotation);
  const Eigen::Vector3d& shift = head.cam_from_head.translation_mm;
  seen.place << optical_axis_in_head[0], optical_axis_in_head[1], sight.upper_lid_mm, sight.lower_lid_mm,
      sight.openness, turn, shift;
  const SmallPatch levels = shrink_patch(sight.patch);
  for (std::size_t i = 0; i < levels.size(); ++i) seen.levels[static_cast<Eigen::Index>(i)] = levels[i];
  seen.levels.array() -= seen.levels.mean();
  return seen;
}

AppearanceNumbers AppearanceMapper::numbers_of(const Seen& seen, const Eye& eye) {
  AppearanceNumbers numbers;
  numbers.head<appearance_place_numbers>() = (seen.place - eye.place_mean).cwiseQuotient(eye.place_spread);
  const Eigen::Matrix<double, small_patch_pixels, 1> off = seen.levels - eye.level_mean;
  numbers.tail<appearance_patch_numbers>().noalias() = eye.components.transpose() * off;
  return numbers;
}

void AppearanceMapper::fit_eye(EyeSide side, std::span<const FaceTarget> targets) {
  const auto at = static_cast<std::size_t>(side);
  const std::size_t of_target =
      std::max<std::size_t>(1, most_appearances / std::max<std::size_t>(1, targets.size()));
  struct Frame {
    const FaceFrame* frame;
    int target;
    Eigen::Vector3d axis;
    Eigen::Vector2d residual_rad;
  };
  std::vector<Frame> frames;
  std::size_t targets_seen = 0;
  Eigen::Matrix3d turns = Eigen::Matrix3d::Zero();
  for (const FaceTarget& target : targets) {
    const std::size_t before = frames.size();
    const std::size_t kept = std::min(of_target, target.frames.size());
    for (std::size_t k = 0; k < kept; ++k) {
      const FaceFrame& frame = target.frames[(2 * k + 1) * target.frames.size() / (2 * kept)];
      const WebcamLook look = geometric_->look(frame.rays);
      if (!look.eyes[at]) continue;
      const Eigen::Vector2d point = look.points_in_screen_mm.segment<2>(2 * static_cast<Eigen::Index>(at));
      const Eigen::Vector2d residual = (frame.target_in_screen_mm - point) / look.mm_by_rad;
      if (!(residual.norm() < most_residual_rad)) continue;
      // Where the eye should be, not where it was seen: an axis that holds the frame's own error would tell
      // it, and the process would learn to draw gaze to the targets.
      const WebcamGeometry& geometry = geometric_->geometry();
      const Eigen::Vector2d from_middle = frame.target_in_screen_mm - geometry.middle_mm();
      const Eigen::Vector3d axis =
          webcam_model::optical_axis_at(geometry.eyes[at].data(), geometry.screen.data(), geometry.head_scale,
                                        frame.rays.face->head.cam_from_head, side, from_middle);
      frames.push_back({&frame, target.target, axis, residual});
      turns += frame.rays.face->head.cam_from_head.rotation;
    }
    targets_seen += frames.size() > before ? 1 : 0;
  }
  if (targets_seen < least_targets) return;
  Eye eye;
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(turns, Eigen::ComputeFullU | Eigen::ComputeFullV);
  eye.mean_cam_from_head = svd.matrixU() * svd.matrixV().transpose();
  const auto count = static_cast<Eigen::Index>(frames.size());
  Eigen::Matrix<double, appearance_place_numbers, Eigen::Dynamic> places(appearance_place_numbers, count);
  Eigen::Matrix<double, small_patch_pixels, Eigen::Dynamic> levels(small_patch_pixels, count);
  std::vector<Seen> seen;
  for (Eigen::Index i = 0; i < count; ++i) {
    const Frame& frame = frames[static_cast<std::size_t>(i)];
    const FaceSight& face = *frame.frame->rays.face;
    seen.push_back(seen_of(*face.eyes[at], face.head, frame.axis, eye.mean_cam_from_head));
    places.col(i) = seen.back().place;
    levels.col(i) = seen.back().levels;
  }
  const Eigen::VectorXd shares = Eigen::VectorXd::Constant(count, 1.0 / static_cast<double>(count));
  eye.place_mean = places * shares;
  eye.place_spread =
      ((places.colwise() - eye.place_mean).rowwise().norm() / std::sqrt(static_cast<double>(count)))
          .cwiseMax(least_spread);
  eye.lowest = places.rowwise().minCoeff();
  eye.highest = places.rowwise().maxCoeff();
  eye.level_mean = levels * shares;
  levels.colwise() -= eye.level_mean;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> parts(levels * levels.transpose() /
                                                             static_cast<double>(count));
  const double first = std::sqrt(std::max(0.0, parts.eigenvalues()[small_patch_pixels - 1]));
  for (int k = 0; k < appearance_patch_numbers; ++k) {
    const Eigen::Index column = static_cast<Eigen::Index>(small_patch_pixels) - 1 - k;
    const double spread =
        std::max({std::sqrt(std::max(0.0, parts.eigenvalues()[column])), least_component_share * first, 1.0});
    eye.components.col(k) = parts.eigenvectors().col(column) / spread;
  }
  std::vector<AppearancePoint> points;
  for (std::size_t i = 0; i < frames.size(); ++i)
    points.push_back({numbers_of(seen[i], eye), frames[i].residual_rad, frames[i].target});
  eye.process = AppearanceProcess::fit(points);
  eyes_[at] = std::move(eye);
}

AppearanceMapper::AppearanceMapper(std::shared_ptr<const WebcamGeometryMapper> geometric,
                                   std::span<const FaceTarget> targets, double fitted_scale)
    : geometric_(std::move(geometric)), fitted_scale_(fitted_scale) {
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) fit_eye(side, targets);
}

std::optional<GazePoint> AppearanceMapper::map(const GazeRays& rays) const {
  WebcamLook look = geometric_->look(rays);
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto at = static_cast<std::size_t>(side);
    const EyeSight* sight = eye_to_use(rays, side);
    if (!look.eyes[at] || sight == nullptr || !eyes_[at]) continue;
    const Eye& eye = *eyes_[at];
    const Seen seen = seen_of(*sight, rays.face->head, look.optical_axes_in_head[at], eye.mean_cam_from_head);
    const Place outside = (eye.lowest - seen.place).cwiseMax(seen.place - eye.highest).cwiseMax(0.0);
    const double share = std::exp(
        -0.5 * (reach.array() > 0.0).select(outside.array() / reach.array().max(1e-9), 0.0).square().sum());
    const auto prediction = eye.process.predict(numbers_of(seen, eye));
    const auto first = 2 * static_cast<Eigen::Index>(at);
    if (!prediction.mean_rad.allFinite()) continue;
    look.points_in_screen_mm.segment<2>(first) += share * look.mm_by_rad * prediction.mean_rad;
    look.covariance_mm2.diagonal().segment<2>(first) +=
        share * look.mm_by_rad * look.mm_by_rad * prediction.variance_rad2;
  }
  look.covariance_mm2 *= fitted_scale_;
  return point_of(look);
}

}  // namespace yarbus
