#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/frame.h"
#include "eyemodel/types/iris_pair.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// Time spent on one frame, by stage.
struct StageTimings {
  std::chrono::nanoseconds detect{};
  std::chrono::nanoseconds predict{};
  std::chrono::nanoseconds total{};  ///< from capture (live) or decode (file) to the finished sample
};

/// Everything known about one frame. Immutable once published; holds its frame.
struct GazeSample {
  FramePtr frame;
  PupilOutcome pupil;           ///< in the image as captured (distorted)
  std::optional<EyePose> pose;  ///< absent without a model or a pupil
  EyeModelPtr model;            ///< the one snapshot used for this sample; null before the first fit
  /// Of a webcam, in the image as captured; then there is neither pupil, pose nor model.
  std::optional<FaceOutcome> face;
  bool in_blink = false;
  StageTimings timings;

  [[nodiscard]] std::uint64_t model_version() const { return model ? model->version : 0; }
  [[nodiscard]] const PupilObservation* observation() const { return std::get_if<PupilObservation>(&pupil); }
  [[nodiscard]] const PupilMiss* miss() const { return std::get_if<PupilMiss>(&pupil); }
};
using GazeSamplePtr = std::shared_ptr<const GazeSample>;

}  // namespace yarbus
