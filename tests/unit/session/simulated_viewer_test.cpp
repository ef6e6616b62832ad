#include "app/session/simulated_viewer.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/look_at.h"
#include "eyemodel/simulation/scenario.h"

namespace yarbus::simulated_viewer_test {
namespace {

constexpr double rate_hz = 60.0;

ViewerOptions quiet(std::uint64_t seed, ViewerFault fault = ViewerFault::none) {
  ViewerOptions options;
  options.seed = seed;
  options.fault = fault;
  options.aim_sigma_deg = 0.0;
  options.blink_interval_s = 0.0;
  return options;
}

/// A viewer at a fixed rate.
struct Watching {
  explicit Watching(const ViewerOptions& options) : viewer(std::move(*SimulatedViewer::create(options))) {}
  ViewerLook look(const std::optional<VisibleTarget>& visible) {
    return viewer.look(time_from_seconds(frame++ / rate_hz), visible);
  }
  /// The last look of that time; `each` sees all.
  ViewerLook watch(const std::optional<VisibleTarget>& visible, double length_s,
                   const std::function<void(const ViewerLook&)>& each = {}) {
    ViewerLook last;
    for (const int end = frame + static_cast<int>(length_s * rate_hz); frame < end;) {
      last = look(visible);
      if (each) each(last);
    }
    return last;
  }
  SimulatedViewer viewer;
  int frame = 0;
};

VisibleTarget target(int number, double x_mm, double y_mm) { return {number, {x_mm, y_mm}}; }

/// Where a look's point for one eye lies in the screen.
Eigen::Vector3d point_in_screen_mm(const SimulatedViewer& viewer, const ViewerLook& look, EyeSide side) {
  return viewer.screen_from_head(side).point(look.eyes[static_cast<std::size_t>(side)].look_at_in_head_mm);
}

TEST(SimulatedViewer, BothEyesAreSentToTheTargetAfterTheReactionTime) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Watching watching(quiet(seed));
    watching.watch(target(0, 100.0, 80.0), 1.0);
    int frames = 0;
    int reacted = -1;
    const auto look = watching.watch(target(1, 400.0, 200.0), 1.0, [&](const ViewerLook& now) {
      ++frames;
      if (reacted < 0 && (now.wanted_in_screen_mm - Eigen::Vector2d(400.0, 200.0)).norm() < 1e-6)
        reacted = frames;
    });
    EXPECT_GE(reacted / rate_hz, 0.15);
    EXPECT_LE(reacted / rate_hz, 0.28);
    for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
      const auto& controls = look.eyes[static_cast<std::size_t>(side)];
      EXPECT_EQ(controls.motion, SimulatedMotion::look_at);
      EXPECT_NEAR(
          (point_in_screen_mm(watching.viewer, look, side) - Eigen::Vector3d(400.0, 200.0, 0.0)).norm(), 0.0,
          1e-6);
      // The point lies in front of the face, and an eye that looks there is found to look there.
      EXPECT_LT(controls.look_at_in_head_mm.z(), -400.0);
      const auto gaze_mm = watching.viewer.gaze_in_screen_mm(side, controls.look_at_in_head_mm.normalized());
      ASSERT_TRUE(gaze_mm);
      EXPECT_NEAR((*gaze_mm - Eigen::Vector2d(400.0, 200.0)).norm(), 0.0, 1e-6);
    }
  }
}

TEST(SimulatedViewer, SitsWithinReachOfTheScreen) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Watching watching(quiet(seed));
    const auto right_mm = watching.viewer.screen_from_head(EyeSide::right).translation_mm;
    const auto left_mm = watching.viewer.screen_from_head(EyeSide::left).translation_mm;
    EXPECT_GT(right_mm.x(), left_mm.x());
    EXPECT_GE((right_mm - left_mm).norm(), 55.0 - 1e-9);
    EXPECT_LE((right_mm - left_mm).norm(), 71.0 + 1e-9);
    EXPECT_GE(watching.viewer.distance_mm(), 510.0);
    EXPECT_LE(watching.viewer.distance_mm(), 690.0);
  }
}

/// The farthest corners of the targets' rectangle are within what the eyes can do, kappa included.
TEST(SimulatedViewer, TheScreensTargetsAreWithinReachOfTheEyes) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Watching watching(quiet(seed));
    int number = 0;
    for (const double x_mm : {53.0, 477.0}) {
      for (const double y_mm : {30.0, 270.0}) {
        const auto look = watching.watch(target(number++, x_mm, y_mm), 0.5);
        for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
          const auto eye = watching.viewer.eye(side);
          auto setup = simulation::set_up_scenario(*simulation::find_scenario(eye.scenario), eye.seed, side);
          const auto& point_mm = look.eyes[static_cast<std::size_t>(side)].look_at_in_head_mm;
          const Eigen::Vector2d gaze_deg = simulation::gaze_towards_deg(setup.scene.eye, point_mm);
          setup.scene.yaw_deg = gaze_deg.x();
          setup.scene.pitch_deg = gaze_deg.y();
          EXPECT_LT(degrees_of(angle_between_rad(simulation::visual_axis_in_head(setup.scene), point_mm)),
                    1.5)
              << seed << ": the eye cannot turn so far";
        }
      }
    }
  }
}

TEST(SimulatedViewer, AimsBesideEachTargetWithBothEyes) {
  ViewerOptions options = quiet(3);
  options.aim_sigma_deg = 0.2;
  Watching watching(options);
  double squares = 0.0;
  constexpr int targets = 200;
  for (int i = 0; i < targets; ++i) {
    const auto place = target(i, i % 2 == 0 ? 200.0 : 300.0, 150.0);
    const auto look = watching.watch(place, 0.5);
    const Eigen::Vector2d off_mm = look.wanted_in_screen_mm - place.position_in_screen_mm;
    const auto still = watching.watch(place, 0.5);
    EXPECT_EQ((still.wanted_in_screen_mm - look.wanted_in_screen_mm).norm(), 0.0);
    squares += off_mm.squaredNorm() / targets;
  }
  const double rms_deg = degrees_of(std::sqrt(squares) / watching.viewer.distance_mm());
  EXPECT_NEAR(rms_deg, 0.2, 0.03);
}

TEST(SimulatedViewer, FollowsAMovingTargetWithLittleLag) {
  Watching watching(quiet(4));
  watching.watch(target(0, 100.0, 150.0), 1.0);
  double largest_mm = 0.0;
  constexpr double speed_mm_s = 80.0;
  for (int i = 0; i < 180; ++i) {
    const double x_mm = 100.0 + speed_mm_s * i / rate_hz;
    const auto look = watching.look(target(0, x_mm, 150.0));
    if (i > 30) largest_mm = std::max(largest_mm, std::abs(look.wanted_in_screen_mm.x() - x_mm));
  }
  EXPECT_LE(largest_mm, speed_mm_s * 0.06);
}

TEST(SimulatedViewer, LooksAboutWhileNothingIsShownAndBlinks) {
  ViewerOptions options = quiet(5);
  options.blink_interval_s = 4.0;
  Watching watching(options);
  Eigen::Vector2d low(1e9, 1e9);
  Eigen::Vector2d high(-1e9, -1e9);
  const auto last = watching.watch(std::nullopt, 60.0, [&](const ViewerLook& look) {
    low = low.cwiseMin(look.wanted_in_screen_mm);
    high = high.cwiseMax(look.wanted_in_screen_mm);
    EXPECT_EQ(look.eyes[0].blinks, look.eyes[1].blinks);
  });
  EXPECT_GT((high - low).x(), 400.0);
  EXPECT_GT((high - low).y(), 220.0);
  EXPECT_GE(last.eyes[0].blinks, 8u);
  EXPECT_LE(last.eyes[0].blinks, 25u);
}

TEST(SimulatedViewer, ASeedIsOnePerson) {
  const auto run = [](std::uint64_t seed) {
    ViewerOptions options;
    options.seed = seed;
    Watching watching(options);
    watching.watch(std::nullopt, 3.0);
    return watching.watch(target(0, 100.0, 100.0), 1.0).eyes[0].look_at_in_head_mm;
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

TEST(SimulatedViewer, AnUnknownScenarioIsRefused) {
  ViewerOptions options;
  options.scenario = "moonlight";
  const auto viewer = SimulatedViewer::create(options);
  ASSERT_FALSE(viewer);
  EXPECT_EQ(viewer.error().code, ErrorCode::invalid_option);
}

TEST(SimulatedViewer, FaultsDoWhatTheySay) {
  const auto after = [](ViewerFault fault, int targets) {
    Watching watching(quiet(6, fault));
    ViewerLook look = watching.watch(std::nullopt, 0.5);
    for (int i = 0; i < targets; ++i) look = watching.watch(target(i, i % 2 == 0 ? 60.0 : 460.0, 40.0), 1.0);
    return look;
  };
  EXPECT_TRUE(after(ViewerFault::no_eye, 0).eyes[0].is_closed);
  EXPECT_FALSE(after(ViewerFault::one_eye_lost, 4).eyes[1].is_closed);
  EXPECT_TRUE(after(ViewerFault::one_eye_lost, 5).eyes[1].is_closed);
  EXPECT_FALSE(after(ViewerFault::one_eye_lost, 5).eyes[0].is_closed);
  EXPECT_EQ(after(ViewerFault::slippage, 4).eyes[0].slip_mm, 0.0);
  EXPECT_EQ(after(ViewerFault::slippage, 5).eyes[0].slip_mm, 2.0);
  EXPECT_EQ(after(ViewerFault::one_place, 2).wanted_in_screen_mm, Eigen::Vector2d(265.0, 150.0));
  const Eigen::Vector2d shown_mm(60.0, 40.0);
  EXPECT_GT((after(ViewerFault::inattentive, 3).wanted_in_screen_mm - shown_mm).norm(), 20.0);
}

TEST(SimulatedViewer, AScreenHalfAsLargeIsSeenAtHalfTheAngle) {
  Watching watching(quiet(6, ViewerFault::wrong_screen_size));
  const auto look = watching.watch(target(0, 65.0, 150.0), 1.0);
  const Eigen::Vector3d real_mm = point_in_screen_mm(watching.viewer, look, EyeSide::left);
  EXPECT_NEAR(real_mm.x(), 165.0, 1e-6);
  // A program that takes the screen for large calls that place the target's.
  const auto gaze_mm =
      watching.viewer.gaze_in_screen_mm(EyeSide::left, look.eyes[1].look_at_in_head_mm.normalized());
  EXPECT_NEAR(gaze_mm->x(), 65.0, 1e-6);
}

TEST(SimulatedViewer, AHeadThatMovesTakesTheEyesAlongUntilItIsBack) {
  Watching watching(quiet(6));
  const Eigen::Vector3d before_mm = watching.viewer.screen_from_head(EyeSide::right).translation_mm;
  watching.viewer.set_fault(ViewerFault::head_moved);
  watching.watch(target(0, 100.0, 100.0), 1.0);
  const Eigen::Vector3d moved_mm = watching.viewer.screen_from_head(EyeSide::right).translation_mm;
  EXPECT_NEAR((moved_mm - before_mm - Eigen::Vector3d(20.0, 0.0, 0.0)).norm(), 0.0, 1e-9);
  watching.viewer.end_fault();
  EXPECT_EQ(watching.viewer.screen_from_head(EyeSide::right).translation_mm, before_mm);
}

TEST(SimulatedViewer, FaultsHaveNames) {
  for (std::size_t i = 0; i < viewer_fault_names.size(); ++i)
    EXPECT_EQ(viewer_fault_from_string(viewer_fault_names[i]), static_cast<ViewerFault>(i));
  EXPECT_FALSE(viewer_fault_from_string("asleep"));
}

}  // namespace
}  // namespace yarbus::simulated_viewer_test
