#pragma once

#include <optional>

#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/outline_shape.h"
#include "eyemodel/types/pupil_prior.h"

namespace yarbus {

/// How an outline answers to the eye: derivatives of (center x, y, s_xx, s_xy, s_yy), px, by the gaze
/// direction's turn towards two tangent directions (px/rad) and by the pupil's radius (px/mm).
using OutlineByMotion = Eigen::Matrix<double, 5, 3>;

/// The pupil disc that a model has for a gaze direction and a radius, as the camera sees it.
struct ProjectedOutline {
  Ellipse captured;  ///< in the image as captured, lens included
  OutlineByMotion by_motion = OutlineByMotion::Zero();
};

/// Frames & units: unit direction in cam, radius in mm -> image as captured, px. The tangent directions are
/// those of PupilChart::about(gaze_dir_in_cam). Method: exact projection, the lens by the outline's moments;
/// derivatives by central differences through all of it. Errors: nullopt if the disc is behind the camera,
/// turned away from it or edge-on. Threads: concurrent-safe. Cost: about 10 us, no heap.
std::optional<ProjectedOutline> project_outline(const EyeModel& model, const Eigen::Vector3d& gaze_dir_in_cam,
                                                double radius_mm);

/// How far an eye is expected to get in one time step, saccades aside (one standard deviation).
struct ExpectedMotion {
  double gaze_rad = 0.0;         ///< towards each tangent direction
  double radius_fraction = 0.0;  ///< of the pupil's radius
};

/// Random walks: 4 degrees and a tenth of the radius in the root of a second. Measured on the recordings this
/// was made with, where 90 % of the steps between neighbouring confident frames are under 0.66 degrees at
/// 78 Hz, under 0.27 degrees at 25 Hz, and under 0.6 degrees at 30 Hz in the simulated eyes without their
/// saccades; radii there change by 0.6 % (90 %), by 1.2 % (rms) in the simulated eye whose pupil swings.
ExpectedMotion expected_motion(double step_s);

/// What the model expects the next frame to show, from the last pose.
/// Frames & units: poses in cam (mm) -> image as captured, px. Method: the gaze goes on turning as it did
/// since the pose before, if that was slower than 40 degrees a second (in simulated pursuit and drift this
/// takes the error from 4 % to 0.2 % of the radius); after a saccade, a step above 0.1 s or without
/// `before`, it stays. The
/// covariance is J diag(gaze, gaze, radius)^2 J^T of expected_motion() and project_outline(), so nearly of
/// rank three: given the centre the shape is nearly determined. Added to it is the model's own error, the
/// same in every direction: 1 % of the radius, and how far the model's outline was off the last one.
/// Errors: nullopt if that was more than 7 % of the radius (but at least 1 px): a wrong model must not steer;
/// or if the outline cannot be seen; or if the step is not a positive time.
/// `last`, `before`: of this model, `step_s` apart, as the next frame is from `last`.
/// Threads: concurrent-safe, deterministic. Cost: about 10 us, no heap.
std::optional<PupilPrior> predict_outline(const EyeModel& model, const EyePose& last, const EyePose* before,
                                          double step_s);

}  // namespace yarbus
