#include "app/benchmark/detection_summary.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/detection_curves.h"
#include "tests/support/scored_detections.h"

namespace yarbus::benchmark::detection_summary_test {
namespace {

using test::closed_frame;
using test::detection_subject;
using test::found_frame;
using test::missed_frame;

WaySummary cold_of(const std::vector<DetectionScore>& scores) {
  const auto subject = detection_subject("made up", scores);
  return summarise_detection("made up", {&subject}).ways[0];
}

DetectionScore hidden_frame(double visible_fraction, double offset_px) {
  DetectionScore score = found_frame(offset_px);
  score.kind = FrameKind::hidden;
  score.visible_fraction = visible_fraction;
  return score;
}

TEST(DetectionSummary, RatesAreOfFramesThatCount) {
  const WaySummary cold =
      cold_of({found_frame(0.5), found_frame(1.5), found_frame(4.0), found_frame(20.0),
               missed_frame(PupilMissReason::no_candidate), hidden_frame(0.3, 0.2), closed_frame(true)});
  const auto found = [](const PerStep<DetectionRate>& rates) {
    std::vector<std::size_t> counts;
    for (const DetectionRate& rate : rates) {
      EXPECT_EQ(rate.frames, 5u);
      counts.push_back(rate.found);
    }
    return counts;
  };
  EXPECT_THAT(found(*cold.center_within), testing::ElementsAre(1, 2, 2, 3, 3));  // 1, 2, 3, 5, 10 px
  EXPECT_THAT(found(*cold.outline_within), testing::ElementsAre(1, 2, 2, 3, 3));
  EXPECT_EQ(cold.outline_px->count, 4u);
  EXPECT_DOUBLE_EQ(cold.outline_px->median, 2.75);
}

TEST(DetectionSummary, BiasKeepsItsSignAndLeavesOutWhatIsSomethingElse) {
  DetectionScore left = found_frame(0.0);
  left.center_offset_px = Eigen::Vector2d(-0.6, 0.2);
  left.diameter_offset_px = -0.5;
  DetectionScore right = found_frame(0.0);
  right.center_offset_px = Eigen::Vector2d(0.2, 0.2);
  right.diameter_offset_px = -0.1;
  const WaySummary cold = cold_of({left, right, found_frame(80.0)});
  EXPECT_NEAR(cold.center_x_px->mean, -0.2, 1e-12);
  EXPECT_NEAR(cold.center_y_px->mean, 0.2, 1e-12);
  EXPECT_NEAR(cold.diameter_px->mean, -0.3, 1e-12);
  EXPECT_NEAR(cold.diameter_px->sd, 0.2, 1e-12);
  EXPECT_NEAR(standard_error_of_mean(*cold.diameter_px), 0.2 / std::sqrt(2.0), 1e-12);
}

TEST(DetectionSummary, HiddenPupilsCountByTheirVisibleShareOnly) {
  const WaySummary cold = cold_of({hidden_frame(0.07, 0.5), hidden_frame(0.35, 9.0), hidden_frame(0.38, 1.0),
                                   found_frame(1.0), hidden_frame(0.02, 0.5)});
  ASSERT_EQ(cold.by_visibility.size(), 10u);
  EXPECT_DOUBLE_EQ(cold.by_visibility[0].from, 0.05);
  EXPECT_EQ(cold.by_visibility[0].rate.frames, 1u);  // not the one with 2 % to see
  EXPECT_EQ(cold.by_visibility[3].rate.frames, 2u);
  EXPECT_EQ(cold.by_visibility[3].rate.found, 1u);
  EXPECT_EQ(cold.by_visibility[9].rate.found, 1u);
}

TEST(DetectionSummary, PupilsOnClosedEyesAreFalseAndNotAsClaimed) {
  const WaySummary cold = cold_of({closed_frame(true), closed_frame(false), closed_frame(false)});
  EXPECT_EQ(cold.false_positives->found, 1u);
  EXPECT_EQ(cold.false_positives->frames, 3u);
  EXPECT_EQ(cold.reliability->count, 1u);
  EXPECT_EQ(cold.reliability->observed, 0.0);
  EXPECT_NEAR(cold.reliability->calibration_error, 0.95, 1e-12);
  EXPECT_FALSE(cold.outline_px.has_value());
}

TEST(DetectionSummary, ReliabilityIsOfEveryReportedPupil) {
  const WaySummary cold =
      cold_of({found_frame(0.5), found_frame(3.0), hidden_frame(0.3, 1.0), missed_frame({})});
  EXPECT_EQ(cold.reliability->count, 3u);
  EXPECT_NEAR(cold.reliability->observed, 2.0 / 3.0, 1e-12);
}

TEST(DetectionSummary, MissesAreCountedByReason) {
  auto hidden = missed_frame(PupilMissReason::occluded);
  hidden.kind = FrameKind::hidden;
  const WaySummary cold = cold_of({missed_frame(PupilMissReason::low_contrast),
                                   missed_frame(PupilMissReason::low_contrast), hidden, closed_frame(false)});
  const auto& misses = cold.misses;
  EXPECT_EQ(misses[static_cast<std::size_t>(PupilMissReason::low_contrast)].counted, 2u);
  EXPECT_EQ(misses[static_cast<std::size_t>(PupilMissReason::occluded)].other, 1u);
  EXPECT_EQ(misses[static_cast<std::size_t>(PupilMissReason::blink)].other, 1u);
}

TEST(DetectionSummary, TimesAndAllocationsAreOfEachWay) {
  auto subject = detection_subject("a", {found_frame(1.0), found_frame(1.0)});
  subject.times[0] = {std::chrono::milliseconds(1), std::chrono::milliseconds(5)};
  subject.allocations[1] = 3;
  const auto summary = summarise_detection("a", {&subject});
  EXPECT_DOUBLE_EQ(summary.ways[0].detect->max_ms, 5.0);
  EXPECT_DOUBLE_EQ(summary.ways[0].detect->p50_ms, 1.0);
  EXPECT_DOUBLE_EQ(summary.ways[1].detect->p50_ms, 0.3);
  EXPECT_DOUBLE_EQ(*summary.ways[0].allocations_per_frame, 0.0);
  EXPECT_DOUBLE_EQ(*summary.ways[1].allocations_per_frame, 1.5);
}

TEST(DetectionSummary, WithoutColumnsNothingIsMeasured) {
  auto subject = detection_subject("a", {found_frame(1.0)});
  subject.measurable = {};
  subject.scores[0][0].center_offset_px.reset();
  subject.scores[0][0].outline_px.reset();
  subject.scores[0][0].visible_fraction.reset();
  const WaySummary cold = summarise_detection("a", {&subject}).ways[0];
  EXPECT_FALSE(cold.center_within || cold.outline_within || cold.false_positives || cold.outline_px ||
               cold.diameter_px || cold.reliability || cold.lid_closure);
  EXPECT_TRUE(cold.by_visibility.empty());
}

TEST(DetectionSummary, AnErrorThatIsNotFiniteIsCounted) {
  DetectionScore broken = found_frame(0.0);
  broken.outline_px = std::nan("");
  broken.center_offset_px = Eigen::Vector2d(std::nan(""), 0.0);
  const WaySummary cold = cold_of({broken, found_frame(0.5)});
  EXPECT_EQ(cold.outline_px->not_finite, 1u);
  EXPECT_EQ(cold.outline_px->count, 1u);
  EXPECT_EQ((*cold.center_within)[3].found, 1u);
  EXPECT_EQ((*cold.center_within)[3].frames, 2u);
  EXPECT_NEAR(cold.reliability->observed, 0.5, 1e-12);
}

TEST(DetectionCurves, EndWhereTheFoundPupilsEnd) {
  const auto subject = detection_subject(
      "a", {found_frame(1.0), found_frame(3.0), missed_frame(PupilMissReason::blink), closed_frame(true)});
  const auto summary = summarise_detection("a", {&subject});
  const auto curves = detection_curves(summary, {&subject});
  ASSERT_EQ(curves.center_cumulative.size(), way_count);
  const Line& line = curves.center_cumulative[0].line;
  EXPECT_THAT(line.x, testing::ElementsAre(0.0, 1.0, 3.0));
  EXPECT_NEAR(line.y.back(), 200.0 / 3.0, 1e-9);
  ASSERT_EQ(curves.reliability.size(), 1 + way_count);
  EXPECT_FALSE(curves.reliability[0].way.has_value());
  EXPECT_TRUE(curves.reliability[1].line.x.empty());  // three pupils say nothing about a frequency
  EXPECT_THAT(curves.time_cumulative[1].line.x, testing::Contains(0.3));
}

TEST(DetectionCurves, ReliabilityNeedsEnoughPupils) {
  const auto subject = detection_subject("a", std::vector<DetectionScore>(10, found_frame(1.0)));
  const auto curves = detection_curves(summarise_detection("a", {&subject}), {&subject});
  EXPECT_THAT(curves.reliability[1].line.x, testing::ElementsAre(testing::DoubleNear(95.0, 1e-9)));
  EXPECT_THAT(curves.reliability[1].line.y, testing::ElementsAre(100.0));
}

}  // namespace
}  // namespace yarbus::benchmark::detection_summary_test
