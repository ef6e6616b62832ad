#include "app/session/eye_state.h"

#include <cmath>
#include <numbers>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "app/session/notice_board.h"
#include "app/session/percentiles.h"
#include "app/session/thread_guard.h"
#include "eyemodel/geometry/iris_axis.h"

namespace yarbus::eye_state_test {
namespace {

using std::chrono::milliseconds;

GazeSamplePtr sample_at(std::uint64_t sequence, CaptureTime time) {
  auto frame = std::make_shared<Frame>();
  frame->sequence = sequence;
  frame->captured_at = time;
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame;
  sample->pupil = PupilMiss{PupilMissReason::blink, 0.1};
  return sample;
}

TEST(Percentiles, AreNearestRanks) {
  std::vector<std::chrono::nanoseconds> durations;
  for (int i = 100; i >= 1; --i) durations.push_back(milliseconds(i));
  const auto p = percentiles_of(durations);
  EXPECT_EQ(p.p50, milliseconds(50));
  EXPECT_EQ(p.p95, milliseconds(95));
  EXPECT_EQ(p.p99, milliseconds(99));
  std::vector<std::chrono::nanoseconds> none;
  EXPECT_EQ(percentiles_of(none).p50.count(), 0);
}

TEST(RateMeter, CountsOnlyTheLastTwoSeconds) {
  RateMeter meter;
  const RateMeter::Clock::time_point start{};
  for (int i = 0; i <= 100; ++i) meter.tick(start + milliseconds(10 * i));
  EXPECT_NEAR(meter.rate_hz(start + milliseconds(1000)), 100.0, 1e-6);
  EXPECT_EQ(meter.rate_hz(start + std::chrono::seconds(10)), 0.0);
}

TEST(EyeState, TracesKeepTheirIndexAndForgetTheOld) {
  EyeState state;
  state.opening({});
  for (int i = 0; i < 100; ++i)
    state.processed(sample_at(static_cast<std::uint64_t>(i), std::chrono::seconds(i)), 0, 0);
  std::vector<TracePoint> points;
  state.read_traces(0, points);
  ASSERT_EQ(points.size(), 61U);
  EXPECT_EQ(points.front().index, 39U);
  EXPECT_TRUE(std::isnan(points.front().gaze_azimuth_deg));
  points.clear();
  state.read_traces(99, points);
  EXPECT_EQ(points.size(), 1U);
}

TEST(EyeState, TracesSayHowSureTheyAre) {
  EyeState state;
  state.opening({});
  auto sample = std::make_shared<GazeSample>(*sample_at(0, {}));
  sample->pose.emplace().pupil_in_cam.normal_in_cam = Eigen::Vector3d(0.0, 0.0, -1.0);
  state.processed(sample, 0, 0);
  sample = std::make_shared<GazeSample>(*sample);
  PoseUncertainty& uncertainty = sample->pose->uncertainty.emplace();
  uncertainty.gaze_covariance_in_cam.diagonal() << 0.01 * 0.01, 0.03 * 0.03, 0.0;
  uncertainty.pupil_diameter_mm = 0.25;
  state.processed(sample, 0, 0);
  std::vector<TracePoint> points;
  state.read_traces(0, points);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_TRUE(std::isnan(points[0].gaze_azimuth_sigma_deg));
  EXPECT_NEAR(points[1].gaze_azimuth_sigma_deg, 0.01 * 180.0 / std::numbers::pi, 1e-5);
  EXPECT_NEAR(points[1].gaze_elevation_sigma_deg, 0.03 * 180.0 / std::numbers::pi, 1e-5);
  EXPECT_EQ(points[1].pupil_diameter_sigma_mm, 0.25F);
}

TEST(EyeState, TracesOfAFaceAreTheMeanOfBothEyesAndAsSureAsTheirIrises) {
  constexpr double distance_mm = 600.0;
  constexpr double iris_sigma_rad = 1e-4;
  auto sight = std::make_shared<FaceSight>();
  sight->head.cam_from_head.translation_mm = {0.0, 0.0, distance_mm};
  for (const double side : {-1.0, 1.0}) {
    EyeSight eye;
    eye.eye_center_in_head_mm = {30.0 * side, 0.0, 0.0};
    eye.iris_dir_in_cam = Eigen::Vector3d(30.0 * side, 0.0, distance_mm - limbus_plane_mm).normalized();
    eye.iris_covariance_rad2 =
        Eigen::Vector2d(1.0, 4.0).asDiagonal().toDenseMatrix() * iris_sigma_rad * iris_sigma_rad;
    eye.confidence = side < 0.0 ? 0.8 : 0.6;
    sight->eyes[side < 0.0 ? 0 : 1] = eye;
  }
  const auto trace_of = [](const std::shared_ptr<const FaceSight>& face) {
    auto frame = std::make_shared<Frame>();
    auto sample = std::make_shared<GazeSample>();
    sample->frame = frame;
    IrisPair pair;
    pair.sight = face;
    sample->face = pair;
    EyeState state;
    state.opening({});
    state.processed(sample, 0, 0);
    std::vector<TracePoint> points;
    state.read_traces(0, points);
    return points.at(0);
  };
  const TracePoint both = trace_of(sight);
  EXPECT_NEAR(both.gaze_azimuth_deg, 0.0, 1e-4);
  EXPECT_NEAR(both.confidence, 0.7, 1e-5);
  const double one_deg = iris_sigma_rad * distance_mm / limbus_plane_mm * 180.0 / std::numbers::pi;
  EXPECT_NEAR(both.gaze_azimuth_sigma_deg, one_deg / std::sqrt(2.0), 0.01 * one_deg);
  EXPECT_NEAR(both.gaze_elevation_sigma_deg, 2.0 * one_deg / std::sqrt(2.0), 0.02 * one_deg);
  sight->eyes[1].reset();
  EXPECT_NEAR(trace_of(sight).gaze_azimuth_sigma_deg, one_deg, 0.01 * one_deg);
}

TEST(AzimuthElevation, SigmasAreThoseOfSmallTurns) {
  for (const Eigen::Vector3d& towards :
       {Eigen::Vector3d(0.4, -0.5, -0.8), Eigen::Vector3d(-0.7, 0.3, -0.4)}) {
    const Eigen::Vector3d gaze = towards.normalized();
    for (const Eigen::Vector3d& axis : {Eigen::Vector3d(0.2, 0.9, 0.1), Eigen::Vector3d(1.0, -0.2, 0.4)}) {
      // One turn about one axis, either way: the covariance of that is of rank one.
      constexpr double turn_rad = 1e-4;
      const Eigen::Vector3d step = turn_rad * axis.cross(gaze);
      const auto ahead = azimuth_elevation_deg((gaze + step).normalized());
      const auto behind = azimuth_elevation_deg((gaze - step).normalized());
      const auto sigmas = azimuth_elevation_sigma_deg(gaze, step * step.transpose());
      for (std::size_t i = 0; i < sigmas.size(); ++i)
        EXPECT_NEAR(sigmas[i], 0.5 * std::abs(ahead[i] - behind[i]), 1e-4 * sigmas[i] + 1e-9);
    }
  }
}

TEST(EyeState, SaysHowFarTheLatestSampleIsFromItsTruth) {
  EyeState state;
  state.opening({});
  state.processed(sample_at(0, {}), 0, 0);
  EXPECT_FALSE(state.snapshot().truth_errors) << "its frame carries no truth";

  auto frame = std::make_shared<Frame>();
  frame->truth.emplace().pupil_ellipse = {{10.0, 20.0}, 8.0, 6.0, 0.5};
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame;
  PupilObservation observation;
  observation.ellipse = {{13.0, 24.0}, 8.0, 6.0, 0.5};
  sample->pupil = observation;
  state.processed(sample, 0, 0);
  ASSERT_TRUE(state.snapshot().truth_errors);
  EXPECT_TRUE(state.snapshot().truth_errors->ellipse_px);
  EXPECT_FALSE(state.snapshot().truth_errors->gaze_deg);

  state.processed(sample_at(2, {}), 0, 0);
  EXPECT_FALSE(state.snapshot().truth_errors) << "of the latest sample only";
}

TEST(EyeState, WhatWasSetBeforeTheSimulatedEyeWasOpenStays) {
  EyeState state;
  state.opening({});
  EXPECT_FALSE(state.snapshot().simulation);
  SimulationControls own;
  own.pupil_radius_mm = 1.5;
  state.start_simulation(own);
  EXPECT_EQ(state.snapshot().simulation->pupil_radius_mm, 1.5);
  SimulationControls set;
  set.pupil_radius_mm = 3.0;
  state.set_simulation(set);
  state.start_simulation(own);
  EXPECT_EQ(state.snapshot().simulation->pupil_radius_mm, 3.0);
  state.opening({});
  EXPECT_FALSE(state.snapshot().simulation);
}

TEST(EyeState, OpeningForgetsTheSourceButKeepsTheChosenStage) {
  EyeState state;
  state.set_stage(FitStage::unoptimised);
  state.processed(sample_at(0, milliseconds(0)), 3, 7);
  state.opening({});
  const auto snapshot = state.snapshot();
  EXPECT_EQ(snapshot.latest, nullptr);
  EXPECT_EQ(snapshot.blink_count, 0);
  EXPECT_EQ(snapshot.model.stage, FitStage::unoptimised);
  EXPECT_EQ(snapshot.source.state, PlaybackState::opening);
}

TEST(AzimuthElevation, FollowTheirDefinition) {
  EXPECT_NEAR(azimuth_elevation_deg({0, 0, -1})[0], 0.0, 1e-12);
  EXPECT_NEAR(azimuth_elevation_deg({1, 0, -1})[0], 45.0, 1e-12);
  EXPECT_NEAR(azimuth_elevation_deg({0, -1, -1})[1], 45.0, 1e-12);
}

TEST(NoticeBoard, NumbersNoticesAndGivesOnlyTheNew) {
  NoticeBoard board;
  board.post(EyeSide::left,
             Error{ErrorCode::device_busy, "is busy", "/dev/video0", "Close the other program"});
  board.post(Notice::Severity::info, EyeSide::right, "back", "");
  ASSERT_EQ(board.after(0).size(), 2U);
  EXPECT_EQ(board.after(0)[0].text, "/dev/video0: is busy");
  ASSERT_EQ(board.after(1).size(), 1U);
  EXPECT_EQ(board.after(1)[0].text, "back");
  EXPECT_TRUE(board.after(2).empty());
}

TEST(ThreadGuard, TurnsExceptionsIntoErrors) {
  std::vector<Error> errors;
  run_guarded(
      "yarbus-test-with-a-long-name", [] { throw std::runtime_error("boom"); },
      [&](Error error) { errors.push_back(std::move(error)); });
  run_guarded(
      "odd", [] { throw 42; }, [&](Error error) { errors.push_back(std::move(error)); });
  run_guarded(
      "fine", [] {}, [&](Error error) { errors.push_back(std::move(error)); });
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].message, "boom");
  EXPECT_EQ(errors[1].code, ErrorCode::internal);
}

}  // namespace
}  // namespace yarbus::eye_state_test
