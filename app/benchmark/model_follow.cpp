#include "app/benchmark/model_follow.h"

#include <cmath>
#include <limits>

#include <Eigen/Geometry>

#include "eyemodel/types/angle.h"

namespace yarbus::benchmark {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
constexpr double middle_share = 0.68;

}  // namespace

double region_share_of(double mahalanobis_squared) { return 1.0 - std::exp(-0.5 * mahalanobis_squared); }

FitFrame frame_of(const simulation::SimulatedOutline& outline) {
  FitFrame frame;
  frame.sequence = outline.sequence;
  frame.captured_at = outline.captured_at;
  if (outline.observation) frame.observation = *outline.observation;
  frame.features = outline.features;
  return frame;
}

FollowedFrame score_followed(const SimulatedTruth& truth, const std::optional<EyePose>& pose) {
  FollowedFrame scored{truth.time_s, no_value, no_value, no_value};
  if (!pose) return scored;
  const Eigen::Vector3d& found = pose->gaze_dir_in_cam();
  const Eigen::Vector3d& true_axis = truth.optical_axis_in_cam;
  scored.gaze_error_deg = deg_per_rad * std::atan2(found.cross(true_axis).norm(), found.dot(true_axis));
  if (pose->uncertainty) {
    scored.region_share = region_share_of(pose->uncertainty->mahalanobis_squared(found, true_axis));
    scored.stated_68_deg = deg_per_rad * pose->uncertainty->gaze_cone_rad(middle_share);
  }
  return scored;
}

std::vector<FollowedFrame> follow(simulation::SimulatedOutlines& outlines, EyeFollower& follower,
                                  std::uint64_t frames, const std::stop_token& stop) {
  std::vector<FollowedFrame> followed;
  followed.reserve(frames);
  simulation::SimulatedOutline outline;
  for (std::uint64_t index = 0; index < frames && !stop.stop_requested(); ++index) {
    outlines.make(index, outline);
    if (!outline.observation) continue;
    followed.push_back(score_followed(outline.truth, follower.follow(frame_of(outline))));
  }
  return followed;
}

}  // namespace yarbus::benchmark
