#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/simulation/simulated_outlines.h"

namespace yarbus::benchmark {

/// What follows one eye frame by frame: the live model, or a stand-in whose errors are known. One owner.
class EyeFollower {
 public:
  EyeFollower() = default;
  EyeFollower(const EyeFollower&) = delete;
  EyeFollower& operator=(const EyeFollower&) = delete;
  virtual ~EyeFollower() = default;
  /// The pose of the frame, from what was known before it; then the frame may be learnt from.
  virtual std::optional<EyePose> follow(const FitFrame& frame) = 0;
};

/// Makes a follower that has seen nothing yet, for the eye whose outlines these are.
using MakeFollower = std::function<std::unique_ptr<EyeFollower>(const simulation::SimulatedOutlines&)>;

/// One frame that shows an outline, scored. NaN: no pose, or none that says how sure it is.
struct FollowedFrame {
  double time_s = 0.0;
  double gaze_error_deg = 0.0;
  /// Share (0..1) of the smallest of the stated gaze regions that holds the truth: evenly spread over 0..1 if
  /// the statement is honest, below p in a share p of the frames.
  double region_share = 0.0;
  double stated_68_deg = 0.0;  ///< half-angle of the circle as large as the stated 68 % region
};

/// Share of the smallest region of a two-dimensional normal distribution that reaches so far.
double region_share_of(double mahalanobis_squared);

FitFrame frame_of(const simulation::SimulatedOutline& outline);

FollowedFrame score_followed(const SimulatedTruth& truth, const std::optional<EyePose>& pose);

/// Shows the follower the first `frames` frames; those without an outline are no part of what comes back. A
/// stop ends it early.
std::vector<FollowedFrame> follow(simulation::SimulatedOutlines& outlines, EyeFollower& follower,
                                  std::uint64_t frames, const std::stop_token& stop);

}  // namespace yarbus::benchmark
