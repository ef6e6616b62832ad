#pragma once

#include <span>

#include <Eigen/Core>

namespace yarbus {

/// How far gaze strayed during a fixation: the largest angle between any two of its directions, deg; 0 for
/// fewer than two. Single-sample spikes are removed first (median_direction), as the search for fixations
/// does. Frames & units: unit directions of one frame of reference, within some degrees of each other, in
/// order of time. Method: only directions on the convex hull, across the mean, are compared. Cost: n log n.
double fixation_extent_deg(std::span<const Eigen::Vector3d> directions);

}  // namespace yarbus
