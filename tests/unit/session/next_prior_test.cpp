#include "app/session/next_prior.h"

#include <limits>

#include <gtest/gtest.h>

namespace yarbus {
namespace {

PupilObservation observation(double confidence) {
  PupilObservation observation;
  observation.ellipse = {{100.0, 90.0}, 30.0, 25.0, 0.4};
  observation.confidence = confidence;
  return observation;
}

TEST(NextPrior, IsTheLastTrustedOutline) {
  const auto prior = next_prior(observation(min_prior_confidence));
  ASSERT_TRUE(prior.has_value());
  EXPECT_EQ(prior->ellipse.center_px, Eigen::Vector2d(100.0, 90.0));
  EXPECT_EQ(prior->ellipse.semi_minor_px, 25.0);
  EXPECT_FALSE(prior->from_model);
}

TEST(NextPrior, IsNoneAfterAnUncertainOutlineOrAMiss) {
  EXPECT_FALSE(next_prior(observation(min_prior_confidence - 0.01)).has_value());
  EXPECT_FALSE(next_prior(observation(std::numeric_limits<double>::quiet_NaN())).has_value());
  EXPECT_FALSE(next_prior(PupilMiss{PupilMissReason::blink, 0.9, 1.0}).has_value());
}

}  // namespace
}  // namespace yarbus
