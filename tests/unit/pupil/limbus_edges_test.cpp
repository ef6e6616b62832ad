#include "tracker/pupil/limbus_edges.h"

#include <gtest/gtest.h>

#include "tests/support/drawn_limbus.h"
#include "tests/support/limbus_fit.h"

namespace yarbus::limbus_edges_test {
namespace {

using test::DrawnLimbus;
using test::fit_limbus;

LimbusPoints points_of(const DrawnLimbus& eye) {
  LimbusEdges edges;
  LimbusPoints points;
  const auto outline = edges.find(test::draw(eye).view(), eye.pupil, points);
  EXPECT_EQ(outline.has_value(), !points.empty());
  if (outline) {
    EXPECT_NEAR(outline->semi_major_px, eye.limbus_px, 0.02 * eye.limbus_px);
    EXPECT_NEAR((outline->center_px - eye.pupil.center_px).norm(), 0.0, 0.02 * eye.limbus_px);
  }
  return points;
}

void expect_found(const DrawnLimbus& eye, const char* what) {
  const LimbusPoints points = points_of(eye);
  ASSERT_GE(points.size(), 30U) << what;
  const auto fit = fit_limbus(points, eye.limbus());
  EXPECT_NEAR(fit.error[0], 0.0, 0.010) << what;
  EXPECT_NEAR(fit.error[1], 0.0, 0.010) << what;
  EXPECT_LT(fit.mahalanobis_squared(), 3.0) << what;
  // As sure of the radius as the systematic uncertainty allows, however many the points.
  EXPECT_GT(std::sqrt(fit.covariance(0, 0)), 0.014) << what;
  EXPECT_LT(std::sqrt(fit.covariance(0, 0)), 0.03) << what;
}

TEST(LimbusEdges, LieOnTheOuterEndOfTheTransition) {
  expect_found(DrawnLimbus{}, "plain");
  DrawnLimbus narrow;
  narrow.limbus_px = 70.0;
  expect_found(narrow, "nearer to the pupil");
  DrawnLimbus wide;
  wide.pupil.semi_major_px = 25.0;
  wide.pupil.semi_minor_px = 24.0;
  expect_found(wide, "far from the pupil");
}

TEST(LimbusEdges, AreNotMovedByUnevenLightOrContrast) {
  DrawnLimbus eye;
  eye.gradient = 0.15;
  expect_found(eye, "uneven light");
  eye = DrawnLimbus{};
  eye.sclera_gray = 112.0;
  expect_found(eye, "faint");
  eye = DrawnLimbus{};
  eye.noise_gray = 7.0;
  expect_found(eye, "noisy");
}

TEST(LimbusEdges, AreTakenFromWhatLidsLeaveFree) {
  DrawnLimbus eye;
  eye.upper_lid_px = 190.0;
  eye.lower_lid_px = 300.0;
  for (const EdgePoint& point : points_of(eye)) {
    EXPECT_GT(point.position_px.y(), 190.0F);
    EXPECT_LT(point.position_px.y(), 300.0F);
  }
  expect_found(eye, "lids");
}

TEST(LimbusEdges, AreNoneWhereNothingIsToBeTrusted) {
  DrawnLimbus same;
  same.sclera_gray = same.iris_gray;
  EXPECT_TRUE(points_of(same).empty()) << "no contrast";
  DrawnLimbus inverted;
  inverted.sclera_gray = 60.0;
  EXPECT_TRUE(points_of(inverted).empty()) << "an iris brighter than the sclera";
  DrawnLimbus ringed = inverted;
  ringed.ring = 30.0;
  ringed.texture_gray = 18.0;
  EXPECT_TRUE(points_of(ringed).empty()) << "a ring in a bright iris";
  DrawnLimbus squinting;
  squinting.upper_lid_px = 215.0;
  squinting.lower_lid_px = 262.0;
  EXPECT_TRUE(points_of(squinting).empty()) << "little of the sides is free";
  DrawnLimbus cut;
  cut.pupil.center_px.x() = 590.0;
  EXPECT_TRUE(points_of(cut).empty()) << "one side is outside of the image";
}

TEST(LimbusEdges, RefuseWhatIsNoEllipse) {
  LimbusEdges edges;
  LimbusPoints points;
  const GrayImage image = test::draw(DrawnLimbus{});
  EXPECT_FALSE(edges.find(image.view(), Ellipse{}, points));
  EXPECT_FALSE(edges.find(GrayView{}, DrawnLimbus{}.pupil, points));
  Ellipse not_a_number = DrawnLimbus{}.pupil;
  not_a_number.center_px.x() = std::nan("");
  EXPECT_FALSE(edges.find(image.view(), not_a_number, points));
}

}  // namespace
}  // namespace yarbus::limbus_edges_test
