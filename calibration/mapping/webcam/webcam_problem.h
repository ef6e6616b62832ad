#pragma once

#include <array>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <ceres/problem.h>

#include "calibration/mapping/webcam/webcam_geometry.h"

namespace yarbus {

/// What the fit works on: the geometry, and by how much each target was missed.
struct WebcamState {
  WebcamGeometry geometry;
  std::vector<std::array<double, 2>> miss_mm;  ///< by target, on the screen
};

/// The residual of a bundle's eye (rad, to image right and down): the iris as seen minus as predicted.
Eigen::Vector2d iris_residual_rad(const WebcamState& state, const FaceBundle& bundle, std::size_t eye);

/// Of the iris directions of both eyes (across, down of the right, of the left): what the sight states, the
/// head's pose and the fitted rest. Rows and columns of an eye that is absent are zero.
Eigen::Matrix4d iris_covariance_rad2(const WebcamGeometry& geometry, const FaceBundle& bundle);

/// The least-squares problem about a state, which it changes in place.
class WebcamProblem {
 public:
  /// `eye_centers_in_head_mm`: as known before.
  WebcamProblem(std::span<const FaceBundle> bundles,
                const std::array<Eigen::Vector3d, 2>& eye_centers_in_head_mm, const WebcamPriors& priors,
                WebcamState& state);

  /// The cost it came to; nullopt if it did not settle on finite values.
  std::optional<double> solve(int most_iterations);
  /// Inverse of J'J: of webcam_parameters, then of the misses. What is absent is zero.
  [[nodiscard]] Eigen::MatrixXd covariance();

 private:
  void add_bundles(std::span<const FaceBundle> bundles);
  void add_eye_priors(const std::array<Eigen::Vector3d, 2>& centers_mm, const WebcamPriors& priors);
  void add_screen_prior(const WebcamPriors& priors);

  WebcamState& state_;
  ceres::Problem problem_;
};

}  // namespace yarbus
