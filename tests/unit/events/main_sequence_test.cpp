#include "tracker/events/main_sequence.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/simulation/random.h"

namespace yarbus::main_sequence_test {
namespace {

std::vector<Saccade> saccades_of(int count, double limit_deg_s, double bend_deg, double spread,
                                 double outliers) {
  simulation::Random random(21);
  std::vector<Saccade> saccades(static_cast<std::size_t>(count));
  for (Saccade& saccade : saccades) {
    saccade.amplitude_deg = random.uniform(1.0, 25.0);
    saccade.peak_velocity_deg_s = limit_deg_s * (1.0 - std::exp(-saccade.amplitude_deg / bend_deg)) *
                                  std::exp(spread * random.normal());
    if (random.uniform() < outliers) saccade.peak_velocity_deg_s *= random.uniform(2.0, 6.0);
  }
  return saccades;
}

TEST(MainSequence, FindsLimitAndBend) {
  const auto outcome = fit_main_sequence(saccades_of(100, 550.0, 6.0, 0.0, 0.0));
  const auto* fitted = std::get_if<MainSequence>(&outcome);
  ASSERT_NE(fitted, nullptr);
  EXPECT_NEAR(fitted->limit_deg_s, 550.0, 5.0);
  EXPECT_NEAR(fitted->bend_deg, 6.0, 0.1);
  EXPECT_NEAR(fitted->slope_per_s(), 550.0 / 6.0, 2.0);
  EXPECT_LT(fitted->spread, 0.01);
  EXPECT_EQ(fitted->saccades, 100U);
  EXPECT_LT(fitted->smallest_deg, 2.0);
  EXPECT_GT(fitted->largest_deg, 24.0);
}

TEST(MainSequence, AFifthOfOutliersHardlyMovesIt) {
  const auto outcome = fit_main_sequence(saccades_of(400, 550.0, 6.0, 0.08, 0.2));
  const auto* fitted = std::get_if<MainSequence>(&outcome);
  ASSERT_NE(fitted, nullptr);
  for (const double amplitude_deg : {2.0, 5.0, 10.0, 20.0}) {
    const double expected = 550.0 * (1.0 - std::exp(-amplitude_deg / 6.0));
    EXPECT_NEAR(fitted->peak_velocity_deg_s(amplitude_deg), expected, 0.08 * expected) << amplitude_deg;
  }
}

TEST(MainSequence, SaysWhyThereIsNone) {
  const auto miss = [](const std::vector<Saccade>& saccades) {
    const auto outcome = fit_main_sequence(saccades);
    return std::holds_alternative<MainSequenceMiss>(outcome) ? std::get<MainSequenceMiss>(outcome)
                                                             : static_cast<MainSequenceMiss>(99);
  };
  EXPECT_EQ(miss({}), MainSequenceMiss::too_few);
  auto broken = saccades_of(30, 550.0, 6.0, 0.0, 0.0);
  for (Saccade& saccade : broken) saccade.peak_velocity_deg_s = std::nan("");
  EXPECT_EQ(miss(broken), MainSequenceMiss::too_few);
  auto one_size = saccades_of(30, 550.0, 6.0, 0.0, 0.0);
  for (Saccade& saccade : one_size) saccade.amplitude_deg = 5.0;
  EXPECT_EQ(miss(one_size), MainSequenceMiss::one_size);
  auto straight = saccades_of(60, 550.0, 6.0, 0.0, 0.0);
  for (Saccade& saccade : straight) saccade.peak_velocity_deg_s = 30.0 * saccade.amplitude_deg;
  EXPECT_EQ(miss(straight), MainSequenceMiss::not_determined);
}

}  // namespace
}  // namespace yarbus::main_sequence_test
