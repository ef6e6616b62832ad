#pragma once

#include <cmath>
#include <optional>

#include <Eigen/Core>

namespace yarbus {

/// A head as an ellipsoid about the head frame's origin, before anything is known of it. Frames & units:
/// head, mm. Sizes: half of head breadth 152, of face height (menton to top) 232 and of head length 195 mm,
/// middle of men and women (Gordon et al. 1989, US Army anthropometry), to the nearest 5 mm.
struct HeadShape {
  Eigen::Vector3d half_axes_mm{75.0, 115.0, 95.0};

  /// Where a ray first meets the head. nullopt: it passes by. No heap.
  [[nodiscard]] std::optional<Eigen::Vector3d> meet(const Eigen::Vector3d& origin_mm,
                                                    const Eigen::Vector3d& direction) const {
    const Eigen::Vector3d from = origin_mm.cwiseQuotient(half_axes_mm);
    const Eigen::Vector3d along = direction.cwiseQuotient(half_axes_mm);
    const double a = along.squaredNorm();
    const double half_b = from.dot(along);
    const double discriminant = half_b * half_b - a * (from.squaredNorm() - 1.0);
    if (!(discriminant >= 0.0) || !(a > 0.0)) return std::nullopt;
    const double distance = (-half_b - std::sqrt(discriminant)) / a;
    if (distance <= 0.0) return std::nullopt;
    return origin_mm + distance * direction;
  }
  /// Outward, unit length.
  [[nodiscard]] Eigen::Vector3d normal_at(const Eigen::Vector3d& on_it_mm) const {
    return on_it_mm.cwiseQuotient(half_axes_mm.cwiseAbs2()).normalized();
  }
};

}  // namespace yarbus
