#include "calibration/procedure/target_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "calibration/procedure/expected_turn.h"
#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/types/check.h"

namespace yarbus::target_plan_test {
namespace {

ProcedureRequest request(TargetLayout layout, int validation = 4, std::uint64_t seed = 1) {
  return {{520.0, 320.0, 1920, 1200, 600.0}, layout, validation, std::nullopt, seed};
}

double longest_jump(const TargetPlan& plan, const std::vector<int>& order) {
  double longest = 0.0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    longest = std::max(longest, (plan.points[order[i]].position_in_screen_mm -
                                 plan.points[order[i - 1]].position_in_screen_mm)
                                    .norm());
  }
  return longest;
}

TEST(TargetPlan, HasTheCountsAskedForWithinTheMargins) {
  const ProcedureOptions options;
  const std::array<std::pair<TargetLayout, std::size_t>, 5> layouts{{{TargetLayout::one, 1},
                                                                     {TargetLayout::five, 5},
                                                                     {TargetLayout::nine, 9},
                                                                     {TargetLayout::thirteen, 13},
                                                                     {TargetLayout::pursuit, 8}}};
  for (const auto& [layout, count] : layouts) {
    for (const int validation : {0, 4, 5}) {
      const TargetPlan plan = plan_targets(request(layout, validation), options);
      EXPECT_EQ(plan.calibration_order.size(), count);
      EXPECT_EQ(plan.validation_order.size(), static_cast<std::size_t>(validation));
      std::set<int> all(plan.calibration_order.begin(), plan.calibration_order.end());
      all.insert(plan.validation_order.begin(), plan.validation_order.end());
      EXPECT_EQ(all.size(), plan.points.size());
      for (const auto& point : plan.points) {
        EXPECT_GE(point.position_in_screen_mm.x(), 52.0 - 1e-9);
        EXPECT_LE(point.position_in_screen_mm.x(), 468.0 + 1e-9);
        EXPECT_GE(point.position_in_screen_mm.y(), 32.0 - 1e-9);
        EXPECT_LE(point.position_in_screen_mm.y(), 288.0 + 1e-9);
      }
    }
  }
}

TEST(TargetPlan, ValidatesElsewhere) {
  for (const auto layout : {TargetLayout::five, TargetLayout::nine, TargetLayout::thirteen}) {
    const TargetPlan plan = plan_targets(request(layout, 5), {});
    for (const int validation : plan.validation_order) {
      for (const int calibration : plan.calibration_order) {
        EXPECT_GT(
            (plan.points[validation].position_in_screen_mm - plan.points[calibration].position_in_screen_mm)
                .norm(),
            50.0);
      }
    }
  }
}

TEST(TargetPlan, OrderIsOfChanceAndItsJumpsAreAsShortAsCanBe) {
  std::set<std::vector<int>> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const TargetPlan plan = plan_targets(request(TargetLayout::nine, 4, seed), {});
    orders.insert(plan.calibration_order);
    // A column's step is 128 mm, a row's 208 mm: no way through three columns needs more.
    EXPECT_NEAR(longest_jump(plan, plan.calibration_order), 208.0, 1e-6);
    EXPECT_EQ(plan_targets(request(TargetLayout::nine, 4, seed), {}).calibration_order,
              plan.calibration_order);
  }
  EXPECT_GE(orders.size(), 10U);
}

TEST(TargetPlan, KeepsToARegion) {
  ProcedureRequest wanted = request(TargetLayout::five);
  wanted.region = ScreenRegion{{300.0, 100.0}, {500.0, 250.0}};
  const TargetPlan plan = plan_targets(wanted, {});
  for (const auto& point : plan.points) {
    EXPECT_GE(point.position_in_screen_mm.x(), 300.0);
    EXPECT_LE(point.position_in_screen_mm.y(), 250.0);
  }
  wanted.region->high_mm.x() = 600.0;
  EXPECT_FALSE(wanted.validate());
}

TEST(TargetPlan, RefusesWhatCannotBe) {
  ProcedureRequest wanted = request(TargetLayout::nine);
  EXPECT_TRUE(wanted.validate());
  wanted.screen.width_mm = std::numeric_limits<double>::quiet_NaN();
  wanted.screen.viewing_distance_mm = 0.0;
  wanted.validation_points = 3;
  const auto valid = wanted.validate();
  ASSERT_FALSE(valid);
  for (const char* word : {"width", "distance", "validation"}) {
    EXPECT_NE(valid.error().message.find(word), std::string::npos) << word;
  }
  EXPECT_THROW(plan_targets(wanted, {}), CheckFailure);
}

TEST(PursuitPath, StaysUnderItsSpeedAndComesBack) {
  const ScreenGeometry screen{520.0, 320.0, 1920, 1200, 600.0};
  const PursuitPath path(screen, {52.0, 32.0}, {468.0, 288.0}, 10.0);
  double fastest_deg_s = 0.0;
  Eigen::Vector2d low = path.at(0.0);
  Eigen::Vector2d high = low;
  constexpr double step_s = 0.005;
  for (double t = 0.0; t < path.duration_s(); t += step_s) {
    fastest_deg_s = std::max(fastest_deg_s,
                             degrees_of(expected_turn_rad(screen, path.at(t), path.at(t + step_s))) / step_s);
    low = low.cwiseMin(path.at(t));
    high = high.cwiseMax(path.at(t));
  }
  EXPECT_LE(fastest_deg_s, 10.0);
  EXPECT_GT(fastest_deg_s, 7.0);
  EXPECT_NEAR((path.at(path.duration_s()) - path.at(0.0)).norm(), 0.0, 1e-6);
  EXPECT_NEAR((low - Eigen::Vector2d(52.0, 32.0)).norm(), 0.0, 1.0);
  EXPECT_NEAR((high - Eigen::Vector2d(468.0, 288.0)).norm(), 0.0, 1.0);
  EXPECT_LT(path.duration_s(), 45.0);
}

TEST(PursuitMotion, StartsGentlyAndKnowsWhenItIsWhere) {
  const PursuitMotion motion{time_from_seconds(2.0), 3.0};
  EXPECT_DOUBLE_EQ(motion.path_s(time_from_seconds(1.0)), 3.0);
  EXPECT_DOUBLE_EQ(motion.path_s(time_from_seconds(2.0)), 3.0);
  EXPECT_NEAR(motion.path_s(time_from_seconds(2.1)), 3.01, 1e-9);
  EXPECT_NEAR(motion.path_s(time_from_seconds(5.0)), 3.0 + 3.0 - 0.25, 1e-9);
  for (const double at_s : {3.05, 3.2, 4.0, 9.0}) {
    EXPECT_NEAR(motion.path_s(motion.time_at(at_s)), at_s, 1e-6);
  }
}

}  // namespace
}  // namespace yarbus::target_plan_test
