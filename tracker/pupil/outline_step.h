#pragma once

#include <optional>
#include <span>

#include "eyemodel/types/outline_shape.h"

namespace yarbus {

/// An edge measured along an outline's normal: the outline should move by `offset_px` there.
struct NormalOffset {
  double cos_phi = 1.0;
  double sin_phi = 0.0;
  double offset_px = 0.0;
  double sigma_px = 0.1;  ///< of the offset, from the image's noise
  double weight = 1.0;    ///< 0 leaves it out
};

/// Where an outline is expected: adds (x - x0)^T information (x - x0) to what a step minimises.
/// Space: that of OutlineCovariance; units: px, 1 / px^2.
struct OutlineExpectation {
  OutlineShape shape;
  OutlineCovariance information;
};

struct StepOptions {
  /// Variance of a mean over many offsets, in variances of one over their number (neighbours share pixels).
  double shared_noise_factor = 1.0;
  double spacing_px = 2.0;  ///< between neighbouring offsets along the outline
  /// The offsets' robust scale is read at this share of them, so up to the rest may be wrong.
  double trusted_share = 0.4;
  const OutlineExpectation* expectation = nullptr;
  /// Starts from an outline shifted by this instead of from the outline itself.
  Eigen::Vector2d first_shift_px = Eigen::Vector2d::Zero();
};

/// How well a moved outline is determined.
struct OutlineFit {
  OutlineCovariance covariance_px2 = OutlineCovariance::Zero();
  double residual_px = 0.0;   ///< robust standard deviation of the edges about the outline
  double inlier_share = 0.0;  ///< of the offsets that carry weight
};

/// One robust geometric step: moves the outline to the measured offsets by iteratively reweighted least
/// squares with Tukey's biweight. `residuals_px` (as many as offsets) receives what is left of each offset.
/// Frames & units: image, px. Method: offsets are linear in the five numbers of the shape, so one step is
/// exact to d^2 / (2 R) for a move by d. The covariance holds the offsets' noise, their misfit where
/// neighbours agree that the outline is not where an ellipse can be, and a floor of 0.1 % of the radius,
/// because a pupil is not an exact ellipse; misfit is taken as the same over a sixth of the outline. Errors:
/// nullopt when fewer than six offsets carry weight or the result is no ellipse (the shape is then
/// unchanged). No heap. Cost: about 5 us for 128 offsets.
std::optional<OutlineFit> move_outline(OutlineShape& shape, std::span<const NormalOffset> offsets,
                                       const StepOptions& options, std::span<double> residuals_px);

}  // namespace yarbus
