#pragma once

#include <array>
#include <optional>
#include <span>

#include <Eigen/Core>

#include "calibration/mapping/gaze_mapper.h"
#include "calibration/mapping/webcam/face_frames.h"
#include "calibration/mapping/webcam/patch_pixels.h"

namespace yarbus {

/// What web pages do (Papoutsaki et al. 2016): ridge regression from both eyes' 10 x 6 equalised gray levels
/// (0..255, 120 numbers, no constant) to the screen, ridge 1e-5. For one eye alone it has 60 numbers of that
/// eye. Knows nothing of the head. No heap per call.
class PatchRidge final : public GazeMapper {
 public:
  static constexpr double peer_ridge = 1e-5;
  /// `variance_mm2`: stated of every point.
  static PatchRidge fit(std::span<const FaceTarget> targets, double variance_mm2, double ridge = peer_ridge);

  [[nodiscard]] PatchRidge scaled(double scale) const {
    PatchRidge copy = *this;
    copy.variance_mm2_ *= scale;
    return copy;
  }
  [[nodiscard]] std::string_view name() const override { return "ridge"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override;

 private:
  enum Source { right = 0, left = 1, both = 2 };
  using Features = Eigen::Matrix<double, 2 * small_patch_pixels, 1>;
  static std::optional<Features> features(const GazeRays& rays, Source source);

  std::array<std::optional<Eigen::Matrix<double, 2 * small_patch_pixels, 2>>, 3> weights_;
  double variance_mm2_ = 0.0;
};

}  // namespace yarbus
