#pragma once

#include <optional>

#include "eyemodel/types/outline_shape.h"
#include "eyemodel/types/pupil_observation.h"
#include "eyemodel/types/pupil_prior.h"

namespace yarbus::test {

/// An outline as the next frame's prior: its centre may have moved by a quarter of the radius and its shape
/// changed by a twentieth (one standard deviation each).
inline PupilPrior prior_at(const Ellipse& ellipse) {
  PupilPrior prior{ellipse};
  const double radius_px = OutlineShape::from(ellipse).mean_radius_px();
  Eigen::Matrix<double, 5, 1> sigmas_px;
  sigmas_px << Eigen::Vector2d::Constant(0.25 * radius_px), Eigen::Vector3d::Constant(0.05 * radius_px);
  prior.covariance_px2 = sigmas_px.cwiseAbs2().asDiagonal();
  return prior;
}

/// What the frame after this one starts from, whatever the confidence.
inline std::optional<PupilPrior> prior_after(const PupilOutcome& outcome) {
  const auto* observation = std::get_if<PupilObservation>(&outcome);
  if (observation == nullptr) return std::nullopt;
  return prior_at(observation->ellipse);
}

}  // namespace yarbus::test
