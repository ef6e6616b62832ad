#include "tracker/pupil/unit_trace_conic.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace yarbus::unit_trace_conic_test {
namespace {

/// Coefficients of an ellipse, scaled so that A + C = 1.
UnitTraceConic conic_of(const Ellipse& ellipse) {
  const double cos = std::cos(ellipse.angle_rad);
  const double sin = std::sin(ellipse.angle_rad);
  const double p = 1.0 / (ellipse.semi_major_px * ellipse.semi_major_px);
  const double q = 1.0 / (ellipse.semi_minor_px * ellipse.semi_minor_px);
  const double a = p * cos * cos + q * sin * sin;
  const double b = 2.0 * (p - q) * cos * sin;
  const double c = p * sin * sin + q * cos * cos;
  const double x = ellipse.center_px.x();
  const double y = ellipse.center_px.y();
  const double scale = 1.0 / (a + c);
  return {scale * a,
          scale * b,
          scale * c,
          scale * (-2.0 * a * x - b * y),
          scale * (-2.0 * c * y - b * x),
          scale * (a * x * x + b * x * y + c * y * y - 1.0)};
}

TEST(UnitTraceConic, GivesBackTheEllipse) {
  for (const double angle : {0.0, 0.4, 1.5, 2.9}) {
    const Ellipse ellipse{{12.0, -7.0}, 30.0, 18.0, angle};
    const auto back = conic_of(ellipse).to_ellipse();
    ASSERT_TRUE(back);
    EXPECT_NEAR((back->center_px - ellipse.center_px).norm(), 0.0, 1e-9);
    EXPECT_NEAR(back->semi_major_px, 30.0, 1e-9);
    EXPECT_NEAR(back->semi_minor_px, 18.0, 1e-9);
    EXPECT_NEAR(back->angle_rad, angle, 1e-9);
  }
}

TEST(UnitTraceConic, IsNoEllipseWhereThereIsNone) {
  EXPECT_FALSE((UnitTraceConic{2.0, 0.0, -1.0, 0.0, 0.0, -1.0}.to_ellipse())) << "a hyperbola";
  EXPECT_FALSE((UnitTraceConic{0.5, 0.0, 0.5, 0.0, 0.0, 1.0}.to_ellipse())) << "no real point";
  EXPECT_FALSE((UnitTraceConic{1.0, 0.0, 0.0, 0.0, -1.0, 0.0}.to_ellipse())) << "a parabola";
  const double nan = std::nan("");
  EXPECT_FALSE((UnitTraceConic{nan, 0.0, 0.5, 0.0, 0.0, -1.0}.to_ellipse()));
}

}  // namespace
}  // namespace yarbus::unit_trace_conic_test
