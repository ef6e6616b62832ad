#include "tracker/pupil/glints.h"

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::glints_test {
namespace {

using test::SyntheticEye;

Glints glints_of(const SyntheticEye& eye) {
  Ellipse cornea = *eye.pupil;
  cornea.semi_major_px *= eye.iris_radius_factor;
  cornea.semi_minor_px *= eye.iris_radius_factor;
  GlintFinder finder;
  Glints glints;
  finder.find(test::draw(eye).view(), cornea, glints);
  return glints;
}

TEST(Glints, AreFoundToAFractionOfAPixel) {
  double squared = 0.0;
  int count = 0;
  for (int k = 0; k < 12; ++k) {
    SyntheticEye eye;
    eye.seed = static_cast<unsigned>(k + 1);
    const Eigen::Vector2d at(150.0 + 1.37 * k, 118.0 + 0.71 * k);  // over pupil, border and iris
    eye.glints = {{at, 2.0 + 0.1 * k}};
    const auto glints = glints_of(eye);
    ASSERT_EQ(glints.size(), 1U) << k;
    EXPECT_NEAR((glints[0].position_px - at).norm(), 0.0, 0.4) << k;
    squared += (glints[0].position_px - at).squaredNorm() / (glints[0].sigma_px * glints[0].sigma_px);
    ++count;
  }
  EXPECT_LT(squared / count, 4.0) << "two degrees of freedom";
}

TEST(Glints, OfSeveralLightsAreAllFound) {
  SyntheticEye eye;
  eye.glints = {{{150.0, 112.0}, 2.5}, {{172.0, 130.0}, 2.5}};
  EXPECT_EQ(glints_of(eye).size(), 2U);
  eye.glints.clear();
  for (int k = 0; k < 7; ++k) eye.glints.push_back({{136.0 + 8.0 * k, 112.0 + 4.0 * (k % 3)}, 2.0});
  EXPECT_LE(glints_of(eye).size(), max_glints);
}

TEST(Glints, AreNoneWithoutALight) { EXPECT_TRUE(glints_of(SyntheticEye{}).empty()); }

TEST(Glints, AreNotWindowsGleamsOrSkin) {
  SyntheticEye eye;
  eye.spots = {{{{165.0, 118.0}, 18.0, 15.0, 0.3}, 240.0}};
  EXPECT_TRUE(glints_of(eye).empty()) << "as large as a window";
  eye = SyntheticEye{};
  eye.strokes = {{{130.0, 100.0}, {185.0, 140.0}, 2.0, 250.0}};
  EXPECT_TRUE(glints_of(eye).empty()) << "a hair that gleams";
  eye = SyntheticEye{};
  eye.lid_y_px = 110.0;
  eye.lid_gray = 245.0;
  EXPECT_TRUE(glints_of(eye).empty()) << "bright skin across the region";
  eye = SyntheticEye{};
  eye.glints = {{{160.0, 200.0}, 2.5}};
  EXPECT_TRUE(glints_of(eye).empty()) << "outside of the cornea";
}

TEST(Glints, OfADropBesideALightAreLeftOut) {
  SyntheticEye eye;
  eye.glints = {{{150.0, 112.0}, 3.5}, {{180.0, 140.0}, 1.4}};
  const auto glints = glints_of(eye);
  ASSERT_EQ(glints.size(), 1U);
  EXPECT_NEAR(glints[0].position_px.x(), 150.0, 0.5);
}

}  // namespace
}  // namespace yarbus::glints_test
