#include "app/benchmark/lid_closure.h"

#include <cmath>

#include <gtest/gtest.h>

namespace yarbus::benchmark::lid_closure_test {
namespace {

TEST(LidClosure, AreaUnderALevelLid) {
  EXPECT_NEAR(area_under_level_lid(0.0), 0.0, 1e-12);
  EXPECT_NEAR(area_under_level_lid(0.5), 0.5, 1e-12);
  EXPECT_NEAR(area_under_level_lid(1.0), 1.0, 1e-12);
  EXPECT_NEAR(area_under_level_lid(0.25), 0.1955, 1e-4);  // (pi/3 - sqrt(3)/4) / pi
  EXPECT_NEAR(area_under_level_lid(0.75), 1.0 - area_under_level_lid(0.25), 1e-12);
  EXPECT_EQ(area_under_level_lid(-0.2), area_under_level_lid(0.0));
  EXPECT_EQ(area_under_level_lid(1.3), area_under_level_lid(1.0));
}

TEST(LidClosure, TheTruthHasNoErrorAndCorrelates) {
  std::vector<StatedClosure> statements;
  for (double closure = 0.0; closure <= 1.0; closure += 0.1) {
    statements.push_back({closure, area_under_level_lid(closure)});
  }
  const auto errors = lid_closure_errors(statements);
  ASSERT_TRUE(errors.has_value());
  EXPECT_NEAR(errors->area_error.mean, 0.0, 1e-12);
  EXPECT_NEAR(*errors->correlation, 1.0, 1e-9);
}

TEST(LidClosure, AlwaysOpenIsWrongByWhatIsHidden) {
  const auto errors = lid_closure_errors({{0.0, 0.0}, {0.0, 0.6}});
  EXPECT_NEAR(errors->area_error.mean, 0.3, 1e-12);
  EXPECT_FALSE(errors->correlation.has_value());
}

TEST(LidClosure, TheWrongWayRoundCorrelatesNegatively) {
  EXPECT_LT(*lid_closure_errors({{0.0, 1.0}, {0.5, 0.5}, {1.0, 0.0}})->correlation, -0.99);
}

TEST(LidClosure, NotANumberIsCounted) {
  const auto errors = lid_closure_errors({{std::nan(""), 0.2}, {0.0, 0.0}});
  EXPECT_EQ(errors->area_error.not_finite, 1u);
  EXPECT_FALSE(errors->correlation.has_value());
  EXPECT_FALSE(lid_closure_errors({}).has_value());
}

}  // namespace
}  // namespace yarbus::benchmark::lid_closure_test
