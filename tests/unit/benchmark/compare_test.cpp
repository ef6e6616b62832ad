#include "app/benchmark/compare.h"

#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/accuracy_json.h"
#include "app/benchmark/speed.h"
#include "tests/support/scored_subjects.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::benchmark::compare_test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

AccuracyResult result_of(SubjectScores subject) {
  AccuracyResult result;
  result.subjects.push_back(std::move(subject));
  result.groups.push_back(summarise({&result.subjects.front()}));
  return result;
}

nlohmann::json json_of(SubjectScores subject) { return accuracy_json(result_of(std::move(subject))); }

SubjectScores twenty(double gaze_deg) { return test::scored_subject("a", std::vector<double>(20, gaze_deg)); }

Comparison compared(const nlohmann::json& now, const nlohmann::json& earlier) {
  const auto comparison = compare_accuracy(now, earlier);
  EXPECT_TRUE(comparison.has_value()) << comparison.error().to_text();
  return *comparison;
}

TEST(CompareAccuracy, TheSameResultIsFine) {
  const auto json = json_of(twenty(1.0));
  const Comparison comparison = compared(json, json);
  EXPECT_TRUE(comparison.is_fine());
  EXPECT_THAT(comparison.table.rows, IsEmpty());
}

TEST(CompareAccuracy, WithinTheMarginIsFineAndShown) {
  const Comparison comparison = compared(json_of(twenty(1.09)), json_of(twenty(1.0)));
  EXPECT_TRUE(comparison.is_fine());
  EXPECT_THAT(comparison.table.rows, SizeIs(10));  // mean and median of five stages
}

TEST(CompareAccuracy, BeyondTheMarginIsWorse) {
  const Comparison comparison = compared(json_of(twenty(1.12)), json_of(twenty(1.0)));
  EXPECT_FALSE(comparison.is_fine());
  EXPECT_THAT(comparison.regressions,
              Contains(HasSubstr("gaze (deg), edge, mean is 1.12, was 1.00, allowed 1.10")));
}

TEST(CompareAccuracy, AFewWildFramesWidenTheMarginByTheirStandardError) {
  auto wild = twenty(1.0);
  for (std::size_t i = 0; i < 2; ++i) *wild.scores[i].stages[3].gaze_deg = 11.0;  // mean 2, sd 3
  auto moved = twenty(1.0);
  for (std::size_t i = 0; i < 4; ++i) *moved.scores[i].stages[3].gaze_deg = 11.0;  // mean 3
  EXPECT_TRUE(
      compared(json_of(moved), json_of(wild)).is_fine());  // allowed 2 + 0.15 + 2 * 3 / sqrt(20) = 3.49
  for (std::size_t i = 0; i < 6; ++i) *moved.scores[i].stages[3].gaze_deg = 11.0;  // mean 4
  EXPECT_THAT(compared(json_of(moved), json_of(wild)).regressions,
              testing::ElementsAre(HasSubstr("gaze (deg), edge, mean is 4.00, was 2.00, allowed 3.49")));
}

TEST(CompareAccuracy, BetterIsFine) {
  EXPECT_TRUE(compared(json_of(twenty(0.2)), json_of(twenty(1.0))).is_fine());
}

TEST(CompareAccuracy, FewerPupilsFoundIsWorse) {
  auto worse = twenty(1.0);
  worse.scores[0].center_px = 9.0;
  EXPECT_THAT(compared(json_of(worse), json_of(twenty(1.0))).regressions,
              testing::ElementsAre(HasSubstr("pupils found, share is 0.950")));
  EXPECT_TRUE(compared(json_of(twenty(1.0)), json_of(worse)).is_fine());
}

TEST(CompareAccuracy, EveryKindOfErrorCounts) {
  for (const auto& [what, worsen] : std::vector<std::pair<std::string, std::function<void(FrameScore&)>>>{
           {"outline (px), detector", [](FrameScore& score) { *score.outline_px = 0.6; }},
           {"outline (px), contrast", [](FrameScore& score) { *score.stages[2].outline_px = 0.8; }},
           {"eye centre (mm), unoptimised", [](FrameScore& score) { *score.stages[1].eye_center_mm = 2.0; }},
           {"pupil diameter (mm), edge",
            [](FrameScore& score) { *score.stages[3].pupil_diameter_mm = 0.36; }}}) {
    auto worse = twenty(1.0);
    for (FrameScore& score : worse.scores) worsen(score);
    EXPECT_THAT(compared(json_of(worse), json_of(twenty(1.0))).regressions, Contains(HasSubstr(what)))
        << what;
  }
}

TEST(CompareAccuracy, AFitThatFailsNowIsWorse) {
  auto worse = twenty(1.0);
  worse.fits[3].report.failure = FitFailure::diverged;
  for (auto& score : worse.scores) score.stages[3] = {};
  const auto regressions = compared(json_of(worse), json_of(twenty(1.0))).regressions;
  EXPECT_THAT(regressions, Contains(HasSubstr("fits that failed, edge is 1")));
  EXPECT_THAT(regressions, Contains(HasSubstr("gaze (deg), edge, mean is none")));
}

TEST(CompareAccuracy, AValueThatIsNotFiniteIsWorse) {
  auto worse = twenty(1.0);
  *worse.scores[4].stages[1].gaze_deg = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(compared(json_of(worse), json_of(twenty(1.0))).regressions, Contains(HasSubstr("not finite")));
}

TEST(CompareAccuracy, FalsePositivesMayGrowByOneFrame) {
  const auto with_false = [](int count) {
    auto subject = twenty(1.0);
    for (int i = 0; i < 5; ++i) {
      auto& score = subject.scores[static_cast<std::size_t>(i)];
      score.kind = FrameKind::closed;
      score.was_found = i < count;
    }
    return json_of(subject);
  };
  EXPECT_TRUE(compared(with_false(1), with_false(0)).is_fine());
  EXPECT_THAT(compared(with_false(2), with_false(0)).regressions, Contains(HasSubstr("closed eyes is 2")));
}

TEST(CompareAccuracy, OtherRecordingsCannotBeCompared) {
  const auto other = compare_accuracy(json_of(twenty(1.0)), json_of(test::scored_subject("a", {1.0})));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::invalid_option);
  EXPECT_THAT(other.error().to_text(), HasSubstr("had 1 frames, now 20"));
  EXPECT_FALSE(compare_accuracy(json_of(twenty(1.0)), {{"kind", "yarbus accuracy"}}).has_value());
}

TEST(EarlierResult, MustBeAResultOfTheSameBenchmark) {
  const test::TemporaryFolder folder;
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
    return read_earlier_result(folder / name, "yarbus accuracy");
  };
  EXPECT_EQ(read_earlier_result(folder / "missing", "yarbus accuracy").error().code,
            ErrorCode::input_missing);
  EXPECT_EQ(write("a", "{").error().code, ErrorCode::input_unreadable);
  EXPECT_EQ(write("b", "[1]").error().code, ErrorCode::input_unreadable);
  EXPECT_EQ(write("c", R"({"kind": "yarbus speed"})").error().code, ErrorCode::input_unreadable);
  EXPECT_TRUE(write("d", R"({"kind": "yarbus accuracy"})").has_value());
}

SpeedResult speed_result(double allocations, double p50_ms) {
  SpeedResult result;
  result.dataset = "made up";
  result.frames = 60;
  result.timings.push_back({"detect", {240, p50_ms, 9.0, 10.0, 11.0}, ""});
  result.frames_per_s = 200.0;
  result.allocations_per_frame = allocations;
  return result;
}

TEST(CompareSpeed, TimesAreShownAndNeverJudged) {
  const auto comparison =
      compare_speed(speed_json(speed_result(0.1, 40.0)), speed_json(speed_result(0.1, 4.0)));
  ASSERT_TRUE(comparison.has_value());
  EXPECT_TRUE(comparison->is_fine());
  EXPECT_EQ(comparison->table.rows[0][3], "10.00×");
}

TEST(CompareSpeed, MoreAllocationsAFrameAreWorse) {
  const auto earlier = speed_json(speed_result(0.1, 4.0));
  EXPECT_TRUE(compare_speed(speed_json(speed_result(0.5, 4.0)), earlier)->is_fine());
  EXPECT_FALSE(compare_speed(speed_json(speed_result(1.1, 4.0)), earlier)->is_fine());
  auto uncounted = speed_result(0.0, 4.0);
  uncounted.allocations_per_frame.reset();
  EXPECT_FALSE(compare_speed(speed_json(uncounted), earlier)->is_fine());
}

TEST(CompareSpeed, OtherFramesCannotBeCompared) {
  auto longer = speed_result(0.1, 4.0);
  longer.frames = 300;
  EXPECT_FALSE(compare_speed(speed_json(longer), speed_json(speed_result(0.1, 4.0))).has_value());
}

}  // namespace
}  // namespace yarbus::benchmark::compare_test
