#pragma once

#include <array>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <ceres/problem.h>

#include "calibration/mapping/geometric_fit.h"
#include "calibration/mapping/geometric_model.h"

namespace yarbus {

/// What a geometric fit works on. Units as GeometricCovariance.
struct GeometricState {
  std::array<bool, 2> has_eye{};
  std::array<int, 2> camera{};
  std::array<std::array<double, 2>, 2> kappa_rad{};
  std::array<std::array<double, 6>, 2> pose{};  ///< the turn is in front of `start`
  std::array<geometric_model::CameraStart, 2> start;
  std::array<double, 2> scatter_rad{};
  double scatter_correlation = 0.5;

  /// Moves the turns into the starts.
  void absorb_turns();
  /// Angle (rad) from the target to where the eye looks, on the target's tangents.
  [[nodiscard]] Eigen::Vector2d residual_rad(const Fixation& fixation, std::size_t eye) const;
  /// Direction from the eye to the target in screen.
  [[nodiscard]] Eigen::Vector3d target_direction(const Fixation& fixation, std::size_t eye) const;
};

/// Which eyes of which fixations take part.
using UsedEyes = std::vector<std::array<bool, 2>>;

enum class TargetLoss { cauchy, huber };

/// The least-squares problem about a state, which it changes in place.
class GeometricProblem {
 public:
  GeometricProblem(std::span<const Fixation> fixations, const UsedEyes& used, const ScreenGeometry& screen,
                   const GeometricOptions& options, TargetLoss loss, GeometricState& state);

  /// Returns whether it converged to finite values.
  bool solve();
  /// J'J of the targets (with their loss) and of the priors. Rows and columns of what is absent are zero.
  [[nodiscard]] GeometricCovariance target_information();
  [[nodiscard]] GeometricCovariance prior_information();

 private:
  void add_targets(std::span<const Fixation> fixations, const UsedEyes& used, TargetLoss loss);
  void add_priors(const ScreenGeometry& screen, const GeometricOptions& options);
  GeometricCovariance information(const std::vector<ceres::ResidualBlockId>& blocks);

  GeometricState& state_;
  ceres::Problem problem_;
  std::vector<ceres::ResidualBlockId> targets_;
  std::vector<ceres::ResidualBlockId> priors_;
};

}  // namespace yarbus
