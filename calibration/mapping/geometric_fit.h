#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "calibration/calibration_sample.h"
#include "calibration/mapping/fixations.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus {

/// What is known before anybody looked at a target (docs/calibration-mapping.md gives the sources). One standard
/// deviation each.
struct GeometricOptions {
  double kappa_nasal_deg = 5.0;
  double kappa_nasal_sigma_deg = 2.0;
  double kappa_up_deg = 1.5;
  double kappa_up_sigma_deg = 1.5;
  double distance_sigma_share = 0.3;  ///< of ScreenGeometry::viewing_distance_mm
  double eye_across_sigma_mm = 60.0;  ///< from the screen's middle
  double eye_height_sigma_mm = 80.0;
  double interpupillary_mm = 63.0;
  double interpupillary_sigma_mm = 4.0;
  double facing_sigma_deg = 40.0;     ///< between the camera's axis and the way to the wearer
  double scatter_deg = 0.1;           ///< of a target's residual beside its noise, in each direction
  double scatter_prior_weight = 1.0;  ///< as so many residuals seen before
  bool one_camera = false;            ///< both eyes are in one camera's frame
  Result<void> validate() const;
};

constexpr int geometric_parameters = 16;
/// Kappa of the right eye (nasal, up; rad), of the left, then for each of the two cameras a turn about the
/// screen's axes (rad) and the place of its reference point in screen (mm).
using GeometricCovariance = Eigen::Matrix<double, geometric_parameters, geometric_parameters>;

/// Where an eye's camera is. Frames & units: cam, screen, mm.
struct CameraPlacement {
  Eigen::Matrix3d screen_from_cam_rotation = Eigen::Matrix3d::Identity();
  Eigen::Vector3d reference_in_cam_mm = Eigen::Vector3d::Zero();  ///< the mean of the eye's centre
  Eigen::Vector3d reference_in_screen_mm = Eigen::Vector3d::Zero();
  [[nodiscard]] RigidTransform screen_from_cam() const {
    return {screen_from_cam_rotation,
            reference_in_screen_mm - screen_from_cam_rotation * reference_in_cam_mm};
  }
};

/// One eye's kappa and what its targets left over.
struct FittedEye {
  Eigen::Vector2d kappa_rad = Eigen::Vector2d::Zero();  ///< nasal, up
  int camera = 0;
  Eigen::Vector3d center_in_screen_mm = Eigen::Vector3d::Zero();  ///< where it was on average
  double scatter_rad = 0.0;  ///< of a target's residual beside its noise, in each direction
  /// How much wider a normal region must be for 68 %, since the scatter is itself estimated; of the variance.
  double student_factor = 1.0;
};

/// One parameter for people to read.
struct FittedParameter {
  std::string name;  ///< "kappa nasal, right eye"
  std::string unit;  ///< "deg" or "mm"
  double value = 0.0;
  double sigma = 0.0;
  double prior_sigma = 0.0;
  bool from_data = false;  ///< the targets halved its variance at least
};

/// A target that fits no position of the screen, in a way that noise does not explain.
struct LeftOutTarget {
  int target = 0;
  EyeSide eye = EyeSide::right;
  double residual_deg = 0.0;
};

/// The physical model fitted to the fixations.
struct GeometricFit {
  std::array<std::optional<FittedEye>, 2> eyes;  ///< by EyeSide
  std::array<CameraPlacement, 2> cameras;
  GeometricCovariance covariance = GeometricCovariance::Zero();  ///< posterior
  double scatter_correlation = 0.0;                              ///< between the eyes, -1..1
  /// Of one sample about its target's mean: (across, down) of the right eye, then of the left, rad^2, and
  /// the stated axis variance that goes with it (0: not stated).
  Eigen::Matrix4d sample_noise_rad2 = Eigen::Matrix4d::Zero();
  Eigen::Vector2d stated_variance_rad2 = Eigen::Vector2d::Zero();
  std::vector<FittedParameter> parameters;
  std::vector<LeftOutTarget> left_out;
  bool converged = false;
  double rms_deg = 0.0;  ///< of the targets that were used

  [[nodiscard]] const std::optional<FittedEye>& eye(EyeSide side) const {
    return eyes[static_cast<std::size_t>(side)];
  }
  /// Names of the parameters that the targets left to the population.
  [[nodiscard]] std::vector<std::string> from_priors() const;
  /// Where an eye was in screen (mm) on average.
  [[nodiscard]] std::optional<Eigen::Vector3d> eye_in_screen_mm(EyeSide side) const;
};

/// Which columns of the parameters an eye's line of sight depends on: kappa, turn, place.
std::array<int, 8> parameter_columns(EyeSide side, int camera);

/// Fits kappa and the cameras' places to the fixations.
/// Method: maximum a posteriori with Ceres on the targets' means: angles between visual axis and target,
/// weighted by the mean's covariance and by a scatter that both eyes share in part (docs/calibration-mapping.md).
/// First Cauchy's loss, which finds targets that fit nowhere; they are left out (at most a third of them),
/// then Huber's. `start`: a fit to begin with, whose scatter and left-out targets are kept; so a fit to all
/// targets but one is quick. Deterministic. Errors: invalid_option; input_empty for fewer than `min_targets`
/// targets or none apart.
Result<GeometricFit> fit_geometric(std::span<const Fixation> fixations, const ScreenGeometry& screen,
                                   const GeometricOptions& options = {}, const GeometricFit* start = nullptr,
                                   int min_targets = 3);

/// How much wider (in variance) a two-dimensional normal region must be to hold 68 % where its scale has been
/// estimated from `degrees` residuals: F(2, degrees) at 0.68 over its limit. Units: none.
double student_factor(double degrees);

}  // namespace yarbus
