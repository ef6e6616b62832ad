#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "app/benchmark/model_follow.h"
#include "eyemodel/online/keyframe_gate.h"
#include "eyemodel/online/online_eye_model.h"

namespace yarbus::benchmark {

/// The product's live model in the order in which a live tracker works: a frame is predicted with the
/// snapshot at hand; of those that the keyframe gate takes, what has come together in a fifth of a second
/// gives the next snapshot. The very first frame is taken in at once, so that there is a model from then on.
class LiveFollower final : public EyeFollower {
 public:
  LiveFollower(const OnlineModelOptions& options, const CameraIntrinsics& intrinsics);
  std::optional<EyePose> follow(const FitFrame& frame) override;

  /// Called with what each update took; empty: nothing is timed.
  std::function<void(std::chrono::nanoseconds)> on_update;
  std::function<void(std::chrono::nanoseconds)> on_predict;
  [[nodiscard]] const std::optional<EyeModel>& model() const { return model_; }

 private:
  void assimilate_at(CaptureTime now);

  OnlineEyeModel online_;
  std::optional<EyeModel> model_;
  KeyframeGate gate_;
  std::vector<FitFrame> pending_;
  std::optional<CaptureTime> last_update_;
};

}  // namespace yarbus::benchmark
