#pragma once

#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/scene.h"
#include "eyemodel/types/simulated_truth.h"

namespace yarbus::simulation {

/// The pupil's outline as the camera sees it: `count` points of the pupil circle, each traced through the
/// cornea and projected through the lens. Frames & units: image as captured, px.
std::vector<Eigen::Vector2d> trace_pupil_outline(const Scene& scene, int count);

struct FittedEllipse {
  Ellipse ellipse;
  double max_residual_px = 0.0;  ///< first-order distance of the farthest point
};
/// Least-squares ellipse (Halir & Flusser 1998, in centred and scaled coordinates). nullopt for points that
/// no ellipse fits (fewer than 6, collinear).
std::optional<FittedEllipse> fit_ellipse_to_outline(std::span<const Eigen::Vector2d> points_px);

/// Where eye, axes and pupil are: all of truth_of but the two ellipses, which take most of its time.
SimulatedTruth placement_of(const Scene& scene);

/// All that follows from the scene's geometry; visible_fraction, time and events stay for whoever renders.
SimulatedTruth truth_of(const Scene& scene);

}  // namespace yarbus::simulation
