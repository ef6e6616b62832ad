#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/fit/anatomy_prior.h"
#include "eyemodel/fit/refraction_evidence.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// What is known of an eye's shape before a set of frames is looked at: (x - mean)^T information (x - mean).
/// Frames & units: EyeShape, mm; information in 1/mm^2 and possibly of less than full rank.
struct ShapePrior {
  EyeShape mean = EyeShape::Zero();
  ModelCovariance information_per_mm2 = ModelCovariance::Zero();
};

/// That anatomy, nothing of the eye's place.
ShapePrior shape_prior(const AnatomyPrior& anatomy);

/// One frame inside a joint fit.
struct RefractionFrame {
  RefractionEvidence evidence;
  Ellipse ellipse;  ///< observed: where the turn starts from
  CaptureTime captured_at{};
  std::size_t index = 0;  ///< of the frame it was made from, for the caller
  PupilChart chart;
  EyeTurn turn = EyeTurn::Zero();  ///< about the chart
  std::size_t placement = 0;       ///< the eye's centre lies between this placement and the next ...
  double placement_share = 0.0;    ///< ... this share of the way
};

/// The joint fit's unknowns and data. Frames & units: cam, mm.
struct RefractionProblem {
  CameraIntrinsics intrinsics;                            ///< of the undistorted image
  std::vector<Eigen::Vector3d> eye_centers_in_cam_mm{1};  ///< at the placements, by rising time
  Eigen::Vector4d anatomy_mm = OpticalAnatomy{}.vector();
  ShapePrior prior;  ///< of the first placement and the anatomy
  std::vector<RefractionFrame> frames;
  /// Random walk between neighbouring placements (one standard deviation, mm). A longer way than a walk
  /// would go counts by the logarithm (Cauchy's loss): the headset slipped. Unused with one placement.
  double walk_mm = 0.01;
  bool holds_anatomy = false;

  [[nodiscard]] EyeShape shape(const RefractionFrame& frame) const;
};

/// What the way between two neighbouring placements costs.
double walk_cost(double way_mm, double walk_mm);

struct RefractionSolution {
  double cost = 0.0;  ///< half the sum of all squares, priors included
  int iterations = 0;
  bool is_usable = false;
  bool has_converged = false;
};

/// Solves the joint problem in place: Ceres, Levenberg-Marquardt, each frame's turn eliminated first (Schur
/// complement). Deterministic, one thread. Charts are moved to where the turns came to. Cost: about 1 ms a
/// frame.
RefractionSolution solve(RefractionProblem& problem, int max_iterations);

/// How many times their sigmas the glints of these frames are off their lights' mirror images, as their
/// median has it; at least 1, which is also where there are none. Glints are sharp: beside what is known of
/// an eye before they are used they lie tens of sigmas off, where a robust loss would leave all of them out.
/// And where the lights are not quite where the camera file says, they are to be believed no more than they
/// fit.
double glint_scatter(const RefractionProblem& problem);

/// solve(), with the glints' sigmas following their scatter from round to round until it no longer shrinks.
/// Without glints it is one solve().
RefractionSolution solve_with_glints(RefractionProblem& problem, int max_iterations);

/// A frame's normal equations of the shape after its own turn is eliminated, at the shape it is at.
struct ReducedEquations {
  ModelCovariance information = ModelCovariance::Zero();
  EyeShape right = EyeShape::Zero();
  BiasCoupling by_bias = BiasCoupling::Zero();
};
ReducedEquations eliminate_turn(const RefractionEquations& equations);

/// Of all frames together, each at its own placement.
ReducedEquations reduced_equations(const RefractionProblem& problem);

/// The shape's covariance: of information (priors included), and what a bias of the detector that all frames
/// share adds to it (Schmidt's considered parameters): P + (P c)(P c)^T.
ModelCovariance shape_covariance(const ModelCovariance& information_per_mm2, const BiasCoupling& by_bias);

}  // namespace yarbus
