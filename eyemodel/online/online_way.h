#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/online/known_eye.h"
#include "eyemodel/online/online_eye_model.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// The way that the online model took over a recording. Frames & units: cam, mm. Memory: some 50 bytes an
/// update.
class OnlineWay {
 public:
  /// What the model gave after frames up to `at`; outcomes without a model are left out. False: time went
  /// back, nothing is added.
  bool add(CaptureTime at, const FitOutcome& outcome, bool suspects_slip);

  [[nodiscard]] bool is_empty() const { return way_.empty(); }
  /// The model at its end. YARBUS_CHECK: not empty.
  [[nodiscard]] const EyeModel& last() const;
  /// The last covariance (mm^2) that no suspected slip widens.
  [[nodiscard]] const ModelCovariance& covariance_mm2() const { return covariance_mm2_; }
  /// Where the eye's centre was taken to be from then on. YARBUS_CHECK: not empty.
  [[nodiscard]] Eigen::Vector3d center_at(CaptureTime at) const;
  /// Where the eye was taken to be at last before each slip, and at the end.
  [[nodiscard]] std::vector<EyePlacement> rests() const;

 private:
  std::vector<EyePlacement> way_;
  std::vector<EyePlacement> before_slips_;
  std::optional<EyeModel> last_;
  ModelCovariance covariance_mm2_ = ModelCovariance::Zero();
};

/// Takes an online model over frames of rising time, a fifth of a second at once. `known`: as
/// OnlineEyeModel::begin_with().
OnlineWay run_online_model(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                           const OnlineModelOptions& options, const KnownEye& known,
                           const std::stop_token& stop);

}  // namespace yarbus
