#pragma once

#include <string>

#include <Eigen/Core>

#include "calibration/mapping/fit_mappers.h"

// What the choices of near-eye and webcam mappers have in common, for fit_mappers.cpp and
// fit_webcam_mappers.cpp.

namespace yarbus {

/// A single target says no more than this (of its squared normal deviation, halved) about a mapper's scale.
constexpr double largest_square = 6.0;

/// Angle (deg) between two points of the screen (mm), seen from `origin_in_screen_mm`.
double angle_deg(const Eigen::Vector3d& origin_in_screen_mm, const Eigen::Vector2d& a,
                 const Eigen::Vector2d& b);

/// Sets `chosen` and `reason` by the rule of fit_mappers(); the first candidate is the geometric one. What is
/// only compared is named but never chosen.
void choose_mapper(MapperChoice& choice);

/// Chooses the one that was asked for; an empty name leaves the choice as it is. Errors: invalid_option.
Result<void> choose_by_name(const std::string& name, MapperChoice& choice);

}  // namespace yarbus
