#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/online/known_eye.h"
#include "eyemodel/online/online_eye_model.h"

namespace yarbus {

/// Work for the fit thread: everything it needs, by value.
struct FitJob {
  enum class Kind : std::uint8_t {
    fit,         ///< all frames at once (fit_eye_model)
    smooth,      ///< all frames of a recording, slips followed (smooth_recording)
    assimilate,  ///< what is new, into the online model
  } kind = Kind::fit;
  std::uint64_t base_version = 0;
  std::uint64_t online_model = 0;  ///< which online model it belongs to; another number begins a new one
  std::vector<FitFrame> frames;
  CameraIntrinsics intrinsics;
  FitOptions options;
  OnlineModelOptions online_options;
  KnownEye known;  ///< what a new online model, or the smoother, begins with
};

/// Runs fit jobs one after another and holds the online model between them. Threads: one owner.
class ModelFitter {
 public:
  FitOutcome run(const FitJob& job, const std::stop_token& stop = {});

 private:
  std::optional<OnlineEyeModel> online_;
  std::uint64_t online_model_ = 0;
};

}  // namespace yarbus
