#pragma once

#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/rigid_transform.h"

namespace yarbus::simulation {

/// Light from one direction. Frames: cam.
struct Lamp {
  Eigen::Vector3f towards_in_cam = -Eigen::Vector3f::UnitZ();  ///< unit
  float strength = 1.0F;
  float wrap = 0.2F;  ///< a wide light reaches round the terminator by this
};

/// A bright rectangle far away, for mirror images. Frames: cam.
struct Window {
  Eigen::Vector3d towards_in_cam = -Eigen::Vector3d::UnitZ();  ///< unit
  double half_width_rad = 0.2;
  double half_height_rad = 0.3;
  double radiance = 0.0;
};

/// All the light there is: what a surface gets, and what a mirror shows. Radiances are relative to a white
/// surface in full light. Frames & units: cam, screen, mm.
struct FaceLight {
  float from_above = 0.35F;  ///< diffuse, from the ceiling
  float from_below = 0.18F;  ///< diffuse, from desk and floor
  std::vector<Lamp> lamps;
  Window window;
  RigidTransform screen_from_cam;
  double screen_width_mm = 531.0;
  double screen_height_mm = 299.0;
  double screen_radiance = 0.6;

  /// What a matt surface with that normal (unit, cam) gets; `cavity` as in SurfaceMesh.
  [[nodiscard]] float on(const Eigen::Vector3f& normal_in_cam, float cavity) const;
  /// What comes from a direction (unit, cam) at a place: screen, window, or the dim room.
  [[nodiscard]] double radiance(const Eigen::Vector3d& origin_in_cam_mm,
                                const Eigen::Vector3d& towards_in_cam) const;
};

}  // namespace yarbus::simulation
