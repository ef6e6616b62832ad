#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/calibration_json.h"
#include "app/benchmark/calibration_tables.h"

namespace yarbus::benchmark::calibration_report_test {
namespace {

using testing::HasSubstr;

SubjectFigures subject(double reported_deg, double true_deg) {
  SubjectFigures figures;
  figures.seed = 3;
  figures.scenario = "easy";
  figures.is_done = true;
  figures.end = "done";
  figures.mapper = "geometric";
  figures.reported_deg = reported_deg;
  figures.validation.to_truth_deg = true_deg;
  figures.validation.covers_target = 0.7;
  figures.to_gaze_s = 14.0;
  figures.samples = 250;
  figures.is_slip_imagined = false;
  figures.slip_named_s = 2.0;
  figures.recentred_deg = 0.4;
  return figures;
}

TEST(CalibrationFigures, MedianAndWorstAreOfTheSubjects) {
  const auto summary =
      summarise({subject(0.3, 0.2), subject(0.5, 0.6), subject(0.9, 0.8)}, ViewerFault::none);
  EXPECT_EQ(summary.subjects, 3u);
  EXPECT_EQ(summary.done, 3u);
  EXPECT_DOUBLE_EQ(summary.reported_deg->median, 0.5);
  EXPECT_DOUBLE_EQ(summary.reported_deg->worst, 0.9);
  EXPECT_NEAR(summary.reported_off_deg->median, 0.1, 1e-12);  // a size: one of them is below
  EXPECT_NEAR(summary.reported_off_deg->worst, 0.1, 1e-12);
  EXPECT_DOUBLE_EQ(*summary.coverage_68, 0.7);
  EXPECT_EQ(summary.chosen[0], 3u);
  EXPECT_EQ(summary.slips_in_time, 3u);
  EXPECT_FALSE(summary.fresh_deg);  // nobody measured it
}

TEST(CalibrationFigures, WhatIsNotANumberIsNotHidden) {
  const auto summary = summarise({subject(0.3, 0.2), subject(std::nan(""), 0.2)}, ViewerFault::none);
  EXPECT_TRUE(std::isnan(summary.reported_deg->worst));
  EXPECT_TRUE(std::isnan(summary.reported_deg->median));
}

TEST(CalibrationFigures, ASlipThatIsNeverNamedIsNotInTime) {
  auto late = subject(0.3, 0.2);
  late.slip_named_s = 6.0;
  auto never = subject(0.3, 0.2);
  never.slip_named_s = std::nan("");
  const auto summary = summarise({subject(0.3, 0.2), late, never}, ViewerFault::none);
  EXPECT_EQ(summary.slips, 3u);
  EXPECT_EQ(summary.slips_in_time, 1u);
  EXPECT_EQ(summary.slip_named_s->subjects, 2u);
}

TEST(CalibrationFigures, AFaultIsNamedByItsOwnNameOnly) {
  auto figures = subject(0.3, 0.2);
  figures.findings.push_back({"slippage", "the camera slipped", true});
  EXPECT_TRUE(is_named(figures, ViewerFault::slippage));
  EXPECT_FALSE(is_named(figures, ViewerFault::one_place));
  EXPECT_FALSE(is_named(figures, ViewerFault::inattentive));
  figures.findings.push_back({"gaze-elsewhere", "", false});
  EXPECT_TRUE(is_named(figures, ViewerFault::inattentive));
  EXPECT_FALSE(is_named(figures, ViewerFault::head_moved));
  figures.head_moved = CheckFigures{1.9, DriftCause::slippage};
  EXPECT_FALSE(is_named(figures, ViewerFault::head_moved));
  figures.head_moved->cause = DriftCause::head_moved;
  EXPECT_TRUE(is_named(figures, ViewerFault::head_moved));
}

TEST(CalibrationReport, TablesAndJsonSayTheSame) {
  CalibrationResult result;
  result.version = "1.0";
  result.command = "yarbus benchmark calibration";
  result.options.plan.fault = ViewerFault::slippage;
  result.rendered = {subject(0.31, 0.24)};
  result.rendered[0].findings.push_back({"slippage", "the camera slipped", true});
  const auto json = calibration_json(result);
  EXPECT_EQ(json.at("kind"), "yarbus calibration");
  EXPECT_EQ(json.at("fault"), "slippage");
  EXPECT_EQ(json.at("expected_finding"), "slippage");
  EXPECT_EQ(json.at("rendered").at("summary").at("fault_named"), 1);
  EXPECT_EQ(json.at("rendered").at("each").at(0).at("reported_deg"), 0.31);
  EXPECT_TRUE(json.at("rendered").at("each").at(0).at("wander_deg").is_null());
  EXPECT_TRUE(json.at("outlined").at("summary").at("reported_deg").is_null());
  const std::string text = calibration_markdown(result);
  EXPECT_THAT(text, HasSubstr("0.31"));
  EXPECT_THAT(text, HasSubstr("Named: rendered 1/1, outlines –"));
}

}  // namespace
}  // namespace yarbus::benchmark::calibration_report_test
