#include "tracker/events/fixation_detector.h"

#include <random>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus::fixation_detector_test {
namespace {

Eigen::Vector3d looking_at(double right_deg, double down_deg) {
  return Eigen::Vector3d(std::tan(radians_of(right_deg)), std::tan(radians_of(down_deg)), 1.0).normalized();
}
CaptureTime at_frame(int frame) { return time_from_seconds(frame / 120.0); }

TEST(FixationDetector, FindsTwoFixationsAndTheSaccadeBetween) {
  FixationDetector detector;
  std::mt19937 random(4);
  std::normal_distribution<double> noise(0.0, 0.1);
  std::vector<FixationEvent> found;
  for (int frame = 0; frame < 120; ++frame) {
    const double right_deg = frame < 60 ? 0.0 : frame < 65 ? 2.0 * (frame - 59) : 10.0;
    detector.push(at_frame(frame), looking_at(right_deg + noise(random), noise(random)));
    if (auto ended = detector.take_ended()) found.push_back(*ended);
  }
  ASSERT_EQ(found.size(), 1U);
  EXPECT_LE(seconds_of(found[0].start), 0.1);
  EXPECT_NEAR(seconds_of(found[0].end), 0.5, 0.02);
  EXPECT_LT(degrees_of(angle_between_rad(found[0].mean_direction, looking_at(0.0, 0.0))), 0.1);
  ASSERT_TRUE(detector.current());
  EXPECT_NEAR(seconds_of(detector.current()->start), 65.0 / 120.0, 0.03);
  EXPECT_LT(degrees_of(angle_between_rad(detector.current()->mean_direction, looking_at(10.0, 0.0))), 0.1);
}

TEST(FixationDetector, PursuitIsNoFixation) {
  FixationDetector detector;
  for (int frame = 0; frame < 240; ++frame)
    EXPECT_FALSE(detector.push(at_frame(frame), looking_at(-20.0 + frame / 4.0, 0.0))) << frame;
}

TEST(FixationDetector, ABlinkEndsItOnlyIfItLasts) {
  FixationDetector detector;
  int frame = 0;
  for (; frame < 40; ++frame) detector.push(at_frame(frame), looking_at(1.0, 1.0));
  for (const int end = frame + 6; frame < end; ++frame) detector.push_loss(at_frame(frame));
  EXPECT_TRUE(detector.current());
  for (const int end = frame + 20; frame < end; ++frame) detector.push_loss(at_frame(frame));
  EXPECT_FALSE(detector.current());
  EXPECT_TRUE(detector.take_ended());
  EXPECT_FALSE(detector.take_ended());
  EXPECT_FALSE(detector.push(at_frame(frame), Eigen::Vector3d::Constant(std::nan(""))));
}

}  // namespace
}  // namespace yarbus::fixation_detector_test
