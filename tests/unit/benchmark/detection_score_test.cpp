#include "app/benchmark/detection_score.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace yarbus::benchmark::detection_score_test {
namespace {

const Ellipse truth{{320.0, 240.0}, 50.0, 40.5, 0.3};

FrameLabel label_with(double visible_fraction, bool in_blink) {
  FrameLabel label;
  label.pupil_ellipse = truth;
  label.visible_fraction = visible_fraction;
  label.in_blink = in_blink;
  return label;
}

DetectionScore scored(const FrameLabel& label, const Ellipse& found) {
  PupilObservation observation;
  observation.ellipse = found;
  observation.confidence = 0.8;
  observation.lid_closure = 0.25;
  const PupilOutcome outcome = observation;
  return score_outcome(label, &outcome);
}

TEST(DetectionScore, DifferencesAreFoundMinusTrue) {
  Ellipse found = truth;
  found.center_px += Eigen::Vector2d(0.3, -0.4);
  found.semi_major_px = 51.0;
  found.semi_minor_px = 41.5;
  const DetectionScore score = scored(label_with(1.0, false), found);
  EXPECT_TRUE(score.was_found);
  EXPECT_NEAR(score.center_offset_px->x(), 0.3, 1e-12);
  EXPECT_NEAR(score.center_offset_px->y(), -0.4, 1e-12);
  EXPECT_NEAR(*score.diameter_offset_px, 2.0 * (std::sqrt(51.0 * 41.5) - 45.0), 1e-12);
  EXPECT_GT(*score.diameter_offset_px, 1.9);
  EXPECT_TRUE(score.center_is_within(0.51));
  EXPECT_FALSE(score.center_is_within(0.49));
  EXPECT_EQ(score.confidence, 0.8);
  EXPECT_EQ(score.lid_closure, 0.25);
  std::swap(found.center_px.x(), found.center_px.y());
  EXPECT_FALSE(scored(label_with(1.0, false), found).center_is_within(5.0));
}

TEST(DetectionScore, ASmallerOutlineHasANegativeDifference) {
  Ellipse found = truth;
  found.semi_major_px -= 0.5;
  EXPECT_LT(*scored(label_with(1.0, false), found).diameter_offset_px, -0.4);
}

TEST(DetectionScore, TheOutlineErrorIsTheFarthestPlace) {
  Ellipse found = truth;
  found.semi_major_px += 3.0;  // only the tips are that far off
  const DetectionScore score = scored(label_with(1.0, false), found);
  EXPECT_NEAR(*score.outline_px, 3.0, 0.01);
  EXPECT_TRUE(score.center_is_within(1e-6));
  EXPECT_FALSE(score.outline_is_within(2.9));
  EXPECT_TRUE(score.outline_is_within(3.1));
}

TEST(DetectionScore, AConfidenceClaimsTwoPixelsAndAnOpenEye) {
  Ellipse found = truth;
  found.center_px.x() += 1.9;
  EXPECT_TRUE(scored(label_with(1.0, false), found).is_as_claimed());
  EXPECT_TRUE(scored(label_with(0.3, false), found).is_as_claimed());
  EXPECT_FALSE(scored(label_with(0.01, true), found).is_as_claimed());
  found.center_px.x() += 0.3;
  EXPECT_FALSE(scored(label_with(1.0, false), found).is_as_claimed());
}

TEST(DetectionScore, AnEllipseThatIsNotFiniteIsWrongAndStays) {
  Ellipse found = truth;
  found.center_px.x() = std::numeric_limits<double>::quiet_NaN();
  const DetectionScore score = scored(label_with(1.0, false), found);
  EXPECT_TRUE(std::isnan(*score.outline_px));
  EXPECT_FALSE(score.center_is_within(1e9));
  EXPECT_FALSE(score.outline_is_within(1e9));
  EXPECT_FALSE(score.is_as_claimed());
}

TEST(DetectionScore, AMissHasItsReason) {
  const PupilOutcome outcome = PupilMiss{PupilMissReason::low_contrast, 0.2, 0.7};
  const DetectionScore score = score_outcome(label_with(0.4, false), &outcome);
  EXPECT_FALSE(score.was_found);
  EXPECT_EQ(score.kind, FrameKind::hidden);
  EXPECT_EQ(score.miss, PupilMissReason::low_contrast);
  EXPECT_EQ(score.lid_closure, 0.7);
  EXPECT_FALSE(score.outline_px.has_value());
  EXPECT_FALSE(score.outline_is_within(10.0));
}

TEST(DetectionScore, WithoutAnImageNothingWasSaid) {
  const DetectionScore score = score_outcome(label_with(1.0, false), nullptr);
  EXPECT_FALSE(score.was_found || score.miss || score.lid_closure || score.center_offset_px);
}

TEST(DetectionScore, WithoutATruthThereIsNoError) {
  FrameLabel label = label_with(1.0, false);
  label.pupil_ellipse.reset();
  const DetectionScore score = scored(label, truth);
  EXPECT_TRUE(score.was_found);
  EXPECT_FALSE(score.center_offset_px || score.diameter_offset_px || score.outline_px);
}

TEST(VisibilityTenths, StartWhereThereIsSomethingToSee) {
  EXPECT_EQ(visibility_tenth(0.05), 0);
  EXPECT_EQ(visibility_tenth(0.099), 0);
  EXPECT_EQ(visibility_tenth(0.5), 5);
  EXPECT_EQ(visibility_tenth(1.0), 9);
  EXPECT_EQ(visibility_tenth(1.0001), 9);  // a ratio of two counted areas
  EXPECT_FALSE(visibility_tenth(0.049).has_value());
  EXPECT_FALSE(visibility_tenth(std::nullopt).has_value());
  EXPECT_FALSE(visibility_tenth(std::nan("")).has_value());
}

}  // namespace
}  // namespace yarbus::benchmark::detection_score_test
