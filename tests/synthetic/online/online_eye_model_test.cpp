// The online model on the simulator's outlines over time.
#include "eyemodel/online/online_eye_model.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <Eigen/LU>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/fit/predict.h"
#include "tests/support/refracted_eye.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::online_eye_model_test {
namespace {

using test::RefractedView;
using test::Slip;

/// Gaze errors of the model that is in force when a frame comes, as a session has it.
struct LiveRun {
  std::vector<double> times_s;
  std::vector<double> errors_deg;  ///< of each keyframe; 90 without a pose
  std::vector<int> slips;          ///< reported so far
  std::optional<FitOutcome> last;

  [[nodiscard]] double mean_deg(double from_s, double to_s) const {
    double sum = 0.0;
    int count = 0;
    for (std::size_t i = 0; i < times_s.size(); ++i) {
      if (times_s[i] < from_s || times_s[i] >= to_s) continue;
      sum += errors_deg[i];
      ++count;
    }
    return count > 0 ? sum / count : 90.0;
  }
};

LiveRun run_live(const simulation::Scene& scene, double duration_s, std::vector<Slip> slips,
                 std::uint64_t seed) {
  const auto keyframes = test::keyframes_of(test::recorded_views(scene, duration_s, slips, seed));
  OnlineEyeModel online(OnlineModelOptions{}, scene.camera);
  LiveRun run;
  std::size_t judged = 0;
  std::optional<EyeModel> model;
  test::assimilate_live(online, keyframes, [&](double time_s, const FitOutcome& outcome) {
    for (; judged < keyframes.size() && keyframes[judged].frame.captured_at <= test::at_seconds(time_s);
         ++judged) {
      const auto& view = keyframes[judged];
      const auto pose = model ? predict(*model, view.frame.observation) : std::nullopt;
      run.times_s.push_back(std::chrono::duration<double>(view.frame.captured_at).count());
      run.errors_deg.push_back(pose ? test::angle_deg(pose->gaze_dir_in_cam(), view.gaze_in_cam) : 90.0);
      run.slips.push_back(model ? model->report.slips : 0);
    }
    ASSERT_TRUE(outcome.model.has_value()) << time_s;
    ASSERT_TRUE(outcome.model->covariance_mm2.allFinite()) << time_s;
    model = outcome.model;
    run.last = outcome;
  });
  return run;
}

TEST(OnlineEyeModel, HasAnUnsureModelFromTheFirstFrame) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed), 5.0 * seed);
    const auto views = test::scattered_views(scene, 1, 0.0, {}, seed);
    OnlineEyeModel online({}, scene.camera);
    EXPECT_FALSE(online.assimilate({}).model.has_value()) << "nothing seen yet";
    const auto outcome = online.assimilate(test::frames_of(views));
    ASSERT_TRUE(outcome.model.has_value());
    EXPECT_EQ(outcome.model->stage, FitStage::refraction);
    const auto pose = predict(*outcome.model, views[0].frame.observation);
    ASSERT_TRUE(pose && pose->uncertainty);
    // Both circles of the ellipse are possible: large doubt, and the truth within it.
    const double variance = pose->uncertainty->gaze_covariance_in_cam.trace();
    EXPECT_GT(std::sqrt(variance), 5.0 * rad_per_deg) << "it admits that it does not know";
    EXPECT_LT(pose->uncertainty->mahalanobis_squared(pose->gaze_dir_in_cam(), views[0].gaze_in_cam), 12.0)
        << seed;
  }
}

TEST(OnlineEyeModel, IsBelowADegreeWithinThreeSeconds) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed), 8.0 * seed);
    const LiveRun run = run_live(scene, 5.0, {}, seed);
    EXPECT_LT(run.mean_deg(3.0, 5.0), 1.0) << "person " << seed;
    ASSERT_TRUE(run.last.has_value());
    EXPECT_EQ(run.last->report.slips, 0) << "person " << seed;
    EXPECT_GT(run.last->report.frames_used, 20);
  }
}

TEST(OnlineEyeModel, FollowsASlipOfTwoMillimetres) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed));
    const double turn = 1.7 * seed;
    const Slip slip{8.0, {2.0 * std::cos(turn), 2.0 * std::sin(turn), 0.0}};
    const LiveRun run = run_live(scene, 14.0, {slip}, seed + 20);
    EXPECT_LT(run.mean_deg(5.0, 8.0), 1.0) << "person " << seed << ", before";
    EXPECT_LT(run.mean_deg(10.0, 14.0), 1.0) << "person " << seed << ", two seconds after";
    ASSERT_TRUE(run.last.has_value());
    EXPECT_EQ(run.last->report.slips, 1) << "person " << seed;
    EXPECT_EQ(run.last->model->report.slips, 1);
    // None was reported before there was one.
    for (std::size_t i = 0; i < run.times_s.size(); ++i) {
      if (run.times_s[i] < 8.0) {
        EXPECT_EQ(run.slips[i], 0) << run.times_s[i];
      }
    }
  }
}

TEST(OnlineEyeModel, TakesNoTurnOfTheEyeForASlip) {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(seed), 25.0);
    const LiveRun run = run_live(scene, 30.0, {}, seed + 40);
    ASSERT_TRUE(run.last.has_value());
    EXPECT_EQ(run.last->report.slips, 0) << "person " << seed;
    EXPECT_LT(run.mean_deg(20.0, 30.0), 0.7) << "person " << seed;
  }
}

TEST(OnlineEyeModel, EachObservationCountsOnce) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(6));
  OnlineModelOptions options;
  options.drift_mm_per_sqrt_s = 0.0;  // nothing is forgotten
  const auto views = test::scattered_views(scene, options.window_frames, 15.0, {0.2, 120}, 6);
  OnlineEyeModel online(options, scene.camera);
  std::vector<ModelCovariance> information;
  std::optional<FitOutcome> after_one;
  for (int round = 0; round < 5; ++round) {
    std::vector<FitFrame> frames;
    for (std::size_t i = 0; i < views.size(); ++i) {
      FitFrame frame = views[i].frame;
      frame.captured_at = test::at_seconds(5.0 * round + 0.1 * static_cast<double>(i));
      frames.push_back(frame);
      // In threes, as they come.
      if (frames.size() == 3 || i + 1 == views.size()) {
        const auto outcome = online.assimilate(frames);
        ASSERT_TRUE(outcome.model.has_value());
        if (i + 1 == views.size()) {
          information.push_back(outcome.model->covariance_mm2.inverse());
          if (round == 0) after_one = outcome;
        }
        frames.clear();
      }
    }
  }
  const auto batch = fit_eye_model(test::frames_of(views), scene.camera, FitOptions{});
  ASSERT_TRUE(batch.model && after_one);
  const ModelCovariance once = batch.model->covariance_mm2.inverse();
  for (int k = 0; k < 7; ++k) {
    const double ratio =
        std::sqrt(after_one->model->covariance_mm2(k, k) / batch.model->covariance_mm2(k, k));
    EXPECT_GT(ratio, 1.0 / 1.3) << k;
    EXPECT_LT(ratio, 1.3) << k;
  }
  // The centre's part: no further round adds more than the first. It may add less: the detector's bias, which all
  // frames share, is no matter of how many there are.
  for (int k = 0; k < 3; ++k) {
    for (std::size_t round = 1; round < information.size(); ++round) {
      const double growth = information[round](k, k) / once(k, k);
      EXPECT_LT(growth, 1.3 * (static_cast<double>(round) + 1.0)) << k << ", round " << round;
      EXPECT_GT(information[round](k, k), 0.99 * information[round - 1](k, k)) << k << ", round " << round;
    }
  }
}

TEST(OnlineEyeModel, TheSameFrameOverAndOverTellsNoMoreThanItsDirection) {
  // A still eye for ten seconds: many keyframes, one direction. The model must stay unsure of the centre.
  simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(2), 20.0);
  std::mt19937 random(3);
  OnlineEyeModel online({}, scene.camera);
  std::optional<FitOutcome> last;
  for (int i = 0; i < 66; i += 3) {
    std::vector<FitFrame> frames;
    for (int k = 0; k < 3; ++k) {
      FitFrame frame;
      frame.sequence = static_cast<std::uint64_t>(i + k);
      frame.captured_at = test::at_seconds(0.15 * (i + k));
      frame.observation = test::observe(scene, {}, random);
      frames.push_back(frame);
    }
    last = online.assimilate(frames);
  }
  ASSERT_TRUE(last && last->model);
  const auto pose = predict(*last->model, test::observe(scene, {}, random));
  ASSERT_TRUE(pose && pose->uncertainty);
  const double cone_deg = pose->uncertainty->gaze_cone_rad(0.95) / rad_per_deg;
  EXPECT_GT(cone_deg, test::angle_deg(pose->gaze_dir_in_cam(), test::gaze_of(scene)));
}

TEST(OnlineEyeModel, KeepsABoundedWindow) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(2));
  OnlineModelOptions options;
  options.window_frames = 12;
  const auto keyframes = test::keyframes_of(test::recorded_views(scene, 12.0, {}, 7));
  ASSERT_GT(keyframes.size(), 60U);
  OnlineEyeModel online(options, scene.camera);
  std::size_t largest = 0;
  std::optional<FitOutcome> last;
  test::assimilate_live(online, keyframes, [&](double, const FitOutcome& outcome) {
    ASSERT_TRUE(outcome.model.has_value());
    largest = std::max(largest, outcome.model->supporting_pupils_in_cam.size());
    last = outcome;
  });
  EXPECT_EQ(largest, 12U);
  // What has left the window still counts.
  EXPECT_GT(last->report.frames_used, 60);
  EXPECT_LT((last->model->eye_center_in_cam_mm - scene.eye_center_in_cam_mm).head<2>().norm(), 0.4);
}

TEST(OnlineEyeModel, IsDeterministic) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(3));
  const std::vector<Slip> slips{{3.0, {0.0, 1.5, 0.0}}};
  const LiveRun first = run_live(scene, 6.0, slips, 5);
  const LiveRun second = run_live(scene, 6.0, slips, 5);
  EXPECT_EQ(first.errors_deg, second.errors_deg);
  EXPECT_EQ(first.slips, second.slips);
  ASSERT_TRUE(first.last && second.last);
  EXPECT_EQ(first.last->model->covariance_mm2, second.last->model->covariance_mm2);
}

TEST(OnlineEyeModel, TimeThatGoesBackIsNoHarm) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(3));
  auto keyframes = test::keyframes_of(test::recorded_views(scene, 6.0, {}, 5));
  std::reverse(keyframes.begin(), keyframes.end());
  OnlineEyeModel online({}, scene.camera);
  std::optional<FitOutcome> last;
  for (std::size_t i = 0; i + 3 <= keyframes.size(); i += 3) {
    last = online.assimilate(test::frames_of(std::span(keyframes).subspan(i, 3)));
    ASSERT_TRUE(last->model.has_value());
    ASSERT_TRUE(last->model->eye_center_in_cam_mm.allFinite());
    ASSERT_TRUE(last->model->covariance_mm2.allFinite());
  }
  ASSERT_TRUE(last.has_value());
  EXPECT_LT((last->model->eye_center_in_cam_mm - scene.eye_center_in_cam_mm).head<2>().norm(), 0.5);
}

TEST(OnlineEyeModel, BrokenFramesAreNoHarm) {
  const simulation::Scene scene = test::refracted_scene(simulation::sample_anatomy(3));
  const auto keyframes = test::keyframes_of(test::recorded_views(scene, 4.0, {}, 5));
  OnlineEyeModel online({}, scene.camera);
  FitFrame broken = keyframes[0].frame;
  broken.observation.ellipse.center_px.x() = std::nan("");
  EXPECT_FALSE(online.assimilate(std::span(&broken, 1)).model.has_value());
  std::optional<FitOutcome> last;
  for (std::size_t i = 0; i + 3 <= keyframes.size(); i += 3) {
    auto frames = test::frames_of(std::span(keyframes).subspan(i, 3));
    broken.captured_at = frames.back().captured_at;
    frames.push_back(broken);
    FitFrame half = frames.front();
    half.observation.edge_points[0].position_px.x() = std::nanf("");
    frames.push_back(half);
    last = online.assimilate(frames);
    ASSERT_TRUE(last->model.has_value());
    ASSERT_TRUE(last->model->eye_center_in_cam_mm.allFinite()) << i;
    ASSERT_TRUE(last->model->covariance_mm2.allFinite()) << i;
  }
  EXPECT_LT((last->model->eye_center_in_cam_mm - scene.eye_center_in_cam_mm).head<2>().norm(), 0.6);
}

TEST(OnlineModelOptions, ReportEveryViolation) {
  OnlineModelOptions options;
  EXPECT_TRUE(options.validate().has_value());
  options.window_frames = 0;
  options.slip_mm = std::nan("");
  ASSERT_FALSE(options.validate());
  EXPECT_THAT(options.validate().error().message,
              testing::AllOf(testing::HasSubstr("window_frames"), testing::HasSubstr("slip_mm")));
}

}  // namespace
}  // namespace yarbus::online_eye_model_test
