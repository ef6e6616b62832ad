// The procedure with simulated participants who do nothing wrong, and the commands that people give.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "tests/support/wizard_run.h"

namespace yarbus::procedure_run_test {
namespace {

using support::ParticipantFault;
using support::ParticipantOptions;
using support::WizardRun;

ProcedureRequest request(TargetLayout layout = TargetLayout::nine, std::uint64_t seed = 1) {
  ProcedureRequest wanted;
  wanted.screen = ParticipantOptions{}.screen;
  wanted.layout = layout;
  wanted.seed = seed;
  return wanted;
}

ParticipantOptions participant(std::uint64_t seed, ParticipantFault fault = ParticipantFault::none) {
  ParticipantOptions options;
  options.seed = seed;
  options.fault = fault;
  return options;
}

std::string findings_of(const ProcedureSnapshot& view) {
  std::string text;
  for (const auto& finding : view.findings)
    text += std::string(to_string(finding.kind)) + ": " + finding.text + '\n';
  return text;
}

TEST(ProcedureRun, CleanParticipantsGetThroughWithoutAnyFault) {
  double longest_s = 0.0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    WizardRun wizard({}, participant(seed));
    ASSERT_TRUE(wizard.procedure.start(request(TargetLayout::nine, seed)));
    ASSERT_TRUE(wizard.run(60.0)) << "seed " << seed << '\n' << findings_of(wizard.procedure.snapshot());
    longest_s = std::max(longest_s, wizard.seconds());
    const ProcedureSnapshot view = wizard.procedure.snapshot();
    EXPECT_TRUE(view.findings.empty()) << "seed " << seed << '\n' << findings_of(view);
    for (const auto& point : view.points) {
      EXPECT_EQ(point.verdict, PointVerdict::good) << to_text(point.reason);
      EXPECT_GE(point.samples, 15);
      EXPECT_LT(point.spread_deg, 0.6);
    }
    ASSERT_TRUE(wizard.fit_samples && wizard.score_samples);
    std::set<int> targets;
    for (const auto& sample : wizard.fit_samples->calibration) targets.insert(sample.target);
    EXPECT_EQ(targets.size(), 9U);
    targets.clear();
    for (const auto& sample : wizard.score_samples->validation) targets.insert(sample.target);
    EXPECT_EQ(targets.size(), 4U);
  }
  RecordProperty("longest_s", std::to_string(longest_s));
  EXPECT_LE(longest_s, 60.0);
}

TEST(ProcedureRun, SamplesLieAfterTheSettlingTimeAndWhereTheTargetWas) {
  WizardRun wizard({}, participant(3));
  ASSERT_TRUE(wizard.procedure.start(request()));
  ASSERT_TRUE(wizard.run(60.0));
  for (const auto& attempt : wizard.procedure.attempts()) {
    EXPECT_GE(attempt.raw.size(), attempt.samples.size());
    for (const auto& sample : attempt.raw) {
      EXPECT_GE(sample.rays.captured_at, attempt.result.shown_at + time_from_seconds(0.4));
      EXPECT_EQ(sample.target_in_screen_mm, attempt.result.position_in_screen_mm);
      EXPECT_EQ(sample.target, attempt.result.target);
    }
  }
}

TEST(ProcedureRun, EveryLayoutAndOneEyeAloneWork) {
  for (const auto layout : {TargetLayout::one, TargetLayout::five, TargetLayout::thirteen}) {
    WizardRun wizard({}, participant(5));
    ASSERT_TRUE(wizard.procedure.start(request(layout)));
    EXPECT_TRUE(wizard.run(60.0)) << to_string(layout);
  }
  ParticipantOptions left_only = participant(6);
  left_only.is_tracked = {false, true};
  WizardRun wizard({}, left_only);
  ASSERT_TRUE(wizard.procedure.start(request()));
  ASSERT_TRUE(wizard.run(60.0));
  EXPECT_TRUE(wizard.procedure.snapshot().findings.empty());
  for (const auto& sample : wizard.fit_samples->calibration) EXPECT_FALSE(sample.rays.eye(EyeSide::right));
}

TEST(ProcedureRun, SlowAndFastCamerasAndNoisyTrackersWork) {
  for (const int rate_hz : {30, 60, 250}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      ParticipantOptions noisy = participant(seed);
      noisy.noise_deg = 0.4;
      WizardRun wizard({}, noisy);
      wizard.rate_hz = rate_hz;
      ASSERT_TRUE(wizard.procedure.start(request(TargetLayout::nine, seed)));
      ASSERT_TRUE(wizard.run(60.0)) << rate_hz << '\n' << findings_of(wizard.procedure.snapshot());
      EXPECT_TRUE(wizard.procedure.snapshot().findings.empty())
          << "seed " << seed << " rate " << wizard.rate_hz << " " << findings_of(wizard.procedure.snapshot());
    }
  }
}

TEST(ProcedureRun, PursuitFindsItsLagAndFollowsTheTarget) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    WizardRun wizard({}, participant(seed));
    ASSERT_TRUE(wizard.procedure.start(request(TargetLayout::pursuit)));
    ASSERT_TRUE(wizard.run(60.0)) << findings_of(wizard.procedure.snapshot());
    EXPECT_TRUE(wizard.procedure.snapshot().findings.empty())
        << "seed " << seed << " rate " << wizard.rate_hz << " " << findings_of(wizard.procedure.snapshot());
    EXPECT_NEAR(wizard.procedure.pursuit_lag_s().value_or(-1.0), 0.08, 0.03);
    std::set<int> targets;
    for (const auto& sample : wizard.fit_samples->calibration) targets.insert(sample.target);
    EXPECT_EQ(targets.size(), 8U);
  }
}

TEST(ProcedureRun, PursuitIsSeenBySlowCamerasToo) {
  for (const int rate_hz : {25, 30, 50, 60, 90}) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      WizardRun wizard({}, participant(seed));
      wizard.rate_hz = rate_hz;
      ASSERT_TRUE(wizard.procedure.start(request(TargetLayout::pursuit)));
      ASSERT_TRUE(wizard.run(60.0)) << rate_hz << '\n' << findings_of(wizard.procedure.snapshot());
      EXPECT_TRUE(wizard.procedure.snapshot().findings.empty())
          << "seed " << seed << " rate " << rate_hz << " " << findings_of(wizard.procedure.snapshot());
    }
  }
}

TEST(ProcedureRun, ARegionCanBeCalibratedAlone) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    WizardRun wizard({}, participant(seed));
    ProcedureRequest wanted = request(TargetLayout::five, seed);
    wanted.region = ScreenRegion{{360.0, 40.0}, {480.0, 130.0}};
    ASSERT_TRUE(wizard.procedure.start(wanted));
    ASSERT_TRUE(wizard.run(60.0)) << findings_of(wizard.procedure.snapshot());
    EXPECT_TRUE(wizard.procedure.snapshot().findings.empty()) << findings_of(wizard.procedure.snapshot());
    for (const auto& sample : wizard.fit_samples->calibration) {
      EXPECT_GE(sample.target_in_screen_mm.x(), 360.0);
      EXPECT_LE(sample.target_in_screen_mm.y(), 130.0);
    }
  }
}

TEST(ProcedureRun, IsDeterministic) {
  std::array<std::vector<CalibrationSample>, 2> samples;
  for (auto& run : samples) {
    WizardRun wizard({}, participant(8));
    ASSERT_TRUE(wizard.procedure.start(request()));
    ASSERT_TRUE(wizard.run(60.0));
    run = wizard.fit_samples->calibration;
  }
  ASSERT_EQ(samples[0].size(), samples[1].size());
  for (std::size_t i = 0; i < samples[0].size(); ++i) {
    EXPECT_EQ(samples[0][i].rays.captured_at, samples[1][i].rays.captured_at);
    EXPECT_EQ(samples[0][i].target, samples[1][i].target);
  }
}

TEST(ProcedureRun, OnePointCanBeRedoneAlone) {
  WizardRun wizard({}, participant(9));
  ASSERT_TRUE(wizard.procedure.start(request()));
  ASSERT_TRUE(wizard.run(60.0));
  const auto before = wizard.procedure.points();
  const std::size_t shown = wizard.procedure.attempts().size();
  ASSERT_TRUE(wizard.procedure.redo(4));
  EXPECT_EQ(wizard.procedure.phase(), ProcedurePhase::calibration);
  ASSERT_TRUE(wizard.run(60.0));
  EXPECT_EQ(wizard.procedure.attempts().size(), shown + 1);
  const auto after = wizard.procedure.points();
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].target == before[i].target, i != 4) << i;
    EXPECT_EQ(after[i].attempts, i == 4 ? 2 : 1);
  }
  EXPECT_FALSE(wizard.procedure.redo(13));
  EXPECT_FALSE(wizard.procedure.redo(-1));
}

TEST(ProcedureRun, ARedoWithoutResultKeepsTheEarlierOne) {
  WizardRun wizard({}, participant(9));
  ASSERT_TRUE(wizard.procedure.start(request()));
  ASSERT_TRUE(wizard.run(60.0));
  const int target = wizard.procedure.points()[4].target;
  ASSERT_TRUE(wizard.procedure.redo(4));
  wizard.step();
  ASSERT_TRUE(wizard.procedure.skip());
  EXPECT_EQ(wizard.procedure.points()[4].target, target);
  EXPECT_EQ(wizard.procedure.points()[4].verdict, PointVerdict::good);
  ASSERT_TRUE(wizard.run(10.0));
}

TEST(ProcedureRun, ABadPointIsShownAgainByItself) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    WizardRun wizard({}, participant(seed, ParticipantFault::one_point_elsewhere));
    ASSERT_TRUE(wizard.procedure.start(request(TargetLayout::nine, seed)));
    ASSERT_TRUE(wizard.run(60.0));
    const auto points = wizard.procedure.points();
    for (const auto& point : points) {
      EXPECT_EQ(point.verdict, PointVerdict::good);
      EXPECT_EQ(point.attempts, point.point == 3 ? 2 : 1) << "seed " << seed << " point " << point.point;
    }
  }
}

TEST(ProcedureRun, PauseKeepsWhatWasAcceptedAndStartsTheTargetAnew) {
  WizardRun wizard({}, participant(10));
  ASSERT_TRUE(wizard.procedure.start(request()));
  ASSERT_TRUE(wizard.run_until(
      [](const auto& view) {
        return view.points[0].attempts + view.points[4].attempts + view.points[8].attempts >= 1 &&
               view.target && view.target->step == TargetStep::sampling;
      },
      30.0));
  const auto before = wizard.procedure.points();
  const int target = wizard.procedure.snapshot().target->target;
  ASSERT_TRUE(wizard.procedure.pause());
  EXPECT_FALSE(wizard.procedure.pause());
  EXPECT_FALSE(wizard.procedure.snapshot().target);
  for (int i = 0; i < 1200; ++i) wizard.step();
  EXPECT_EQ(wizard.procedure.attempts().size(),
            static_cast<std::size_t>(std::count_if(before.begin(), before.end(),
                                                   [](const auto& point) { return point.attempts > 0; })));
  ASSERT_TRUE(wizard.procedure.resume());
  EXPECT_GT(wizard.procedure.snapshot().target->target, target);
  ASSERT_TRUE(wizard.run(60.0));
  for (const auto& point : before) {
    if (point.attempts > 0) {
      EXPECT_EQ(wizard.procedure.points()[static_cast<std::size_t>(point.point)].target, point.target);
    }
  }
}

TEST(ProcedureRun, AbortWorksAtAnyTimeAndAnotherRunCanStart) {
  for (const double at_s : {0.1, 1.5, 3.0, 8.0, 20.0}) {
    WizardRun wizard({}, participant(11));
    ASSERT_TRUE(wizard.procedure.start(request()));
    EXPECT_FALSE(wizard.procedure.start(request()));
    (void)wizard.run(at_s);
    ASSERT_TRUE(wizard.procedure.abort());
    EXPECT_EQ(wizard.procedure.phase(), ProcedurePhase::aborted);
    EXPECT_FALSE(wizard.procedure.abort());
    EXPECT_FALSE(wizard.procedure.take_ready());
    ASSERT_TRUE(wizard.procedure.start(request()));
    EXPECT_TRUE(wizard.run(60.0));
  }
}

TEST(ProcedureRun, AKeyAtTheParticipantsPaceEndsEachTarget) {
  ProcedureOptions options;
  options.advance_by_key = true;
  WizardRun wizard(options, participant(12));
  ASSERT_TRUE(wizard.procedure.start(request(TargetLayout::five)));
  (void)wizard.run(15.0);
  EXPECT_EQ(wizard.procedure.attempts().size(), 0U);  // no timeout
  for (int key = 0; key < 9; ++key) {
    ASSERT_TRUE(wizard.run_until(
        [](const auto& view) {
          return view.target && view.target->waits_for_key && view.target->step != TargetStep::requested;
        },
        10.0));
    ASSERT_TRUE(wizard.procedure.accept());
    ASSERT_TRUE(wizard.run_until(
        [&](const auto&) { return wizard.procedure.attempts().size() == static_cast<std::size_t>(key + 1); },
        10.0));
  }
  EXPECT_TRUE(wizard.run(5.0));
}

TEST(ProcedureRun, TimeCountsFromTheWindowsReport) {
  WizardRun wizard({}, participant(13));
  wizard.window_shows = false;
  ASSERT_TRUE(wizard.procedure.start(request()));
  ASSERT_TRUE(wizard.run_until([](const auto& view) { return view.target.has_value(); }, 20.0));
  const int target = wizard.procedure.snapshot().target->target;
  for (int i = 0; i < 120; ++i) wizard.step();
  EXPECT_EQ(wizard.procedure.snapshot().target->step, TargetStep::requested);
  EXPECT_FALSE(wizard.procedure.target_shown(target + 1, wizard.now()));
  EXPECT_FALSE(
      wizard.procedure.target_shown(target, wizard.now() + time_from_seconds(60.0)));  // another clock
  EXPECT_TRUE(wizard.procedure.target_shown(target, wizard.now()));
  EXPECT_FALSE(wizard.procedure.target_shown(target, wizard.now()));
  const CaptureTime shown_at = wizard.now();
  wizard.window_shows = true;
  ASSERT_TRUE(wizard.run(60.0));
  EXPECT_EQ(wizard.procedure.attempts()[0].result.shown_at, shown_at);
}

TEST(ProcedureRun, AnOutcomeOfReplacedSamplesIsRefused) {
  WizardRun wizard({}, participant(14));
  wizard.answers = false;
  ASSERT_TRUE(wizard.procedure.start(request()));
  ASSERT_TRUE(wizard.run_until([](const auto& view) { return view.phase == ProcedurePhase::fitting; }, 60.0));
  wizard.step();
  const int id = wizard.fit_samples->id;
  ASSERT_TRUE(wizard.procedure.redo(2));
  EXPECT_FALSE(wizard.procedure.fit_finished(id, {true, "", ""}));
  ASSERT_TRUE(wizard.run_until([](const auto& view) { return view.phase == ProcedurePhase::fitting; }, 60.0));
  wizard.step();
  EXPECT_FALSE(wizard.procedure.fit_finished(id, {true, "", ""}));
  ASSERT_TRUE(wizard.procedure.fit_finished(wizard.fit_samples->id, {false, "no fit", "try again"}));
  EXPECT_EQ(wizard.procedure.phase(), ProcedurePhase::review);
  EXPECT_EQ(wizard.procedure.snapshot().findings.back().kind, FindingKind::fit_refused);
}

TEST(ProcedureRun, TellsHowMuchTimeIsLeft) {
  WizardRun wizard({}, participant(15));
  ASSERT_TRUE(wizard.procedure.start(request()));
  ASSERT_TRUE(wizard.run_until([](const auto& view) { return view.progress > 0.3; }, 60.0));
  const double expected_end_s = wizard.seconds() + wizard.procedure.snapshot().time_left_s;
  ASSERT_TRUE(wizard.run(60.0));
  EXPECT_NEAR(wizard.seconds(), expected_end_s, 0.3 * expected_end_s);
  EXPECT_EQ(wizard.procedure.snapshot().progress, 1.0);
  EXPECT_EQ(wizard.procedure.snapshot().time_left_s, 0.0);
}

}  // namespace
}  // namespace yarbus::procedure_run_test
