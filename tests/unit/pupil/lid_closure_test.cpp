#include "tracker/pupil/lid_closure.h"

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::lid_closure_test {
namespace {

constexpr double dark_limit_gray = 60.0;

test::SyntheticEye round_eye() {
  test::SyntheticEye eye;
  eye.pupil = Ellipse{{160.0, 120.0}, 40.0, 40.0, 0.0};
  return eye;
}

std::optional<double> closure_of(const test::SyntheticEye& eye, const Ellipse& expected) {
  return lid_closure(test::draw(eye).view(), OutlineShape::from(expected), dark_limit_gray);
}

std::optional<double> closure_of(const test::SyntheticEye& eye) { return closure_of(eye, *eye.pupil); }

TEST(LidClosure, IsNoneForAnOpenEye) {
  EXPECT_NEAR(closure_of(round_eye()).value(), 0.0, 0.03);
  auto oblique = round_eye();
  for (const double angle : {0.0, 0.7, 1.57, 2.4}) {
    oblique.pupil = Ellipse{{160.0, 120.0}, 40.0, 18.0, angle};
    EXPECT_NEAR(closure_of(oblique).value(), 0.0, 0.06) << angle;
  }
}

TEST(LidClosure, FollowsTheUpperLid) {
  auto eye = round_eye();
  double previous = -1.0;
  for (double share = 0.1; share < 0.95; share += 0.1) {
    eye.lid_y_px = 80.0 + 80.0 * share;
    const double closure = closure_of(eye).value();
    // A share of each chord: the outer chords are shorter.
    EXPECT_NEAR(closure, share, 0.1) << share;
    EXPECT_GT(closure, previous);
    previous = closure;
  }
  eye.lid_y_px = 120.0;
  EXPECT_NEAR(closure_of(eye).value(), 0.5, 0.03);
}

TEST(LidClosure, IsOneWhenNothingDarkIsLeft) {
  auto eye = round_eye();
  eye.lid_y_px = 170.0;
  EXPECT_NEAR(closure_of(eye).value(), 1.0, 1e-9);
}

TEST(LidClosure, ALidMayComeFromBelow) {
  auto eye = round_eye();
  eye.spots = {{Ellipse{{160.0, 1120.0}, 1000.0, 1000.0, 0.0}, eye.lid_gray}};
  EXPECT_NEAR(closure_of(eye).value(), 0.5, 0.03);
}

TEST(LidClosure, AReflectionInsideIsNoLid) {
  auto eye = round_eye();
  eye.glints = {{{160.0, 120.0}, 12.0}, {{145.0, 110.0}, 6.0}};
  EXPECT_NEAR(closure_of(eye).value(), 0.0, 0.03);
  eye.lid_y_px = 100.0;
  EXPECT_NEAR(closure_of(eye).value(), 0.25, 0.08);
}

TEST(LidClosure, LashesInFrontAreNoLid) {
  auto eye = round_eye();
  eye.lashes = 6;
  EXPECT_NEAR(closure_of(eye).value(), 0.0, 0.05);
}

TEST(LidClosure, IsUnknownOutsideTheImage) {
  auto eye = round_eye();
  EXPECT_FALSE(closure_of(eye, {{-10.0, 120.0}, 40.0, 40.0, 0.0}));
  EXPECT_FALSE(closure_of(eye, {{160.0, 3.0}, 40.0, 40.0, 0.0}));
  EXPECT_FALSE(closure_of(eye, {{5000.0, -9000.0}, 40.0, 40.0, 0.0}));
  EXPECT_TRUE(closure_of(eye, {{160.0, 60.0}, 40.0, 40.0, 0.0}));
}

}  // namespace
}  // namespace yarbus::lid_closure_test
