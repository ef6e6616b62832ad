#pragma once

#include <optional>
#include <span>

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"

namespace yarbus {

/// The conic A x^2 + B x y + C y^2 + D x + E y + F = 0 with A + C = 1, which every real ellipse can be scaled
/// to.
struct Conic {
  double a = 0.0, b = 0.0, c = 0.0, d = 0.0, e = 0.0, f = 0.0;

  [[nodiscard]] std::optional<Ellipse> to_ellipse() const;  ///< nullopt unless it is a real ellipse
};

/// Algebraic least-squares ellipse through at least five points (exact for five).
/// Method: the linear system of the conic with A + C = 1, in coordinates centred on the points and scaled to
/// unit spread. Errors: nullopt for fewer than five points, degenerate points, or a conic that is no ellipse.
/// No heap.
std::optional<Ellipse> fit_ellipse_algebraic(std::span<const Eigen::Vector2f> points_px);

}  // namespace yarbus
