// predict() at stage `refraction` on the simulator's exact outlines.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "eyemodel/fit/predict.h"
#include "tests/support/refracted_eye.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::predict_refraction_test {
namespace {

EyeModel true_model(const simulation::Scene& scene) {
  EyeModel model;
  model.stage = FitStage::refraction;
  model.intrinsics = scene.camera;
  model.eye_center_in_cam_mm = scene.eye_center_in_cam_mm;
  model.anatomy = test::optical_anatomy(scene.eye);
  model.eyeball_radius_mm = scene.eye.pupil_plane_mm;
  return model;
}

TEST(PredictRefraction, NoiseFreeEdgesGiveTheTrueGazeAndRadius) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed), 8.0 * seed);
    const EyeModel model = true_model(scene);
    for (const auto& view : test::scattered_views(scene, 20, 12.0, {0.0, 120}, 1)) {
      const auto pose = predict(model, view.frame.observation);
      ASSERT_TRUE(pose.has_value()) << seed;
      EXPECT_LT(test::angle_deg(pose->gaze_dir_in_cam(), view.gaze_in_cam), 0.002) << seed;
      EXPECT_NEAR(pose->pupil_in_cam.radius_mm, view.pupil_radius_mm, 1e-3) << seed;
      EXPECT_LT(pose->reprojection_error_px, 0.05) << "ellipses stand for outlines that are none";
      ASSERT_TRUE(pose->uncertainty.has_value());
      EXPECT_GT(pose->uncertainty->gaze_cone_rad(0.95), 0.0);
      EXPECT_LT((pose->uncertainty->gaze_covariance_in_cam * pose->gaze_dir_in_cam()).norm(), 1e-12)
          << "no doubt along the gaze itself";
    }
  }
}

TEST(PredictRefraction, TheEllipseAloneIsNearlyAsGood) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(2), 25.0);
  const EyeModel model = true_model(scene);
  for (const auto& view : test::scattered_views(scene, 30, 12.0, {0.0, 120}, 1)) {
    PupilObservation bare = view.frame.observation;
    bare.edge_points.clear();
    const auto pose = predict(model, bare);
    ASSERT_TRUE(pose.has_value());
    EXPECT_LT(test::angle_deg(pose->gaze_dir_in_cam(), view.gaze_in_cam), 0.1);
    EXPECT_NEAR(pose->pupil_in_cam.radius_mm, view.pupil_radius_mm, 0.01);
  }
}

TEST(PredictRefraction, WhatIsNoPupilOfThisEyeHasNoPose) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const EyeModel model = true_model(scene);
  PupilObservation far;
  far.ellipse = {{20.0, 20.0}, 20.0, 18.0, 0.3};
  EXPECT_FALSE(predict(model, far).has_value()) << "beside the eye";
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 0.0, -3.0}) {
    PupilObservation broken;
    broken.ellipse = {{320.0, 240.0}, 20.0, bad, 0.3};
    EXPECT_FALSE(predict(model, broken).has_value()) << bad;
  }
  std::mt19937 random(1);
  PupilObservation observation = test::observe(scene, {}, random);
  EXPECT_TRUE(predict(model, observation).has_value());
  observation.ellipse.center_px.x() = std::nan("");
  EXPECT_FALSE(predict(model, observation).has_value());
  EyeModel impossible = model;
  impossible.anatomy.cornea_radius_mm = 2.0;
  EXPECT_FALSE(predict(impossible, test::observe(scene, {}, random)).has_value());
}

TEST(PredictRefraction, NonFiniteEdgesNeverMakeANonFinitePose) {
  std::mt19937 random(1);
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  PupilObservation observation = test::observe(scene, {}, random);
  for (std::size_t i = 0; i < observation.edge_points.size(); ++i)
    observation.edge_points[i].position_px.x() = std::nanf("");
  EXPECT_FALSE(predict(true_model(scene), observation).has_value()) << "no edge left";
  observation = test::observe(scene, {}, random);
  observation.edge_points[0].position_px.x() = std::nanf("");
  const auto pose = predict(true_model(scene), observation);
  if (pose) {
    EXPECT_LT(test::angle_deg(pose->gaze_dir_in_cam(), test::gaze_of(scene)), 0.5);
  }
}

TEST(PredictRefraction, AnUnsureModelMakesAnUnsurePose) {
  std::mt19937 random(1);
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const PupilObservation observation = test::observe(scene, {}, random);
  EyeModel model = true_model(scene);
  const auto sure = predict(model, observation);
  model.covariance_mm2 = ModelCovariance::Identity();  // a millimetre everywhere: some 6 degrees
  const auto unsure = predict(model, observation);
  ASSERT_TRUE(sure && unsure);
  EXPECT_LT(sure->uncertainty->gaze_cone_rad(0.68), 0.5 * rad_per_deg);
  EXPECT_GT(unsure->uncertainty->gaze_cone_rad(0.68), 4.0 * rad_per_deg);
  EXPECT_EQ(sure->gaze_dir_in_cam(), unsure->gaze_dir_in_cam()) << "the pose itself does not change";
}

TEST(PredictRefraction, TakesTheEyeWhereItWasAtThatTime) {
  std::mt19937 random(1);
  simulation::Scene before = test::refracted_scene(test::average_anatomy());
  simulation::Scene after = before;
  slip_camera(after, {0.0, 2.0, 0.0}, Eigen::Vector3d::Zero());
  EyeModel model = true_model(before);
  model.placements = {{test::at_seconds(1.0), before.eye_center_in_cam_mm},
                      {test::at_seconds(1.1), after.eye_center_in_cam_mm}};
  const auto early =
      predict(model, test::observe(before, {0.0, 120}, random), nullptr, test::at_seconds(0.5));
  const auto late = predict(model, test::observe(after, {0.0, 120}, random), nullptr, test::at_seconds(5.0));
  ASSERT_TRUE(early && late);
  EXPECT_LT(test::angle_deg(early->gaze_dir_in_cam(), test::gaze_of(before)), 0.002);
  EXPECT_LT(test::angle_deg(late->gaze_dir_in_cam(), test::gaze_of(after)), 0.002);
}

}  // namespace
}  // namespace yarbus::predict_refraction_test
