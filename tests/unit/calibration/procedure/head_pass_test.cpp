// After the last target of a calibration: one in the middle that is looked at while the head moves.
#include "calibration/procedure/head_pass.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "tests/support/head_pass_run.h"

namespace yarbus::head_pass_test {
namespace {

using support::face;
using support::Head;
using support::ParticipantOptions;
using support::PassRun;
using support::WizardRun;

TEST(HeadPass, ComesAfterTheLastTargetAndBeforeTheValidation) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    PassRun wizard({}, seed);
    ASSERT_TRUE(wizard.start());
    ASSERT_TRUE(wizard.run(90.0)) << seed << '\n' << wizard.findings();
    EXPECT_EQ(wizard.findings(), "") << seed;
    const auto points = wizard.procedure.points();
    ASSERT_EQ(points.size(), 14U);
    const PointResult& pass = points[9];
    ASSERT_TRUE(pass.is_head_pass);
    EXPECT_FALSE(pass.is_validation);
    EXPECT_EQ(pass.verdict, PointVerdict::good) << to_text(pass.reason);
    EXPECT_EQ(pass.position_in_screen_mm, Eigen::Vector2d(260.0, 160.0));
    ASSERT_TRUE(pass.head_turn);
    EXPECT_NEAR(pass.head_turn->yaw_deg, 24.0, 1.0);
    EXPECT_NEAR(pass.head_turn->pitch_deg, 16.0, 1.0);
    EXPECT_NEAR(seconds_of(pass.ended_at - pass.shown_at), 13.0, 0.1);
    for (const auto& point : points) {
      if (point.is_head_pass) continue;
      EXPECT_TRUE(point.is_validation ? point.target > pass.target : point.target < pass.target);
      EXPECT_EQ(point.verdict, PointVerdict::good);
    }
  }
}

TEST(HeadPass, ItsSamplesHaveTheirOwnNumberTheirFaceAndAreEvenlyThinned) {
  PassRun wizard({});
  ASSERT_TRUE(wizard.start());
  ASSERT_TRUE(wizard.run(90.0));
  const PointResult pass = wizard.pass();
  std::map<int, int> counts;
  std::vector<CaptureTime> times;
  double lowest_deg = 90.0;
  double highest_deg = -90.0;
  for (const auto& sample : wizard.fit_samples->calibration) {
    ++counts[sample.target];
    ASSERT_TRUE(sample.rays.face);  // without it there is no webcam's mapper
    EXPECT_EQ(sample.movement, -1);
    if (sample.target != pass.target) continue;
    times.push_back(sample.rays.captured_at);
    EXPECT_EQ(sample.target_in_screen_mm, pass.position_in_screen_mm);
    const Eigen::Vector3d into_head = sample.rays.face->head.cam_from_head.rotation.col(2);
    lowest_deg = std::min(lowest_deg, degrees_of(std::asin(into_head.x())));
    highest_deg = std::max(highest_deg, degrees_of(std::asin(into_head.x())));
  }
  EXPECT_EQ(counts.size(), 10U);
  EXPECT_EQ(counts[pass.target], static_cast<int>(HeadPassRecorder::most_samples));
  EXPECT_EQ(pass.samples, counts[pass.target]);
  EXPECT_GT(highest_deg - lowest_deg, 20.0);
  // Nothing of the time in which what to do is read, and all of the time after it.
  EXPECT_GE(times.front(), pass.shown_at + time_from_seconds(3.0));
  EXPECT_LT(times.front(), pass.shown_at + time_from_seconds(3.3));
  EXPECT_GT(times.back(), pass.ended_at - time_from_seconds(0.3));
  // Blinks leave gaps of up to 0.4 s.
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_LT(seconds_of(times[i] - times[i - 1]), 0.6);
  std::set<int> validated;
  for (const auto& sample : wizard.score_samples->validation) validated.insert(sample.target);
  EXPECT_EQ(validated.size(), 4U);
  EXPECT_FALSE(validated.contains(pass.target));
}

TEST(HeadPass, IsTakenFromFastCamerasInTheSameWay) {
  PassRun wizard({});
  wizard.rate_hz = 400;  // more frames than are kept
  ASSERT_TRUE(wizard.start());
  ASSERT_TRUE(wizard.run(90.0)) << wizard.findings();
  const PointResult pass = wizard.pass();
  EXPECT_EQ(pass.samples, static_cast<int>(HeadPassRecorder::most_samples));
  for (const auto& attempt : wizard.procedure.attempts()) {
    if (!attempt.result.is_head_pass) continue;
    EXPECT_LE(attempt.raw.size(), 2048U);
    EXPECT_LT(attempt.samples.front().rays.captured_at, pass.shown_at + time_from_seconds(3.3));
    double shortest_s = 1.0;
    for (std::size_t i = 1; i < attempt.raw.size(); ++i) {
      const double step_s = seconds_of(attempt.raw[i].rays.captured_at - attempt.raw[i - 1].rays.captured_at);
      shortest_s = std::min(shortest_s, step_s);
      EXPECT_LT(step_s, 0.0051) << i;  // every second frame, from the first to the last
    }
    EXPECT_GT(shortest_s, 0.0049 / 2.0);
  }
}

TEST(HeadPass, AHeadThatHardlyTurnsIsToldAndItsSamplesKept) {
  struct Case {
    Head head;
    bool is_enough;
  };
  for (const auto& [head, is_enough] : {Case{{0.2, 0.2}, false}, Case{{12.0, 1.0}, false},
                                        Case{{1.0, 12.0}, false}, Case{{3.5, 3.5}, true}}) {
    PassRun wizard(head);
    ASSERT_TRUE(wizard.start());
    ASSERT_TRUE(wizard.run(90.0)) << wizard.findings();  // advice alone: it goes on by itself
    const PointResult pass = wizard.pass();
    EXPECT_EQ(pass.verdict, is_enough ? PointVerdict::good : PointVerdict::poor);
    EXPECT_EQ(pass.reason, is_enough ? PointReason::none : PointReason::head_unmoved);
    EXPECT_EQ(pass.attempts, 1);
    EXPECT_TRUE(pass.is_used);
    int samples = 0;
    for (const auto& sample : wizard.fit_samples->calibration) samples += sample.target == pass.target;
    EXPECT_EQ(samples, pass.samples);
    EXPECT_GT(samples, 100);
    EXPECT_EQ(wizard.findings().find("head-pass: ") != std::string::npos, !is_enough) << wizard.findings();
    EXPECT_EQ(wizard.findings().find("slowly by some 10°") != std::string::npos, !is_enough);
  }
}

TEST(HeadPass, ALostFaceIsToldAndWhatWasSeenIsKept) {
  const auto reason_with = [](const Head& head, PointVerdict verdict) {
    PassRun wizard(head);
    EXPECT_TRUE(wizard.start());
    EXPECT_TRUE(wizard.run(90.0)) << wizard.findings();
    const PointResult pass = wizard.pass();
    EXPECT_EQ(pass.verdict, verdict);
    EXPECT_EQ(pass.is_used, verdict != PointVerdict::missing);
    EXPECT_EQ(wizard.findings().find(" blocks"), std::string::npos);
    return pass.reason;
  };
  EXPECT_EQ(reason_with({12.0, 8.0, 0.8}, PointVerdict::poor), PointReason::face_lost);
  EXPECT_EQ(reason_with({12.0, 8.0, 1.0}, PointVerdict::missing), PointReason::face_lost);
  EXPECT_EQ(reason_with({12.0, 8.0, 0.2}, PointVerdict::good), PointReason::none);
  EXPECT_EQ(reason_with({12.0, 8.0, 0.0, false}, PointVerdict::missing), PointReason::face_lost);
}

TEST(HeadPass, EyesThatTurnAndScatterAreNoFault) {
  PassRun wizard({});
  const auto faces = wizard.alter;
  wizard.alter = [&, faces](ProcedureFrame& frame, const ProcedureSnapshot& view) {
    faces(frame, view);
    if (!view.target || !view.target->is_head_pass) return;
    const double off_rad = radians_of(25.0) * std::sin(9.0 * wizard.seconds());
    for (auto& ray : frame.rays.eyes) {
      if (ray)
        ray->optical_axis_in_cam =
            Eigen::AngleAxisd(off_rad, Eigen::Vector3d::UnitY()) * ray->optical_axis_in_cam;
    }
  };
  ASSERT_TRUE(wizard.start());
  ASSERT_TRUE(wizard.run(90.0));
  EXPECT_EQ(wizard.findings(), "");
  EXPECT_EQ(wizard.pass().verdict, PointVerdict::good);
  EXPECT_FALSE(wizard.pass().off_deg);
}

TEST(HeadPass, TellsTheWindowAndCountsItsTime) {
  PassRun wizard({});
  ASSERT_TRUE(wizard.start());
  const double whole_s = wizard.procedure.snapshot().time_left_s;
  ASSERT_TRUE(wizard.run_into_pass(TargetStep::requested));
  auto view = wizard.procedure.snapshot();
  EXPECT_EQ(view.target->time_left_s, 10.0);
  EXPECT_EQ(view.target->progress, 0.0);
  EXPECT_FALSE(view.target->waits_for_key);
  ASSERT_TRUE(wizard.run_into_pass(TargetStep::settling));
  EXPECT_EQ(wizard.procedure.snapshot().target->time_left_s, 10.0);
  ASSERT_TRUE(wizard.run_into_pass());
  view = wizard.procedure.snapshot();
  EXPECT_EQ(view.target->shrink, 1.0);
  EXPECT_NEAR(view.target->time_left_s, 10.0, 0.05);
  EXPECT_TRUE(view.target->is_gaze_still);  // the face is seen
  const double left_s = view.time_left_s;
  for (int i = 0; i < 120; ++i) wizard.step();
  view = wizard.procedure.snapshot();
  EXPECT_NEAR(view.target->time_left_s, 6.0, 0.1);
  EXPECT_NEAR(view.target->progress, 0.4, 0.01);
  EXPECT_NEAR(view.time_left_s, left_s - 4.0, 0.1);
  ASSERT_TRUE(wizard.run(90.0));
  PassRun without({});
  ASSERT_TRUE(without.start(false));
  EXPECT_NEAR(whole_s, without.procedure.snapshot().time_left_s + 13.1, 0.01);
}

TEST(HeadPass, AKeyEndsItWithWhatThereIs) {
  PassRun wizard({});
  ASSERT_TRUE(wizard.start());
  ASSERT_TRUE(wizard.run_into_pass());
  for (int i = 0; i < 120; ++i) wizard.step();
  ASSERT_TRUE(wizard.procedure.accept());
  EXPECT_EQ(wizard.pass().verdict, PointVerdict::good) << to_text(wizard.pass().reason);
  EXPECT_LT(seconds_of(wizard.pass().ended_at - wizard.pass().shown_at), 7.5);
  ASSERT_TRUE(wizard.run(60.0));

  PassRun at_once({});
  ASSERT_TRUE(at_once.start());
  ASSERT_TRUE(at_once.run_into_pass(TargetStep::settling));
  ASSERT_TRUE(at_once.procedure.accept());  // nothing was recorded
  EXPECT_EQ(at_once.pass().reason, PointReason::skipped);

  PassRun too_soon({});
  ASSERT_TRUE(too_soon.start());
  ASSERT_TRUE(too_soon.run_into_pass());
  too_soon.step();
  ASSERT_TRUE(too_soon.procedure.accept());
  EXPECT_EQ(too_soon.pass().reason, PointReason::few_samples);
}

TEST(HeadPass, SkippedItIsNeitherUsedNorShownAgainByItself) {
  PassRun wizard({});
  ASSERT_TRUE(wizard.start());
  ASSERT_TRUE(wizard.run_into_pass());
  for (int i = 0; i < 60; ++i) wizard.step();
  ASSERT_TRUE(wizard.procedure.skip());
  ASSERT_TRUE(wizard.run(60.0)) << wizard.findings();
  EXPECT_EQ(wizard.pass().verdict, PointVerdict::missing);
  EXPECT_EQ(wizard.pass().reason, PointReason::skipped);
  EXPECT_EQ(wizard.pass().attempts, 1);
  for (const auto& sample : wizard.fit_samples->calibration) EXPECT_NE(sample.target, wizard.pass().target);
  EXPECT_NE(wizard.findings().find("head-pass: head movement: skipped"), std::string::npos)
      << wizard.findings();
}

TEST(HeadPass, PausedItBeginsAnew) {
  PassRun wizard({});
  ASSERT_TRUE(wizard.start());
  ASSERT_TRUE(wizard.run_into_pass());
  for (int i = 0; i < 150; ++i) wizard.step();
  const int target = wizard.procedure.snapshot().target->target;
  ASSERT_TRUE(wizard.procedure.pause());
  EXPECT_FALSE(wizard.procedure.snapshot().target);
  for (int i = 0; i < 600; ++i) wizard.step();
  ASSERT_TRUE(wizard.procedure.resume());
  const auto view = wizard.procedure.snapshot();
  ASSERT_TRUE(view.target && view.target->is_head_pass);
  EXPECT_GT(view.target->target, target);
  EXPECT_EQ(view.target->time_left_s, 10.0);
  ASSERT_TRUE(wizard.run(60.0));
  EXPECT_NEAR(seconds_of(wizard.pass().ended_at - wizard.pass().shown_at), 13.0, 0.1);
  EXPECT_EQ(wizard.pass().attempts, 1);
  EXPECT_EQ(wizard.findings(), "");
}

TEST(HeadPass, CanBeAborted) {
  PassRun wizard({});
  ASSERT_TRUE(wizard.start());
  ASSERT_TRUE(wizard.run_into_pass());
  ASSERT_TRUE(wizard.procedure.abort());
  for (int i = 0; i < 600; ++i) wizard.step();
  EXPECT_EQ(wizard.procedure.phase(), ProcedurePhase::aborted);
  EXPECT_FALSE(wizard.fit_samples);
  ASSERT_TRUE(wizard.start());
  EXPECT_TRUE(wizard.run(90.0));
}

TEST(HeadPass, CanBeRedoneAndTheBetterOneCounts) {
  Head head{0.1, 0.1};
  PassRun wizard(head);
  ASSERT_TRUE(wizard.start());
  ASSERT_TRUE(wizard.run(90.0));
  const int unmoved = wizard.pass().target;
  wizard.alter = [&wizard](ProcedureFrame& frame, const ProcedureSnapshot& view) {
    const bool in_pass = view.target && view.target->is_head_pass;
    frame.rays.face = face(in_pass ? 10.0 * std::sin(3.0 * wizard.seconds()) : 0.0,
                           in_pass ? 10.0 * std::cos(2.0 * wizard.seconds()) : 0.0);
  };
  ASSERT_TRUE(wizard.procedure.redo_all_poor());
  ASSERT_TRUE(wizard.run(60.0)) << wizard.findings();
  EXPECT_EQ(wizard.pass().verdict, PointVerdict::good);
  EXPECT_EQ(wizard.pass().attempts, 2);
  EXPECT_GT(wizard.pass().target, unmoved);
  EXPECT_NE(wizard.findings().find("mended"), std::string::npos);
  std::set<int> targets;
  for (const auto& sample : wizard.fit_samples->calibration) targets.insert(sample.target);
  EXPECT_EQ(targets.size(), 10U);
  EXPECT_FALSE(targets.contains(unmoved));
  // A worse one later changes nothing.
  const int good = wizard.pass().target;
  ASSERT_TRUE(wizard.procedure.redo(9));
  ASSERT_TRUE(wizard.run_into_pass());
  ASSERT_TRUE(wizard.procedure.skip());
  ASSERT_TRUE(wizard.run(60.0));
  EXPECT_EQ(wizard.pass().target, good);
  EXPECT_EQ(wizard.pass().verdict, PointVerdict::good);
}

TEST(HeadPass, FollowsAMovingTargetAndOnePoint) {
  for (const auto layout : {TargetLayout::pursuit, TargetLayout::one, TargetLayout::thirteen}) {
    PassRun wizard({});
    ASSERT_TRUE(wizard.start(true, layout));
    ASSERT_TRUE(wizard.run(120.0)) << to_string(layout) << wizard.findings();
    EXPECT_EQ(wizard.pass().verdict, PointVerdict::good) << to_string(layout);
    EXPECT_EQ(wizard.pass().position_in_screen_mm, Eigen::Vector2d(260.0, 160.0));
  }
}

TEST(HeadPass, InARegionItStandsInTheRegionsMiddle) {
  ProcedureRequest wanted;
  wanted.screen = ParticipantOptions{}.screen;
  wanted.region = ScreenRegion{{360.0, 40.0}, {480.0, 130.0}};
  wanted.head_pass = true;
  const TargetPlan plan = plan_targets(wanted, {});
  ASSERT_TRUE(plan.head_pass);
  EXPECT_EQ(plan.points[static_cast<std::size_t>(*plan.head_pass)].position_in_screen_mm,
            Eigen::Vector2d(420.0, 85.0));
}

TEST(HeadPass, IsNotShownWhereNoEyeWasSeenAtTheTargets) {
  ParticipantOptions blind;
  blind.fault = support::ParticipantFault::eye_lost_at_start;
  blind.fault_s = -1.0;
  PassRun wizard({}, blind);
  ASSERT_TRUE(wizard.start());
  EXPECT_FALSE(wizard.run(90.0));
  EXPECT_EQ(wizard.pass().verdict, PointVerdict::waiting);
  EXPECT_EQ(wizard.findings().find("head-pass"), std::string::npos);
  EXPECT_NE(wizard.findings().find("no-eye blocks"), std::string::npos) << wizard.findings();
}

TEST(HeadPass, WithoutItAllIsAsBefore) {
  for (const bool head_pass : {false, true}) {
    ProcedureRequest wanted;
    wanted.screen = ParticipantOptions{}.screen;
    EXPECT_FALSE(wanted.head_pass);  // a near-eye camera does not see the head
    wanted.head_pass = head_pass;
    WizardRun wizard({}, ParticipantOptions{});
    wizard.alter = [](ProcedureFrame& frame, const ProcedureSnapshot&) { frame.rays.face = face(0.0, 0.0); };
    ASSERT_TRUE(wizard.procedure.start(wanted));
    ASSERT_TRUE(wizard.run(90.0));
    EXPECT_EQ(wizard.procedure.points().size(), head_pass ? 14U : 13U);
    EXPECT_EQ(wizard.procedure.attempts().size(), head_pass ? 14U : 13U);
    const auto plain = plan_targets(wanted, {});
    EXPECT_EQ(plain.head_pass.has_value(), head_pass);
    EXPECT_EQ(plain.calibration_order.size(), 9U);
    for (const int point : plain.validation_order)
      EXPECT_TRUE(plain.points[static_cast<std::size_t>(point)].is_validation);
  }
}

}  // namespace
}  // namespace yarbus::head_pass_test
