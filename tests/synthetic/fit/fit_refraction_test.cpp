// fit_eye_model() at stage `refraction` on the simulator's outlines, and where it starts from.
#include "eyemodel/fit/fit_refraction.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/fit/predict.h"
#include "eyemodel/fit/refraction_start.h"
#include "tests/support/refracted_eye.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::fit_refraction_test {
namespace {

using test::angle_deg;
using test::RefractedView;

FitOutcome fit(const std::vector<FitFrame>& frames, const CameraIntrinsics& camera) {
  return fit_eye_model(frames, camera, FitOptions{});
}

FitOutcome fit(const std::vector<RefractedView>& views, const CameraIntrinsics& camera) {
  return fit(test::frames_of(views), camera);
}

double mean_error_deg(const EyeModel& model, const std::vector<RefractedView>& views) {
  double sum = 0.0;
  for (const RefractedView& view : views) {
    const auto pose = predict(model, view.frame.observation);
    sum += pose ? angle_deg(pose->gaze_dir_in_cam(), view.gaze_in_cam) : 90.0;
  }
  return views.empty() ? std::numeric_limits<double>::infinity() : sum / static_cast<double>(views.size());
}

/// Distance of the eye centres across the line from the camera.
double across_mm(const EyeModel& model, const simulation::Scene& scene) {
  const Eigen::Vector3d off = model.eye_center_in_cam_mm - scene.eye_center_in_cam_mm;
  const Eigen::Vector3d sight = scene.eye_center_in_cam_mm.normalized();
  return (off - off.dot(sight) * sight).norm();
}

TEST(FitRefraction, IsExactForAnAverageEyeWithoutNoise) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const auto views = test::scattered_views(scene, 60, 15.0, {0.0, 120}, 1);
  const auto outcome = fit(views, scene.camera);
  ASSERT_TRUE(outcome.model.has_value()) << outcome.report.to_text();
  EXPECT_EQ(outcome.model->stage, FitStage::refraction);
  EXPECT_TRUE(outcome.report.is_usable());
  EXPECT_LE(mean_error_deg(*outcome.model, views), 0.02);
  EXPECT_LT(outcome.report.rms_px, 0.01);
  EXPECT_EQ(outcome.report.frames_used, 60);
  EXPECT_EQ(outcome.report.frames_rejected, 0);
  // Its own pupils are the predicted ones, in the order of the frames.
  ASSERT_EQ(outcome.pupils.size(), views.size());
  for (std::size_t i = 0; i < views.size(); ++i) {
    EXPECT_EQ(outcome.pupils[i].sequence, i);
    EXPECT_TRUE(outcome.pupils[i].is_inlier);
    EXPECT_LT(angle_deg(outcome.pupils[i].pupil_in_cam.normal_in_cam, views[i].gaze_in_cam), 0.02);
  }
}

TEST(FitRefraction, FollowsPeopleUnderNoise) {
  double sum_deg = 0.0;
  double worst_across_mm = 0.0;
  constexpr int people = 6;
  for (unsigned seed = 1; seed <= people; ++seed) {
    const simulation::Scene scene =
        test::refracted_scene(simulation::sample_anatomy(seed), 10.0 + 5.0 * seed);
    const auto views = test::scattered_views(scene, 80, 15.0, {0.2, 120}, seed);
    const auto outcome = fit(views, scene.camera);
    ASSERT_TRUE(outcome.model.has_value()) << seed << ": " << outcome.report.to_text();
    sum_deg += mean_error_deg(*outcome.model, views) / people;
    worst_across_mm = std::max(worst_across_mm, across_mm(*outcome.model, scene));
    EXPECT_LE(mean_error_deg(*outcome.model, views), 1.0) << seed;
    const auto& report = outcome.report;
    EXPECT_TRUE(report.shape_sigmas_mm.allFinite());
    EXPECT_GT(report.shape_sigmas_mm.minCoeff(), 0.0);
    EXPECT_LT(report.shape_sigmas_mm.tail<4>().maxCoeff(), 0.3501) << "no less is known than before";
    EXPECT_GT(report.gaze_sigma_deg, 0.0);
    EXPECT_LT(report.gaze_sigma_deg, 2.0);
    EXPECT_GT(report.pupil_diameter_sigma_mm, 0.0);
    EXPECT_LT(report.pupil_diameter_sigma_mm, 1.0);
    EXPECT_THAT(report.from_priors, testing::Contains(testing::HasSubstr("limbus radius"))) << report.gauge;
    EXPECT_THAT(report.gauge, testing::HasSubstr("limbus radius"));
  }
  EXPECT_LE(sum_deg, 0.5);
  EXPECT_LE(worst_across_mm, 0.5);
}

TEST(FitRefraction, StatedDoubtHoldsTheTruth) {
  // The mean squared Mahalanobis distance of two-dimensional errors is 2 if the doubt is right. As many edges
  // as a fit looks at; one person's errors go together, so that the mean over ten people scatters.
  double sum = 0.0;
  int count = 0;
  for (unsigned seed = 11; seed <= 20; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed), 20.0);
    const auto views = test::scattered_views(scene, 40, 15.0, {0.2, 48}, seed);
    const auto outcome = fit(views, scene.camera);
    ASSERT_TRUE(outcome.model.has_value()) << seed;
    for (const RefractedView& view : views) {
      const auto pose = predict(*outcome.model, view.frame.observation);
      ASSERT_TRUE(pose && pose->uncertainty);
      sum += pose->uncertainty->mahalanobis_squared(pose->gaze_dir_in_cam(), view.gaze_in_cam);
      ++count;
    }
  }
  EXPECT_LT(sum / count, 4.0) << "not too sure of itself";
  EXPECT_GT(sum / count, 0.2) << "nor too doubtful";
}

TEST(FitRefraction, DoesNotDependOnTheOrderOfFrames) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(3));
  auto frames = test::frames_of(test::scattered_views(scene, 40, 15.0, {}, 3));
  const auto first = fit(frames, scene.camera);
  std::mt19937 random(9);
  std::shuffle(frames.begin(), frames.end(), random);
  const auto second = fit(frames, scene.camera);
  ASSERT_TRUE(first.model && second.model);
  EXPECT_LT((first.model->eye_center_in_cam_mm - second.model->eye_center_in_cam_mm).norm(), 1e-9);
  EXPECT_LT((first.model->anatomy.vector() - second.model->anatomy.vector()).norm(), 1e-9);
  EXPECT_LT((first.model->covariance_mm2 - second.model->covariance_mm2).norm(), 1e-9);
}

TEST(FitRefraction, TooFewFramesAreAFailure) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  for (const int count : {0, 5}) {
    const auto outcome = fit(test::scattered_views(scene, count, 15.0, {}, 1), scene.camera);
    EXPECT_FALSE(outcome.model.has_value());
    EXPECT_FALSE(outcome.report.is_usable());
    EXPECT_EQ(outcome.report.failure, FitFailure::too_few_frames);
    EXPECT_EQ(outcome.report.frames_rejected, count);
  }
}

TEST(FitRefraction, AFrameOfGarbageIsRejectedAndChangesLittle) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(4));
  const auto views = test::scattered_views(scene, 50, 15.0, {}, 4);
  auto frames = test::frames_of(views);
  const auto clean = fit(frames, scene.camera);
  FitFrame garbage = frames[7];
  garbage.sequence = 1000;
  std::mt19937 random(2);
  std::uniform_real_distribution<float> uniform(-60.0F, 60.0F);
  for (std::size_t i = 0; i < garbage.observation.edge_points.size(); ++i)
    garbage.observation.edge_points[i].position_px += Eigen::Vector2f(uniform(random), uniform(random));
  frames.push_back(garbage);
  FitFrame broken = frames[8];
  broken.sequence = 1001;
  broken.observation.ellipse.center_px.x() = std::nan("");
  frames.push_back(broken);
  const auto outcome = fit(frames, scene.camera);
  ASSERT_TRUE(clean.model && outcome.model);
  EXPECT_EQ(outcome.report.frames_rejected, 2);
  EXPECT_EQ(outcome.report.frames_used, 50);
  EXPECT_LT((clean.model->eye_center_in_cam_mm - outcome.model->eye_center_in_cam_mm).norm(), 0.05);
  EXPECT_LT(mean_error_deg(*outcome.model, views), mean_error_deg(*clean.model, views) + 0.05);
}

TEST(FitRefraction, FarOffAxisItFindsTheRightMinimum) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed));
    place_camera(scene, 40.0, seed % 2 == 0 ? 45.0 : -45.0, -8.0);
    const auto views = test::scattered_views(scene, 60, 10.0, {0.2, 120}, seed);
    const auto outcome = fit(views, scene.camera);
    ASSERT_TRUE(outcome.model.has_value()) << seed << ": " << outcome.report.to_text();
    EXPECT_LT(mean_error_deg(*outcome.model, views), 1.5) << seed;
    EXPECT_LT(across_mm(*outcome.model, scene), 0.8) << seed;
  }
}

TEST(FitRefraction, OneDirectionIsNeverWrongAndSure) {
  // A tilted pupil tells its gaze up to the two circles of its ellipse, and one direction not which of them.
  for (const double off_axis_deg : {5.0, 10.0, 20.0}) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
      const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed), off_axis_deg);
      const auto views = test::scattered_views(scene, 20, 0.3, {0.2, 48}, seed);
      const auto outcome = fit(views, scene.camera);
      if (!outcome.model) continue;  // to say that nothing is known is right as well
      const double error_deg = mean_error_deg(*outcome.model, views);
      const double sigma_deg = outcome.report.gaze_sigma_deg;
      EXPECT_GT(sigma_deg, 1.0) << seed << ", " << off_axis_deg << " deg";
      EXPECT_LT(error_deg, 4.0 * sigma_deg) << seed << ", " << off_axis_deg << " deg";
    }
  }
}

TEST(FitRefraction, AStopRequestEndsItWithoutAModel) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  std::stop_source stop;
  stop.request_stop();
  const auto frames = test::frames_of(test::scattered_views(scene, 40, 15.0, {}, 1));
  const auto outcome = fit_eye_model(frames, scene.camera, FitOptions{}, stop.get_token());
  EXPECT_FALSE(outcome.model.has_value());
  EXPECT_EQ(outcome.report.failure, FitFailure::diverged);
}

TEST(FitRefraction, LimbusPointsTellTheLimbusRadius) {
  simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  scene.eye.limbus_radius_mm = 5.6;
  std::mt19937 random(5);
  std::normal_distribution<double> normal(0.0, 0.5);
  std::uniform_real_distribution<double> uniform(-15.0, 15.0);
  std::vector<FitFrame> frames;
  for (int i = 0; i < 40; ++i) {
    scene.yaw_deg = uniform(random);
    scene.pitch_deg = uniform(random);
    FitFrame frame;
    frame.sequence = static_cast<std::uint64_t>(i);
    frame.observation = test::observe(scene, {0.1, 120}, random);
    const auto limbus = truth_of(scene).limbus_ellipse;
    for (int k = 0; k < 32; ++k) {
      const Eigen::Vector2d point =
          limbus.point_at(k * std::numbers::pi / 16.0) + Eigen::Vector2d(normal(random), normal(random));
      frame.features.limbus_points.push_back({point.cast<float>(), 0.5F});
    }
    frames.push_back(frame);
  }
  const auto outcome = fit(frames, scene.camera);
  ASSERT_TRUE(outcome.model.has_value());
  const double sigma_mm = outcome.report.shape_sigmas_mm[6];
  EXPECT_LT(sigma_mm, 0.2) << "better than the population's 0.25";
  EXPECT_LT(std::abs(outcome.model->anatomy.limbus_radius_mm - 5.6), 3.0 * sigma_mm);
}

/// The problem of these views with the starts that belong to it.
std::vector<EyeMinimum> minima_of(const std::vector<RefractedView>& views, const CameraIntrinsics& camera) {
  const auto frames = test::frames_of(views);
  std::vector<const FitFrame*> pointers;
  for (const FitFrame& frame : frames) pointers.push_back(&frame);
  const RefractionProblem problem = refraction_problem(pointers, camera, AnatomyPrior{});
  return find_minima(problem, starting_centers(frames, camera));
}

TEST(FindMinima, OneTiltedFrameLeavesBothCircles) {
  simulation::Scene scene = test::refracted_scene(test::average_anatomy(), 25.0);
  const auto views = test::scattered_views(scene, 1, 0.0, {0.1, 120}, 1);
  const auto minima = minima_of(views, scene.camera);
  ASSERT_GE(minima.size(), 2U);
  double sum = 0.0;
  for (const EyeMinimum& minimum : minima) sum += minimum.weight;
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_GT(minima[1].weight, 0.05) << "neither may be ruled out";
  EXPECT_GE(minima[1].cost, minima[0].cost) << "best first";
  // On either side of the sight: the eye centres lie an arm's length apart from each other.
  EXPECT_GT((minima[0].eye_center_in_cam_mm - minima[1].eye_center_in_cam_mm).norm(), 4.0);
  double nearest_mm = std::numeric_limits<double>::infinity();
  for (const EyeMinimum& minimum : minima)
    nearest_mm = std::min(nearest_mm,
                          (minimum.eye_center_in_cam_mm - scene.eye_center_in_cam_mm).norm() *
                              std::sin(angle_deg(minimum.eye_center_in_cam_mm, scene.eye_center_in_cam_mm) *
                                       rad_per_deg));
  EXPECT_LT(nearest_mm, 2.0) << "one of them is right";
}

TEST(FindMinima, SeveralDirectionsLeaveOne) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy(), 25.0);
  const auto views = test::scattered_views(scene, 10, 12.0, {0.1, 120}, 1);
  const auto minima = minima_of(views, scene.camera);
  ASSERT_GE(minima.size(), 1U);
  EXPECT_GT(minima.front().weight, 0.99);
  EXPECT_LT(angle_deg(minima.front().eye_center_in_cam_mm, scene.eye_center_in_cam_mm), 1.0);
}

TEST(StartingCenters, AreNeverEmptyAndEmptyWithoutAPupil) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const auto frames = test::frames_of(test::scattered_views(scene, 1, 0.0, {}, 1));
  const auto centers = starting_centers(frames, scene.camera);
  EXPECT_FALSE(centers.empty());
  for (const auto& center : centers) {
    EXPECT_TRUE(center.allFinite());
    EXPECT_GT(center.z(), 0.0);
  }
  EXPECT_TRUE(starting_centers({}, scene.camera).empty());
  EXPECT_TRUE(starting_centers(std::vector<FitFrame>(3), scene.camera).empty()) << "no valid ellipse";
}

}  // namespace
}  // namespace yarbus::fit_refraction_test
