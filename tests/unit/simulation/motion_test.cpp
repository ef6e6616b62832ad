// How the simulated eye moves.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "eyemodel/simulation/eye_motion.h"

namespace yarbus::simulation::motion_test {
namespace {

TEST(Saccades, FollowTheMainSequence) {
  EXPECT_NEAR(saccade_duration_s(10.0), 0.043, 1e-9);
  // Peak velocities of 5 and 20 degree saccades are about 290 and 580 deg/s (Bahill, Clark & Stark 1975).
  for (const auto& [amplitude_deg, low, high] : {std::tuple(5.0, 230.0, 350.0), {20.0, 480.0, 680.0}}) {
    double peak_deg_s = 0.0;
    const double duration = saccade_duration_s(amplitude_deg);
    for (int i = 0; i < 1000; ++i) {
      const double step = saccade_progress((i + 1) / 1000.0) - saccade_progress(i / 1000.0);
      peak_deg_s = std::max(peak_deg_s, amplitude_deg * step / (duration / 1000.0));
    }
    EXPECT_GT(peak_deg_s, low) << amplitude_deg;
    EXPECT_LT(peak_deg_s, high) << amplitude_deg;
  }
  EXPECT_EQ(saccade_progress(0.0), 0.0);
  EXPECT_EQ(saccade_progress(1.0), 1.0);
}

TEST(GazeMotion, IsContinuousAndStaysInRange) {
  GazePlan plan;
  plan.kind = GazePlan::Kind::mixed;
  GazeMotion motion(plan, 5);
  Eigen::Vector2d last = motion.at(0.0).gaze_deg;
  bool saw_saccade = false;
  bool saw_fixation = false;
  for (int i = 1; i < 20000; ++i) {
    const auto state = motion.at(i * 0.001);
    EXPECT_LT((state.gaze_deg - last).norm(), 0.9) << i;  // 900 deg/s at most
    EXPECT_LT(std::abs(state.gaze_deg.x()), plan.range_deg.x() + 1.0);
    EXPECT_LT(std::abs(state.gaze_deg.y()), plan.range_deg.y() + 1.0);
    last = state.gaze_deg;
    (state.is_saccade ? saw_saccade : saw_fixation) = true;
  }
  EXPECT_TRUE(saw_saccade && saw_fixation);
}

TEST(GazeMotion, FixationsDriftLittleAndHoldMicrosaccades) {
  GazePlan plan;
  plan.kind = GazePlan::Kind::still;
  GazeMotion motion(plan, 2);
  double farthest = 0.0;
  double fastest_deg_s = 0.0;
  Eigen::Vector2d last = motion.at(0.0).gaze_deg;
  for (int i = 1; i < 10000; ++i) {
    const auto state = motion.at(i * 0.001);
    farthest = std::max(farthest, state.gaze_deg.norm());
    fastest_deg_s = std::max(fastest_deg_s, (state.gaze_deg - last).norm() / 0.001);
    EXPECT_FALSE(state.is_saccade);
    last = state.gaze_deg;
  }
  EXPECT_LT(farthest, 0.8);
  EXPECT_GT(fastest_deg_s, 8.0);  // a microsaccade; drift alone stays below
}

TEST(GazeMotion, DependsOnTimeAlone) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    for (const auto kind : {GazePlan::Kind::mixed, GazePlan::Kind::look_around, GazePlan::Kind::still}) {
      GazePlan plan;
      plan.kind = kind;
      plan.fixation_mean_s = 0.3;
      GazeMotion forward(plan, seed);
      GazeMotion backward(plan, seed);
      GazeMotion looked_ahead(plan, seed);
      (void)looked_ahead.at(60.0);
      std::vector<Eigen::Vector2d> seen;
      for (int i = 0; i < 300; ++i) seen.push_back(forward.at(i * 0.031).gaze_deg);
      for (int i = 299; i >= 0; --i) {
        ASSERT_EQ(backward.at(i * 0.031).gaze_deg, seen[static_cast<std::size_t>(i)]) << seed << ' ' << i;
        ASSERT_EQ(looked_ahead.at(i * 0.031).gaze_deg, seen[static_cast<std::size_t>(i)]) << seed << ' ' << i;
      }
    }
  }
}

TEST(GazeMotion, NeverJumps) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    GazePlan plan;
    plan.fixation_mean_s = 0.3;
    GazeMotion motion(plan, seed);
    Eigen::Vector2d last = motion.at(0.0).gaze_deg;
    for (int i = 1; i < 30000; ++i) {
      const Eigen::Vector2d now = motion.at(i * 0.0003).gaze_deg;
      ASSERT_LT((now - last).norm(), 0.3) << "seed " << seed << " at " << i * 0.0003;  // 1000 deg/s
      last = now;
    }
  }
}

TEST(GazeMotion, ScatterCoversTheWholeRange) {
  GazePlan plan;
  plan.kind = GazePlan::Kind::scatter;
  plan.range_deg = {25.0, 25.0};
  GazeMotion motion(plan, 3);
  int outer = 0;
  std::array<int, 4> quadrants{};
  for (int i = 0; i < 100; ++i) {
    const Eigen::Vector2d gaze = motion.at(i / plan.scatter_rate_hz).gaze_deg;
    EXPECT_LE(gaze.norm(), 25.0 + 1e-9);
    outer += gaze.norm() > 20.0 ? 1 : 0;
    ++quadrants[static_cast<std::size_t>((gaze.x() > 0 ? 1 : 0) + (gaze.y() > 0 ? 2 : 0))];
  }
  EXPECT_NEAR(outer, 36, 6);  // 1 - (20/25)^2
  for (const int count : quadrants) EXPECT_NEAR(count, 25, 6);
}

TEST(GazeFollower, StartsWithoutAJump) {
  GazeFollower follower(Eigen::Vector2d::Zero());
  EXPECT_LT(follower.follow({2.0, 0.0}, 100.0).gaze_deg.norm(), 1e-9);  // first asked long after time zero
  EXPECT_LT(follower.follow({2.0, 0.0}, 100.03).gaze_deg.norm(), 1.0);
}

TEST(GazeFollower, JumpsWhenFarAndPursuesWhenNear) {
  GazeFollower follower(Eigen::Vector2d::Zero());
  follower.follow({0.0, 0.0}, 0.2);
  EXPECT_TRUE(follower.follow({15.0, 0.0}, 0.21).is_saccade);
  GazeMotion::State state;
  for (int i = 22; i < 60; ++i) state = follower.follow({15.0, 0.0}, i * 0.01);
  EXPECT_NEAR(state.gaze_deg.x(), 15.0, 0.05);
  bool saccade = false;
  for (int i = 60; i < 260; ++i) {
    state = follower.follow({15.0 - 5.0 * (i - 60) * 0.01, 0.0}, i * 0.01);  // 5 deg/s
    saccade = saccade || state.is_saccade;
  }
  EXPECT_FALSE(saccade);
  EXPECT_NEAR(state.gaze_deg.x(), 5.0, 1.0);
}

TEST(Blinks, CloseFullyAndOpenAgain) {
  EXPECT_EQ(blink_closure(-0.1), 0.0);
  EXPECT_EQ(blink_closure(0.1), 1.0);
  EXPECT_EQ(blink_closure(blink_duration_s), 0.0);
  MotionPlan plan;
  plan.first_blink_s = 1.0;
  plan.blink_interval_s = 2.0;
  EyeMotion motion(plan, 4);
  int closures = 0;
  bool was_closed = false;
  for (int i = 0; i < 20000; ++i) {
    const bool is_closed = motion.at(i * 0.001).closure > 0.99;
    closures += is_closed && !was_closed ? 1 : 0;
    was_closed = is_closed;
  }
  EXPECT_GE(closures, 6);
  EXPECT_LE(closures, 16);
  EXPECT_GT(motion.at(1.1).closure, 0.9);
}

TEST(Slippage, MovesTheHeadsetByTheStatedSizeAndStays) {
  MotionPlan plan;
  plan.slip_interval_s = 2.0;
  plan.slip_mm = 2.0;
  plan.slip_deg = 1.0;
  EyeMotion motion(plan, 6);
  EXPECT_EQ(motion.at(0.0).slip_in_head_mm.norm(), 0.0);
  int slips = 0;
  Eigen::Vector3d last = Eigen::Vector3d::Zero();
  for (int i = 0; i < 2000; ++i) {
    const auto state = motion.at(i * 0.01);
    const double moved = (state.slip_in_head_mm - last).norm();
    slips += moved > 0.02 ? 1 : 0;
    EXPECT_LT(state.slip_in_head_mm.norm(), 2.0 * 1.2 + 1e-9);
    last = state.slip_in_head_mm;
  }
  EXPECT_GT(slips, 20);   // each slide lasts 0.15 s
  EXPECT_LT(slips, 300);  // and most of the time nothing slides
}

TEST(Pupil, SwingsAsPlanned) {
  MotionPlan plan;
  plan.pupil_radius_mm = 2.4;
  plan.dilation_mm = 1.2;
  plan.dilation_period_s = 4.0;
  EyeMotion motion(plan, 1);
  double least = 10.0;
  double most = 0.0;
  for (int i = 0; i < 400; ++i) {
    const double radius = motion.at(i * 0.01).pupil_radius_mm;
    least = std::min(least, radius);
    most = std::max(most, radius);
  }
  EXPECT_NEAR(least, 1.2, 0.1);
  EXPECT_NEAR(most, 3.6, 0.1);
}

}  // namespace
}  // namespace yarbus::simulation::motion_test
