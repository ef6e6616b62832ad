#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/fit/refraction_problem.h"

namespace yarbus {

/// Eye centres from which a refraction-aware fit may start. Frames & units: cam, mm.
/// Method: the closed-form model of the unoptimised stage, brought from its eyeball radius to the distance at
/// which the apparent pupil really turns, and as it is nearer (without a cornea an eye seems deeper than it
/// is); and, for when the closed form has too little to go by, an eye of the population behind the pupils
/// that looks about the camera, at two depths. Which is right is not decided here: a wrong one leads to a
/// wrong minimum, whose cost tells it. Never empty if any frame has a valid ellipse.
std::vector<Eigen::Vector3d> starting_centers(std::span<const FitFrame> frames,
                                              const CameraIntrinsics& intrinsics);

/// The prior of a person of whom one frame is known: that anatomy; the eye's centre behind the pupil, at
/// the depth at which a pupil of usual size looks as large, its gaze within some 20 degrees of the camera.
/// Errors: information of zero for the centre if the ellipse is not valid.
ShapePrior prior_from_first_frame(const Ellipse& ellipse, const CameraIntrinsics& intrinsics,
                                  const AnatomyPrior& anatomy);

/// A place where the eye may be, as long as several are possible. Frames & units: cam, mm.
struct EyeMinimum {
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();
  double cost = 0.0;
  double weight = 0.0;  ///< share of the probability among all minima found
};

/// The frames of a problem that find_minima() looks at: at most ten, evenly chosen.
std::vector<RefractionFrame> compared_frames(const std::vector<RefractionFrame>& frames);

/// The minima that a joint fit of the problem's compared_frames() reaches from each start, anatomy held, each
/// once, best first. Weights compare costs as if a third of
/// them were noise, for model errors are in them too. Empty if no start can be seen in all of these frames.
std::vector<EyeMinimum> find_minima(const RefractionProblem& problem,
                                    std::span<const Eigen::Vector3d> starts);

/// Puts every frame's turn where its ellipse has it under the problem's shape, and leaves out those frames
/// for which there is none. Returns how many stay.
std::size_t start_turns(RefractionProblem& problem);

}  // namespace yarbus
