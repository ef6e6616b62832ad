// Stage `refraction` with glints, on the simulator's outlines. Glints are made here by bisection of the law
// of reflection, independently of the fit's forward model.
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/fit/predict.h"
#include "eyemodel/online/online_eye_model.h"
#include "eyemodel/online/smooth_recording.h"
#include "eyemodel/simulation/simulated_outlines.h"
#include "tests/support/refracted_eye.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::fit_glints_test {
namespace {

const std::vector<Eigen::Vector3d> two_lights{{9.0, 5.0, -2.0}, {-9.0, -6.0, -2.0}};

/// The point of a sphere that mirrors `light` to the camera at the origin: the normal that halves the angle
/// between the two, sought by bisection between the directions to both.
Eigen::Vector3d mirroring_point_mm(const Eigen::Vector3d& center, double radius_mm,
                                   const Eigen::Vector3d& light) {
  const Eigen::Vector3d towards_camera = -center.normalized();
  const Eigen::Vector3d towards_light = (light - center).normalized();
  double low = 0.0;
  double high = 1.0;
  Eigen::Vector3d point;
  for (int i = 0; i < 60; ++i) {
    const double share = 0.5 * (low + high);
    const Eigen::Vector3d normal = ((1.0 - share) * towards_camera + share * towards_light).normalized();
    point = center + radius_mm * normal;
    const double to_camera = normal.dot(-point.normalized());
    const double to_light = normal.dot((light - point).normalized());
    (to_camera > to_light ? low : high) = share;
  }
  return point;
}

struct Views {
  std::vector<FitFrame> frames;
  std::vector<Eigen::Vector3d> gaze_in_cam;
  CameraIntrinsics camera;  ///< with its lights
  Eigen::Vector3d eye_center_in_cam_mm;
  std::vector<double> pupil_diameter_mm;
};

/// A subject that looks about; outlines and glints with noise. Glints are in a random order.
Views subject_views(std::uint64_t seed, int count, double glint_noise_px = 0.2) {
  simulation::SimulatedOutlineOptions options;
  options.seed = seed;
  options.rate_hz = 5.0;
  simulation::SimulatedOutlines outlines(options);
  std::mt19937 random(static_cast<unsigned>(seed));
  std::normal_distribution<double> normal(0.0, 1.0);
  Views views;
  views.camera = outlines.camera();
  views.camera.leds_in_cam_mm = two_lights;
  for (std::uint64_t i = 0; views.frames.size() < static_cast<std::size_t>(count) && i < 500; ++i) {
    const auto outline = outlines.make(i);
    if (!outline.observation || outline.truth.is_saccade) continue;
    FitFrame frame{outline.sequence, *outline.observation, nullptr, outline.captured_at, outline.features};
    const Eigen::Vector3d cornea = outline.truth.eye_center_in_cam_mm +
                                   outlines.anatomy().cornea_center_mm * outline.truth.optical_axis_in_cam;
    for (const Eigen::Vector3d& light : two_lights) {
      const Eigen::Vector2d at =
          views.camera.project(mirroring_point_mm(cornea, outlines.anatomy().cornea_radius_mm, light));
      frame.features.glints.push_back(
          {at + glint_noise_px * Eigen::Vector2d(normal(random), normal(random)), glint_noise_px});
    }
    if (random() % 2 == 0) std::swap(frame.features.glints[0], frame.features.glints[1]);
    views.frames.push_back(frame);
    views.gaze_in_cam.push_back(outline.truth.optical_axis_in_cam);
    views.pupil_diameter_mm.push_back(2.0 * outline.truth.pupil_in_cam.radius_mm);
    views.eye_center_in_cam_mm = outline.truth.eye_center_in_cam_mm;
  }
  return views;
}

struct Errors {
  double gaze_deg = 0.0;
  double across_mm = 0.0;
  double depth_mm = 0.0;
  double pupil_mm = 0.0;

  Errors& operator+=(const Errors& other) {
    gaze_deg += other.gaze_deg;
    across_mm += other.across_mm;
    depth_mm += other.depth_mm;
    pupil_mm += other.pupil_mm;
    return *this;
  }
};

Errors errors_of(const EyeModel& model, const Views& views) {
  Errors errors;
  const Eigen::Vector3d sight = views.eye_center_in_cam_mm.normalized();
  const Eigen::Vector3d off = model.eye_center_in_cam_mm - views.eye_center_in_cam_mm;
  errors.depth_mm = std::abs(off.dot(sight));
  errors.across_mm = (off - off.dot(sight) * sight).norm();
  for (std::size_t i = 0; i < views.frames.size(); ++i) {
    const auto pose = predict(model, views.frames[i].observation);
    EXPECT_TRUE(pose.has_value());
    if (!pose) continue;
    const auto count = static_cast<double>(views.frames.size());
    errors.gaze_deg += test::angle_deg(pose->gaze_dir_in_cam(), views.gaze_in_cam[i]) / count;
    errors.pupil_mm += std::abs(pose->pupil_diameter_mm() - views.pupil_diameter_mm[i]) / count;
  }
  return errors;
}

CameraIntrinsics without_lights(CameraIntrinsics camera) {
  camera.leds_in_cam_mm.clear();
  return camera;
}

TEST(FitGlints, LightsInKnownPlacesTellDepthAndScale) {
  Errors with;
  Errors without;
  constexpr int people = 8;
  for (std::uint64_t seed = 1; seed <= people; ++seed) {
    const Views views = subject_views(seed, 60);
    const auto plain = fit_eye_model(views.frames, without_lights(views.camera), FitOptions{});
    const auto lit = fit_eye_model(views.frames, views.camera, FitOptions{});
    ASSERT_TRUE(plain.model && lit.model) << seed;
    without += errors_of(*plain.model, views);
    const Errors errors = errors_of(*lit.model, views);
    with += errors;
    EXPECT_THAT(lit.report.gauge, testing::HasSubstr("depth also from 1")) << "of 120 glints";
    EXPECT_THAT(plain.report.gauge, testing::Not(testing::HasSubstr("glints")));
    // What is stated shrinks with what is true, and holds it.
    const Eigen::Vector3d sight = views.eye_center_in_cam_mm.normalized();
    const auto depth_sigma_mm = [&](const EyeModel& model) {
      return std::sqrt(sight.dot(model.covariance_mm2.topLeftCorner<3, 3>() * sight));
    };
    EXPECT_LT(depth_sigma_mm(*lit.model), 0.8 * depth_sigma_mm(*plain.model)) << seed;
    EXPECT_LT(errors.depth_mm, 3.5 * depth_sigma_mm(*lit.model)) << seed;
  }
  RecordProperty("depth, mm",
                 std::to_string(without.depth_mm / people) + " to " + std::to_string(with.depth_mm / people));
  RecordProperty("pupil, mm",
                 std::to_string(without.pupil_mm / people) + " to " + std::to_string(with.pupil_mm / people));
  RecordProperty("gaze, deg",
                 std::to_string(without.gaze_deg / people) + " to " + std::to_string(with.gaze_deg / people));
  EXPECT_LT(with.depth_mm, 0.6 * without.depth_mm);
  EXPECT_LT(with.pupil_mm, 0.6 * without.pupil_mm);
  EXPECT_LT(with.gaze_deg, 1.05 * without.gaze_deg);
  EXPECT_LT(with.across_mm, 1.05 * without.across_mm);
}

TEST(FitGlints, ExactGlintsOfAnAverageEyeChangeNothing) {
  // Where the population's eye is the true one, exact glints agree with exact outlines.
  simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  scene.camera.leds_in_cam_mm = two_lights;
  auto frames = test::frames_of(test::scattered_views(scene, 30, 12.0, {0.0, 120}, 1));
  std::mt19937 random(1);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  for (FitFrame& frame : frames) {  // as scattered_views drew them
    scene.yaw_deg = 12.0 * uniform(random);
    scene.pitch_deg = 12.0 * uniform(random);
    scene.pupil_radius_mm = 2.0 + 0.6 * uniform(random);
    frame.observation = test::observe(scene, {0.0, 120}, random);
    const Eigen::Vector3d cornea =
        scene.eye_center_in_cam_mm + scene.eye.cornea_center_mm * test::gaze_of(scene);
    for (const Eigen::Vector3d& light : two_lights)
      frame.features.glints.push_back(
          {scene.camera.project(mirroring_point_mm(cornea, scene.eye.cornea_radius_mm, light)), 0.2});
  }
  const auto outcome = fit_eye_model(frames, scene.camera, FitOptions{});
  ASSERT_TRUE(outcome.model.has_value());
  EXPECT_LT((outcome.model->eye_center_in_cam_mm - scene.eye_center_in_cam_mm).norm(), 0.02);
  EXPECT_LT((outcome.model->anatomy.vector().head<3>() - OpticalAnatomy{}.vector().head<3>()).norm(), 0.01);
}

TEST(FitGlints, StrayGleamsAndTheLightsOrderDoNoHarm) {
  Errors clean;
  Errors strewn;
  for (std::uint64_t seed = 21; seed <= 24; ++seed) {
    Views views = subject_views(seed, 60);
    const auto first = fit_eye_model(views.frames, views.camera, FitOptions{});
    ASSERT_TRUE(first.model.has_value()) << seed;
    clean += errors_of(*first.model, views);

    std::swap(views.camera.leds_in_cam_mm[0], views.camera.leds_in_cam_mm[1]);
    const auto swapped = fit_eye_model(views.frames, views.camera, FitOptions{});
    ASSERT_TRUE(swapped.model.has_value()) << seed;
    EXPECT_LT((swapped.model->eye_center_in_cam_mm - first.model->eye_center_in_cam_mm).norm(), 1e-6);

    // In two of three frames one more gleam, in every third one of the glints gone.
    std::mt19937 random(static_cast<unsigned>(seed));
    std::uniform_real_distribution<double> uniform(-1.0, 1.0);
    for (std::size_t i = 0; i < views.frames.size(); ++i) {
      auto& frame = views.frames[i];
      const Eigen::Vector2d anywhere(uniform(random), uniform(random));
      const Glint gleam{frame.observation.ellipse.center_px + 60.0 * anywhere, 0.2};
      if (i % 3 == 0) {
        frame.features.glints[0] = gleam;
      } else {
        frame.features.glints.push_back(gleam);
      }
    }
    const auto outcome = fit_eye_model(views.frames, views.camera, FitOptions{});
    ASSERT_TRUE(outcome.model.has_value()) << seed;
    strewn += errors_of(*outcome.model, views);
    EXPECT_LT((outcome.model->eye_center_in_cam_mm - first.model->eye_center_in_cam_mm).norm(), 0.5) << seed;
  }
  EXPECT_LT(strewn.depth_mm, clean.depth_mm + 4 * 0.25);
  EXPECT_LT(strewn.gaze_deg, clean.gaze_deg + 4 * 0.03);
}

TEST(FitGlints, LightsStatedTooFarApartPutTheEyeTooFar) {
  // Their images' distance is as theirs over the square of the eye's: half of the error in depth.
  double moved_share = 0.0;
  double gaze_deg = 0.0;
  constexpr int people = 4;
  constexpr double too_far = 1.05;
  for (std::uint64_t seed = 41; seed < 41 + people; ++seed) {
    Views views = subject_views(seed, 60);
    const auto right = fit_eye_model(views.frames, views.camera, FitOptions{});
    for (Eigen::Vector3d& light : views.camera.leds_in_cam_mm) light.head<2>() *= too_far;
    const auto wrong = fit_eye_model(views.frames, views.camera, FitOptions{});
    ASSERT_TRUE(right.model && wrong.model) << seed;
    moved_share +=
        (wrong.model->eye_center_in_cam_mm.norm() / right.model->eye_center_in_cam_mm.norm() - 1.0) / people;
    gaze_deg += (errors_of(*wrong.model, views).gaze_deg - errors_of(*right.model, views).gaze_deg) / people;
  }
  RecordProperty("depth, share", std::to_string(moved_share));
  RecordProperty("gaze worse by, deg", std::to_string(gaze_deg));
  EXPECT_GT(moved_share, 0.2 * (too_far - 1.0));
  EXPECT_LT(moved_share, 0.6 * (too_far - 1.0));
  EXPECT_LT(gaze_deg, 0.1);
}

/// What a fit of any kind makes of frames before a camera.
using Fit = std::function<FitOutcome(const std::vector<FitFrame>&, const CameraIntrinsics&)>;

TEST(FitGlints, WithoutLightsTheyChangeNotABit) {
  const Views views = subject_views(5, 40);
  auto bare = views.frames;
  for (FitFrame& frame : bare) frame.features.glints.clear();
  const CameraIntrinsics dark = without_lights(views.camera);
  const std::vector<Fit> fits{
      [](const auto& frames, const auto& camera) { return fit_eye_model(frames, camera, FitOptions{}); },
      [](const auto& frames, const auto& camera) {
        return smooth_recording(frames, camera, FitOptions{}, OnlineModelOptions{}, {});
      },
      [](const auto& frames, const auto& camera) {
        return OnlineEyeModel(OnlineModelOptions{}, camera).assimilate(frames);
      }};
  for (const Fit& fit : fits) {
    const auto plain = fit(bare, dark);
    const auto unused = fit(views.frames, dark);
    const auto unseen = fit(bare, views.camera);
    const auto used = fit(views.frames, views.camera);
    ASSERT_TRUE(plain.model && unused.model && unseen.model && used.model);
    for (const FitOutcome* other : {&unused, &unseen}) {
      EXPECT_EQ(other->model->eye_center_in_cam_mm, plain.model->eye_center_in_cam_mm);
      EXPECT_EQ(other->model->anatomy.vector(), plain.model->anatomy.vector());
      EXPECT_EQ(other->model->covariance_mm2, plain.model->covariance_mm2);
      EXPECT_EQ(other->report.gauge, plain.report.gauge);
    }
    EXPECT_NE(used.model->eye_center_in_cam_mm, plain.model->eye_center_in_cam_mm)
        << "with lights they count";
  }
}

TEST(FitGlints, TheLiveModelUsesThemToo) {
  Errors with;
  Errors without;
  for (std::uint64_t seed = 31; seed <= 36; ++seed) {
    const Views views = subject_views(seed, 60);
    for (const bool is_lit : {true, false}) {
      OnlineEyeModel online(OnlineModelOptions{}, is_lit ? views.camera : without_lights(views.camera));
      FitOutcome outcome;
      for (std::size_t i = 0; i < views.frames.size(); i += 2) {
        const std::size_t count = std::min<std::size_t>(2, views.frames.size() - i);
        outcome = online.assimilate(std::span(views.frames).subspan(i, count));
      }
      ASSERT_TRUE(outcome.model.has_value());
      EXPECT_EQ(outcome.report.slips, 0) << seed;
      (is_lit ? with : without) += errors_of(*outcome.model, views);
    }
  }
  EXPECT_LT(with.depth_mm, 0.7 * without.depth_mm);
  EXPECT_LT(with.gaze_deg, 1.1 * without.gaze_deg);
}

}  // namespace
}  // namespace yarbus::fit_glints_test
