#pragma once

#include <memory>
#include <span>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/types/options.h"

namespace yarbus {

/// How the online model takes in the world.
struct OnlineModelOptions {
  int window_frames = 48;             ///< observations kept open; older ones live on in the background
  double drift_mm_per_sqrt_s = 0.02;  ///< random walk of the eye's centre while the headset sits still
  double slip_mm = 2.5;               ///< standard deviation of what one slip of the headset moves
  double least_slip_mm = 0.15;        ///< a shorter way is drift, which needs no opening
  double slip_evidence = 100.0;       ///< log likelihood ratio from which a slip is believed; lids cost tens

  static std::span<const OptionField<OnlineModelOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// The eye model that lives: assimilates new observations against a background estimate (3D-Var),
/// J(x) = (x - x_b)^T B^-1 (x - x_b) + sum (y - H(x))^T R^-1 (y - H(x)), and follows slippage.
/// Frames & units: undistorted image (px) -> model in cam (mm). Threads: one owner; snapshots are values.
/// Deterministic: no clock but the frames'. Bounded memory and time per update.
class OnlineEyeModel {
 public:
  OnlineEyeModel(const OnlineModelOptions& options, const CameraIntrinsics& intrinsics);
  ~OnlineEyeModel();
  OnlineEyeModel(OnlineEyeModel&&) noexcept;
  OnlineEyeModel& operator=(OnlineEyeModel&&) noexcept;

  /// Starts from what is known of this wearer instead of the population (prior_from_known_eye): anatomy, and
  /// with `uses_place` where the eye was. Before the first frame; `known` has a covariance of full rank.
  void begin_with(const EyeModel& known, bool uses_place = true);
  /// Takes in frames (rising time), updates, and gives the model they lead to; its report names slips and
  /// what is still from the population. From the first frame on there is a model.
  FitOutcome assimilate(std::span<const FitFrame> frames);
  /// Do the last frames look as if a slip were under way? The model's covariance allows for it then.
  [[nodiscard]] bool suspects_slip() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
