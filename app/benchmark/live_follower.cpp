#include "app/benchmark/live_follower.h"

#include <utility>

#include "eyemodel/fit/predict.h"

namespace yarbus::benchmark {

using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds update_interval{200};

}  // namespace

LiveFollower::LiveFollower(const OnlineModelOptions& options, const CameraIntrinsics& intrinsics)
    : online_(options, intrinsics) {}

void LiveFollower::assimilate_at(CaptureTime now) {
  last_update_ = now;
  const auto start = Clock::now();
  FitOutcome outcome = online_.assimilate(pending_);
  if (on_update) on_update(Clock::now() - start);
  pending_.clear();
  if (outcome.model) model_ = std::move(*outcome.model);
}

std::optional<EyePose> LiveFollower::follow(const FitFrame& frame) {
  if (gate_.take(frame.observation, frame.captured_at)) pending_.push_back(frame);
  if (!model_ && !pending_.empty()) assimilate_at(frame.captured_at);
  std::optional<EyePose> pose;
  if (model_) {
    const auto start = Clock::now();
    pose = predict(*model_, frame.observation);
    if (on_predict) on_predict(Clock::now() - start);
  }
  if (!pending_.empty() && frame.captured_at - *last_update_ >= update_interval)
    assimilate_at(frame.captured_at);
  return pose;
}

}  // namespace yarbus::benchmark
