// The whole calibration without a person: a target is shown, the eyes turn, frames are rendered, tracked and
// mapped, and the gaze is compared with where the eyes looked.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/calibration_subject.h"

namespace yarbus::benchmark::viewer_wizard_test {
namespace {

using testing::Contains;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

/// Short: five targets, two places afterwards.
SubjectPlan short_plan(SubjectLevel level, ViewerFault fault = ViewerFault::none) {
  SubjectPlan plan;
  plan.level = level;
  plan.fault = fault;
  plan.scenario = "noisy-far";  // small images render fast
  plan.look_around_s = level == SubjectLevel::rendered ? 5.0 : 8.0;
  plan.layout = level == SubjectLevel::rendered ? TargetLayout::five : TargetLayout::nine;
  plan.fresh_places = level == SubjectLevel::rendered ? 2 : 0;
  plan.wander_s = 0.0;
  plan.moves_head = plan.slips = false;
  return plan;
}

TEST(ViewerWizard, RenderedEyesAreCalibratedAndTheReportIsTrue) {
  const SubjectFigures figures = run_subject(short_plan(SubjectLevel::rendered), 1);
  ASSERT_TRUE(figures.is_done) << figures.end;
  EXPECT_THAT(figures.findings, IsEmpty());
  EXPECT_GE(figures.samples, 5u * 15u);
  EXPECT_LT(*figures.to_gaze_s, 20.0);
  EXPECT_LT(*figures.axis_error_deg, 1.0);
  EXPECT_LT(*figures.reported_deg, 1.2);
  EXPECT_LT(*figures.validation.to_truth_deg, 1.2);
  EXPECT_LT(std::abs(*figures.reported_deg - *figures.validation.to_truth_deg), 0.3);
  EXPECT_LT(*figures.fresh.to_truth_deg, 1.5);
}

TEST(ViewerWizard, OutlinedEyesAreCalibratedAndTheReportIsTrue) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const SubjectFigures figures = run_subject(short_plan(SubjectLevel::outlined), seed);
    ASSERT_TRUE(figures.is_done) << figures.end;
    EXPECT_THAT(figures.findings, IsEmpty());
    EXPECT_LT(*figures.validation.to_truth_deg, 0.7);
    EXPECT_LT(std::abs(*figures.reported_deg - *figures.validation.to_truth_deg), 0.3);
    EXPECT_LT(*figures.to_gaze_s, 60.0);
  }
}

TEST(ViewerWizard, TheSameSeedGivesTheSameFigures) {
  const auto run = [] { return run_subject(short_plan(SubjectLevel::outlined), 5); };
  const SubjectFigures once = run();
  const SubjectFigures again = run();
  EXPECT_EQ(once.reported_deg, again.reported_deg);
  EXPECT_EQ(once.validation.to_truth_deg, again.validation.to_truth_deg);
  EXPECT_EQ(once.samples, again.samples);
}

class ViewerFaults : public testing::TestWithParam<ViewerFault> {};

TEST_P(ViewerFaults, AreNamedByTheProcedure) {
  for (const std::uint64_t seed : {1u, 2u}) {
    const SubjectFigures figures = run_subject(short_plan(SubjectLevel::outlined, GetParam()), seed);
    EXPECT_TRUE(is_named(figures, GetParam())) << seed << ": " << figures.end;
    for (const NamedFinding& finding : figures.findings) EXPECT_FALSE(finding.text.empty());
    // Without the fault the same person is found to do nothing of the kind.
    if (seed > 1) continue;
    EXPECT_FALSE(is_named(run_subject(short_plan(SubjectLevel::outlined), seed), GetParam()));
  }
}
INSTANTIATE_TEST_SUITE_P(Outlined, ViewerFaults,
                         testing::Values(ViewerFault::inattentive, ViewerFault::one_place,
                                         ViewerFault::one_eye_lost, ViewerFault::slippage,
                                         ViewerFault::wrong_screen_size, ViewerFault::head_moved,
                                         ViewerFault::no_eye),
                         [](const auto& info) {
                           std::string name(to_string(info.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST(ViewerWizard, ASlipAfterTheCalibrationIsReportedAndRecentringBringsGazeBack) {
  SubjectPlan plan = short_plan(SubjectLevel::outlined);
  plan.slips = true;
  const SubjectFigures figures = run_subject(plan, 2);
  ASSERT_TRUE(figures.is_done);
  EXPECT_EQ(figures.is_slip_imagined, false);
  ASSERT_TRUE(figures.slip_named_s && figures.slip_deg && figures.recentred_deg && figures.slip_check);
  EXPECT_LE(*figures.slip_named_s, 5.0);
  EXPECT_GT(*figures.slip_deg, 1.0);
  EXPECT_EQ(figures.slip_check->cause, DriftCause::slippage);
  EXPECT_LE(*figures.recentred_deg, 1.0);
}

TEST(ViewerWizard, ARenderedSlipHalfWayIsNamed) {
  SubjectPlan plan = short_plan(SubjectLevel::rendered, ViewerFault::slippage);
  plan.layout = TargetLayout::nine;
  plan.fresh_places = 0;
  const SubjectFigures figures = run_subject(plan, 1);
  EXPECT_TRUE(is_named(figures, ViewerFault::slippage)) << figures.end;
}

}  // namespace
}  // namespace yarbus::benchmark::viewer_wizard_test
