// Each fault of a simulated participant is named as what it is.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/wizard_run.h"

namespace yarbus::procedure_faults_test {
namespace {

using support::ParticipantFault;
using support::ParticipantOptions;
using support::WizardRun;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

constexpr int seeds = 20;

struct Outcome {
  std::vector<FindingKind> in_force;
  std::vector<FindingKind> resolved;
  ProcedureSnapshot view;
  bool is_done = false;
};

Outcome run(ParticipantFault fault, std::uint64_t seed, double limit_s = 120.0, double fault_s = 8.0,
            const ProcedureOptions& options = {}) {
  ParticipantOptions participant;
  participant.seed = seed;
  participant.fault = fault;
  participant.fault_s = fault_s;
  WizardRun wizard(options, participant);
  ProcedureRequest wanted;
  wanted.screen = participant.screen;
  wanted.seed = seed;
  EXPECT_TRUE(wizard.procedure.start(wanted));
  Outcome outcome;
  outcome.is_done = wizard.run(limit_s);
  outcome.view = wizard.procedure.snapshot();
  for (const auto& finding : outcome.view.findings) {
    EXPECT_FALSE(finding.text.empty());
    EXPECT_FALSE(finding.remedy.empty()) << finding.text;
    (finding.is_resolved ? outcome.resolved : outcome.in_force).push_back(finding.kind);
  }
  return outcome;
}

TEST(ProcedureFaults, NoEyeIsNamedAtTheGate) {
  const Outcome outcome = run(ParticipantFault::no_eye, 1, 20.0);
  EXPECT_EQ(outcome.view.phase, ProcedurePhase::gate);
  EXPECT_THAT(outcome.in_force, testing::ElementsAre(FindingKind::no_eye));
}

TEST(ProcedureFaults, NoEyeFromTheFirstTargetOnEndsSoon) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = run(ParticipantFault::eye_lost_at_start, seed, 60.0, -1.0);
    EXPECT_EQ(outcome.view.phase, ProcedurePhase::review);
    EXPECT_THAT(outcome.in_force, testing::ElementsAre(FindingKind::no_eye));
    EXPECT_TRUE(std::all_of(outcome.view.points.begin(), outcome.view.points.end(), [](const auto& point) {
      return point.verdict == PointVerdict::missing || point.reason == PointReason::not_shown;
    }));
  }
}

TEST(ProcedureFaults, HalfOfThePointsMissing) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = run(ParticipantFault::eye_lost_at_start, seed, 120.0, 6.0);
    EXPECT_EQ(outcome.view.phase, ProcedurePhase::review);
    EXPECT_THAT(outcome.in_force, Contains(FindingKind::half_missing));
    EXPECT_FALSE(outcome.is_done);
  }
}

TEST(ProcedureFaults, ThirdOfThePointsMissingIsSaidPointByPoint) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = run(ParticipantFault::lower_half_lost, seed);
    EXPECT_TRUE(outcome.is_done);
    EXPECT_THAT(outcome.in_force, Contains(FindingKind::points_missing));
    EXPECT_THAT(outcome.in_force, Contains(FindingKind::half_missing));  // two of the validation's four
    for (int point = 0; point < 9; ++point) {
      EXPECT_EQ(outcome.view.points[point].verdict, point < 6 ? PointVerdict::good : PointVerdict::missing);
      EXPECT_EQ(outcome.view.points[point].reason, point < 6 ? PointReason::none : PointReason::no_eye);
    }
  }
}

TEST(ProcedureFaults, PupilLostLookingDownIsSeenBeforeTheStart) {
  for (int seed = 1; seed <= seeds; ++seed) {
    ParticipantOptions participant;
    participant.seed = seed;
    participant.fault = ParticipantFault::lost_looking_down;
    WizardRun wizard({}, participant);
    ProcedureRequest wanted;
    wanted.screen = participant.screen;
    ASSERT_TRUE(wizard.procedure.start(wanted));
    ASSERT_TRUE(wizard.run_until(
        [](const auto& view) {
          return view.gate[0].advice == GateReason::lost_looking_down &&
                 view.gate[1].advice == GateReason::lost_looking_down;
        },
        20.0))
        << seed;
    EXPECT_EQ(wizard.procedure.phase(), ProcedurePhase::gate);
    EXPECT_THAT(wizard.procedure.snapshot().gate_text, testing::HasSubstr("tilt the camera"));
  }
}

TEST(ProcedureFaults, LashesTakenForAPupilNowAndThenAreNoEye) {
  CalibrationProcedure procedure{ProcedureOptions{}};
  ProcedureRequest wanted;
  wanted.screen = ParticipantOptions{}.screen;
  ASSERT_TRUE(procedure.start(wanted));
  constexpr int rate_hz = 60;
  for (int i = 0; i < 20 * rate_hz; ++i) {
    ProcedureFrame frame;
    frame.rays.captured_at = CaptureTime(i * 1'000'000'000LL / rate_hz);
    frame.status[0].is_tracked = true;
    if (i % 20 == 0) {
      frame.status[0].confidence = 0.5;
    } else {
      frame.status[0].pupil_miss = PupilMissReason::no_candidate;
    }
    procedure.push(frame);
  }
  EXPECT_EQ(procedure.phase(), ProcedurePhase::gate);
  const auto findings = procedure.snapshot().findings;
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::no_eye);
  EXPECT_FALSE(findings[0].is_resolved);
}

TEST(ProcedureFaults, AllSamplesAtOnePoint) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = run(ParticipantFault::one_place, seed);
    EXPECT_EQ(outcome.view.phase, ProcedurePhase::review);
    EXPECT_THAT(outcome.in_force, Contains(FindingKind::gaze_at_one_place));
    EXPECT_FALSE(outcome.view.can_go_on);
    EXPECT_THAT(outcome.in_force, Not(Contains(FindingKind::gaze_elsewhere)));
  }
}

TEST(ProcedureFaults, GazeThatDoesNotFollowTheTargets) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = run(ParticipantFault::elsewhere, seed);
    EXPECT_FALSE(outcome.is_done) << seed;
    EXPECT_THAT(outcome.in_force, Contains(FindingKind::gaze_elsewhere)) << seed;
    EXPECT_TRUE(outcome.view.can_go_on) << seed;
  }
}

TEST(ProcedureFaults, OneEyeLost) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = run(ParticipantFault::one_eye_lost, seed, 120.0, 7.0);
    EXPECT_TRUE(outcome.is_done);
    ASSERT_THAT(outcome.in_force, testing::ElementsAre(FindingKind::one_eye_lost)) << seed;
    EXPECT_EQ(outcome.view.findings[0].eye, EyeSide::left);
  }
}

TEST(ProcedureFaults, SlippageHalfWayIsNamedAndMendedByTheEarlierPoints) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = run(ParticipantFault::slippage, seed);
    EXPECT_TRUE(outcome.is_done);
    EXPECT_THAT(outcome.resolved, Contains(FindingKind::slippage)) << seed;
    EXPECT_THAT(outcome.in_force, Not(Contains(FindingKind::slippage))) << seed;
    ProcedureOptions by_hand;
    by_hand.automatic_redos = 0;
    const Outcome waiting = run(ParticipantFault::slippage, seed, 120.0, 8.0, by_hand);
    EXPECT_EQ(waiting.view.phase, ProcedurePhase::review);
    EXPECT_THAT(waiting.in_force, Contains(FindingKind::slippage)) << seed;
    EXPECT_THAT(waiting.view.findings[0].points, Not(IsEmpty()));
  }
}

TEST(ProcedureFaults, NumbersThatAreNone) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome some = run(ParticipantFault::some_invalid, seed, 120.0, -1.0);
    EXPECT_TRUE(some.is_done) << seed;
    EXPECT_THAT(some.in_force, Contains(FindingKind::invalid_numbers)) << seed;
    const Outcome all = run(ParticipantFault::all_invalid, seed, 60.0, -1.0);
    EXPECT_EQ(all.view.phase, ProcedurePhase::review);
    EXPECT_THAT(all.in_force, testing::ElementsAre(FindingKind::invalid_numbers)) << seed;
  }
}

TEST(ProcedureFaults, WrongScreenSize) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = run(ParticipantFault::half_screen, seed);
    EXPECT_THAT(outcome.in_force, testing::ElementsAre(FindingKind::wrong_size)) << seed;
  }
}

TEST(ProcedureFaults, AScreenThatIsGone) {
  ParticipantOptions participant;
  WizardRun wizard({}, participant);
  ProcedureRequest wanted;
  wanted.screen = participant.screen;
  ASSERT_TRUE(wizard.procedure.start(wanted));
  ASSERT_TRUE(wizard.run_until([&](const auto&) { return wizard.procedure.attempts().size() == 4; }, 30.0));
  wizard.window_shows = false;
  ASSERT_TRUE(wizard.run_until([](const auto& view) { return view.is_paused; }, 10.0));
  ASSERT_EQ(wizard.procedure.snapshot().findings.size(), 1U);
  EXPECT_EQ(wizard.procedure.snapshot().findings[0].kind, FindingKind::display_lost);
  wizard.window_shows = true;
  ASSERT_TRUE(wizard.procedure.resume());
  EXPECT_TRUE(wizard.run(60.0));
  EXPECT_TRUE(wizard.procedure.snapshot().findings[0].is_resolved);
}

TEST(ProcedureFaults, ACameraWithoutFramesIsNotCalledAnEyeLost) {
  const FaultReport report =
      find_faults({}, FrameCounts{}, {true, true}, ParticipantOptions{}.screen, ProcedureOptions{}, false);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].kind, FindingKind::no_frames);
  EXPECT_TRUE(report.is_blocked());
}

}  // namespace
}  // namespace yarbus::procedure_faults_test
