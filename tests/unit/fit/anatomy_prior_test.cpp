#include "eyemodel/fit/anatomy_prior.h"

#include <random>

#include <Eigen/Cholesky>
#include <gtest/gtest.h>

#include "eyemodel/types/check.h"

namespace yarbus::anatomy_prior_test {
namespace {

TEST(AnatomyPrior, OfAnEyeThatWasNotSeenIsThePopulation) {
  const AnatomyPrior population;
  const AnatomyPrior prior = prior_from_other_eye(OpticalAnatomy{}, population.covariance_mm2);
  EXPECT_LT((prior.mean_mm - population.mean_mm).norm(), 1e-12);
  EXPECT_LT((prior.covariance_mm2 - population.covariance_mm2).norm(), 1e-12);
}

TEST(AnatomyPrior, IsWhatPairsOfEyesOfThePopulationShow) {
  // Pairs of eyes drawn from the joint population; one is measured with noise; among those whose measurement
  // is near a given value the other eye has the stated mean and spread.
  const AnatomyPrior population;
  const int length = 0;
  const double sigma_mm = std::sqrt(population.covariance_mm2(length, length));
  const double noise_mm = 0.5 * sigma_mm;
  const double measured_mm = population.mean_mm[length] + 0.8 * sigma_mm;
  // The posterior of the measured eye alone.
  const double gain = sigma_mm * sigma_mm / (sigma_mm * sigma_mm + noise_mm * noise_mm);
  Eigen::Vector4d posterior_mm = population.mean_mm;
  posterior_mm[length] += gain * (measured_mm - population.mean_mm[length]);
  Eigen::Matrix4d covariance_mm2 = population.covariance_mm2;
  covariance_mm2(length, length) = (1.0 - gain) * sigma_mm * sigma_mm;
  const AnatomyPrior prior = prior_from_other_eye(OpticalAnatomy::from(posterior_mm), covariance_mm2);

  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  const double r = anatomy_correlation_between_eyes;
  double count = 0.0;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < 2'000'000; ++i) {
    const double one = normal(random);
    const double other = r * one + std::sqrt(1.0 - r * r) * normal(random);
    const double seen_mm = population.mean_mm[length] + sigma_mm * one + noise_mm * normal(random);
    if (std::abs(seen_mm - measured_mm) > 0.02 * sigma_mm) continue;
    ++count;
    sum += sigma_mm * other;
    squares += sigma_mm * other * sigma_mm * other;
  }
  ASSERT_GT(count, 5000.0);
  const double mean_mm = population.mean_mm[length] + sum / count;
  const double variance_mm2 = squares / count - (sum / count) * (sum / count);
  EXPECT_NEAR(prior.mean_mm[length], mean_mm, 0.02 * sigma_mm);
  EXPECT_NEAR(prior.covariance_mm2(length, length), variance_mm2, 0.04 * variance_mm2);
}

TEST(AnatomyPrior, OfAnEyeKnownExactlyKeepsTheDifferenceBetweenEyes) {
  const AnatomyPrior population;
  OpticalAnatomy other;
  other.cornea_radius_mm += 0.3;
  const AnatomyPrior prior = prior_from_other_eye(other, Eigen::Matrix4d::Zero());
  EXPECT_NEAR(prior.mean_mm[2], population.mean_mm[2] + 0.9 * 0.3, 1e-12);
  EXPECT_NEAR(prior.covariance_mm2(2, 2), 0.19 * population.covariance_mm2(2, 2), 1e-12);
  EXPECT_EQ(prior.covariance_mm2.llt().info(), Eigen::Success);
}

TEST(AnatomyPrior, RefusesWhatIsNoAnatomy) {
  OpticalAnatomy broken;
  broken.pupil_plane_mm = std::nan("");
  EXPECT_THROW(prior_from_other_eye(broken, Eigen::Matrix4d::Identity()), CheckFailure);
  EXPECT_THROW(prior_from_other_eye({}, -Eigen::Matrix4d::Identity()), CheckFailure);
}

}  // namespace
}  // namespace yarbus::anatomy_prior_test
