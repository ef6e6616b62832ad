#include "calibration/validation/data_quality.h"
#include "eyemodel/types/angle.h"

#include <cmath>
#include <limits>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yarbus::data_quality_test {
namespace {


/// Azimuth right, elevation up, deg.
Eigen::Vector3d towards(double azimuth_deg, double elevation_deg) {
  const double a = azimuth_deg * rad_per_deg;
  const double e = elevation_deg * rad_per_deg;
  return {std::sin(a) * std::cos(e), -std::sin(e), std::cos(a) * std::cos(e)};
}

std::vector<DirectedGaze> frames_at(const std::vector<Eigen::Vector2d>& angles_deg) {
  std::vector<DirectedGaze> frames;
  for (std::size_t i = 0; i < angles_deg.size(); ++i) {
    frames.push_back({std::chrono::milliseconds(10 * static_cast<int>(i)),
                      towards(angles_deg[i][0], angles_deg[i][1]), Eigen::Vector3d::UnitZ()});
  }
  return frames;
}

TEST(DataQuality, FourCornersOfASquare) {
  // About (1, 0): sd 0.3 and 0.4 without correlation; steps 0.6, 0.8, 0.6.
  const auto quality = measure_target(7, frames_at({{0.7, 0.4}, {1.3, 0.4}, {1.3, -0.4}, {0.7, -0.4}}));
  EXPECT_EQ(quality.target, 7);
  EXPECT_NEAR(*quality.accuracy_deg, 1.0, 1e-4);
  EXPECT_NEAR(*quality.std_deg, 0.5, 1e-9);
  EXPECT_NEAR(*quality.rms_s2s_deg, std::sqrt((0.36 + 0.64 + 0.36) / 3.0), 1e-9);
  EXPECT_NEAR(*quality.bcea_deg2, 2.0 * std::log(1.0 / 0.32) * std::numbers::pi * 0.3 * 0.4, 1e-9);
  EXPECT_NEAR(quality.window_s, 0.04, 1e-12);
  EXPECT_NEAR(quality.effective_hz, 100.0, 1e-9);
  EXPECT_EQ(quality.data_loss_percent, 0.0);
  EXPECT_NEAR(quality.offset_deg[0], 1.0, 1e-3);
  EXPECT_NEAR(quality.offset_deg[1], 0.0, 1e-9);
}

TEST(DataQuality, CorrelationNarrowsTheEllipse) {
  const auto line = measure_target(0, frames_at({{-1.0, -1.0}, {1.0, 1.0}}));
  EXPECT_NEAR(*line.bcea_deg2, 0.0, 1e-6);
  EXPECT_NEAR(*line.std_deg, std::numbers::sqrt2, 1e-9);
}

TEST(DataQuality, LostFramesAreLossAndBreakTheSteps) {
  auto frames = frames_at({{0.0, 0.0}, {9.0, 9.0}, {0.3, 0.0}, {0.3, 0.4}});
  frames[1].gaze_in_screen.reset();
  const auto quality = measure_target(0, frames);
  EXPECT_EQ(quality.valid, 3);
  EXPECT_DOUBLE_EQ(quality.data_loss_percent, 25.0);
  EXPECT_NEAR(quality.effective_hz, 75.0, 1e-9);
  EXPECT_NEAR(*quality.rms_s2s_deg, 0.4, 1e-9);
  frames[1].gaze_in_screen = Eigen::Vector3d::Constant(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(measure_target(0, frames).valid, 3);
}

TEST(DataQuality, NothingSeenHasNoAccuracy) {
  auto frames = frames_at({{0.0, 0.0}, {0.0, 0.0}});
  for (auto& frame : frames) frame.gaze_in_screen.reset();
  const auto quality = measure_target(0, frames);
  EXPECT_FALSE(quality.accuracy_deg);
  EXPECT_FALSE(quality.std_deg);
  EXPECT_DOUBLE_EQ(quality.data_loss_percent, 100.0);
  EXPECT_EQ(quality.effective_hz, 0.0);
  EXPECT_FALSE(summarise_quality({quality}).accuracy_deg);
}

TEST(DataQuality, AccuracyIsOfTheMeanVectorAndPupilsIsNot) {
  // To both sides of the target: the mean is on it, each frame is 2 deg off.
  const auto frames = frames_at({{2.0, 0.0}, {-2.0, 0.0}, {2.0, 0.0}, {-2.0, 0.0}});
  EXPECT_NEAR(*measure_target(0, frames).accuracy_deg, 0.0, 1e-9);
  const auto pupil = measure_as_pupil(frames);
  EXPECT_NEAR(*pupil.accuracy_deg, 2.0, 1e-6);
  EXPECT_FALSE(pupil.precision_deg);  // every step is above 0.5 deg
}

TEST(DataQuality, PupilDropsErrorsAboveFiveDegrees) {
  const auto pupil = measure_as_pupil(frames_at({{1.0, 0.0}, {20.0, 0.0}, {1.0, 0.3}}));
  EXPECT_EQ(pupil.used, 2);
  EXPECT_NEAR(*pupil.precision_deg, 0.3, 1e-6);
  EXPECT_NEAR(*pupil.accuracy_deg,
              std::acos(0.5 * (std::cos(rad_per_deg) + towards(1.0, 0.3)[2])) / rad_per_deg, 1e-6);
}

TEST(DataQuality, SummaryMeansOverTargets) {
  const auto near = measure_target(0, frames_at({{1.0, 0.0}, {1.0, 0.0}}));
  const auto far = measure_target(1, frames_at({{3.0, 0.0}, {3.0, 0.0}}));
  const auto all = summarise_quality({near, far});
  EXPECT_NEAR(*all.accuracy_deg, 2.0, 1e-9);
  EXPECT_NEAR(*all.worst_accuracy_deg, 3.0, 1e-9);
  EXPECT_NEAR(all.effective_hz, 100.0, 1e-9);
  EXPECT_EQ(all.targets.size(), 2U);
}

/// Looks 10 mm to the right of the screen's (100, 100) with the right eye, at it with the left.
class FixedMapper final : public GazeMapper {
 public:
  std::string_view name() const override { return "fixed"; }
  std::optional<GazePoint> map(const GazeRays& rays) const override {
    if (!rays.eyes[0] && !rays.eyes[1]) return std::nullopt;
    const double x = rays.eyes[0] && rays.eyes[1] ? 105.0 : rays.eyes[0] ? 110.0 : 100.0;
    return GazePoint{{x, 100.0}, 16.0 * Eigen::Matrix2d::Identity(), {}};
  }
};

TEST(DataQuality, EachEyeAndBothAndTheMean) {
  std::vector<CalibrationSample> samples(4);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i].target_in_screen_mm = {100.0, 100.0};
    samples[i].rays.captured_at = std::chrono::milliseconds(10 * static_cast<int>(i));
    samples[i].rays.eyes[0] = EyeRay{};
    if (i < 2) samples[i].rays.eyes[1] = EyeRay{};
  }
  const Eigen::Vector3d eye(100.0, 100.0, -500.0);
  const auto report = measure_quality(FixedMapper(), samples, {eye, eye});
  EXPECT_NEAR(*report.eyes[0]->accuracy_deg, std::atan(10.0 / 500.0) / rad_per_deg, 1e-9);
  EXPECT_NEAR(*report.eyes[1]->accuracy_deg, 0.0, 1e-9);
  EXPECT_DOUBLE_EQ(report.eyes[1]->data_loss_percent, 50.0);
  EXPECT_DOUBLE_EQ(report.both.data_loss_percent, 0.0);
  EXPECT_NEAR(*report.mean_accuracy_of_eyes_deg, 0.5 * *report.eyes[0]->accuracy_deg, 1e-9);
  // 5 mm is 1.25 sigma: inside 1.51; 10 mm is 2.5 sigma: outside.
  EXPECT_DOUBLE_EQ(*report.coverage_68, 0.5);
  const auto one = measure_quality(FixedMapper(), samples, {std::nullopt, eye});
  EXPECT_FALSE(one.eyes[0]);
  EXPECT_TRUE(one.eyes[1]);
}

}  // namespace
}  // namespace yarbus::data_quality_test
