#include "tracker/events/saccade_detector.h"

#include <cmath>
#include <functional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/gaze_motion.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::saccade_detector_test {
namespace {

using Place = std::function<Eigen::Vector2d(double)>;  ///< right and up, deg, at a time in s

std::vector<GazeDirectionSample> sampled(double rate_hz, double duration_s, double noise_deg,
                                         const Place& place) {
  simulation::Random random(9);
  std::vector<GazeDirectionSample> series;
  for (double t_s = 0.0; t_s < duration_s; t_s += 1.0 / rate_hz) {
    const Eigen::Vector2d at = place(t_s) + noise_deg * Eigen::Vector2d(random.normal(), random.normal());
    series.push_back({time_from_seconds(t_s), direction_from_angles_deg(at.x(), at.y()), true});
  }
  return series;
}

/// From the origin to `to_deg` at 2 s, as eyes do.
Place one_saccade(Eigen::Vector2d to_deg) {
  return [to_deg](double t_s) -> Eigen::Vector2d {
    const double fraction = (t_s - 2.0) / simulation::saccade_duration_s(to_deg.norm());
    return simulation::saccade_progress(fraction) * to_deg;
  };
}

std::vector<Saccade> live(const std::vector<GazeDirectionSample>& series,
                          const SaccadeOptions& options = {}) {
  SaccadeDetector detector(options);
  std::vector<Saccade> found;
  for (const auto& sample : series) {
    detector.push(sample);
    for (const Saccade& saccade : detector.take()) found.push_back(saccade);
  }
  return found;
}

class SaccadesAtRate : public testing::TestWithParam<double> {};

TEST_P(SaccadesAtRate, MeasuresOneSaccadeLiveAndOffline) {
  const Eigen::Vector2d to_deg(-6.0, 8.0);
  const double rate_hz = GetParam();
  const auto series = sampled(rate_hz, 4.0, 0.05, one_saccade(to_deg));
  auto offline = find_saccades(series, {});
  ASSERT_TRUE(offline) << offline.error().to_text();
  EXPECT_EQ(offline->rate, SaccadeRate::enough);
  for (const auto& found : {offline->saccades, live(series)}) {
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NEAR(seconds_of(found[0].onset), 2.0, 0.6 / rate_hz + 0.007);
    EXPECT_NEAR(seconds_of(found[0].offset), 2.0 + simulation::saccade_duration_s(10.0),
                0.6 / rate_hz + 0.007);
    EXPECT_NEAR(found[0].amplitude_deg, 10.0, 0.3);
    EXPECT_NEAR(found[0].direction_deg, degrees_of(std::atan2(8.0, -6.0)), 2.0);
    EXPECT_GT(found[0].peak_velocity_deg_s, 150.0);
    EXPECT_LT(found[0].peak_velocity_deg_s, 500.0);
    EXPECT_GE(found[0].samples, 2);
  }
}
INSTANTIATE_TEST_SUITE_P(Rates, SaccadesAtRate, testing::Values(60.0, 90.0, 120.0, 200.0, 500.0));

TEST(SaccadeDetector, PeakVelocityIsTrueWhereTheRateIsHigh) {
  SaccadeOptions options;
  options.velocity_window_s = 0.006;
  auto found = find_saccades(sampled(1000.0, 4.0, 0.002, one_saccade({10.0, 0.0})), options);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->saccades.size(), 1U);
  const double true_peak_deg_s = 1.875 * 10.0 / simulation::saccade_duration_s(10.0);
  EXPECT_NEAR(found->saccades[0].peak_velocity_deg_s, true_peak_deg_s, 0.03 * true_peak_deg_s);
}

TEST(SaccadeDetector, NoiseAndPursuitAreNoSaccades) {
  const Place pursuit = [](double t_s) -> Eigen::Vector2d {
    return {10.0 * std::sin(1.5 * t_s), 5.0 * std::cos(t_s)};
  };
  for (const double noise_deg :
       {0.0, 0.1}) {  // of louder noise the accuracy tests count what is falsely told
    const auto series = sampled(120.0, 60.0, noise_deg, pursuit);
    auto found = find_saccades(series, {});
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->saccades.empty()) << noise_deg;
    EXPECT_TRUE(live(series).empty()) << noise_deg;
  }
}

TEST(SaccadeDetector, TheThresholdFollowsTheNoiseOfEachAxis) {
  const auto axis_noise = [](double right_deg, double up_deg) {
    simulation::Random random(5);
    std::vector<GazeDirectionSample> series;
    for (int i = 0; i < 4000; ++i) {
      series.push_back({time_from_seconds(i / 120.0),
                        direction_from_angles_deg(right_deg * random.normal(), up_deg * random.normal()),
                        true});
    }
    return *find_saccades(series, {})->threshold;
  };
  const auto quiet = axis_noise(0.01, 0.01);
  EXPECT_DOUBLE_EQ(quiet.semi_axes_deg_s.x(), SaccadeOptions{}.least_threshold_deg_s);
  const auto loud = axis_noise(0.5, 1.0);
  EXPECT_NEAR(loud.semi_axes_deg_s.y() / loud.semi_axes_deg_s.x(), 2.0, 0.15);
  EXPECT_GT(loud.exceedance({0.0, 300.0}), 1.0);
  EXPECT_GT(loud.exceedance({200.0, 0.0}), loud.exceedance({0.0, 200.0}));
}

TEST(SaccadeDetector, SaysWhereTheRateIsTooLow) {
  for (const double rate_hz : {15.0, 25.0, 30.0}) {
    const auto series = sampled(rate_hz, 10.0, 0.1, one_saccade({10.0, 0.0}));
    auto found = find_saccades(series, {});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rate, SaccadeRate::too_low) << rate_hz;
    EXPECT_TRUE(found->saccades.empty());
    SaccadeDetector detector;
    for (const auto& sample : series) detector.push(sample);
    EXPECT_EQ(detector.rate(), SaccadeRate::too_low) << rate_hz;
    EXPECT_TRUE(detector.take().empty());
  }
  SaccadeDetector fresh;
  EXPECT_EQ(fresh.rate(), SaccadeRate::unknown);
}

TEST(SaccadeDetector, ASaccadeIntoOrOutOfALossIsNotCounted) {
  for (const double shift_s : {-0.06, -0.03, -0.01, 0.01, 0.03, 0.045}) {
    auto series = sampled(120.0, 4.0, 0.05, one_saccade({10.0, 0.0}));
    for (auto& sample : series) {
      const double since_s = seconds_of(sample.at) - 2.0 - shift_s;
      if (since_s >= 0.0 && since_s < 0.1) sample.is_valid = false;
    }
    EXPECT_TRUE(find_saccades(series, {})->saccades.empty()) << shift_s;
    EXPECT_TRUE(live(series).empty()) << shift_s;
  }
}

TEST(SaccadeDetector, TheEyeSettlingIsNoSecondSaccade) {
  const Place place = [](double t_s) -> Eigen::Vector2d {
    const double there = 10.0 * simulation::saccade_progress((t_s - 2.0) / 0.043);
    const double since_s = t_s - 2.043;
    const double wobble = since_s > 0.0 ? -1.0 * std::exp(-since_s / 0.01) * std::sin(300.0 * since_s) : 0.0;
    return {there + wobble, 0.0};
  };
  SaccadeOptions options;
  options.least_amplitude_deg = 0.0;
  options.velocity_window_s = 0.01;
  auto found = find_saccades(sampled(500.0, 4.0, 0.01, place), options);
  ASSERT_EQ(found->saccades.size(), 1U);
  EXPECT_NEAR(found->saccades[0].amplitude_deg, 10.0, 0.3);
}

TEST(SaccadeDetector, SmallAndSlowMovementsAreLeftOut) {
  EXPECT_TRUE(find_saccades(sampled(120.0, 4.0, 0.01, one_saccade({0.7, 0.0})), {})->saccades.empty());
  const Place glide = [](double t_s) -> Eigen::Vector2d {
    return {t_s < 2.0 ? 0.0 : t_s < 2.4 ? 50.0 * (t_s - 2.0) : 20.0, 0.0};
  };
  EXPECT_TRUE(find_saccades(sampled(120.0, 4.0, 0.01, glide), {})->saccades.empty());
}

TEST(SaccadeDetector, BadInputIsToldOrLeftOut) {
  EXPECT_TRUE(find_saccades({}, {})->saccades.empty());
  auto series = sampled(120.0, 4.0, 0.05, one_saccade({10.0, 0.0}));
  EXPECT_EQ(find_saccades(std::span(series).first(1), {})->rate, SaccadeRate::unknown);

  auto lost = series;
  for (auto& sample : lost) sample.is_valid = false;
  auto nothing = find_saccades(lost, {});
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->saccades.empty());
  EXPECT_FALSE(nothing->threshold);

  auto broken = series;
  broken[100].direction = Eigen::Vector3d::Constant(std::nan(""));
  broken[110].direction = Eigen::Vector3d::Zero();
  broken[120].direction.x() = INFINITY;
  EXPECT_EQ(find_saccades(broken, {})->saccades.size(), 1U);

  auto back = series;
  std::swap(back[50].at, back[51].at);
  const auto refused = find_saccades(back, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::input_unreadable);
  EXPECT_THAT(refused.error().to_text(),
              testing::AllOf(testing::HasSubstr("gaze sample 51"), testing::HasSubstr("Sort")));

  SaccadeOptions wrong;
  wrong.threshold_factor = std::nan("");
  EXPECT_EQ(find_saccades(series, wrong).error().code, ErrorCode::invalid_option);
}

TEST(SaccadeDetector, LiveTimeThatGoesBackIsIgnoredOrASeek) {
  const auto series = sampled(120.0, 4.0, 0.05, one_saccade({10.0, 0.0}));
  SaccadeDetector detector;
  int found = 0;
  for (int pass = 0; pass < 2; ++pass) {
    for (const auto& sample : series) {
      detector.push(sample);
      detector.push(sample);
      found += static_cast<int>(detector.take().size());
    }
  }
  EXPECT_EQ(found, 2) << "once a pass";
  EXPECT_EQ(detector.ignored_samples(), 2U * series.size());
}

TEST(SaccadeDetector, LiveTellsWithinItsLatency) {
  const auto series = sampled(120.0, 4.0, 0.05, one_saccade({10.0, 0.0}));
  SaccadeDetector detector;
  for (const auto& sample : series) {
    detector.push(sample);
    const auto told = detector.take();
    if (told.empty()) continue;
    EXPECT_LE(seconds_of(sample.at - told[0].offset), detector.latency_s() + 2.0 / 120.0);
    return;
  }
  FAIL() << "no saccade";
}

TEST(SaccadeDetector, TwoEyesMustAgree) {
  const auto at = [](double onset_s, double amplitude_deg) {
    Saccade saccade;
    saccade.onset = time_from_seconds(onset_s);
    saccade.offset = time_from_seconds(onset_s + 0.04);
    saccade.to = direction_from_angles_deg(amplitude_deg, 0.0);
    saccade.amplitude_deg = amplitude_deg;
    return saccade;
  };
  const std::vector<Saccade> right{at(1.0, 10.0), at(2.0, 5.0), at(3.0, 4.0)};
  const std::vector<Saccade> left{at(0.5, 3.0), at(1.01, 12.0), at(3.03, 4.0), at(5.0, 1.0)};
  const auto both = binocular_saccades(right, left);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_NEAR(both[0].amplitude_deg, 11.0, 0.01);
  EXPECT_EQ(both[0].onset, time_from_seconds(1.0));
  EXPECT_EQ(both[0].offset, time_from_seconds(1.05));
  EXPECT_TRUE(binocular_saccades({}, left).empty());
}

TEST(GazeSeries, VersionIsTheMeanWhereBothEyesSee) {
  std::vector<GazeDirectionSample> right{{CaptureTime(1), direction_from_angles_deg(4.0, 0.0), true},
                                         {CaptureTime(2), direction_from_angles_deg(4.0, 0.0), true}};
  auto left = right;
  left[0].direction = 3.0 * direction_from_angles_deg(2.0, 0.0);
  left[1].is_valid = false;
  const auto version = version_series(right, left);
  ASSERT_TRUE(version);
  EXPECT_LT(angle_between_rad((*version)[0].direction, direction_from_angles_deg(3.0, 0.0)), 1e-9);
  EXPECT_FALSE((*version)[1].is_valid);
  left[1].at = CaptureTime(3);
  EXPECT_FALSE(version_series(right, left));
}

}  // namespace
}  // namespace yarbus::saccade_detector_test
