// Where a pupil is easily mistaken or misjudged; each case is as small as it could be made.
#include <gtest/gtest.h>

#include "tests/support/border_cut.h"
#include "tests/support/decoys.h"
#include "tests/support/prior_after.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::mistakable_pupil_test {
namespace {

using test::outline_distance_px;
using test::SyntheticEye;

PupilOutcome detect(const SyntheticEye& eye, const std::optional<PupilPrior>& prior = std::nullopt) {
  PupilDetector detector{PupilDetectorOptions{}};
  return detector.detect(test::draw(eye).view(), prior);
}

/// Infinite for a miss.
double distance_px(const PupilOutcome& outcome, const Ellipse& truth) {
  const auto* found = std::get_if<PupilObservation>(&outcome);
  return found != nullptr ? outline_distance_px(found->ellipse, truth)
                          : std::numeric_limits<double>::infinity();
}

// The nostril is the first dark region and good enough by itself; the pupil is better.
TEST(MistakablePupil, ASoftNostrilIsNotTakenForThePupilInAColdSearchAtLowResolution) {
  for (const double gray : {28.0, 45.0}) {
    SyntheticEye eye;
    eye.iris_radius_factor = 2.2;
    eye.noise_gray = 3.0;
    eye.pupil = Ellipse{{115.0, 125.0}, 26.4, 21.1, 0.5};
    eye.spots = {{Ellipse{{262.0, 187.0}, 24.0, 16.8, 0.4}, gray, 12.0}};
    EXPECT_LT(distance_px(detect(eye), *eye.pupil), 1.0) << gray;
  }
}

// The more is outside, the less the rest tells.
TEST(MistakablePupil, APupilMostlyOutsideTheImageIsNotOutlinedWronglyWithConfidence) {
  for (const double share_outside : {0.7, 0.8, 0.9}) {
    for (const double radius_px : {20.0, 40.0}) {
      int overconfident = 0;
      for (unsigned seed = 1; seed <= 10; ++seed) {
        SyntheticEye eye = test::eye_cut_by_border({-1.0, 0.0}, radius_px, share_outside);
        eye.noise_gray = 3.0;
        eye.seed = seed;
        const auto outcome = detect(eye);
        overconfident += confidence_of(outcome) > 0.9 && distance_px(outcome, *eye.pupil) > 2.0 ? 1 : 0;
      }
      EXPECT_LE(overconfident, 1) << "of 10, " << share_outside << " outside, radius " << radius_px;
    }
  }
}

// With four fifths outside, the rest does not tell the outline: a miss that says so.
TEST(MistakablePupil, APupilMostlyOutsideTheImageIsOutOfFrame) {
  int out_of_frame = 0;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    SyntheticEye eye = test::eye_cut_by_border({-1.0, 0.0}, 40.0, 0.8);
    eye.noise_gray = 3.0;
    eye.seed = seed;
    const auto outcome = detect(eye);
    const auto* miss = std::get_if<PupilMiss>(&outcome);
    out_of_frame += miss != nullptr && miss->reason == PupilMissReason::out_of_frame ? 1 : 0;
  }
  EXPECT_GE(out_of_frame, 7);
}

}  // namespace
}  // namespace yarbus::mistakable_pupil_test
