#pragma once

#include <array>
#include <optional>

#include "calibration/calibration_sample.h"
#include "eyemodel/types/iris_pair.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// What is known of one eye in one frame besides its ray.
struct EyeStatus {
  bool is_tracked = false;                    ///< a source feeds this eye
  bool has_model = false;                     ///< an eye model exists
  bool is_model_settled = false;              ///< and no longer changes with every fit
  std::optional<PupilMissReason> pupil_miss;  ///< why this frame shows no pupil; unset: it shows one
  double confidence = 0.0;                    ///< of the pupil, 0..1
  std::optional<double> mean_gray;            ///< of the eye's image, 0..255; unset: not measured
  bool in_blink = false;
  std::optional<FaceMissReason> face_miss;  ///< of a webcam: why this frame shows no iris

  [[nodiscard]] bool is_missed() const { return pupil_miss.has_value() || face_miss.has_value(); }
  [[nodiscard]] bool is_closed() const {
    return in_blink || pupil_miss == PupilMissReason::blink || face_miss == FaceMissReason::eyes_closed;
  }
};

/// What the procedure is fed with: both eyes at one time.
struct ProcedureFrame {
  GazeRays rays;
  std::array<EyeStatus, 2> status;  ///< indexed by EyeSide

  [[nodiscard]] CaptureTime at() const { return rays.captured_at; }
};

constexpr std::array<EyeSide, 2> eye_sides{EyeSide::right, EyeSide::left};
constexpr std::size_t index_of(EyeSide side) { return static_cast<std::size_t>(side); }

}  // namespace yarbus
