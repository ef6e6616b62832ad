#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/simulation/anatomy.h"

namespace yarbus::simulation {

struct Ray {
  Eigen::Vector3d origin = Eigen::Vector3d::Zero();
  Eigen::Vector3d direction = Eigen::Vector3d::UnitZ();  ///< unit
};

/// Distance along `ray` (mm) to the first meeting with a sphere in front of its origin; nullopt if it misses.
std::optional<double> hit_sphere(const Ray& ray, const Eigen::Vector3d& center, double radius_mm);

/// Direction after a surface with unit `normal` (towards the incoming side), by Snell's law in vector form.
/// `ratio` = index before / index after. nullopt on total reflection.
std::optional<Eigen::Vector3d> refract(const Eigen::Vector3d& direction, const Eigen::Vector3d& normal,
                                       double ratio);

/// Where a ray in the eye frame enters the cornea, and where it meets the iris plane behind it.
struct CorneaHit {
  double distance_mm = 0.0;
  Eigen::Vector3d entry_mm;
  Eigen::Vector2d iris_mm;  ///< x, y in the iris plane
};
/// nullopt where the ray meets no cornea (that cap of its sphere in front of the limbus plane).
std::optional<CorneaHit> trace_to_iris(const Ray& ray_in_eye, const EyeAnatomy& eye);

/// The point of the corneal sphere through which a camera at `viewer_mm` sees the point `inside_mm` (both in
/// the eye frame): the inverse of trace_to_iris, solved for Snell's law by bisection in the plane that holds
/// both points and the corneal centre. Precondition: viewer outside, point inside the corneal sphere.
Eigen::Vector3d find_corneal_crossing(const Eigen::Vector3d& inside_mm, const Eigen::Vector3d& viewer_mm,
                                      const EyeAnatomy& eye);

}  // namespace yarbus::simulation
