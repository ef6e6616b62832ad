// Every reason for a miss, from a picture that shows it.
#include <gtest/gtest.h>

#include "tests/support/prior_after.h"
#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus {
namespace {

using testing::SyntheticEye;

std::string reason_for(const SyntheticEye& eye, const std::optional<PupilPrior>& prior = std::nullopt) {
  PupilDetector detector{PupilDetectorOptions{}};
  const auto outcome = detector.detect(testing::draw(eye).view(), prior);
  const auto* miss = std::get_if<PupilMiss>(&outcome);
  if (miss == nullptr) return "found";
  EXPECT_GE(miss->best_confidence, 0.0);
  EXPECT_LT(miss->best_confidence, PupilDetectorOptions{}.min_presence);
  return std::string(to_string(miss->reason));
}

TEST(MissReasons, NoCandidateWhereNothingIsDarkAndRound) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SyntheticEye eye;
    eye.seed = seed;
    eye.pupil.reset();
    EXPECT_EQ(reason_for(eye), "no_candidate");
    eye.spots = {{Ellipse{{160.0, 120.0}, 20.0, 20.0, 0.0}, 250.0, 4.0}};  // something bright
    EXPECT_EQ(reason_for(eye), "no_candidate");
  }
}

TEST(MissReasons, BlinkWhereALidIsOverThePupil) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    for (const double lid_y_px : {150.0, 160.0, 175.0}) {
      SyntheticEye eye;
      eye.seed = seed;
      const auto prior = testing::prior_at(*eye.pupil);
      eye.lid_y_px = lid_y_px;
      EXPECT_EQ(reason_for(eye, prior), "blink") << lid_y_px;
    }
  }
}

TEST(MissReasons, LowContrastWhereTheDiscDrownsInNoise) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SyntheticEye eye;
    eye.seed = seed;
    eye.iris_gray = eye.sclera_gray = 95.0;
    eye.pupil_gray = 94.0;
    eye.noise_gray = 4.0;
    EXPECT_EQ(reason_for(eye, testing::prior_at(*eye.pupil)), "low_contrast");
    eye.pupil_gray = 89.0;
    eye.noise_gray = 15.0;
    EXPECT_EQ(reason_for(eye), "low_contrast");
  }
}

TEST(MissReasons, RejectedEllipseWhereSomethingDarkIsNotRound) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SyntheticEye eye;
    eye.seed = seed;
    eye.pupil.reset();
    // A cross of two bars.
    eye.strokes = {{{100.0, 120.0}, {220.0, 122.0}, 26.0, 30.0}, {{160.0, 60.0}, {158.0, 180.0}, 26.0, 30.0}};
    EXPECT_EQ(reason_for(eye), "rejected_ellipse");
  }
}

TEST(MissReasons, OutOfFrameWhereTheBorderLeavesOnlyASliver) {
  int out_of_frame = 0;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    SyntheticEye eye;
    eye.seed = seed;
    eye.noise_gray = 3.0;
    eye.pupil = Ellipse{{-60.0, 120.0}, 70.0, 66.5, 1.57};
    const std::string reason = reason_for(eye);
    EXPECT_NE(reason, "found");
    out_of_frame += reason == "out_of_frame" ? 1 : 0;
  }
  EXPECT_GE(out_of_frame, 7);  // to some the dark sliver looks like nothing at all
}

TEST(MissReasons, OccludedWhereSomethingElseHidesThePupil) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SyntheticEye eye;
    eye.seed = seed;
    const auto prior = testing::prior_at(*eye.pupil);
    // Light hairs or slats, so many that no stretch of the outline is whole; dark is left from top to bottom.
    for (int k = 0; k < 10; ++k) {
      const double y_px = 84.0 + 8.0 * k;
      eye.strokes.push_back({{110.0, y_px}, {210.0, y_px + 6.0}, 5.0, 170.0});
    }
    EXPECT_EQ(reason_for(eye, prior), "occluded");
  }
}

TEST(MissReasons, AnOpenEyeIsNone) { EXPECT_EQ(reason_for(SyntheticEye{}), "found"); }

}  // namespace
}  // namespace yarbus
