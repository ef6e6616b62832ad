#include "app/benchmark/statistics.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace yarbus::benchmark::statistics_test {
namespace {

TEST(Statistics, OfKnownValues) {
  const auto statistics = statistics_of({4.0, 2.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0});
  ASSERT_TRUE(statistics.has_value());
  EXPECT_EQ(statistics->count, 8u);
  EXPECT_EQ(statistics->not_finite, 0u);
  EXPECT_DOUBLE_EQ(statistics->mean, 5.0);
  EXPECT_DOUBLE_EQ(statistics->sd, 2.0);
  EXPECT_DOUBLE_EQ(statistics->median, 4.5);
  EXPECT_DOUBLE_EQ(statistics->p95, 7.0 + 0.65 * 2.0);  // rank 0.95 * 7 = 6.65
}

TEST(Statistics, NothingHasNone) { EXPECT_FALSE(statistics_of({}).has_value()); }

TEST(Statistics, ValuesThatAreNotFiniteAreCountedAndNeverLost) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  const auto some = statistics_of({1.0, nan, 3.0, infinite});
  EXPECT_EQ(some->count, 2u);
  EXPECT_EQ(some->not_finite, 2u);
  EXPECT_DOUBLE_EQ(some->mean, 2.0);
  const auto none = statistics_of({nan});
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->not_finite, 1u);
  EXPECT_TRUE(std::isnan(none->mean));
  EXPECT_TRUE(std::isnan(none->median));
}

TEST(Statistics, QuantilesOfOneValueAreThatValue) {
  EXPECT_DOUBLE_EQ(quantile_of({3.5}, 0.0), 3.5);
  EXPECT_DOUBLE_EQ(quantile_of({3.5}, 0.95), 3.5);
}

}  // namespace
}  // namespace yarbus::benchmark::statistics_test
