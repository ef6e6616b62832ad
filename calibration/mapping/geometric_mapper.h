#pragma once

#include <array>
#include <optional>
#include <span>

#include <Eigen/Core>

#include "calibration/mapping/gaze_mapper.h"
#include "calibration/mapping/geometric_fit.h"

namespace yarbus {

/// One eye's line of sight on the screen, and how it would move.
struct EyeEstimate {
  Eigen::Vector2d point_in_screen_mm = Eigen::Vector2d::Zero();
  Eigen::Vector3d direction_in_screen = Eigen::Vector3d::UnitZ();  ///< of the visual axis
  Eigen::Matrix2d mm_by_rad = Eigen::Matrix2d::Zero();             ///< by turns on the direction's tangents
  Eigen::Matrix<double, 2, 8> mm_by_parameters = Eigen::Matrix<double, 2, 8>::Zero();
  double scatter_variance_rad2 = 0.0;
  double noise_ratio = 1.0;
};

/// Visual axis meets screen. The covariance holds the parameters' doubt, what the targets left over, and the
/// samples' noise, scaled by how sure the ray says it is. Frames & units: as GazeMapper. No heap per call.
class GeometricMapper final : public GazeMapper {
 public:
  /// The samples (those of the fit) tell how far single ones scatter. `fitted_scale`: of the variance that
  /// parameters and scatter give.
  GeometricMapper(GeometricFit fit, std::span<const CalibrationSample> samples, double fitted_scale = 1.0);

  [[nodiscard]] std::string_view name() const override { return "geometric"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override;
  [[nodiscard]] const GeometricFit& fit() const { return fit_; }

  /// nullopt if the eye was not fitted or looks away from the screen.
  [[nodiscard]] std::optional<EyeEstimate> estimate(EyeSide side, const EyeRay& ray) const;
  [[nodiscard]] std::optional<GazePoint> combine(const std::array<std::optional<EyeEstimate>, 2>& eyes) const;

 private:
  void measure_sample_noise(std::span<const CalibrationSample> samples);
  GeometricFit fit_;
};

}  // namespace yarbus
