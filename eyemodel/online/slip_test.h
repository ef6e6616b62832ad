#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "eyemodel/fit/refraction_problem.h"

namespace yarbus {

/// What a slip of the headset looks like. Units: mm; evidence as log likelihood ratio.
struct SlipOptions {
  double slip_mm = 2.5;         ///< standard deviation of what one slip moves the eye's centre
  double least_slip_mm = 0.15;  ///< a shorter way is drift
  double evidence = 100.0;      ///< from which a slip is believed
};

/// Tells "the eye turned in its socket" from "the headset moved" by how frames fit the model (innovation
/// test). An eye that turned fits as well as before; after a slip no turn fits. Glints
/// have no part in it: how sharply they are believed changes with the model. Frames & units: undistorted
/// image, px; cam, mm. Deterministic.
class SlipTest {
 public:
  explicit SlipTest(const SlipOptions& options) : options_(options) {}

  /// The cost up to which a frame counts as explained: lids and lashes spoil frames too, so what is usual
  /// counts.
  [[nodiscard]] double misfit_limit() const;
  /// Fits the frames' turns under the model and says which of them do not fit it, from the newest back: the
  /// place of the first frame of that run; frames.size() if the newest fits.
  std::size_t misfits_from(std::vector<RefractionFrame>& frames, const EyeShape& shape,
                           const CameraIntrinsics& intrinsics);
  /// May misfits be judged yet? One wrong outline can look like a slip for as long as the eye keeps still: it
  /// must have looked elsewhere, or some time must have passed.
  [[nodiscard]] static bool may_judge(std::span<const RefractionFrame> misfits);
  /// Do these frames (`problem.frames`, at the model's shape) fit a moved eye centre so much better that the
  /// headset must have slipped? Then that centre. `problem.prior` is the model with its centre opened by
  /// slip_mm.
  [[nodiscard]] std::optional<Eigen::Vector3d> slipped_center(const RefractionProblem& problem) const;
  /// Those of the frames that fit the shape, at their turns under it: frames from a slip's own course fit
  /// neither place.
  [[nodiscard]] std::vector<RefractionFrame> fitting(std::vector<RefractionFrame> frames,
                                                     const EyeShape& shape,
                                                     const CameraIntrinsics& intrinsics) const;

 private:
  static constexpr double usual_cost_at_first = 12.0;
  SlipOptions options_;
  double usual_cost_ = usual_cost_at_first;   ///< of one frame under the model
  std::optional<CaptureTime> counted_until_;  ///< each frame counts once in it
};

}  // namespace yarbus
