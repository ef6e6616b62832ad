#include "app/benchmark/live_follower.h"

#include <utility>

#include "eyemodel/fit/predict.h"

namespace yarbus::benchmark {

using Clock = std::chrono::steady_clock;

LiveFollower::LiveFollower(const OnlineModelOptions& options, const CameraIntrinsics& intrinsics)
    : online_(options, intrinsics) {
  pending_.reserve(frames_per_update);
}

void LiveFollower::assimilate() {
  const auto start = Clock::now();
  FitOutcome outcome = online_.assimilate(pending_);
  if (on_update) on_update(Clock::now() - start);
  pending_.clear();
  if (outcome.model) model_ = std::move(*outcome.model);
}

std::optional<EyePose> LiveFollower::follow(const FitFrame& frame) {
  pending_.push_back(frame);
  if (!model_) assimilate();
  std::optional<EyePose> pose;
  if (model_) {
    const auto start = Clock::now();
    pose = predict(*model_, frame.observation);
    if (on_predict) on_predict(Clock::now() - start);
  }
  if (pending_.size() >= static_cast<std::size_t>(frames_per_update)) assimilate();
  return pose;
}

}  // namespace yarbus::benchmark
