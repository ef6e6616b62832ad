#include "calibration/mapping/webcam/tangent_distance_mapper.h"

#include <algorithm>

namespace yarbus {
namespace {

/// Squared gray levels a pixel that are noise: nearer frames weigh alike.
constexpr float noise_level_squared = 4.0F;

struct Neighbour {
  float squared = 0.0F;
  std::size_t example = 0;
};

}  // namespace

TangentDistanceMapper TangentDistanceMapper::fit(std::span<const FaceTarget> targets, double variance_mm2) {
  TangentDistanceMapper made;
  made.variance_mm2_ = variance_mm2;
  const std::size_t of_target =
      std::max<std::size_t>(1, most_frames / std::max<std::size_t>(1, targets.size()));
  for (const FaceTarget& target : targets) {
    const std::size_t kept = std::min(of_target, target.frames.size());
    for (std::size_t k = 0; k < kept; ++k) {
      const FaceFrame& frame = target.frames[(2 * k + 1) * target.frames.size() / (2 * kept)];
      Example example{frame.target_in_screen_mm, {}};
      for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
        if (const EyeSight* eye = eye_to_use(frame.rays, side))
          example.eyes[static_cast<std::size_t>(side)].emplace(smooth_patch(eye->patch));
      }
      made.examples_.push_back(std::move(example));
    }
  }
  return made;
}

std::optional<GazePoint> TangentDistanceMapper::map(const GazeRays& rays) const {
  std::array<std::optional<TangentPatch>, 2> seen;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (const EyeSight* eye = eye_to_use(rays, side))
      seen[static_cast<std::size_t>(side)] = smooth_patch(eye->patch);
  }
  std::array<Neighbour, neighbours> nearest;
  std::size_t found = 0;
  std::array<bool, 2> used{};
  for (std::size_t i = 0; i < examples_.size(); ++i) {
    float squared = 0.0F;
    float eyes = 0.0F;
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (!seen[eye] || !examples_[i].eyes[eye]) continue;
      squared += examples_[i].eyes[eye]->squared_distance(*seen[eye]);
      eyes += 1.0F;
      used[eye] = true;
    }
    if (eyes == 0.0F) continue;
    squared /= eyes;
    if (found == neighbours && squared >= nearest[found - 1].squared) continue;
    if (found < neighbours) ++found;
    std::size_t at = found - 1;
    for (; at > 0 && nearest[at - 1].squared > squared; --at) nearest[at] = nearest[at - 1];
    nearest[at] = {squared, i};
  }
  if (found == 0) return std::nullopt;
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  double weights = 0.0;
  for (std::size_t k = 0; k < found; ++k) {
    const double weight = 1.0 / (nearest[k].squared + noise_level_squared * tangent_patch_pixels);
    sum += weight * examples_[nearest[k].example].target_in_screen_mm;
    weights += weight;
  }
  return GazePoint{sum / weights, variance_mm2_ * Eigen::Matrix2d::Identity(), used};
}

}  // namespace yarbus
