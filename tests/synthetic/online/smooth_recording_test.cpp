// The smoother over whole recordings of the simulator's outlines.
#include "eyemodel/online/smooth_recording.h"

#include <algorithm>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "eyemodel/fit/predict.h"
#include "tests/support/refracted_eye.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::smooth_recording_test {
namespace {

using test::RefractedView;

FitOutcome smooth(const std::vector<FitFrame>& frames, const CameraIntrinsics& camera) {
  return smooth_recording(frames, camera, FitOptions{}, OnlineModelOptions{});
}

double mean_error_deg(const EyeModel& model, const std::vector<RefractedView>& views) {
  double sum = 0.0;
  for (const RefractedView& view : views) {
    const auto pose = predict(model, view.frame.observation, nullptr, view.frame.captured_at);
    sum += pose ? test::angle_deg(pose->gaze_dir_in_cam(), view.gaze_in_cam) : 90.0;
  }
  return views.empty() ? 90.0 : sum / static_cast<double>(views.size());
}

TEST(SmoothRecording, FollowsTwoSlips) {
  const std::vector<test::Slip> slips{{3.3, {0.0, 1.5, 0.0}, {1.0, 0.0, 0.0}},
                                      {6.8, {1.0, -2.0, 0.3}, {-1.0, 0.5, 0.0}}};
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed), 10.0 * seed);
    const auto views = test::keyframes_of(test::recorded_views(scene, 10.0, slips, seed + 60));
    const auto outcome = smooth(test::frames_of(views), scene.camera);
    ASSERT_TRUE(outcome.model.has_value()) << seed << ": " << outcome.report.to_text();
    EXPECT_LT(mean_error_deg(*outcome.model, views), 0.5) << seed;
    EXPECT_EQ(outcome.report.slips, 2) << seed;
    ASSERT_GE(outcome.model->placements.size(), 100U);
    // Where each frame was taken, across the line of sight.
    double worst_mm = 0.0;
    int far = 0;
    for (const RefractedView& view : views) {
      const Eigen::Vector3d off =
          outcome.model->eye_center_at(view.frame.captured_at) - view.eye_center_in_cam_mm;
      worst_mm = std::max(worst_mm, off.head<2>().norm());
      far += off.head<2>().norm() > 0.5 ? 1 : 0;
    }
    EXPECT_LT(far, static_cast<int>(views.size()) / 20) << seed << ", worst " << worst_mm << " mm";
    ASSERT_EQ(outcome.pupils.size(), views.size());
  }
}

TEST(SmoothRecording, IsBetterThanOnePlaceForAllWhereTheHeadsetSlips) {
  const std::vector<test::Slip> slips{{5.0, {0.0, 2.0, 0.0}}};
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(2));
  const auto views = test::keyframes_of(test::recorded_views(scene, 10.0, slips, 3));
  const auto frames = test::frames_of(views);
  const auto smoothed = smooth(frames, scene.camera);
  const auto still = fit_eye_model(frames, scene.camera, FitOptions{});
  ASSERT_TRUE(smoothed.model.has_value());
  const double still_deg = still.model ? mean_error_deg(*still.model, views) : 90.0;
  EXPECT_LT(mean_error_deg(*smoothed.model, views), 0.5 * still_deg);
}

TEST(SmoothRecording, IsTheFitWhereTimesDoNotRise) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(2));
  const auto frames = test::frames_of(test::scattered_views(scene, 40, 15.0, {}, 2));
  const auto smoothed = smooth(frames, scene.camera);
  const auto fitted = fit_eye_model(frames, scene.camera, FitOptions{});
  ASSERT_TRUE(smoothed.model && fitted.model);
  EXPECT_EQ(smoothed.model->eye_center_in_cam_mm, fitted.model->eye_center_in_cam_mm);
  EXPECT_EQ(smoothed.model->covariance_mm2, fitted.model->covariance_mm2);
  EXPECT_TRUE(smoothed.model->placements.empty());
}

TEST(SmoothRecording, DoesNotDependOnTheOrderOfFrames) {
  const std::vector<test::Slip> slips{{2.5, {0.0, 1.5, 0.0}}};
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(3));
  auto frames = test::frames_of(test::keyframes_of(test::recorded_views(scene, 5.0, slips, 8)));
  const auto first = smooth(frames, scene.camera);
  std::mt19937 random(4);
  std::shuffle(frames.begin(), frames.end(), random);
  const auto second = smooth(frames, scene.camera);
  ASSERT_TRUE(first.model && second.model);
  ASSERT_EQ(first.model->placements.size(), second.model->placements.size());
  for (std::size_t i = 0; i < first.model->placements.size(); ++i) {
    EXPECT_EQ(first.model->placements[i].at, second.model->placements[i].at);
    EXPECT_EQ(first.model->placements[i].eye_center_in_cam_mm,
              second.model->placements[i].eye_center_in_cam_mm);
  }
  EXPECT_EQ(first.model->anatomy.vector(), second.model->anatomy.vector());
}

/// A wearer with that eye, from an earlier sitting that knew it this well.
KnownEye known_eye(const simulation::Scene& scene, const Eigen::Vector3d& off_mm = Eigen::Vector3d::Zero()) {
  auto model = std::make_shared<EyeModel>();
  model->stage = FitStage::refraction;
  model->intrinsics = scene.camera;
  model->eye_center_in_cam_mm = scene.eye_center_in_cam_mm + off_mm;
  model->anatomy = test::optical_anatomy(scene.eye);
  model->covariance_mm2 = ModelCovariance::Identity() * 0.05 * 0.05;
  return {std::move(model), true};
}

FitOutcome smooth(const std::vector<FitFrame>& frames, const CameraIntrinsics& camera,
                  const KnownEye& known) {
  return smooth_recording(frames, camera, FitOptions{}, OnlineModelOptions{}, known);
}

double anatomy_error_mm(const FitOutcome& outcome, const simulation::Scene& scene) {
  return (outcome.model->anatomy.vector() - test::optical_anatomy(scene.eye).vector()).norm();
}

TEST(SmoothRecording, AKnownWearerMakesAShortRecordingBetter) {
  double stranger_deg = 0.0;
  double known_deg = 0.0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed));
    const auto views = test::keyframes_of(test::recorded_views(scene, 2.0, {}, seed));
    const auto frames = test::frames_of(views);
    const auto stranger = smooth(frames, scene.camera);
    // The headset was put on anew, 2 mm off in all.
    const auto known = smooth(frames, scene.camera, known_eye(scene, {1.2, -1.2, 1.0}));
    ASSERT_TRUE(stranger.model && known.model) << seed;
    EXPECT_LT(anatomy_error_mm(known, scene), 0.15) << seed;
    EXPECT_LT(known.model->covariance_mm2.trace(), stranger.model->covariance_mm2.trace()) << seed;
    EXPECT_LT(known.report.gaze_sigma_deg, stranger.report.gaze_sigma_deg) << seed;
    stranger_deg += mean_error_deg(*stranger.model, views) / 5;
    known_deg += mean_error_deg(*known.model, views) / 5;
  }
  EXPECT_LT(known_deg, 0.6 * stranger_deg);
  EXPECT_LT(known_deg, 0.25);
}

TEST(SmoothRecording, APlaceThatMeansNothingIsNotUsed) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(2));
  const auto views = test::keyframes_of(test::recorded_views(scene, 3.0, {}, 5));
  const auto frames = test::frames_of(views);
  KnownEye elsewhere = known_eye(scene, {9.0, 6.0, 20.0});
  elsewhere.uses_place = false;
  KnownEye here = known_eye(scene);
  here.uses_place = false;
  const auto a = smooth(frames, scene.camera, elsewhere);
  const auto b = smooth(frames, scene.camera, here);
  ASSERT_TRUE(a.model && b.model);
  EXPECT_EQ(a.model->eye_center_in_cam_mm, b.model->eye_center_in_cam_mm);
  EXPECT_EQ(a.model->covariance_mm2, b.model->covariance_mm2);
  EXPECT_LT(anatomy_error_mm(a, scene), 0.15);
  EXPECT_LT(mean_error_deg(*a.model, views), 0.5);
}

TEST(SmoothRecording, FewFramesAndStopsAreFailures) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(3));
  const auto frames = test::frames_of(test::keyframes_of(test::recorded_views(scene, 3.0, {}, 8)));
  const auto none = smooth({}, scene.camera);
  EXPECT_EQ(none.report.failure, FitFailure::too_few_frames);
  EXPECT_FALSE(none.model.has_value());
  const std::vector<FitFrame> five(frames.begin(), frames.begin() + 5);
  EXPECT_EQ(smooth(five, scene.camera).report.failure, FitFailure::too_few_frames);
  std::stop_source stop;
  stop.request_stop();
  const auto stopped =
      smooth_recording(frames, scene.camera, FitOptions{}, OnlineModelOptions{}, {}, stop.get_token());
  EXPECT_FALSE(stopped.model.has_value());
  EXPECT_EQ(stopped.report.failure, FitFailure::diverged);
}

}  // namespace
}  // namespace yarbus::smooth_recording_test
