#pragma once

#include <chrono>
#include <vector>

#include "app/benchmark/model_follow.h"
#include "eyemodel/online/online_eye_model.h"

namespace yarbus::benchmark {

/// The product's live model in the order in which a live tracker works: a frame is predicted with the
/// snapshot at hand, then every `frames_per_update` frames are taken in together and give the next snapshot.
/// The very first frame is taken in at once, so that there is a model from then on.
class LiveFollower final : public EyeFollower {
 public:
  static constexpr int frames_per_update = 12;  ///< five updates a second at 60 frames a second

  LiveFollower(const OnlineModelOptions& options, const CameraIntrinsics& intrinsics);
  std::optional<EyePose> follow(const FitFrame& frame) override;

  /// Called with what each update took; empty: nothing is timed.
  std::function<void(std::chrono::nanoseconds)> on_update;
  std::function<void(std::chrono::nanoseconds)> on_predict;
  [[nodiscard]] const std::optional<EyeModel>& model() const { return model_; }

 private:
  void assimilate();

  OnlineEyeModel online_;
  std::optional<EyeModel> model_;
  std::vector<FitFrame> pending_;
};

}  // namespace yarbus::benchmark
