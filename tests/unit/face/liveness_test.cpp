#include "tracker/face/liveness.h"

#include <chrono>

#include <gtest/gtest.h>

namespace yarbus::liveness_test {
namespace {

using std::chrono::milliseconds;

/// A face whose irises are that far (px) from the middle of corners 60 px apart.
FaceOutcome face(double off_px, double openness = 0.8) {
  IrisPair pair;
  for (std::size_t side = 0; side < 2; ++side) {
    IrisObservation eye;
    const double x = side == 0 ? 200.0 : 400.0;
    eye.outer_corner_px = {x - 30.0, 200.0};
    eye.inner_corner_px = {x + 30.0, 200.0};
    eye.limbus = {{x + off_px, 200.0}, 12.0, 12.0, 0.0};
    eye.openness = openness;
    pair.eyes[side] = eye;
  }
  return pair;
}

TEST(Liveness, AFaceInWhichNothingMovesFor20SecondsIsDoubted) {
  Liveness liveness;
  for (int i = 0; i <= 600; ++i) {
    const double noise_px = 0.3 * ((i * 7) % 5 - 2);
    liveness.push(milliseconds(33 * i), face(noise_px));
    if (33 * i < 19'900) EXPECT_FALSE(liveness.is_lifeless()) << i;
  }
  EXPECT_FALSE(liveness.is_lifeless()) << "19.8 s";
  for (int i = 601; i <= 640; ++i) liveness.push(milliseconds(33 * i), face(0.0));
  EXPECT_TRUE(liveness.is_lifeless());
  // A turn of the eyes by 5 deg: 0.9 mm of the globe, 1.8 px.
  for (int i = 641; i <= 660; ++i) liveness.push(milliseconds(33 * i), face(1.9));
  EXPECT_FALSE(liveness.is_lifeless());
}

TEST(Liveness, BlinksGlancesAndAbsenceAreSignsOfLife) {
  enum class Sign { blink, glance, absence };
  for (const Sign sign : {Sign::blink, Sign::glance, Sign::absence}) {
    Liveness liveness;
    for (int i = 0; i < 900; ++i) {
      const bool now = i % 300 > 290;
      FaceOutcome outcome = face(now && sign == Sign::glance ? 3.0 : 0.0);
      if (now && sign == Sign::blink) outcome = FaceMiss{FaceMissReason::eyes_closed, std::nullopt};
      if (now && sign == Sign::absence) outcome = FaceMiss{FaceMissReason::no_face, std::nullopt};
      liveness.push(milliseconds(33 * i), outcome);
      ASSERT_FALSE(liveness.is_lifeless()) << static_cast<int>(sign) << ' ' << i;
    }
  }
}

TEST(Liveness, ForgetsAndTakesNoMemory) {
  Liveness liveness;
  for (int i = 0; i <= 700; ++i) liveness.push(milliseconds(33 * i), face(0.0));
  ASSERT_TRUE(liveness.is_lifeless());
  liveness.forget();
  EXPECT_FALSE(liveness.is_lifeless());
  liveness.push(milliseconds(0), face(0.0));
  EXPECT_FALSE(liveness.is_lifeless());
}

}  // namespace
}  // namespace yarbus::liveness_test
