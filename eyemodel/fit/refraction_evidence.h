#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/fit/refracted_frame.h"
#include "eyemodel/types/corneal_features.h"
#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// One image point and how much it counts. Frames & units: undistorted image, px.
struct WeighedPoint {
  Eigen::Vector2d position_px = Eigen::Vector2d::Zero();
  double sigma_px = 1.0;
  /// How the detector's bias moves it outward: all points alike, and as cos and sin of twice the angle about
  /// the pupil's centre. Zero: not at all.
  Eigen::Vector3d by_bias = Eigen::Vector3d::Zero();
};

/// The detector's bias: three parts of an outline's deformation (WeighedPoint::by_bias), then all glints' way
/// aside in x and y, that are the same in every frame of a recording, so that no number of frames averages
/// them out. In units of its standard deviation, so that its covariance is the identity.
constexpr int bias_parts = 5;
using BiasCoupling = Eigen::Matrix<double, 7, bias_parts>;

/// What one frame tells a refraction-aware fit. Edges are thinned evenly: more add time, not information.
struct RefractionEvidence {
  static constexpr std::size_t max_pupil_points = 48;
  static constexpr std::size_t max_residuals = max_pupil_points + max_limbus_points + 2 * max_glints + 1;
  FixedVector<WeighedPoint, max_pupil_points> pupil;
  FixedVector<WeighedPoint, max_limbus_points> limbus;
  /// Mirror images of the camera's lights, sigma in each direction. Which light made which is open: each is
  /// compared with the nearest.
  FixedVector<WeighedPoint, max_glints> glints;
  /// The glints' sigmas are so many times larger: as long as the model is off by more than they are.
  double glint_scale = 1.0;

  /// The observation's edge points, or points of its ellipse when it has too few (fewer than 6), with sigmas
  /// from its covariance then. Sigmas carry the detector's systematic part too (systematic_sigma_px), and are
  /// scaled so that however many points stand for an outline, they count as `independent_points`;
  /// where the points scatter about their ellipse by more than their sigmas say, sigmas follow the scatter.
  /// Without glints: they tell nothing where no lights are known.
  static RefractionEvidence from(const PupilObservation& undistorted, const CornealFeatures& features = {});
  /// With them where `camera` has lights.
  static RefractionEvidence from(const FitFrame& frame, const CameraIntrinsics& camera);
  [[nodiscard]] RefractionEvidence without_glints() const;
  /// Every `step`th point of the pupil's outline alone: enough for coming near.
  [[nodiscard]] RefractionEvidence thinned(std::size_t step) const;
};

/// A glint and the light whose mirror image is nearest to it.
struct MatchedGlint {
  Eigen::Vector2d off_px = Eigen::Vector2d::Zero();  ///< from the glint to the mirror image
  RefractionRows rows;                               ///< of the mirror image
};
/// Errors: nullopt if the cornea mirrors no light.
std::optional<MatchedGlint> match_glint(const Eigen::Vector2d& glint_px, const RefractedFrame& frame,
                                        bool with_rows);

/// A limbus that is hardly ever found is more likely something else each time it is: a lid, a spectacle's
/// rim. `found` of `frames` frames have one.
inline bool is_limbus_credible(std::size_t found, std::size_t frames) {
  constexpr double least_share = 0.08;
  constexpr std::size_t fewest = 3;
  return found >= fewest && static_cast<double>(found) >= least_share * static_cast<double>(frames);
}

/// Normal equations of one frame about a shape and a turn: cost(step) = cost - right . step + step . matrix .
/// step / 2, over RefractionRow's parameters. The cost is half the sum of the robust squared distances in
/// sigmas, k^2 e^2 / (k^2 + e^2) each (Geman & McClure): a point whose ray misses the cornea costs the most
/// that a point can, k^2, so that missing is never rewarded. A glint's distance is that to the nearest
/// light's mirror image, so that a gleam that no light made costs no more than k^2 either.
struct RefractionEquations {
  Eigen::Matrix<double, refraction_parameters, refraction_parameters> matrix;
  Eigen::Matrix<double, refraction_parameters, 1> right;
  Eigen::Matrix<double, refraction_parameters, bias_parts> by_bias;  ///< of `right`
  double cost = 0.0;
  double squares_px2 = 0.0;  ///< of the pupil's distances, robust weights applied
  double weights = 0.0;
  double glint_weights = 0.0;  ///< near the number of glints that fit
};

/// Cost alone, with no derivatives.
double refraction_cost(const RefractionEvidence& evidence, const RefractedFrame& frame);
RefractionEquations refraction_equations(const RefractionEvidence& evidence, const RefractedFrame& frame);

/// Residuals for a least-squares solver whose half sum of squares is refraction_cost(): one a point, pupil
/// first, two a glint, and one for the frame. A point's residual is its distance in sigmas times the square
/// root of its weight, and so is its derivative in `rows` (or nullptr): rows^T residuals is the exact
/// gradient and rows^T rows the matrix of reweighted least squares, which converges where that of the robust
/// residuals does not; the last residual holds what the loss is beside the points' squares, with no
/// derivative of its own.
inline std::size_t refraction_residual_count(const RefractionEvidence& evidence) {
  return evidence.pupil.size() + evidence.limbus.size() + 2 * evidence.glints.size() + 1;
}
void refraction_residuals(const RefractionEvidence& evidence, const RefractedFrame& frame, double* residuals,
                          RefractionRow* rows);

/// The frame's own turn that fits best under a fixed shape, and what it says about the shape.
struct TurnFit {
  EyeTurn turn;                   ///< about `chart`
  RefractionEquations equations;  ///< there
};
/// Covariance of a turn (rad, rad, mm), from the frame's own noise and from what the shape's covariance
/// leaves open: H_tt^-1 + K C K^T with K = -H_tt^-1 H_tx. No heap.
using TurnCovariance = Eigen::Matrix3d;
TurnCovariance turn_covariance(const RefractionEquations& equations,
                               const ModelCovariance& shape_covariance_mm2);

/// Levenberg-Marquardt in three parameters from a start; the radius stays within 0.3 and 6 mm. Errors:
/// nullopt if the start cannot be seen or the result is not finite. Cost: about 50 us. No heap.
std::optional<TurnFit> fit_turn(const RefractionEvidence& evidence, const EyeShape& shape,
                                const PupilChart& chart, const EyeTurn& start,
                                const CameraIntrinsics& intrinsics, int max_iterations = 10);

/// A turn to start from: the pupil's centre ray meets the sphere on which the apparent pupil's centre
/// travels. Errors: nullopt if it misses.
std::optional<EyeTurn> starting_turn(const Ellipse& ellipse, const EyeShape& shape,
                                     const CameraIntrinsics& intrinsics, PupilChart& chart);

}  // namespace yarbus
