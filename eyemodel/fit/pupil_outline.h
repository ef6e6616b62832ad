#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"

namespace yarbus {

/// A pupil disc tangent to the eyeball, as the fits vary it: gaze = normalise(base + (a u + b v) / R) about a
/// base direction with tangents u, v, so that a and b are millimetres on the sphere and there is no pole;
/// centre = eye centre + R gaze; radius in mm. Frames & units: cam, mm.
struct PupilChart {
  Eigen::Vector3d base_in_cam = -Eigen::Vector3d::UnitZ();
  Eigen::Vector3d u_in_cam = Eigen::Vector3d::UnitX();
  Eigen::Vector3d v_in_cam = Eigen::Vector3d::UnitY();

  static PupilChart about(const Eigen::Vector3d& gaze_dir_in_cam);
  [[nodiscard]] Eigen::Vector3d gaze_at(double a_mm, double b_mm, double eyeball_radius_mm) const;
};

/// The parameters of one pupil: eye centre (3), a, b, radius. In this order in every derivative.
using PupilParameters = Eigen::Matrix<double, 6, 1>;

/// The image conic A x^2 + 2B xy + C y^2 + 2D x + 2E y + F of a pupil (px, negative inside) and its
/// derivatives by PupilParameters.
struct PupilOutline {
  Eigen::Matrix<double, 6, 1> conic;
  Eigen::Matrix<double, 6, 6> conic_by_parameters;

  /// Sampson distance (px, negative inside) of an image point.
  [[nodiscard]] double distance_px(double x, double y) const;
  /// The same with its derivative by PupilParameters.
  double distance_px(double x, double y, Eigen::Matrix<double, 1, 6>& by_parameters) const;
};

/// Outside its domain (any part of the disc behind the camera, facing away, edge-on, radius not positive)
/// there is no outline: nullopt, which a solver must treat as a rejected step, never as a small residual. No
/// heap.
std::optional<PupilOutline> pupil_outline(const PupilParameters& parameters, const PupilChart& chart,
                                          double eyeball_radius_mm, const CameraIntrinsics& intrinsics);

}  // namespace yarbus
