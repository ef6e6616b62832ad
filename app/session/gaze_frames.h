#pragma once

#include <array>
#include <optional>
#include <span>

#include "app/session/binocular_pairing.h"
#include "app/session/gaze_rays.h"
#include "calibration/procedure/procedure_frame.h"

namespace yarbus {

/// One eye in one frame: what calibration and mapping take from its sample.
struct EyeGlance {
  CaptureTime at{};
  std::optional<EyeRay> ray;
  EyeStatus status;

  static EyeGlance of(const GazeSample& sample) {
    return {sample.frame->captured_at, eye_ray_of(sample), eye_status_of(sample)};
  }
};

/// A webcam's frame, which shows both.
struct FaceGlance {
  ProcedureFrame frame;
  std::optional<Eigen::Vector2d> true_gaze_in_screen_mm;  ///< of a simulated face

  static FaceGlance of(const GazeSample& sample) {
    FaceGlance glance{face_frame_of(sample), std::nullopt};
    if (const auto& truth = sample.frame->face_truth)
      glance.true_gaze_in_screen_mm = truth->gaze_in_screen_mm;
    return glance;
  }
};

/// Makes frames of both eyes from the samples of two eyes as they come, each sample in one frame only: a
/// sample waits for the other eye's of the same time, but no longer than until its own successor. An eye that
/// has not been seen for a quarter of a second is not waited for. Where one camera is clearly slower, the
/// other's samples in between are left out. A frame has the later of the two times.
/// Threads: one owner. No heap.
class GazeFrames {
 public:
  /// At most three frames, oldest first, with rising times; valid until the next call.
  std::span<const ProcedureFrame> push(EyeSide eye, const EyeGlance& glance);
  /// The eye's source was closed, opened or wound back.
  void restart(EyeSide eye);

 private:
  void emit(CaptureTime at);
  void take(ProcedureFrame& frame, EyeSide eye);

  std::array<std::optional<EyeGlance>, 2> waiting_;
  std::array<FrameInterval, 2> intervals_;
  std::optional<CaptureTime> last_;
  std::array<ProcedureFrame, 3> frames_;
  std::size_t count_ = 0;
};

}  // namespace yarbus
