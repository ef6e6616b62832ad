#pragma once

#include <array>
#include <optional>
#include <span>

#include "calibration/mapping/fixations.h"
#include "calibration/mapping/gaze_mapper.h"
#include "calibration/mapping/geometric_fit.h"
#include "calibration/mapping/polynomial_regression.h"

namespace yarbus {

/// Gaze angles to the screen without any geometry: one polynomial for each eye and one for the mean of both
/// eyes' angles. Knows nothing of the eye's place: a camera that slips moves its gaze.
/// Frames & units: tangents of the angles about each eye's mean axis in cam, turned in their plane to the
/// screen's rows and columns: to a plane they lead by a second order at most, where angles would need a
/// third, which a grid of three by three targets cannot see. No heap per call.
class PolynomialMapper final : public GazeMapper {
 public:
  static constexpr int min_targets = 6;

  /// Targets in `left_out` are not used for that eye. Errors: input_empty if no eye has `least_targets`
  /// targets.
  static Result<PolynomialMapper> fit(std::span<const Fixation> fixations,
                                      std::span<const CalibrationSample> samples,
                                      std::span<const LeftOutTarget> left_out = {},
                                      int least_targets = min_targets);

  /// The same with the fitted variance scaled.
  [[nodiscard]] PolynomialMapper scaled(double fitted_scale) const {
    PolynomialMapper copy = *this;
    copy.fitted_scale_ = fitted_scale;
    return copy;
  }

  [[nodiscard]] std::string_view name() const override { return "polynomial"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override;

 private:
  /// An eye's angles, and the regression from them.
  struct Eye {
    Eigen::Matrix3d angle_frame_from_cam = Eigen::Matrix3d::Identity();
    double usual_variance_rad2 = 0.0;
    std::optional<PolynomialRegression> regression;
  };
  enum Source { right = 0, left = 1, both = 2 };

  [[nodiscard]] std::optional<Eigen::Vector2d> angles(const GazeRays& rays, Source source) const;
  [[nodiscard]] const std::optional<PolynomialRegression>& regression(Source source) const {
    return source == both ? both_ : eyes_[static_cast<std::size_t>(source)].regression;
  }
  void measure_sample_noise(std::span<const CalibrationSample> samples);

  std::array<Eye, 2> eyes_;
  std::optional<PolynomialRegression> both_;
  double fitted_scale_ = 1.0;
  std::array<Eigen::Matrix2d, 3> sample_noise_mm2_{Eigen::Matrix2d::Zero(), Eigen::Matrix2d::Zero(),
                                                   Eigen::Matrix2d::Zero()};
};

}  // namespace yarbus
