// Whatever anybody commands, at any time: nothing breaks, and no accepted point is lost.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/random.h"
#include "tests/support/wizard_run.h"

namespace yarbus::random_commands_test {
namespace {

using support::ParticipantFault;
using support::ParticipantOptions;
using support::WizardRun;

void command(WizardRun& wizard, simulation::Random& random, const ProcedureRequest& wanted) {
  CalibrationProcedure& procedure = wizard.procedure;
  const int any = static_cast<int>(random.bits() % 17) - 2;
  switch (random.bits() % 12) {
    case 0:
      (void)procedure.start(wanted);
      break;
    case 1:
      (void)procedure.target_shown(any, wizard.now());
      break;
    case 2:
      (void)procedure.target_shown(any, CaptureTime(static_cast<CaptureTime::rep>(random.bits())));
      break;
    case 3:
      if (const ProcedureSnapshot before = procedure.snapshot();
          before.phase == ProcedurePhase::review && !before.is_paused) {
        EXPECT_EQ(procedure.accept().has_value(), before.can_go_on);
      } else {
        (void)procedure.accept();
      }
      break;
    case 4:
      (void)procedure.pause();
      break;
    case 5:
    case 6:
      (void)procedure.resume();
      break;
    case 7:
      (void)procedure.skip();
      break;
    case 8:
      (void)procedure.redo(any);
      break;
    case 9:
      (void)procedure.redo_all_poor();
      break;
    case 10:
      (void)procedure.fit_finished(any, {random.uniform() < 0.5, "", ""});
      (void)procedure.score_finished(any, {random.uniform() < 0.5, "", ""});
      break;
    default:
      if (random.uniform() < 0.02) (void)procedure.abort();
      break;
  }
}

void check_view(const ProcedureSnapshot& view) {
  EXPECT_GE(view.progress, 0.0);
  EXPECT_LE(view.progress, 1.0);
  EXPECT_TRUE(std::isfinite(view.time_left_s));
  EXPECT_GE(view.time_left_s, 0.0);
  if (view.target) {
    EXPECT_FALSE(view.is_paused);
    EXPECT_TRUE(view.target->position_in_screen_mm.allFinite());
    EXPECT_GE(view.target->shrink, 0.0);
    EXPECT_LE(view.target->shrink, 1.0);
  }
}

TEST(RandomCommands, NeverCrashNorLoseAnAcceptedPoint) {
  constexpr std::array faults{ParticipantFault::none,         ParticipantFault::one_place,
                              ParticipantFault::elsewhere,    ParticipantFault::lower_half_lost,
                              ParticipantFault::one_eye_lost, ParticipantFault::slippage,
                              ParticipantFault::some_invalid, ParticipantFault::eye_lost_at_start};
  constexpr std::array layouts{TargetLayout::nine, TargetLayout::five, TargetLayout::pursuit,
                               TargetLayout::one};
  int good_points = 0;
  int good_passes = 0;
  int runs_with_fit = 0;
  for (std::uint64_t seed = 0; seed < 48; ++seed) {
    simulation::Random random(seed);
    ParticipantOptions participant;
    participant.seed = seed;
    participant.fault = faults[seed % faults.size()];
    ProcedureOptions options;
    options.advance_by_key = seed % 3 == 2;
    options.head_pass_s = 2.0;  // or the commands would never let it end
    options.head_pass_lead_s = 0.1;
    WizardRun wizard(options, participant);
    ProcedureRequest wanted;
    wanted.screen = participant.screen;
    wanted.layout = layouts[(seed / faults.size()) % layouts.size()];
    wanted.head_pass = seed % 5 == 4;
    wizard.alter = [](ProcedureFrame& frame, const ProcedureSnapshot& view) {
      if (!view.target || !view.target->is_head_pass) return;
      FaceSight sight;
      sight.head.cam_from_head.rotation = Eigen::AngleAxisd(0.2 * std::sin(12.0 * view.target->time_left_s),
                                                            Eigen::Vector3d(1.0, 1.0, 0.0).normalized())
                                              .toRotationMatrix();
      frame.rays.face = std::make_shared<const FaceSight>(sight);
    };
    (void)wizard.procedure.start(wanted);
    std::map<int, PointVerdict> own_verdicts;  // by point, of the showing in force
    std::size_t attempts = 0;
    for (int frame = 0; frame < 7000; ++frame) {
      wizard.step();
      if (random.uniform() < 0.03) command(wizard, random, wanted);
      const ProcedureSnapshot view = wizard.procedure.snapshot();
      check_view(view);
      if (wizard.procedure.attempts().size() < attempts) own_verdicts.clear();  // started anew
      attempts = wizard.procedure.attempts().size();
      for (const auto& point : view.points) {
        if (point.target < 0) {
          EXPECT_FALSE(own_verdicts.contains(point.point)) << "an accepted point was lost";
          continue;
        }
        // What the showing itself was worth, before the review compared it with the others.
        const auto shown =
            std::find_if(wizard.procedure.attempts().begin(), wizard.procedure.attempts().end(),
                         [&](const PointAttempt& attempt) { return attempt.result.target == point.target; });
        ASSERT_NE(shown, wizard.procedure.attempts().end());
        const PointVerdict own = shown->result.verdict;
        const bool was_flagged = own == PointVerdict::good && point.verdict == PointVerdict::poor;
        if (own_verdicts.contains(point.point) && own_verdicts[point.point] == PointVerdict::good) {
          EXPECT_EQ(own, PointVerdict::good) << "an accepted point was lost";
        }
        own_verdicts[point.point] = was_flagged ? PointVerdict::poor : own;
        good_points += own == PointVerdict::good ? 1 : 0;
        good_passes += own == PointVerdict::good && point.is_head_pass ? 1 : 0;
      }
      if (testing::Test::HasFailure()) return;
    }
    runs_with_fit += wizard.fit_samples ? 1 : 0;
  }
  EXPECT_GT(good_points, 0);  // the commands did not simply keep everything from happening
  EXPECT_GT(good_passes, 0);
  EXPECT_GT(runs_with_fit, 10);
}

TEST(RandomCommands, FramesOutOfOrderAndOfNonsenseArePassedOver) {
  ParticipantOptions participant;
  WizardRun wizard({}, participant);
  ProcedureRequest wanted;
  wanted.screen = participant.screen;
  ASSERT_TRUE(wizard.procedure.start(wanted));
  simulation::Random random(77);
  for (int frame = 0; frame < 7000 && wizard.procedure.phase() != ProcedurePhase::done; ++frame) {
    wizard.step();
    ProcedureFrame nonsense;
    nonsense.rays.captured_at = wizard.now() - time_from_seconds(random.uniform(0.0, 100.0));
    nonsense.rays.eyes[0].emplace();
    nonsense.rays.eyes[0]->optical_axis_in_cam.setConstant(std::numeric_limits<double>::infinity());
    wizard.procedure.push(nonsense);
  }
  EXPECT_EQ(wizard.procedure.phase(), ProcedurePhase::done);
  EXPECT_TRUE(wizard.procedure.snapshot().findings.empty());
}

TEST(ProcedureMemory, FramesWithinAPointTakeNone) {
  for (const auto layout : {TargetLayout::nine, TargetLayout::pursuit}) {
    ParticipantOptions options;
    support::SimulatedParticipant participant(options);
    CalibrationProcedure procedure{ProcedureOptions{}};
    ProcedureRequest wanted;
    wanted.screen = options.screen;
    wanted.layout = layout;
    ASSERT_TRUE(procedure.start(wanted));
    int frames_within = 0;
    for (int frame = 1; frame < 120 * 60 && procedure.phase() != ProcedurePhase::fitting; ++frame) {
      const CaptureTime at(frame * 8'333'333LL);
      const ProcedureSnapshot view = procedure.snapshot();
      std::optional<support::VisibleTarget> visible;
      if (view.target) {
        visible = {view.target->target, view.target->point, view.target->position_in_screen_mm};
        if (view.target->step == TargetStep::requested) (void)procedure.target_shown(view.target->target, at);
      }
      const ProcedureFrame seen = participant.look(at, visible);
      const std::size_t attempts = procedure.attempts().size();
      const std::uint64_t before = heap_allocations_so_far();
      procedure.push(seen);
      const std::uint64_t taken = heap_allocations_so_far() - before;
      if (procedure.attempts().size() != attempts) continue;
      ASSERT_EQ(taken, 0U) << frame;
      ++frames_within;
    }
    EXPECT_EQ(procedure.phase(), ProcedurePhase::fitting);
    EXPECT_GT(frames_within, 1000);
  }
}

TEST(ProcedureOptions, BoundsAreKept) {
  ProcedureOptions options;
  EXPECT_TRUE(options.validate());
  options.pursuit_speed_deg_s = 15.0;
  options.settle_s = std::nan("");
  const auto valid = options.validate();
  ASSERT_FALSE(valid);
  EXPECT_NE(valid.error().message.find("pursuit_speed_deg_s"), std::string::npos);
  EXPECT_NE(valid.error().message.find("settle_s"), std::string::npos);
  EXPECT_THROW(CalibrationProcedure{options}, CheckFailure);
}

}  // namespace
}  // namespace yarbus::random_commands_test
