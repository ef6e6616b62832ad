#include "eyemodel/fit/predict.h"

#include <cmath>
#include <limits>
#include <memory>

#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "eyemodel/fit/observation_store.h"
#include "eyemodel/fit/predict_outline.h"
#include "tests/support/refracted_eye.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::predict_test {
namespace {

EyeModel true_model(const test::SyntheticEye& eye, FitStage stage) {
  EyeModel model;
  model.stage = stage;
  model.intrinsics = eye.intrinsics;
  model.eye_center_in_cam_mm = eye.eye_center_in_cam_mm;
  model.eyeball_radius_mm = eye.eyeball_radius_mm;
  return model;
}

class PredictAtStage : public testing::TestWithParam<FitStage> {};

TEST_P(PredictAtStage, GivesTheTrueGazeAndDiameter) {
  test::SyntheticEye eye;
  eye.noise_px = 0.0;
  const auto data = test::make_frames(eye, 40);
  const EyeModel model = true_model(eye, GetParam());
  for (std::size_t i = 0; i < data.frames.size(); ++i) {
    const auto pose = predict(model, data.frames[i].observation);
    ASSERT_TRUE(pose.has_value());
    EXPECT_LT(test::angle_deg(pose->gaze_dir_in_cam(), data.pupils_in_cam[i].normal_in_cam), 1e-3);
    EXPECT_NEAR(pose->pupil_diameter_mm(), 2.0 * data.pupils_in_cam[i].radius_mm, 1e-4);
    EXPECT_LT(pose->reprojection_error_px, 1e-3);
    EXPECT_LT(pose->gaze_dir_in_cam().z(), 0.0);
  }
}

TEST(PredictByContrast, FindsThePupilBehindAWrongEllipse) {
  test::SyntheticEye eye;
  eye.with_patches = true;
  const auto data = test::make_frames(eye, 20);
  const EyeModel model = true_model(eye, FitStage::contrast);
  for (std::size_t i = 0; i < data.frames.size(); ++i) {
    PupilObservation shifted = data.frames[i].observation;
    shifted.ellipse.center_px += Eigen::Vector2d(1.0, -0.8);
    shifted.ellipse.semi_major_px += 0.7;
    ImagePatch patch = *data.frames[i].patch;
    const auto start = predict(model, shifted);
    const auto refined = predict(model, shifted, &patch);
    ASSERT_TRUE(start && refined);
    const Eigen::Vector3d& truth = data.pupils_in_cam[i].normal_in_cam;
    EXPECT_LT(test::angle_deg(refined->gaze_dir_in_cam(), truth), 0.1) << i;
    EXPECT_GT(test::angle_deg(start->gaze_dir_in_cam(), truth), 0.2) << i;
    EXPECT_NEAR(refined->pupil_in_cam.radius_mm, data.pupils_in_cam[i].radius_mm, 0.02) << i;
  }
}

TEST_P(PredictAtStage, AllocatesNothing) {
  test::SyntheticEye eye;
  eye.with_patches = true;
  const auto data = test::make_frames(eye, 10);
  const EyeModel model = true_model(eye, GetParam());
  std::vector<ImagePatch> patches;
  for (const FitFrame& frame : data.frames) patches.push_back(*frame.patch);
  double sum = 0.0;
  const std::uint64_t before = heap_allocations_so_far();
  for (std::size_t i = 0; i < patches.size(); ++i)
    sum += predict(model, data.frames[i].observation, &patches[i])->pupil_diameter_mm();
  EXPECT_EQ(heap_allocations_so_far() - before, 0U);
  EXPECT_GT(sum, 0.0);
  const auto proof = std::make_unique<double>(sum);  // the counter counts
  EXPECT_GT(heap_allocations_so_far() - before, 0U);
}

TEST(PredictRefraction, AllocatesNothing) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const auto views = test::scattered_views(scene, 10, 12.0, {}, 1);
  EyeModel model;
  model.stage = FitStage::refraction;
  model.intrinsics = scene.camera;
  model.eye_center_in_cam_mm = scene.eye_center_in_cam_mm;
  model.placements = {{test::at_seconds(0.0), scene.eye_center_in_cam_mm},
                      {test::at_seconds(1.0), scene.eye_center_in_cam_mm}};
  int predicted = 0;
  const std::uint64_t before = heap_allocations_so_far();
  for (const auto& view : views) {
    if (predict(model, view.frame.observation, nullptr, test::at_seconds(0.5))) ++predicted;
  }
  EXPECT_EQ(heap_allocations_so_far() - before, 0U);
  EXPECT_EQ(predicted, 10);
}

TEST(PredictOutline, AllocatesNothing) {
  const test::SyntheticEye eye;
  const auto data = test::make_frames(eye, 10);
  EyeModel model = true_model(eye, FitStage::edge);
  model.intrinsics.distortion = {-0.2, 0.05, 0.0, 0.0, 0.0};
  int predicted = 0;
  const std::uint64_t before = heap_allocations_so_far();
  for (const FitFrame& frame : data.frames) {
    const auto pose = predict(model, frame.observation);
    if (pose && predict_outline(model, *pose, &*pose, 0.01)) ++predicted;
  }
  EXPECT_EQ(heap_allocations_so_far() - before, 0U);
  EXPECT_EQ(predicted, 10);
}

TEST_P(PredictAtStage, WhatMissesTheEyeballHasNoPose) {
  const test::SyntheticEye eye;
  const EyeModel model = true_model(eye, GetParam());
  PupilObservation far;
  far.ellipse = {{20.0, 20.0}, 20.0, 18.0, 0.3};
  EXPECT_FALSE(predict(model, far).has_value());
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 0.0, -3.0}) {
    PupilObservation broken;
    broken.ellipse = {{320.0, 240.0}, 20.0, bad, 0.3};
    EXPECT_FALSE(predict(model, broken).has_value()) << bad;
  }
}

INSTANTIATE_TEST_SUITE_P(Stages, PredictAtStage,
                         testing::Values(FitStage::unprojection, FitStage::unoptimised, FitStage::contrast,
                                         FitStage::edge),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

FitFrame frame_at(std::uint64_t sequence, double x_px, double y_px, double confidence) {
  FitFrame frame;
  frame.sequence = sequence;
  frame.observation.ellipse = {{x_px, y_px}, 20.0, 18.0, 0.0};
  frame.observation.confidence = confidence;
  return frame;
}

TEST(ObservationStore, KeepsEveryDirectionInBoundedMemory) {
  const ObservationStoreOptions options;
  ObservationStore store(options, 640, 480);
  store.add(frame_at(0, 600.0, 400.0, 0.9));
  for (std::uint64_t i = 1; i < 1000; ++i) store.add(frame_at(i, 100.0, 100.0, 0.9));
  EXPECT_EQ(store.occupied_bins(), 2U);
  EXPECT_EQ(store.size(), 1U + static_cast<std::size_t>(options.frames_per_bin));
  const auto frames = store.frames();
  EXPECT_EQ(frames.front().sequence, 0U) << "the rare direction stays";
  EXPECT_EQ(frames.back().sequence, 999U) << "the newest replaces the oldest";
}

TEST(ObservationStore, RefusesDoubtfulAndBrokenFrames) {
  ObservationStore store({}, 640, 480);
  EXPECT_FALSE(store.add(frame_at(0, 100.0, 100.0, 0.3)));
  EXPECT_FALSE(store.add(frame_at(1, std::nan(""), 100.0, 0.9)));
  EXPECT_FALSE(store.add(frame_at(2, 100.0, 100.0, std::nan(""))));
  for (std::uint64_t i = 3; i < 20; ++i) store.add(frame_at(i, 100.0, 100.0, 1.0));
  EXPECT_FALSE(store.would_keep(frame_at(30, 100.0, 100.0, 0.75).observation))
      << "much worse than what is there";
  store.clear();
  EXPECT_EQ(store.size(), 0U);
}

TEST(ObservationStore, PupilsOutsideTheImageGoToTheNearestBin) {
  ObservationStore store({}, 640, 480);
  EXPECT_TRUE(store.add(frame_at(0, -5.0, -5.0, 0.9)));
  EXPECT_TRUE(store.add(frame_at(1, 700.0, 500.0, 0.9)));
  EXPECT_EQ(store.occupied_bins(), 2U);
}

}  // namespace
}  // namespace yarbus::predict_test
