// The innovation test alone: which frames fit no turn of the eye, and whether a moved headset explains them.
#include "eyemodel/online/slip_test.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/fit/fit_refraction.h"
#include "eyemodel/fit/refraction_start.h"
#include "tests/support/refracted_eye.h"

namespace yarbus::slip_test_test {
namespace {

/// Outlines that no circular pupil has: three lobes of that height.
void make_three_lobed(PupilObservation& observation, double height_px) {
  for (EdgePoint& edge : observation.edge_points) {
    const Eigen::Vector2f from_center = edge.position_px - observation.ellipse.center_px.cast<float>();
    const double angle_rad =
        std::atan2(static_cast<double>(from_center.y()), static_cast<double>(from_center.x()));
    edge.position_px += static_cast<float>(height_px * std::cos(3.0 * angle_rad)) * from_center.normalized();
  }
}

/// Those views under a model whose eye sits at `model_scene`'s place, its centre opened by `slip_mm`.
RefractionProblem problem_of(const std::vector<test::RefractedView>& views,
                             const simulation::Scene& model_scene, double slip_mm) {
  std::vector<FitFrame> frames = test::frames_of(views);
  std::vector<const FitFrame*> pointers;
  for (const FitFrame& frame : frames) pointers.push_back(&frame);
  RefractionProblem problem = refraction_problem(pointers, model_scene.camera, AnatomyPrior{});
  problem.eye_centers_in_cam_mm = {model_scene.eye_center_in_cam_mm};
  problem.prior.mean.head<3>() = model_scene.eye_center_in_cam_mm;
  problem.prior.information_per_mm2.topLeftCorner<3, 3>() = Eigen::Matrix3d::Identity() / (slip_mm * slip_mm);
  start_turns(problem);
  return problem;
}

class SlipTestOfFrames : public testing::TestWithParam<int> {
 protected:
  SlipOptions options_;
  simulation::Scene scene_ = test::refracted_scene(test::average_anatomy());
};

TEST_P(SlipTestOfFrames, AMovedHeadsetIsBelievedAndItsWayFound) {
  simulation::Scene moved = scene_;
  slip_camera(moved, {1.5, -1.0, 0.5}, {0.0, 0.0, 0.0});
  const auto views = test::scattered_views(moved, GetParam(), 12.0, {}, 5);
  RefractionProblem problem = problem_of(views, scene_, options_.slip_mm);
  SlipTest test(options_);
  EXPECT_EQ(test.misfits_from(problem.frames, problem.shape(problem.frames.front()), problem.intrinsics), 0U);
  EXPECT_TRUE(SlipTest::may_judge(problem.frames));
  const auto center = test.slipped_center(problem);
  ASSERT_TRUE(center.has_value());
  EXPECT_LT((*center - moved.eye_center_in_cam_mm).head<2>().norm(), 0.5);
}

TEST_P(SlipTestOfFrames, WhatNoEyeExplainsIsNoSlip) {
  auto views = test::scattered_views(scene_, GetParam(), 12.0, {}, 6);
  for (auto& view : views) make_three_lobed(view.frame.observation, 1.0);
  const RefractionProblem problem = problem_of(views, scene_, options_.slip_mm);
  EXPECT_FALSE(SlipTest(options_).slipped_center(problem).has_value());
}

TEST_P(SlipTestOfFrames, AnEyeThatTurnedFits) {
  const auto views = test::scattered_views(scene_, GetParam(), 12.0, {}, 7);
  RefractionProblem problem = problem_of(views, scene_, options_.slip_mm);
  SlipTest test(options_);
  EXPECT_EQ(test.misfits_from(problem.frames, problem.shape(problem.frames.front()), problem.intrinsics),
            problem.frames.size());
  EXPECT_FALSE(test.slipped_center(problem).has_value());
}
INSTANTIATE_TEST_SUITE_P(Counts, SlipTestOfFrames, testing::Values(4, 10, 20, 40));

TEST(SlipTest, AFrameThatWaitsCountsOnceInWhatIsUsual) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  simulation::Scene moved = scene;
  slip_camera(moved, {2.0, 0.0, 0.0}, {0.0, 0.0, 0.0});
  RefractionProblem problem = problem_of(test::scattered_views(moved, 4, 12.0, {}, 8), scene, 2.5);
  for (std::size_t i = 0; i < problem.frames.size(); ++i)
    problem.frames[i].captured_at = test::at_seconds(0.1 * static_cast<double>(i + 1));
  SlipTest test{SlipOptions{}};
  const EyeShape shape = problem.shape(problem.frames.front());
  test.misfits_from(problem.frames, shape, problem.intrinsics);
  const double limit = test.misfit_limit();
  for (int update = 0; update < 20; ++update) test.misfits_from(problem.frames, shape, problem.intrinsics);
  EXPECT_EQ(test.misfit_limit(), limit) << "a long suspicion must not raise its own limit";
}

}  // namespace
}  // namespace yarbus::slip_test_test
