#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/compare.h"
#include "app/benchmark/detection_json.h"
#include "app/benchmark/detection_tables.h"
#include "tests/support/scored_detections.h"

namespace yarbus::benchmark::detection_report_test {
namespace {

using test::closed_frame;
using test::detection_result;
using test::detection_subject;
using test::found_frame;
using test::missed_frame;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

using Scores = std::vector<DetectionScore>;

DetectionResult result_of(const Scores& scores) {
  return detection_result(detection_subject("made up", scores));
}

nlohmann::json json_of(const Scores& scores) { return detection_json(result_of(scores)); }

/// Forty frames, half a pixel off.
Scores forty() { return Scores(40, found_frame(0.5)); }

std::vector<std::string> regressions(const nlohmann::json& now, const nlohmann::json& earlier) {
  const auto comparison = compare_detection(now, earlier);
  EXPECT_TRUE(comparison.has_value()) << (comparison ? "" : comparison.error().to_text());
  return comparison ? comparison->regressions : std::vector<std::string>{};
}

TEST(DetectionTables, ShowBothWays) {
  auto subject = detection_subject("made up", {found_frame(0.5), found_frame(1.5)});
  subject.scores[1][0] = missed_frame(PupilMissReason::occluded);
  const std::string text = detection_markdown(detection_result(subject));
  EXPECT_THAT(text, HasSubstr("# Pupil detection of Yarbus 1.2.3"));
  EXPECT_THAT(text, HasSubstr("on a processor, 2 threads"));
  EXPECT_THAT(text, HasSubstr("| made up | cold    | 50.0"));
  EXPECT_THAT(text, HasSubstr("| made up | tracked | 0.0"));
  EXPECT_THAT(text, HasSubstr("+0.100 ± 0.000 (0.000)"));
  EXPECT_THAT(text, HasSubstr("no closed eye"));
  EXPECT_THAT(text, HasSubstr("occluded"));
}

TEST(DetectionTables, WhatHasNoTruthIsNotMeasurable) {
  auto subject = detection_subject("made up", {});
  subject.measurable = {};
  const DetectionResult result = detection_result(subject);
  for (const Table& table : detection_tables(result)) {
    for (const auto& row : table.rows) ASSERT_EQ(row.size(), table.columns.size()) << table.title;
  }
  EXPECT_THAT(detection_markdown(result), HasSubstr("not measurable"));
}

TEST(DetectionTables, SourcesWithoutAnEyeAlone) {
  DetectionResult result;
  result.no_eye.push_back({"wall.mp4", 50, {{{0, 0.0}, {2, 0.81}}}, "the video ends early"});
  const std::string text = detection_markdown(result);
  EXPECT_THAT(text, HasSubstr("0/50"));
  EXPECT_THAT(text, HasSubstr("2/50 (0.81)"));
  EXPECT_THAT(text, HasSubstr("- wall.mp4: the video ends early."));
}

TEST(DetectionJson, HoldsFiguresByWay) {
  const auto group = json_of({found_frame(0.5), found_frame(4.0), closed_frame(true)}).at("groups").at(0);
  EXPECT_EQ(group.at("cold").at("center_within_px").at("5").at("found"), 2);
  EXPECT_EQ(group.at("tracked").at("center_within_px").at("2").at("share"), 0.5);
  EXPECT_EQ(group.at("cold").at("false_positives_on_closed_eyes").at("found"), 1);
  EXPECT_EQ(group.at("cold").at("bias_px").at("center_x").at("mean"), 2.25);
  EXPECT_EQ(group.at("cold").at("confidence").at("bins").at(9).at("count"), 3);
  EXPECT_TRUE(group.at("cold").at("confidence").at("bins").at(0).at("observed").is_null());
  EXPECT_EQ(group.at("cold").at("detect_ms").at("max"), 0.9);
  EXPECT_EQ(nlohmann::json::parse(group.dump()), group);
}

TEST(CompareDetection, TheSameIsFineAndBetterToo) {
  const auto json = json_of(forty());
  EXPECT_THAT(regressions(json, json), IsEmpty());
  EXPECT_THAT(regressions(json_of(Scores(40, found_frame(0.2))), json), IsEmpty());
}

TEST(CompareDetection, EveryKindOfFigureCounts) {
  struct Case {
    const char* figure;
    std::function<void(DetectionScore&)> worsen;
  };
  for (const Case& worse : std::vector<Case>{
           {"pupils found within 5 px, share, cold",
            [](DetectionScore& score) { score = missed_frame(PupilMissReason::blink); }},
           {"pupils found within 2 px, share, tracked",
            [](DetectionScore& score) { score = found_frame(2.5); }},
           {"outlines within 2 px, share, cold", [](DetectionScore& score) { score.outline_px = 2.5; }},
           {"outline (px), median, cold", [](DetectionScore& score) { score.outline_px = 0.6; }},
           {"size of the diameter's bias (px), cold",
            [](DetectionScore& score) { score.diameter_offset_px = -0.14; }},
           {"size of the centre's bias in y (px), tracked",
            [](DetectionScore& score) { score.center_offset_px->y() = -0.04; }},
           {"calibration error, cold", [](DetectionScore& score) { score.confidence = 0.9; }},
           {"Brier score, cold", [](DetectionScore& score) { score.confidence = 0.8; }},
           {"lid closure, error of the hidden area, cold",
            [](DetectionScore& score) { score.lid_closure = 0.3; }}}) {
    Scores scores = forty();
    for (DetectionScore& score : scores) worse.worsen(score);
    EXPECT_THAT(regressions(json_of(scores), json_of(forty())), Contains(HasSubstr(worse.figure)));
  }
}

TEST(CompareDetection, PupilsOnClosedEyesMayGrowByOne) {
  const auto with_false = [](std::size_t count) {
    Scores scores = forty();
    for (std::size_t i = 0; i < 5; ++i) scores.push_back(closed_frame(i < count));
    for (DetectionScore& score : scores) score.confidence = 0.5;
    return json_of(scores);
  };
  EXPECT_THAT(regressions(with_false(1), with_false(0)), testing::Not(Contains(HasSubstr("closed eyes"))));
  EXPECT_THAT(regressions(with_false(2), with_false(0)), Contains(HasSubstr("closed eyes, cold is 2")));
}

TEST(CompareDetection, AllocationsAreJudgedAndTimesAreNot) {
  auto subject = detection_subject("made up", forty());
  for (auto& time : subject.times[0]) time *= 100;
  EXPECT_THAT(regressions(detection_json(detection_result(subject)), json_of(forty())), IsEmpty());
  subject.allocations[1] = 40;
  EXPECT_THAT(regressions(detection_json(detection_result(subject)), json_of(forty())),
              testing::ElementsAre(HasSubstr("allocations a frame, tracked is 1.00")));
}

TEST(CompareDetection, AValueThatIsNotFiniteIsWorse) {
  Scores scores = forty();
  scores[3].outline_px = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(regressions(json_of(scores), json_of(forty())), Contains(HasSubstr("not finite")));
  scores = forty();
  scores[3].confidence = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(regressions(json_of(scores), json_of(forty())),
              Contains(HasSubstr("confidence: 1 values are not finite")));
}

TEST(CompareDetection, SourcesWithoutAnEyeCount) {
  const auto with_reported = [](std::uint64_t reported) {
    DetectionResult result = result_of(forty());
    result.no_eye.push_back({"wall.mp4", 50, {{{reported, 0.6}, {0, 0.0}}}, ""});
    return detection_json(result);
  };
  EXPECT_THAT(regressions(with_reported(1), with_reported(0)), IsEmpty());
  EXPECT_THAT(regressions(with_reported(3), with_reported(0)),
              testing::ElementsAre(HasSubstr("wall.mp4: pupils found without an eye, cold is 3")));
  EXPECT_FALSE(compare_detection(json_of(forty()), with_reported(0)).has_value());
}

TEST(CompareDetection, OtherRecordingsCannotBeCompared) {
  const auto other = compare_detection(json_of(forty()), json_of({found_frame(0.5)}));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::invalid_option);
  EXPECT_FALSE(compare_detection(json_of(forty()), {{"kind", "yarbus detection"}}).has_value());
}

}  // namespace
}  // namespace yarbus::benchmark::detection_report_test
