#include "eyemodel/online/keyframe_gate.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

namespace yarbus::keyframe_gate_test {
namespace {

using std::chrono::milliseconds;

PupilObservation pupil_at(double x_px, double confidence = 0.95) {
  PupilObservation observation;
  observation.ellipse = {{x_px, 100.0}, 30.0, 28.0, 0.2};
  observation.confidence = confidence;
  return observation;
}

/// Frames taken of one second at 100 Hz whose pupil is at `x_px(t)`.
int taken_in_a_second(const std::function<double(double)>& x_px) {
  KeyframeGate gate;
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += gate.take(pupil_at(x_px(0.01 * i)), milliseconds(10 * i)) ? 1 : 0;
  return taken;
}

TEST(KeyframeGate, TakesAStillEyeSevenTimesASecond) {
  KeyframeGate gate;
  std::vector<CaptureTime> taken;
  for (int i = 0; i <= 60; ++i) {
    if (gate.take(pupil_at(100.0), milliseconds(10 * i))) taken.push_back(milliseconds(10 * i));
  }
  ASSERT_EQ(taken.size(), 5U);
  for (std::size_t i = 0; i < taken.size(); ++i) EXPECT_EQ(taken[i], milliseconds(150 * static_cast<int>(i)));
}

TEST(KeyframeGate, TakesAMovingEyeMoreOften) {
  const int still = taken_in_a_second([](double) { return 100.0; });
  const int moving = taken_in_a_second([](double t) { return 100.0 + 50.0 * t; });  // a keyframe each 1.8 px
  EXPECT_EQ(still, 7);
  EXPECT_GE(moving, 20);
  EXPECT_LE(moving, 28);
}

TEST(KeyframeGate, TakesNoFrameInFastMovement) {
  KeyframeGate gate;
  EXPECT_TRUE(gate.take(pupil_at(100.0), milliseconds(0)));
  // 4 semi-major axes a second are 1.2 px in 10 ms.
  EXPECT_FALSE(gate.take(pupil_at(110.0), milliseconds(10)));
  EXPECT_FALSE(gate.take(pupil_at(125.0), milliseconds(20)));
  EXPECT_TRUE(gate.take(pupil_at(125.1), milliseconds(30))) << "the saccade has landed";
  EXPECT_EQ(taken_in_a_second([](double t) { return 100.0 + 400.0 * t; }), 1) << "the first only";
}

TEST(KeyframeGate, FramesFarApartTellNothingOfSpeed) {
  KeyframeGate gate;
  EXPECT_TRUE(gate.take(pupil_at(100.0), milliseconds(0)));
  EXPECT_TRUE(gate.take(pupil_at(170.0), milliseconds(120)));
}

TEST(KeyframeGate, TakesNothingInDoubt) {
  KeyframeGate gate;
  for (const double confidence : {0.69, 0.0, std::nan("")}) {
    EXPECT_FALSE(gate.take(pupil_at(100.0, confidence), milliseconds(0))) << confidence;
  }
  PupilObservation broken = pupil_at(100.0);
  broken.ellipse.semi_minor_px = std::nan("");
  EXPECT_FALSE(gate.take(broken, milliseconds(0)));
  EXPECT_TRUE(gate.take(pupil_at(100.0, 0.7), milliseconds(0)));
}

TEST(KeyframeGate, ADoubtfulFrameIsNoPlaceToMeasureSpeedFrom) {
  KeyframeGate gate;
  EXPECT_TRUE(gate.take(pupil_at(100.0), milliseconds(0)));
  EXPECT_FALSE(gate.take(pupil_at(300.0, 0.2), milliseconds(10)));
  EXPECT_TRUE(gate.take(pupil_at(104.0), milliseconds(20)));
}

TEST(KeyframeGate, BeginsAnewAfterARestartAndWhenTimeGoesBack) {
  KeyframeGate gate;
  EXPECT_TRUE(gate.take(pupil_at(100.0), milliseconds(1000)));
  EXPECT_FALSE(gate.take(pupil_at(100.0), milliseconds(1010)));
  gate.restart();
  EXPECT_TRUE(gate.take(pupil_at(100.0), milliseconds(1020)));
  EXPECT_FALSE(gate.take(pupil_at(100.0), milliseconds(1030)));
  EXPECT_TRUE(gate.take(pupil_at(100.0), milliseconds(500))) << "time went back";
  EXPECT_FALSE(gate.take(pupil_at(100.0), milliseconds(510)));
}

}  // namespace
}  // namespace yarbus::keyframe_gate_test
