#include "app/session/model_fitter.h"

#include <gtest/gtest.h>

#include "eyemodel/online/smooth_recording.h"
#include "tests/support/refracted_eye.h"

namespace yarbus::model_fitter_test {
namespace {

FitJob job_of(FitJob::Kind kind, std::uint64_t online_model, std::vector<FitFrame> frames,
              const CameraIntrinsics& camera) {
  FitJob job;
  job.kind = kind;
  job.base_version = 17;
  job.online_model = online_model;
  job.frames = std::move(frames);
  job.intrinsics = camera;
  return job;
}

/// The same views, taken a while later.
std::vector<FitFrame> frames_from(const std::vector<test::RefractedView>& views, double start_s) {
  auto frames = test::frames_of(views);
  for (std::size_t i = 0; i < frames.size(); ++i)
    frames[i].captured_at = test::at_seconds(start_s + 0.2 * static_cast<double>(i));
  return frames;
}

TEST(ModelFitter, GoesOnWithAnOnlineModelOfTheSameNumber) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const auto views = test::scattered_views(scene, 6, 12.0, {}, 1);
  ModelFitter fitter;
  using enum FitJob::Kind;
  const auto first = fitter.run(job_of(assimilate, 3, frames_from(views, 0.0), scene.camera));
  const auto second = fitter.run(job_of(assimilate, 3, frames_from(views, 2.0), scene.camera));
  ASSERT_TRUE(first.model && second.model);
  EXPECT_EQ(first.report.frames_used, 6);
  EXPECT_EQ(second.report.frames_used, 12);
  EXPECT_EQ(first.base_version, 17U);
}

TEST(ModelFitter, AnotherNumberBeginsAnew) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const auto views = test::scattered_views(scene, 6, 12.0, {}, 1);
  ModelFitter fitter;
  using enum FitJob::Kind;
  const auto first = fitter.run(job_of(assimilate, 0, frames_from(views, 0.0), scene.camera));
  fitter.run(job_of(assimilate, 0, frames_from(views, 2.0), scene.camera));
  const auto anew = fitter.run(job_of(assimilate, 1, frames_from(views, 0.0), scene.camera));
  ASSERT_TRUE(first.model && anew.model);
  EXPECT_EQ(anew.report.frames_used, 6);
  EXPECT_EQ(anew.model->eye_center_in_cam_mm, first.model->eye_center_in_cam_mm);
  EXPECT_EQ(anew.model->covariance_mm2, first.model->covariance_mm2);
}

TEST(ModelFitter, AFitBetweenLeavesTheOnlineModelAsItIs) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const auto views = test::scattered_views(scene, 12, 12.0, {}, 1);
  ModelFitter fitter;
  using enum FitJob::Kind;
  fitter.run(job_of(assimilate, 1, frames_from(views, 0.0), scene.camera));
  FitJob edge = job_of(fit, 1, frames_from(views, 0.0), scene.camera);
  edge.options.stage = FitStage::edge;
  const auto fitted = fitter.run(edge);
  EXPECT_EQ(fitted.report.stage, FitStage::edge);
  EXPECT_EQ(fitted.base_version, 17U);
  const auto after = fitter.run(job_of(assimilate, 1, frames_from(views, 4.0), scene.camera));
  EXPECT_EQ(after.report.frames_used, 24);
}

TEST(ModelFitter, SmoothsByTheSmoother) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  const auto frames = frames_from(test::scattered_views(scene, 20, 12.0, {}, 1), 0.0);
  ModelFitter fitter;
  const auto outcome = fitter.run(job_of(FitJob::Kind::smooth, 0, frames, scene.camera));
  const auto expected = smooth_recording(frames, scene.camera, FitOptions{}, OnlineModelOptions{});
  ASSERT_TRUE(outcome.model && expected.model);
  EXPECT_EQ(outcome.model->eye_center_in_cam_mm, expected.model->eye_center_in_cam_mm);
  EXPECT_EQ(outcome.model->placements.size(), expected.model->placements.size());
  EXPECT_GT(outcome.model->placements.size(), 1U);
}

}  // namespace
}  // namespace yarbus::model_fitter_test
