#include "app/benchmark/reliability.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace yarbus::benchmark::reliability_test {
namespace {

/// `count` statements of one probability, of which `right` came true.
void add(std::vector<StatedOutcome>& statements, double probability, int right, int count) {
  for (int i = 0; i < count; ++i) statements.push_back({probability, i < right});
}

TEST(Reliability, FrequenciesAsStatedHaveNoError) {
  std::vector<StatedOutcome> statements;
  add(statements, 0.25, 25, 100);
  add(statements, 0.75, 75, 100);
  const auto reliability = reliability_of(statements);
  ASSERT_TRUE(reliability.has_value());
  EXPECT_NEAR(reliability->calibration_error, 0.0, 1e-12);
  EXPECT_NEAR(reliability->brier, 0.25 * 0.75, 1e-12);  // sure to be unsure
  EXPECT_EQ(reliability->bins[2].count, 100u);
  EXPECT_NEAR(reliability->bins[7].observed, 0.75, 1e-12);
  EXPECT_TRUE(std::isnan(reliability->bins[5].mean_stated));
}

TEST(Reliability, OverconfidenceIsTheMeanDistanceOfItsBins) {
  std::vector<StatedOutcome> statements;
  add(statements, 0.95, 60, 100);  // 0.35 too high
  add(statements, 0.15, 45, 300);  // as stated
  const auto reliability = reliability_of(statements);
  EXPECT_NEAR(reliability->calibration_error, 0.25 * 0.35, 1e-12);
  EXPECT_NEAR(reliability->mean_stated, 0.25 * 0.95 + 0.75 * 0.15, 1e-12);
  EXPECT_NEAR(reliability->observed, 105.0 / 400.0, 1e-12);
}

TEST(Reliability, ErrorsToBothSidesDoNotCancel) {
  std::vector<StatedOutcome> statements;
  add(statements, 0.9, 7, 10);
  add(statements, 0.5, 7, 10);
  const auto reliability = reliability_of(statements);
  EXPECT_NEAR(reliability->mean_stated, reliability->observed, 1e-12);
  EXPECT_NEAR(reliability->calibration_error, 0.2, 1e-12);
}

TEST(Reliability, BrierRewardsKnowing) {
  EXPECT_DOUBLE_EQ(reliability_of({{1.0, true}, {0.0, false}})->brier, 0.0);
  EXPECT_DOUBLE_EQ(reliability_of({{0.5, true}, {0.5, false}})->brier, 0.25);
  EXPECT_DOUBLE_EQ(reliability_of({{1.0, false}})->brier, 1.0);
}

TEST(Reliability, TellsACalibratedSpeakerFromOneThatBoasts) {
  std::mt19937 rng(5);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<StatedOutcome> honest;
  std::vector<StatedOutcome> boasting;
  for (int i = 0; i < 20000; ++i) {
    const double probability = uniform(rng);
    const bool is_true = uniform(rng) < probability;
    honest.push_back({probability, is_true});
    boasting.push_back({std::sqrt(probability), is_true});
  }
  EXPECT_LT(reliability_of(honest)->calibration_error, 0.02);
  EXPECT_GT(reliability_of(boasting)->calibration_error, 0.12);
}

TEST(Reliability, TheEdgesBelongToABin) {
  const auto reliability = reliability_of({{0.0, false}, {0.1, false}, {1.0, true}});
  EXPECT_EQ(reliability->bins[0].count, 1u);
  EXPECT_EQ(reliability->bins[1].count, 1u);
  EXPECT_EQ(reliability->bins[9].count, 1u);
}

TEST(Reliability, WhatIsNoProbabilityIsCountedApart) {
  const auto reliability = reliability_of({{std::nan(""), true}, {1.5, true}, {-0.1, false}, {0.8, true}});
  EXPECT_EQ(reliability->not_finite, 3u);
  EXPECT_EQ(reliability->count, 1u);
  EXPECT_NEAR(reliability->calibration_error, 0.2, 1e-12);
  EXPECT_TRUE(std::isnan(reliability_of({{std::nan(""), true}})->brier));
  EXPECT_FALSE(reliability_of({}).has_value());
}

}  // namespace
}  // namespace yarbus::benchmark::reliability_test
