// Every reason for a miss, from a picture that shows it.
#include <gtest/gtest.h>

#include "tests/support/border_cut.h"
#include "tests/support/prior_after.h"
#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::miss_reasons_test {
namespace {

using test::SyntheticEye;

std::string reason_for(const SyntheticEye& eye, const std::optional<PupilPrior>& prior = std::nullopt) {
  PupilDetector detector{PupilDetectorOptions{}};
  const auto outcome = detector.detect(test::draw(eye).view(), prior);
  const auto* miss = std::get_if<PupilMiss>(&outcome);
  if (miss == nullptr) return "found";
  EXPECT_GE(miss->best_confidence, 0.0);
  EXPECT_LE(miss->best_confidence, 1.0);
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
    for (const double lid_y_px : {152.0, 160.0, 175.0}) {
      SyntheticEye eye;
      eye.seed = seed;
      const auto prior = test::prior_at(*eye.pupil);
      eye.lid_y_px = lid_y_px;
      EXPECT_EQ(reason_for(eye, prior), "blink") << lid_y_px;
    }
  }
}

TEST(MissReasons, NoBlinkWhereTheLightIsOff) {
  SyntheticEye eye;
  const auto prior = test::prior_at(*eye.pupil);
  GrayImage image = test::draw(eye);
  for (int y = 0; y < image.height_px(); ++y)
    for (int x = 0; x < image.width_px(); ++x)
      image.row(y)[x] = static_cast<std::uint8_t>(12 + (7 * x + 5 * y) % 3);
  PupilDetector detector{PupilDetectorOptions{}};
  const auto outcome = detector.detect(image.view(), prior);
  const auto* miss = std::get_if<PupilMiss>(&outcome);
  ASSERT_TRUE(miss);
  EXPECT_NE(miss->reason, PupilMissReason::blink);
  EXPECT_FALSE(miss->lid_closure.has_value()) << *miss->lid_closure;
}

TEST(MissReasons, LowContrastWhereTheDiscDrownsInNoise) {
  // Fainter and fainter: found, then dark without an edge worth the name, then nothing.
  int low_contrast = 0;
  for (double pupil_gray = 75.0; pupil_gray < 92.0; pupil_gray += 2.0) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      SyntheticEye eye;
      eye.seed = seed;
      eye.iris_gray = eye.sclera_gray = 95.0;
      eye.pupil_gray = pupil_gray;
      eye.noise_gray = 15.0;
      low_contrast += reason_for(eye) == "low_contrast" ? 1 : 0;
    }
  }
  EXPECT_GE(low_contrast, 3);
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

TEST(MissReasons, OutOfFrameWhereTheBorderLeavesAFaintRest) {
  int out_of_frame = 0;
  int tried = 0;
  for (const double share : {0.7, 0.8, 0.9}) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
      SyntheticEye eye = test::eye_cut_by_border({-1.0, 0.0}, 60.0, share);
      eye.seed = seed;
      eye.pupil_gray = 30.0;
      eye.iris_gray = 45.0;
      eye.noise_gray = 10.0;
      ++tried;
      out_of_frame += reason_for(eye, test::prior_at(*eye.pupil)) == "out_of_frame" ? 1 : 0;
    }
  }
  EXPECT_GE(out_of_frame, tried / 3);
}

TEST(MissReasons, OccludedWhereSomethingElseHidesThePupil) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SyntheticEye eye;
    eye.seed = seed;
    const auto prior = test::prior_at(*eye.pupil);
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
}  // namespace yarbus::miss_reasons_test
