#include "calibration/mapping/geometric_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calibration/mapping/geometric_mapper.h"
#include "tests/support/looking_participant.h"

namespace yarbus::geometric_fit_test {
namespace {

using namespace testing_support;
using testing::HasSubstr;

double angle_deg(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::atan2(a.cross(b).norm(), a.dot(b)) / rad_per_deg;
}

/// Error (deg) of a mapper at places of the screen, the worst of them.
double worst_error_deg(const GazeMapper& mapper, const Participant& who,
                       std::span<const CalibrationSample> at) {
  double worst = 0.0;
  const Eigen::Vector3d origin = 0.5 * (who.eye_in_screen_mm[0] + who.eye_in_screen_mm[1]);
  for (const CalibrationSample& sample : at) {
    const auto point = mapper.map(sample.rays);
    if (!point) return std::numeric_limits<double>::infinity();
    Eigen::Vector3d seen(point->point_in_screen_mm[0], point->point_in_screen_mm[1], 0.0);
    Eigen::Vector3d truth(sample.target_in_screen_mm[0], sample.target_in_screen_mm[1], 0.0);
    worst = std::max(worst, angle_deg(seen - origin, truth - origin));
  }
  return worst;
}

GeometricFit fit_of(std::span<const CalibrationSample> samples, const ScreenGeometry& screen,
                    const GeometricOptions& options = {}) {
  const auto fixations = average_fixations(samples);
  auto fit = fit_geometric(*fixations, screen, options);
  if (!fit) throw std::runtime_error(fit.error().to_text());
  return std::move(*fit);
}

Participant without_noise(std::uint64_t seed) {
  Participant who = draw_participant(seed);
  who.noise_deg = who.jitter_deg = who.fixation_deg = who.eye_scatter_deg = 0.0;
  who.gain = {1.0, 1.0};
  return who;
}

TEST(GeometricFit, WithoutNoiseItIsExact) {
  double worst = 0.0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Participant who = without_noise(seed);
    const auto samples = look_at_places(who, seed, nine_places(), 2);
    const GeometricMapper mapper(fit_of(samples, who.screen), samples);
    worst = std::max(worst, worst_error_deg(mapper, who, look_at_places(who, 99, validation_places(), 1)));
  }
  std::printf("worst %.4f deg\n", worst);
  EXPECT_LT(worst, 0.01);
}

TEST(GeometricFit, KappaAndTheScreensPlaceLieWithinTheirStatedBounds) {
  // Squared distances of the truth in stated standard deviations: about 1 on average if the bounds are true.
  double squares = 0.0;
  int count = 0;
  Eigen::Matrix<double, 5, 1> component = Eigen::Matrix<double, 5, 1>::Zero();
  for (std::uint64_t seed = 100; seed < 220; ++seed) {
    Participant who = draw_participant(seed);
    who.gain = {1.0, 1.0};
    const auto fit = fit_of(look_at_places(who, seed, nine_places()), who.screen);
    for (std::size_t eye = 0; eye < 2; ++eye) {
      const auto& fitted = *fit.eyes[eye];
      for (int k = 0; k < 2; ++k) {
        const double sigma =
            std::sqrt(fit.covariance(2 * static_cast<int>(eye) + k, 2 * static_cast<int>(eye) + k));
        const double off = (fitted.kappa_rad[k] - who.kappa_deg[eye][k] * rad_per_deg) / sigma;
        squares += off * off;
        component[k] += off * off / 240.0;
        ++count;
        EXPECT_LT(std::abs(off), 4.5) << "kappa of subject " << seed;
      }
      for (int k = 0; k < 3; ++k) {
        const int column = 7 + 6 * static_cast<int>(eye) + k;
        const double off = (fit.cameras[eye].reference_in_screen_mm[k] - who.eye_in_screen_mm[eye][k]) /
                           std::sqrt(fit.covariance(column, column));
        squares += off * off;
        component[2 + k] += off * off / 240.0;
        ++count;
        EXPECT_LT(std::abs(off), 4.5) << "place of subject " << seed;
      }
      const Eigen::Matrix3d turn =
          fit.cameras[eye].screen_from_cam_rotation * who.screen_from_cam[eye].rotation.transpose();
      EXPECT_LT(std::acos(std::clamp(0.5 * (turn.trace() - 1.0), -1.0, 1.0)) / rad_per_deg, 12.0);
    }
  }
  std::printf("squared errors over stated variances: kappa %.2f %.2f, eye's place %.2f %.2f %.2f\n",
              component[0], component[1], component[2], component[3], component[4]);
  RecordProperty("mean_square", std::to_string(squares / count));
  EXPECT_LT(squares / count, 1.5);
  EXPECT_GT(squares / count, 0.3);
}

TEST(GeometricFit, SaysWhatTheTargetsDetermined) {
  const Participant who = draw_participant(3);
  const auto fit = fit_of(look_at_places(who, 3, nine_places()), who.screen);
  const auto names = fit.from_priors();
  // A screen that stays before a head that stays tells kappa from a turned camera by Listing's torsion alone.
  EXPECT_THAT(names, testing::Contains("kappa nasal, right eye"));
  EXPECT_THAT(names, testing::Not(testing::Contains(HasSubstr("roll"))));
  EXPECT_THAT(names, testing::Not(testing::Contains(HasSubstr("viewing distance"))));
  EXPECT_EQ(fit.parameters.size(), 16U);
  for (const auto& parameter : fit.parameters) EXPECT_LE(parameter.sigma, 1.01 * parameter.prior_sigma);
}

TEST(GeometricFit, TheDistanceIsSeenAndNotJustBelieved) {
  Participant who = without_noise(5);
  const auto samples = look_at_places(who, 5, nine_places(), 2);
  ScreenGeometry wrong = who.screen;
  wrong.viewing_distance_mm = -1.25 * who.eye_in_screen_mm[0][2];
  const auto fit = fit_of(samples, wrong);
  EXPECT_NEAR(fit.cameras[0].reference_in_screen_mm[2], who.eye_in_screen_mm[0][2], 10.0);
}

TEST(GeometricFit, OneBadTargetDoesNotSpoilTheRest) {
  int named = 0;
  for (std::uint64_t seed = 200; seed < 215; ++seed) {
    const Participant who = draw_participant(seed);
    auto samples = look_at_places(who, seed, nine_places());
    const GeometricMapper good(fit_of(samples, who.screen), samples);
    const int bad = static_cast<int>(seed % 9);
    for (auto& sample : samples) {
      // Looked at another place all the time: 80 mm is 7.6 degrees.
      if (sample.target == bad) sample.target_in_screen_mm += Eigen::Vector2d(64.0, -48.0);
    }
    const auto fit = fit_of(samples, who.screen);
    for (const auto& target : fit.left_out) {
      EXPECT_EQ(target.target, bad);
      ++named;
    }
    const GeometricMapper spoilt(fit, samples);
    const auto at = look_at_places(who, 77, validation_places(), 20);
    EXPECT_LT(worst_error_deg(spoilt, who, at), worst_error_deg(good, who, at) + 0.8) << seed;
  }
  EXPECT_GE(named, 27);  // of 30: both eyes of 15 subjects
}

TEST(GeometricFit, BothEyesInOneCamera) {
  Participant who = without_noise(8);
  who.screen_from_cam[1] = who.screen_from_cam[0];
  GeometricOptions options;
  options.one_camera = true;
  const auto samples = look_at_places(who, 8, nine_places(), 2);
  const auto fit = fit_of(samples, who.screen, options);
  EXPECT_EQ(fit.parameters.size(), 10U);
  const GeometricMapper mapper(fit, samples);
  EXPECT_LT(worst_error_deg(mapper, who, look_at_places(who, 9, validation_places(), 1)), 0.01);
  EXPECT_NEAR((*fit.eye_in_screen_mm(EyeSide::right) - who.eye_in_screen_mm[0]).norm(), 0.0, 15.0);
}

TEST(GeometricFit, ThreeTargetsAreEnoughWithThePriors) {
  const Participant who = without_noise(11);
  const auto samples = look_at_places(who, 11, {{0.1, 0.2}, {0.9, 0.2}, {0.5, 0.9}}, 2);
  const GeometricMapper mapper(fit_of(samples, who.screen), samples);
  EXPECT_LT(worst_error_deg(mapper, who, look_at_places(who, 12, validation_places(), 1)), 0.5);
}

TEST(GeometricFit, RefusesWhatCannotBeFitted) {
  const Participant who = draw_participant(1);
  const auto message = [&](std::span<const CalibrationSample> samples) -> std::string {
    const auto fixations = average_fixations(samples);
    if (!fixations) return fixations.error().message;
    const auto fit = fit_geometric(*fixations, who.screen);
    return fit ? "fitted" : fit.error().message;
  };
  EXPECT_THAT(message({}), HasSubstr("no calibration samples"));
  EXPECT_THAT(message(look_at_places(who, 1, {{0.1, 0.1}, {0.9, 0.9}})), HasSubstr("only 2 targets"));
  EXPECT_THAT(message(look_at_places(who, 1, {{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}})), HasSubstr("one point"));
  auto samples = look_at_places(who, 1, nine_places(), 2);
  samples[4].rays.eyes[1]->optical_axis_in_cam[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(message(samples), HasSubstr("sample 4 (target 2): the axis of the left eye is not finite"));
  for (auto& sample : samples) sample.rays.eyes = {};
  EXPECT_THAT(message(samples), HasSubstr("no sample has an eye"));
  GeometricOptions options;
  options.kappa_up_sigma_deg = 0.0;
  const auto fixations = average_fixations(look_at_places(who, 1, nine_places(), 2));
  EXPECT_THAT(fit_geometric(*fixations, who.screen, options).error().message,
              HasSubstr("kappa_up_sigma_deg"));
  ScreenGeometry flat = who.screen;
  flat.height_mm = 0.0;
  EXPECT_THAT(fit_geometric(*fixations, flat).error().message, HasSubstr("positive"));
}

TEST(GeometricFit, StudentFactorTendsToTheNormalRegion) {
  EXPECT_NEAR(student_factor(1e6), 1.0, 1e-4);
  // F(2, 2) has the distribution function 1 - 1 / (1 + f): 0.68 at 2.125, times 2 over 2.279.
  EXPECT_NEAR(student_factor(2.0), 2.0 * 2.125 / 2.2789, 1e-3);
}

TEST(GeometricMapper, OneEyeLostKeepsGaze) {
  const Participant who = draw_participant(21);
  const auto samples = look_at_places(who, 21, nine_places());
  const GeometricMapper mapper(fit_of(samples, who.screen), samples);
  const auto at = look_at_places(who, 22, validation_places(), 1);
  for (const auto& sample : at) {
    const auto both = mapper.map(sample.rays);
    const auto right = mapper.map_eye(sample.rays, EyeSide::right);
    const auto left = mapper.map_eye(sample.rays, EyeSide::left);
    ASSERT_TRUE(both && right && left);
    EXPECT_TRUE(both->uses(EyeSide::right) && both->uses(EyeSide::left));
    EXPECT_FALSE(right->uses(EyeSide::left));
    EXPECT_LT((right->point_in_screen_mm - sample.target_in_screen_mm).norm(), 25.0);
    // Two eyes are surer than the worse one.
    EXPECT_LT(both->covariance_mm2.trace(),
              std::max(right->covariance_mm2.trace(), left->covariance_mm2.trace()));
  }
  EXPECT_FALSE(mapper.map(GazeRays{}));
}

TEST(GeometricMapper, ALessSureEyeWeighsLess) {
  const Participant who = draw_participant(23);
  const auto samples = look_at_places(who, 23, nine_places());
  const GeometricMapper mapper(fit_of(samples, who.screen), samples);
  GazeRays rays = look_at_places(who, 24, {{0.5, 0.5}}, 1)[0].rays;
  const auto right = mapper.map_eye(rays, EyeSide::right)->point_in_screen_mm;
  const auto before = mapper.map(rays);
  rays.eyes[1]->axis_covariance_in_cam *= 16.0;
  const auto after = mapper.map(rays);
  EXPECT_LT((after->point_in_screen_mm - right).norm(), (before->point_in_screen_mm - right).norm());
  EXPECT_GT(mapper.map_eye(rays, EyeSide::left)->covariance_mm2.trace(), 0.0);
}

TEST(GeometricMapper, LookingAwayFromTheScreenHasNoPoint) {
  const Participant who = draw_participant(25);
  const auto samples = look_at_places(who, 25, nine_places());
  const GeometricMapper mapper(fit_of(samples, who.screen), samples);
  GazeRays rays = samples[0].rays;
  for (auto& ray : rays.eyes) ray->optical_axis_in_cam *= -1.0;
  EXPECT_FALSE(mapper.map(rays));
}

}  // namespace
}  // namespace yarbus::geometric_fit_test
