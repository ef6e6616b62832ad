#pragma once

#include <span>
#include <stop_token>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/online/known_eye.h"
#include "eyemodel/online/online_eye_model.h"

namespace yarbus {

/// The offline mode of the online model (4D-Var, weak constraint): one anatomy for the whole recording, and
/// the eye's centre as a path that fits all frames at once, later ones too. Method: the online model runs
/// over the frames by rising time and shows where slips were; then placements a tenth of a second apart,
/// linear between, are fitted jointly with all frames' turns and the anatomy. From one placement to the next
/// the centre walks as far as it drifts; a longer way counts by Cauchy's loss, so that a slip stays a jump.
/// Of a known wearer the anatomy, and where it means the same the place at the first frame, are the prior
/// (prior_from_known_eye) instead of the population and the first pupil.
/// Frames & units: undistorted image (px) -> EyeModel::placements in cam (mm). Errors: as fit_eye_model();
/// frames whose times do not rise through more than a second are fitted as if the headset sat still, unless
/// the wearer is known.
/// Deterministic, independent of the order of `frames`. Cost: linear in frames, about 10 ms each. `stop` ends
/// it early with failure `diverged`.
FitOutcome smooth_recording(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                            const FitOptions& options, const OnlineModelOptions& online_options,
                            const KnownEye& known = {}, const std::stop_token& stop = {});

}  // namespace yarbus
