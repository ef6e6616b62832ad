#pragma once

#include <optional>

#include "eyemodel/types/ellipse.h"

namespace yarbus {

/// The conic A x^2 + B x y + C y^2 + D x + E y + F = 0 with A + C = 1, which every real ellipse can be scaled
/// to. Units: those of the points it was fitted to.
struct UnitTraceConic {
  double a = 0.0, b = 0.0, c = 0.0, d = 0.0, e = 0.0, f = 0.0;

  [[nodiscard]] std::optional<Ellipse> to_ellipse() const;  ///< nullopt unless it is a real ellipse
};

}  // namespace yarbus
