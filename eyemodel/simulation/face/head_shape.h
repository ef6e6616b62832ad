#pragma once

#include <Eigen/Core>

#include "eyemodel/simulation/face/person.h"

namespace yarbus::simulation {

/// A head as distances from its vertical axis: over the angle around it (0 towards the face, positive to
/// image right) and the height (mm down from the eyes). Frames & units: head, mm, rad. Method: superelliptic
/// sections after tables of a mean head, features (nose, sockets, lips ...) added as smooth bumps, the lids'
/// spheres, hair. Threads: const.
class HeadShape {
 public:
  static constexpr double top_mm = -138.0;
  static constexpr double bottom_mm = 132.0;

  explicit HeadShape(const Person& person) : person_(person) {}

  /// Of the skin, without hair.
  [[nodiscard]] double skin_radius_mm(double angle_rad, double y_mm) const;
  /// 0 skin .. 1 hair.
  [[nodiscard]] double hair(double angle_rad, double y_mm) const;
  /// Of what is seen.
  [[nodiscard]] double radius_mm(double angle_rad, double y_mm) const;

 private:
  [[nodiscard]] double skull_radius_mm(double angle_rad, double y_mm) const;
  [[nodiscard]] double features_mm(double x_mm, double y_mm) const;
  Person person_;
};

}  // namespace yarbus::simulation
