#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/accuracy_json.h"
#include "app/benchmark/accuracy_tables.h"
#include "app/benchmark/curves.h"
#include "tests/support/scored_subjects.h"

namespace yarbus::benchmark::report_test {
namespace {

using testing::HasSubstr;
using testing::Not;

AccuracyResult result_of(std::vector<SubjectScores> subjects) {
  AccuracyResult result;
  result.version = "1.2.3";
  result.command = "yarbus benchmark accuracy";
  result.subjects = std::move(subjects);
  result.groups.push_back(summarise(subjects_of(result, result.subjects.front().group)));
  return result;
}

TEST(MarkdownTable, ColumnsArePaddedByWhatIsSeen) {
  const Table table{"T", {"a", "b"}, {{"±1", "x"}, {"long", "y"}}, {"A note."}};
  EXPECT_EQ(to_markdown(table),
            "## T\n\n| a    | b   |\n|------|-----|\n| ±1   | x   |\n| long | y   |\n\n- A note.\n");
}

TEST(MarkdownTable, NumbersThatAreNotFiniteSaySo) {
  EXPECT_EQ(number_text(1.234, 2), "1.23");
  EXPECT_EQ(number_text(std::nan(""), 2), "NaN");
}

TEST(AccuracyTables, ShowMeasuredBesidePublished) {
  const std::string text = accuracy_markdown(result_of({test::scored_subject("a", {1.0, 2.0, 3.0})}));
  EXPECT_THAT(text, HasSubstr("2.00 ± 0.82 (2.00, 2.90)"));
  EXPECT_THAT(text, HasSubstr("Świrski & Dodgson 2013, published"));
  EXPECT_THAT(text, HasSubstr("3.56 ± 4.24"));
  EXPECT_THAT(text, HasSubstr("2.75 ± 2.76"));
  EXPECT_THAT(text, HasSubstr("100.0 % of 3"));
  EXPECT_THAT(text, HasSubstr("Yarbus 1.2.3"));
  EXPECT_THAT(text, Not(HasSubstr("By subject")));  // of one
}

TEST(AccuracyTables, BothPublishedRowsSayThatTheContrastStageIsAnother) {
  int with_published = 0;
  for (const Table& table : accuracy_tables(result_of({test::scored_subject("a", {1.0})}))) {
    if (!table.rows.front().front().starts_with("Świrski")) continue;
    ++with_published;
    EXPECT_THAT(table.notes, testing::Contains(HasSubstr("contrast stage here is a modified one")))
        << table.title;
  }
  EXPECT_EQ(with_published, 2);
}

TEST(AccuracyTables, AFailedFitIsToldInWords) {
  auto failed = test::scored_subject("a", {1.0});
  failed.fits[3].report.failure = FitFailure::too_few_frames;
  failed.fits[3].frames_to_good.reset();
  failed.scores[0].stages[3] = {};
  const std::string alone = accuracy_markdown(result_of({failed}));
  EXPECT_THAT(alone, HasSubstr("no fit: too few frames"));
  EXPECT_THAT(alone, HasSubstr("a: no edge model, because too few frames."));
  EXPECT_THAT(alone, HasSubstr("not reached"));
  const std::string beside = accuracy_markdown(result_of({failed, test::scored_subject("b", {2.0})}));
  EXPECT_THAT(beside, HasSubstr("2.00 ± 0.00 (2.00, 2.00), no fit in 1 of 2"));
  EXPECT_THAT(beside, HasSubstr("By subject"));
}

TEST(AccuracyTables, MissingColumnsAreNotMeasurable) {
  auto subject = test::scored_subject("a", {1.0});
  subject.measurable = {};
  for (auto& score : subject.scores) {
    score.outline_px.reset();
    for (auto& stage : score.stages) {
      stage = {};
      stage.has_pose = true;
    }
  }
  const AccuracyResult result = result_of({subject});
  for (const Table& table : accuracy_tables(result)) {
    if (table.title.starts_with("What") || table.title == "Time") continue;
    EXPECT_EQ(table.rows.back()[1], "not measurable") << table.title;
  }
  const auto json = accuracy_json(result);
  EXPECT_TRUE(json["groups"][0]["gaze_error_deg"]["edge"].is_null());
  EXPECT_TRUE(json["groups"][0]["detection"].is_null());
}

TEST(AccuracyTables, ValuesThatAreNotFiniteAreShown) {
  auto subject = test::scored_subject("a", {1.0, std::nan("")});
  EXPECT_THAT(accuracy_markdown(result_of({subject})), HasSubstr("1 not finite"));
  EXPECT_EQ(accuracy_json(result_of({subject}))["groups"][0]["gaze_error_deg"]["edge"]["not_finite"], 1);
}

TEST(AccuracyCurves, FramesWithoutAPoseKeepTheCurveBelowTheTop) {
  auto subject = test::scored_subject("a", {3.0, 1.0, 2.0, 9.0});
  subject.scores[3].stages[3] = {};
  const AccuracyCurves curves = accuracy_curves({&subject});
  ASSERT_EQ(curves.gaze_cumulative.size(), 5u);
  const Curve& edge = curves.gaze_cumulative[3];
  EXPECT_EQ(edge.stage, FitStage::edge);
  EXPECT_THAT(edge.x, testing::ElementsAre(0.0, 1.0, 2.0, 3.0));
  EXPECT_THAT(edge.y, testing::ElementsAre(0.0, 25.0, 50.0, 75.0));
  EXPECT_FALSE(curves.outline_cumulative[0].stage.has_value());
}

TEST(AccuracyCurves, MediansByEccentricityNeedEnoughFrames) {
  auto subject = test::scored_subject("a", {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0});  // at 0, 1, 2 ... degrees
  const Curve curve = accuracy_curves({&subject}).gaze_by_eccentricity[0];
  EXPECT_THAT(curve.x, testing::ElementsAre(2.5));
  EXPECT_THAT(curve.y, testing::ElementsAre(3.0));
}

TEST(AccuracyCurves, FoundSharesByVisibility) {
  auto subject = test::scored_subject("a", std::vector<double>(8, 1.0));
  for (std::size_t i = 0; i < 4; ++i) subject.scores[i].visible_fraction = 0.55;
  subject.scores[0].center_px.reset();
  const auto curves = accuracy_curves({&subject}).found_by_visibility;
  ASSERT_EQ(curves.size(), 1u);
  EXPECT_THAT(curves[0].y, testing::ElementsAre(75.0, 100.0));
  EXPECT_THAT(curves[0].x,
              testing::ElementsAre(testing::DoubleNear(55.0, 1e-9), testing::DoubleNear(95.0, 1e-9)));
}

TEST(AccuracyCurves, MediansByVisibilityIncludeFramesThatCountNowhereElse) {
  auto subject =
      test::scored_subject("a", {8.0, 9.0, 10.0, 11.0, 99.0, 5.0,  // a third visible, one without a pose
                                 1.0, 1.0, 1.0, 1.0,               // too few of this share
                                 1.0, 2.0, 3.0, 4.0, 50.0});       // all visible
  for (std::size_t i = 0; i < 6; ++i) {
    subject.scores[i].visible_fraction = 0.33;
    subject.scores[i].kind = FrameKind::hidden;
    subject.scores[i].outline_px = 6.0;
    for (auto& stage : subject.scores[i].stages) stage.outline_px = 4.0;
  }
  subject.scores[5].stages[3] = {};
  for (std::size_t i = 6; i < 10; ++i) subject.scores[i].visible_fraction = 0.75;
  const auto percents =
      testing::ElementsAre(testing::DoubleNear(35.0, 1e-9), testing::DoubleNear(95.0, 1e-9));
  AccuracyCurves curves = accuracy_curves({&subject});
  ASSERT_EQ(curves.gaze_by_visibility.size(), 5u);
  EXPECT_EQ(curves.gaze_by_visibility[3].stage, FitStage::edge);
  EXPECT_THAT(curves.gaze_by_visibility[3].x, percents);
  EXPECT_THAT(curves.gaze_by_visibility[3].y, testing::ElementsAre(10.0, 3.0));
  EXPECT_THAT(curves.gaze_by_visibility[0].y, testing::ElementsAre(9.5, 3.0)) << "its sixth frame has a pose";
  ASSERT_EQ(curves.outline_by_visibility.size(), 5u);
  EXPECT_FALSE(curves.outline_by_visibility[0].stage.has_value());
  EXPECT_THAT(curves.outline_by_visibility[0].y, testing::ElementsAre(6.0, 0.5));
  EXPECT_EQ(curves.outline_by_visibility[1].stage, FitStage::unoptimised);
  EXPECT_THAT(curves.outline_by_visibility[1].y, testing::ElementsAre(4.0, 0.7));
  subject.measurable.visible_fraction = false;
  curves = accuracy_curves({&subject});
  EXPECT_TRUE(curves.gaze_by_visibility.empty() && curves.outline_by_visibility.empty());
}

}  // namespace
}  // namespace yarbus::benchmark::report_test
