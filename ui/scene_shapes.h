#pragma once

#include <QPolygonF>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/eye_model.h"

namespace yarbus::ui {

/// Of a two-dimensional normal distribution within one sigma: 1 - exp(-1/2).
constexpr double one_sigma_share = 0.3934693402873666;
/// The share of the region that is drawn about the gaze.
constexpr double drawn_share = 0.68;

/// The round base of a cone of that half-angle about the gaze, `length_mm` in front of its apex, the pupil's
/// centre. Half-angles above 60 degrees are drawn as 60. Frames & units: cam, mm.
Circle3 cone_base(const Circle3& pupil_in_cam, double half_angle_rad, double length_mm);

/// The cornea as it is drawn: rings of its sphere from the limbus to the apex. Frames & units: cam, mm.
/// Empty if the limbus is no part of the sphere.
std::vector<Circle3> cornea_rings(const OpticalAnatomy& anatomy, const Eigen::Vector3d& eye_center_in_cam_mm,
                                  const Eigen::Vector3d& gaze_dir_in_cam);

/// Radius of the eyeball that meets the cornea at the limbus, mm; nullopt as above.
std::optional<double> sclera_radius_mm(const OpticalAnatomy& anatomy);

/// The smallest convex polygon that holds all points: the silhouette of a convex solid whose points they are.
QPolygonF convex_hull(QPolygonF points);

}  // namespace yarbus::ui
