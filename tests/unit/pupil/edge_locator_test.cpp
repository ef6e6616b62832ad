#include "tracker/pupil/edge_locator.h"

#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

namespace yarbus::edge_locator_test {
namespace {

using Window = EdgeLocator::Window;

/// A Gaussian edge at `offset` samples, with a gray ramp outside it that is blurred alike.
Window edge(float offset, float sigma, float step = 80.0F, float ramp = 0.0F) {
  Window window;
  for (int k = -profile_reach; k <= profile_reach; ++k) {
    const float d = (static_cast<float>(k) - offset) / sigma;
    const float rise = 0.5F * (1.0F + std::erf(d / std::sqrt(2.0F)));
    const float bell = std::exp(-0.5F * d * d) / std::sqrt(2.0F * std::numbers::pi_v<float>);
    window[static_cast<std::size_t>(k + profile_reach)] =
        20.0F + step * rise + ramp * sigma * (d * rise + bell);
  }
  return window;
}

TEST(EdgeLocator, HasNoBiasForGaussianEdges) {
  for (const float sigma : {0.8F, 1.2F, 1.8F, 2.5F}) {
    const EdgeLocator locator(edge(0.0F, sigma), 40.0F);
    EXPECT_NEAR(locator.variance(), sigma * sigma + EdgeLocator::own_variance, 0.04F * sigma * sigma + 0.05F);
    for (const float offset : {-0.5F, -0.2F, 0.0F, 0.3F, 0.5F}) {
      const auto found = locator.locate(edge(offset, sigma), 1.0F);
      EXPECT_NEAR(found.offset, offset, 0.03F * std::abs(offset) + 1e-3F) << sigma;
      EXPECT_NEAR(found.step_gray, 80.0F * locator.step_share(), 8.0F) << sigma;
    }
  }
}

TEST(EdgeLocator, KnowsWhatARampOutsideDoes) {
  for (const float sigma : {0.9F, 1.3F}) {
    const EdgeLocator locator(edge(0.0F, sigma), 40.0F);
    const auto found = locator.locate(edge(0.0F, sigma, 80.0F, 1.0F), 1.0F);
    ASSERT_GT(found.offset, 0.01F);
    EXPECT_NEAR(locator.ramp_gain() / found.step_gray, found.offset, 0.25F * found.offset) << sigma;
  }
}

TEST(EdgeLocator, StatesTheNoiseOfIndependentSamples) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal(0.0F, 2.0F);
  const EdgeLocator locator(edge(0.0F, 1.2F), 40.0F);
  double sum2 = 0.0;
  constexpr int count = 4000;
  for (int i = 0; i < count; ++i) {
    Window window = edge(0.0F, 1.2F);
    for (float& value : window) value += normal(random);
    const auto found = locator.locate(window, 1.0F);
    sum2 += found.offset * found.offset;
  }
  // Samples three px apart share nothing.
  const float expected = 2.0F * locator.noise_gain(3) / (80.0F * locator.step_share());
  EXPECT_NEAR(std::sqrt(sum2 / count) / expected, 1.0, 0.1);
  EXPECT_GT(locator.noise_gain(1), 0.0F);
}

TEST(EdgeLocator, ASmallOutlineGetsANarrowWindow) {
  // What lies six samples off must not matter to an outline of radius five.
  Window other_side = edge(0.0F, 1.0F);
  other_side[0] = other_side[1] = 100.0F;
  const EdgeLocator locator(edge(0.0F, 1.0F), 5.0F);
  EXPECT_NEAR(locator.locate(other_side, 1.0F).offset, 0.0F, 0.05F);
}

}  // namespace
}  // namespace yarbus::edge_locator_test
