// fit_eye_model() at stage `refraction` with region contrast as data, on drawn and rendered pupils.
#include "eyemodel/fit/refraction_contrast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/fit/fit_refraction.h"
#include "eyemodel/fit/predict.h"
#include "eyemodel/geometry/band_contrast.h"
#include "eyemodel/geometry/outline_conic.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "tests/support/contrast_views.h"

namespace yarbus::refraction_contrast_test {
namespace {

using test::angle_deg;
using test::RefractedView;

FitOutcome fit(const std::vector<FitFrame>& frames, const CameraIntrinsics& camera, bool by_contrast) {
  FitOptions options;
  options.refraction_by_contrast = by_contrast;
  return fit_eye_model(frames, camera, options);
}

/// Of the pupils as the fit placed them.
double mean_error_deg(const FitOutcome& outcome, const std::vector<RefractedView>& views) {
  double sum = 0.0;
  int count = 0;
  for (const FittedPupil& pupil : outcome.pupils) {
    if (!pupil.is_inlier) continue;
    sum += angle_deg(pupil.pupil_in_cam.normal_in_cam, views[pupil.sequence].gaze_in_cam);
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
}

/// The forward model as an outcome has it for one of its pupils.
RefractedFrame view_of(const FitOutcome& outcome, std::size_t i) {
  const Circle3& pupil = outcome.pupils[i].pupil_in_cam;
  return {shape_of(outcome.model->eye_center_in_cam_mm, outcome.model->anatomy),
          PupilChart::about(pupil.normal_in_cam), EyeTurn(0.0, 0.0, pupil.radius_mm),
          outcome.model->intrinsics.pinhole()};
}

/// Mean region contrast about the outlines of an outcome, over frames that `among` has too.
double mean_contrast_gray(const FitOutcome& outcome, const std::vector<FitFrame>& frames,
                          const FitOutcome& among) {
  double sum = 0.0;
  int count = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!outcome.pupils[i].is_inlier || !among.pupils[i].is_inlier) continue;
    const auto ellipse = view_of(outcome, i).pupil_ellipse();
    if (!ellipse) continue;
    const auto conic = outline_conic(OutlineShape::from(*ellipse)).conic;
    sum += band_contrast(conic, *frames[i].patch, balanced_bands(*ellipse, {})).contrast_gray;
    ++count;
  }
  return sum / count;
}

TEST(RefractionContrast, OnDrawnPupilsItIsAtLeastAsGoodAsNoisyEdges) {
  double edges_deg = 0.0;
  double contrast_deg = 0.0;
  constexpr int people = 5;
  for (unsigned seed = 1; seed <= people; ++seed) {
    const simulation::Scene scene =
        test::refracted_scene(simulation::sample_anatomy(seed), 10.0 + 5.0 * seed);
    const auto views = test::drawn_views(scene, 50, 15.0, {0.3, 120}, seed);
    const auto frames = test::frames_of(views);
    const auto by_edges = fit(frames, scene.camera, false);
    const auto by_contrast = fit(frames, scene.camera, true);
    ASSERT_TRUE(by_edges.model && by_contrast.model) << seed << ": " << by_contrast.report.to_text();
    edges_deg += mean_error_deg(by_edges, views) / people;
    contrast_deg += mean_error_deg(by_contrast, views) / people;
    // It is a maximum: the contrast has grown.
    EXPECT_GT(mean_contrast_gray(by_contrast, frames, by_edges),
              mean_contrast_gray(by_edges, frames, by_contrast));
    const FitReport& report = by_contrast.report;
    EXPECT_TRUE(report.is_usable());
    EXPECT_EQ(report.frames_used, 50) << seed;
    EXPECT_THAT(report.to_text(), testing::HasSubstr("region contrast"));
    EXPECT_THAT(report.from_priors, testing::Contains(testing::HasSubstr("limbus radius")));
    EXPECT_GT(report.shape_sigmas_mm.minCoeff(), 0.0);
    EXPECT_LT(report.shape_sigmas_mm.tail<4>().maxCoeff(), 0.3501) << "no less is known than before";
    EXPECT_NEAR(report.rms_px, by_edges.report.rms_px, 0.05) << "of the same edges";
    EXPECT_GT(report.gaze_sigma_deg, 0.02);
    EXPECT_LT(report.gaze_sigma_deg, by_edges.report.gaze_sigma_deg * 1.5);
    EXPECT_TRUE(by_contrast.model->covariance_mm2.allFinite());
  }
  RecordProperty("edges_deg", std::to_string(edges_deg));
  RecordProperty("contrast_deg", std::to_string(contrast_deg));
  EXPECT_LT(contrast_deg, edges_deg + 0.05);
  EXPECT_LT(contrast_deg, 0.5);
}

TEST(RefractionContrast, StatedDoubtHoldsTheTruth) {
  // The mean squared Mahalanobis distance of two-dimensional errors is 2 if the doubt is right. Drawn pupils
  // have none of the systematic errors that it allows for, and so come out lower.
  double sum = 0.0;
  int count = 0;
  for (unsigned seed = 11; seed <= 20; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed), 20.0);
    const auto views = test::drawn_views(scene, 30, 15.0, {0.2, 48}, seed);
    const auto outcome = fit(test::frames_of(views), scene.camera, true);
    ASSERT_TRUE(outcome.model.has_value()) << seed << ": " << outcome.report.to_text();
    for (const RefractedView& view : views) {
      const auto pose = predict(*outcome.model, view.frame.observation);
      ASSERT_TRUE(pose && pose->uncertainty);
      sum += pose->uncertainty->mahalanobis_squared(pose->gaze_dir_in_cam(), view.gaze_in_cam);
      ++count;
    }
  }
  RecordProperty("mahalanobis_squared", std::to_string(sum / count));
  EXPECT_LT(sum / count, 4.0) << "not too sure of itself";
  EXPECT_GT(sum / count, 0.08) << "nor too doubtful";
}

TEST(RefractionContrast, IsRepeatableAndDoesNotDependOnTheOrderOfFrames) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(3));
  auto frames = test::frames_of(test::drawn_views(scene, 30, 15.0, {}, 3));
  const auto first = fit(frames, scene.camera, true);
  const auto again = fit(frames, scene.camera, true);
  std::mt19937 random(9);
  std::shuffle(frames.begin(), frames.end(), random);
  const auto shuffled = fit(frames, scene.camera, true);
  ASSERT_TRUE(first.model && again.model && shuffled.model);
  EXPECT_EQ(first.model->eye_center_in_cam_mm, again.model->eye_center_in_cam_mm);
  EXPECT_EQ(first.report.iterations, again.report.iterations);
  EXPECT_LT((first.model->eye_center_in_cam_mm - shuffled.model->eye_center_in_cam_mm).norm(), 1e-9);
  EXPECT_LT((first.model->anatomy.vector() - shuffled.model->anatomy.vector()).norm(), 1e-9);
  EXPECT_LT((first.model->covariance_mm2 - shuffled.model->covariance_mm2).norm(), 1e-9);
}

TEST(RefractionContrast, WithoutPatchesThereAreTooFewFrames) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  auto frames = test::frames_of(test::drawn_views(scene, 30, 15.0, {}, 1));
  for (std::size_t i = 0; i < 5; ++i) frames[i].patch = nullptr;
  const auto some = fit(frames, scene.camera, true);
  ASSERT_TRUE(some.model.has_value()) << some.report.to_text();
  EXPECT_EQ(some.report.frames_used, 25);
  EXPECT_EQ(some.report.frames_rejected, 5);
  EXPECT_FALSE(some.pupils[0].is_inlier);
  EXPECT_TRUE(some.pupils[5].is_inlier);
  for (std::size_t i = 5; i < 21; ++i) frames[i].patch = nullptr;
  const auto none = fit(frames, scene.camera, true);
  EXPECT_FALSE(none.model.has_value());
  EXPECT_EQ(none.report.failure, FitFailure::too_few_frames);
  EXPECT_TRUE(fit(frames, scene.camera, false).model.has_value()) << "edges do not need them";
}

TEST(RefractionContrast, FramesWithoutAPupilInTheirPixelsAreLeftOut) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(4));
  const auto views = test::drawn_views(scene, 30, 15.0, {}, 4);
  auto frames = test::frames_of(views);
  const auto clean = fit(frames, scene.camera, true);
  auto plain = std::make_shared<ImagePatch>(*frames[2].patch);
  for (int y = 0; y < plain->pixels.height_px(); ++y) {
    for (int x = 0; x < plain->pixels.width_px(); ++x)
      plain->pixels.row(y)[x] = static_cast<std::uint8_t>(90 + (x * 7 + y * 13) % 5);
  }
  frames[2].patch = plain;
  auto far_away = std::make_shared<ImagePatch>(*frames[6].patch);
  far_away->x0_px += 300;
  frames[6].patch = far_away;
  const auto outcome = fit(frames, scene.camera, true);
  ASSERT_TRUE(clean.model && outcome.model);
  EXPECT_EQ(outcome.report.frames_rejected, 2);
  EXPECT_FALSE(outcome.pupils[2].is_inlier);
  EXPECT_FALSE(outcome.pupils[6].is_inlier);
  EXPECT_LT(mean_error_deg(outcome, views), mean_error_deg(clean, views) + 0.05);
}

TEST(RefractionContrast, EllipsesAloneAreAStart) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(6));
  const auto views = test::drawn_views(scene, 40, 15.0, {0.3, 120}, 6);
  auto frames = test::frames_of(views);
  for (FitFrame& frame : frames) frame.observation.edge_points = {};
  const auto outcome = fit(frames, scene.camera, true);
  ASSERT_TRUE(outcome.model.has_value()) << outcome.report.to_text();
  EXPECT_LT(mean_error_deg(outcome, views), 0.7);
}

TEST(FitToContrast, DescendsAndLeavesEquivalentEvidence) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(2));
  const auto frames = test::frames_of(test::drawn_views(scene, 30, 15.0, {}, 2));
  std::vector<const FitFrame*> pointers;
  for (const FitFrame& frame : frames) pointers.push_back(&frame);
  // From the truth moved: what edges would leave, and more.
  RefractionProblem problem = refraction_problem(pointers, scene.camera, AnatomyPrior{});
  problem.eye_centers_in_cam_mm.front() = scene.eye_center_in_cam_mm + Eigen::Vector3d(0.1, -0.1, 0.3);
  for (RefractionFrame& frame : problem.frames) {
    const auto turn = starting_turn(frame.ellipse, problem.shape(frame), problem.intrinsics, frame.chart);
    ASSERT_TRUE(turn.has_value());
    const auto turned =
        fit_turn(frame.evidence, problem.shape(frame), frame.chart, *turn, problem.intrinsics);
    ASSERT_TRUE(turned.has_value());
    frame.turn = turned->turn;
  }
  RefractionProblem once = problem;
  const ContrastFit settled = fit_to_contrast(problem, pointers, FitOptions{}, {});
  EXPECT_TRUE(settled.solution.is_usable);
  EXPECT_TRUE(settled.solution.has_converged);
  EXPECT_LE(settled.solution.cost, settled.first_cost);
  EXPECT_LT(settled.solution.iterations, 60);
  ASSERT_EQ(problem.frames.size(), frames.size());
  for (const RefractionFrame& frame : problem.frames) {
    EXPECT_GE(frame.evidence.pupil.size(), 20U);
    EXPECT_EQ(frame.turn.head<2>().norm(), 0.0);
  }
  // One step is too few to settle, and says so.
  FitOptions hasty;
  hasty.max_iterations = 1;
  const ContrastFit stopped = fit_to_contrast(once, pointers, hasty, {});
  EXPECT_FALSE(stopped.solution.has_converged);
  EXPECT_LT(stopped.solution.cost, stopped.first_cost);
}

/// A rendered eye, with its true outline's points and noise as edges.
std::vector<RefractedView> rendered_views(simulation::SimulatedEye& eye, std::uint64_t count) {
  std::mt19937 random(4);
  std::normal_distribution<double> normal(0.0, 0.2);
  GrayImage image;
  SimulatedTruth truth;
  std::vector<RefractedView> views;
  for (std::uint64_t index = 0; index < 3 * count; index += 3) {
    eye.render(index, image, truth);
    if (truth.visible_fraction < 0.9) continue;
    PupilObservation captured;
    captured.ellipse = truth.pupil_ellipse;
    captured.confidence = 1.0;
    for (int k = 0; k < 120; ++k) {
      const Eigen::Vector2d off_px(normal(random), normal(random));
      const Eigen::Vector2d point = captured.ellipse.point_at(2.0 * std::numbers::pi * k / 120.0) + off_px;
      captured.edge_points.push_back({point.cast<float>(), 0.2F});
    }
    const auto undistorted = undistort(eye.camera(), captured);
    if (!undistorted) continue;
    auto patch = std::make_shared<ImagePatch>();
    cut_undistorted_patch(eye.camera(), image.view(), undistorted->ellipse, *patch);
    RefractedView view;
    view.frame.sequence = views.size();
    view.frame.observation = *undistorted;
    view.frame.patch = std::move(patch);
    view.gaze_in_cam = truth.optical_axis_in_cam;
    views.push_back(std::move(view));
  }
  return views;
}

TEST(RefractionContrast, OnRenderedEyesItIsNearTheEdges) {
  double edges_deg = 0.0;
  double contrast_deg = 0.0;
  constexpr int people = 3;
  for (std::uint64_t seed = 1; seed <= people; ++seed) {
    auto eye = simulation::SimulatedEye::create("easy", seed);
    ASSERT_TRUE(eye.has_value());
    const auto views = rendered_views(*eye, 30);
    ASSERT_GE(views.size(), 20U);
    const auto frames = test::frames_of(views);
    const auto by_edges = fit(frames, eye->camera(), false);
    const auto by_contrast = fit(frames, eye->camera(), true);
    ASSERT_TRUE(by_edges.model && by_contrast.model) << seed << ": " << by_contrast.report.to_text();
    EXPECT_GE(by_contrast.report.frames_used, by_edges.report.frames_used - 3) << seed;
    edges_deg += mean_error_deg(by_edges, views) / people;
    contrast_deg += mean_error_deg(by_contrast, views) / people;
  }
  RecordProperty("edges_deg", std::to_string(edges_deg));
  RecordProperty("contrast_deg", std::to_string(contrast_deg));
  EXPECT_LT(contrast_deg, edges_deg + 0.15);
  EXPECT_LT(contrast_deg, 0.6);
}

}  // namespace
}  // namespace yarbus::refraction_contrast_test
