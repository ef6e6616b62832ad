#include "calibration/procedure/drift_monitor.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calibration/procedure/eye_center_watch.h"
#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::drift_monitor_test {
namespace {

const ScreenGeometry screen{520.0, 320.0, 1920, 1200, 600.0};
constexpr double gaze_sigma_mm = 4.0;

KnownTarget known(simulation::Random& random, double at_s, const Eigen::Vector2d& offset_mm, bool is_click) {
  const DriftOptions options;
  const double aim_mm = 600.0 * radians_of(is_click ? options.click_sigma_deg : options.check_sigma_deg);
  const double sigma_mm = std::hypot(gaze_sigma_mm, aim_mm);
  KnownTarget target;
  target.at = time_from_seconds(at_s);
  target.target_in_screen_mm = {random.uniform(0.0, 520.0), random.uniform(0.0, 320.0)};
  target.gaze_in_screen_mm =
      target.target_in_screen_mm + offset_mm + sigma_mm * Eigen::Vector2d(random.normal(), random.normal());
  target.gaze_covariance_mm2 = gaze_sigma_mm * gaze_sigma_mm * Eigen::Matrix2d::Identity();
  target.is_click = is_click;
  return target;
}

TEST(DriftMonitor, AlarmsAsSeldomAsStated) {
  int alarms = 0;
  constexpr int runs = 3000;
  for (int run = 0; run < runs; ++run) {
    simulation::Random random(static_cast<std::uint64_t>(run));
    DriftOptions options;
    options.significance = 0.01;
    options.least_offset_deg = 0.0;
    DriftMonitor monitor(options, screen);
    for (int i = 0; i < 6; ++i) monitor.push(known(random, i, Eigen::Vector2d::Zero(), i % 2 == 0));
    alarms += monitor.report().is_drifted ? 1 : 0;
  }
  EXPECT_LE(alarms, runs * 15 / 1000);
  EXPECT_GE(alarms, runs / 1000);  // the test is not deaf
}

TEST(DriftMonitor, OneCheckShowsADriftAfterManyGoodOnes) {
  simulation::Random random(5);
  DriftMonitor monitor({}, screen);
  for (int i = 0; i < 12; ++i) monitor.push(known(random, i, Eigen::Vector2d::Zero(), false));
  EXPECT_FALSE(monitor.report().is_drifted);
  monitor.push(known(random, 13, {30.0, -20.0}, false));
  ASSERT_TRUE(monitor.report().is_drifted);
  const Eigen::Vector2d off_mm = monitor.report().offset_in_screen_mm - Eigen::Vector2d(30.0, -20.0);
  EXPECT_LT(off_mm.dot(monitor.report().offset_covariance_mm2.inverse() * off_mm), 12.0);
  EXPECT_EQ(monitor.report().known_targets, 1);
  monitor.push(known(random, 14, {30.0, -20.0}, true));
  EXPECT_TRUE(monitor.report().is_drifted);
  EXPECT_FALSE(monitor.report().is_of_clicks) << "a click adds to what the check found";
}

TEST(DriftMonitor, ThreeAgreeingClicksShowItAndAStrayOneDoesNot) {
  int found = 0;
  int stray_alarms = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    simulation::Random random(seed);
    DriftMonitor monitor({}, screen);
    for (int i = 0; i < 6; ++i) monitor.push(known(random, i, Eigen::Vector2d::Zero(), true));
    KnownTarget stray = known(random, 7, {250.0, 100.0}, true);
    monitor.push(stray);
    stray_alarms += monitor.report().is_drifted ? 1 : 0;
    for (int i = 0; i < 4; ++i) monitor.push(known(random, 8 + i, {35.0, 10.0}, true));
    found += monitor.report().is_drifted ? 1 : 0;
  }
  EXPECT_EQ(stray_alarms, 0);
  EXPECT_GE(found, 95);
}

TEST(DriftMonitor, SubtractingTheOffsetRecentres) {
  simulation::Random random(11);
  DriftMonitor monitor({}, screen);
  const Eigen::Vector2d drift_mm(-24.0, 15.0);
  for (int i = 0; i < 5; ++i) monitor.push(known(random, i, drift_mm, false));
  const Eigen::Vector2d left_mm = drift_mm - monitor.report().offset_in_screen_mm;
  EXPECT_LT(degrees_of(std::atan2(left_mm.norm(), 600.0)), 0.7);
  monitor.clear();
  for (int i = 5; i < 10; ++i) monitor.push(known(random, i, left_mm, false));
  EXPECT_FALSE(monitor.report().is_drifted);
}

TEST(DriftMonitor, PassesOverWhatIsNotANumberAndForgets) {
  simulation::Random random(2);
  DriftOptions options;
  options.memory_s = 10.0;
  DriftMonitor monitor(options, screen);
  monitor.push(known(random, 0.0, {40.0, 0.0}, false));
  EXPECT_TRUE(monitor.report().is_drifted);
  KnownTarget bad = known(random, 1.0, {0.0, 0.0}, false);
  bad.gaze_in_screen_mm.x() = std::nan("");
  monitor.push(bad);
  EXPECT_TRUE(monitor.report().is_drifted);
  for (int i = 0; i < 3; ++i) monitor.push(known(random, 20.0 + i, Eigen::Vector2d::Zero(), false));
  EXPECT_FALSE(monitor.report().is_drifted);
  EXPECT_EQ(monitor.report().known_targets, 3);
}

TEST(DriftMonitor, TellsSlippageFromAHeadThatMoved) {
  simulation::Random random(2);
  DriftMonitor monitor({}, screen);
  EXPECT_EQ(cause_of_drift(monitor.report(), true, true), DriftCause::none);
  monitor.push(known(random, 0.0, {40.0, 0.0}, false));
  EXPECT_EQ(cause_of_drift(monitor.report(), true, true), DriftCause::slippage);
  EXPECT_EQ(cause_of_drift(monitor.report(), false, true), DriftCause::head_moved);
  EXPECT_EQ(cause_of_drift(monitor.report(), false, false), DriftCause::unknown);
  EXPECT_EQ(cause_of_drift(monitor.report(), std::nullopt, true), DriftCause::unknown);
  EXPECT_THAT(monitor.report().to_text(DriftCause::head_moved), testing::HasSubstr("head moved"));
}

EyeRay ray_at(const Eigen::Vector3d& center_mm) {
  EyeRay ray;
  ray.eye_center_in_cam_mm = center_mm;
  ray.confidence = 0.9;
  return ray;
}

TEST(EyeCenterWatch, ReportsTwoMillimetresWithinFiveSeconds) {
  simulation::Random random(7);
  const auto noise = [&]() -> Eigen::Vector3d {
    return 0.1 * Eigen::Vector3d(random.normal(), random.normal(), random.normal());
  };
  std::vector<CalibrationSample> samples(200);
  for (auto& sample : samples) sample.rays.eyes[0] = ray_at(Eigen::Vector3d(1.0, 2.0, 40.0) + noise());
  EXPECT_FALSE(CenterReference::of(samples, EyeSide::left));
  const auto reference = CenterReference::of(samples, EyeSide::right);
  ASSERT_TRUE(reference);
  EXPECT_NEAR(reference->sigma_mm, 0.173, 0.02);
  EyeCenterWatch watch(*reference, 1.0);
  double t_s = 0.0;
  const auto feed = [&](double seconds, const Eigen::Vector3d& shift_mm) {
    for (const double end_s = t_s + seconds; t_s < end_s; t_s += 0.01) {
      watch.push(time_from_seconds(t_s), ray_at(Eigen::Vector3d(1.0, 2.0, 40.0) + shift_mm + noise()));
    }
  };
  feed(20.0, Eigen::Vector3d::Zero());
  EXPECT_FALSE(watch.has_moved());
  feed(0.3, {10.0, 0.0, 0.0});  // a short fault is no slip
  feed(5.0, Eigen::Vector3d::Zero());
  EXPECT_FALSE(watch.has_moved());
  feed(5.0, {1.2, -1.6, 0.0});
  EXPECT_TRUE(watch.has_moved());
  EXPECT_NEAR(watch.shift_in_cam_mm().norm(), 2.0, 0.1);
  EyeRay bad = ray_at(Eigen::Vector3d::Constant(std::nan("")));
  watch.push(time_from_seconds(t_s), bad);
  EXPECT_TRUE(watch.shift_in_cam_mm().allFinite());
  feed(5.0, Eigen::Vector3d::Zero());
  EXPECT_FALSE(watch.has_moved());
}

TEST(CenterStep, FindsWhereAndIgnoresScatterAndDrift) {
  simulation::Random random(9);
  int false_steps = 0;
  for (int run = 0; run < 300; ++run) {
    std::vector<EyeCenter> centers(9);
    for (auto& center : centers)
      center.in_cam_mm = 0.3 * Eigen::Vector3d(random.normal(), random.normal(), random.normal());
    false_steps += find_center_step(centers, 1.0) ? 1 : 0;
  }
  EXPECT_LE(false_steps, 3);
  std::vector<EyeCenter> centers(9);
  for (std::size_t i = 0; i < 9; ++i) {
    centers[i].in_cam_mm = Eigen::Vector3d(i < 4 ? 0.0 : 1.5, 0.0, 0.0) +
                           0.05 * Eigen::Vector3d(random.normal(), random.normal(), random.normal());
  }
  const auto step = find_center_step(centers, 1.0);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->first_after, 4U);
  EXPECT_NEAR(step->shift_in_cam_mm.x(), 1.5, 0.2);
  EXPECT_FALSE(find_center_step(std::span(centers).first(3), 1.0));
}

// A model that learns how far away the eye is moves its centre in depth; a slip moves it across.
TEST(EyeCenter, WhatTheModelDoubtsIsNoSlip) {
  const Eigen::Matrix3d doubt_mm2 = Eigen::Vector3d(0.01, 0.01, 1.0).asDiagonal();
  std::vector<EyeCenter> deeper(9);
  std::vector<EyeCenter> across(9);
  for (std::size_t i = 0; i < 9; ++i) {
    deeper[i] = {Eigen::Vector3d(0.0, 0.0, i < 4 ? 38.0 : 40.0), doubt_mm2};
    across[i] = {Eigen::Vector3d(i < 4 ? 0.0 : 2.0, 0.0, 40.0), doubt_mm2};
  }
  EXPECT_FALSE(find_center_step(deeper, 1.0));
  EXPECT_TRUE(find_center_step(across, 1.0));
  CenterReference reference;
  reference.mean = deeper.front();
  reference.samples = 100;
  const auto moved = [&](const EyeCenter& now) {
    EyeCenterWatch watch(reference, 1.0);
    EyeRay ray = ray_at(now.in_cam_mm);
    ray.center_covariance_in_cam_mm2 = now.covariance_mm2;
    for (double t_s = 0.0; t_s < 8.0; t_s += 0.01) watch.push(time_from_seconds(t_s), ray);
    return watch.has_moved();
  };
  EXPECT_FALSE(moved(deeper.back()));
  EXPECT_TRUE(moved(across.back()));
  EXPECT_FALSE(moved({deeper.back().in_cam_mm, Eigen::Matrix3d::Identity() * 0.01}))
      << "it was in doubt before";
}

}  // namespace
}  // namespace yarbus::drift_monitor_test
