// Outlines without rendering, against the slow tracer, the renderer's own truth and the statistics they
// state.
#include "eyemodel/simulation/simulated_outlines.h"

#include <cmath>
#include <cstring>
#include <numbers>

#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "eyemodel/simulation/corneal_optics.h"
#include "eyemodel/simulation/outline_tracer.h"
#include "eyemodel/simulation/scalar_functions.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "eyemodel/simulation/truth.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus::simulation::simulated_outlines_test {
namespace {

SimulatedOutlineOptions exact(std::uint64_t seed) {
  SimulatedOutlineOptions options;
  options.seed = seed;
  options.noise_factor = 0.0;
  return options;
}

TEST(OutlineTracer, FindsTheCrossingThatBisectionFinds) {
  Random random(4);
  for (int i = 0; i < 2000; ++i) {
    const EyeAnatomy eye = draw_anatomy(Population::normal, random.bits());
    const double turn = random.uniform(0.0, 6.28);
    const double radius = random.uniform(0.0, 3.0);
    const Eigen::Vector3d inside(radius * std::cos(turn), radius * std::sin(turn), eye.pupil_plane_mm);
    // Up to 80 degrees off the eye's axis.
    const double tilt = random.uniform(0.0, 1.4);
    const Eigen::Vector3d viewer =
        random.uniform(20.0, 80.0) * Eigen::Vector3d(std::sin(tilt), 0.0, std::cos(tilt));
    const Eigen::Vector3d fast = find_corneal_crossing_fast(inside, viewer, eye);
    EXPECT_LT((fast - find_corneal_crossing(inside, viewer, eye)).norm(), 1e-9);
  }
}

TEST(OutlineTracer, FollowsTheRenderedEyesOutline) {
  for (const char* name : {"easy", "off-axis", "slippage"}) {
    const ScenarioSetup setup = set_up_scenario(*find_scenario(name), 3, EyeSide::right);
    EyeMotion motion(setup.motion, 3);
    auto eye = SimulatedEye::create(name, 3);
    ASSERT_TRUE(eye.has_value());
    GrayImage image;
    SimulatedTruth truth;
    const std::uint64_t index = 40;
    eye->render(index, image, truth);

    Scene scene = setup.scene;
    const auto state = motion.at(static_cast<double>(index) / setup.rate_hz);
    scene.pupil_radius_mm = state.pupil_radius_mm;
    slip_camera(scene, state.slip_in_head_mm, state.tilt_deg);
    scene.yaw_deg = state.gaze.gaze_deg.x();
    scene.pitch_deg = state.gaze.gaze_deg.y();
    std::vector<Eigen::Vector2d> points(64);
    trace_pupil_outline_fast(scene, points);
    const auto slow = trace_pupil_outline(scene, 64);
    for (std::size_t i = 0; i < points.size(); ++i) EXPECT_LT((points[i] - slow[i]).norm(), 1e-8) << name;
    const auto ellipse = fit_ellipse_to_outline(points);
    ASSERT_TRUE(ellipse.has_value());
    EXPECT_LT((ellipse->ellipse.center_px - truth.pupil_ellipse.center_px).norm(), 1e-3) << name;
    EXPECT_NEAR(ellipse->ellipse.semi_major_px, truth.pupil_ellipse.semi_major_px, 1e-3) << name;
    EXPECT_NEAR(ellipse->ellipse.semi_minor_px, truth.pupil_ellipse.semi_minor_px, 1e-3) << name;
  }
}

TEST(SimulatedOutlines, WithoutNoiseTheEdgesLieOnTheTracedOutline) {
  for (const Population population : {Population::simulated, Population::normal}) {
    SimulatedOutlineOptions options = exact(5);
    options.population = population;
    SimulatedOutlines outlines(options);
    for (const std::uint64_t index : {0u, 17u, 200u}) {
      const SimulatedOutline outline = outlines.make(index);
      ASSERT_TRUE(outline.observation.has_value());
      const Scene scene = outlines.scene_at(outlines.time_s(index));
      const auto traced = trace_pupil_outline(scene, options.edge_points);
      ASSERT_EQ(outline.observation->edge_points.size(), traced.size());
      for (std::size_t i = 0; i < traced.size(); ++i) {
        const Eigen::Vector2d edge = outline.observation->edge_points[i].position_px.cast<double>();
        EXPECT_LT((edge - traced[i]).norm(), 1e-3);
      }
      const SimulatedTruth truth = truth_of(scene);
      EXPECT_LT((outline.truth.pupil_ellipse.center_px - truth.pupil_ellipse.center_px).norm(), 1e-3);
      EXPECT_LT((outline.truth.limbus_ellipse.center_px - truth.limbus_ellipse.center_px).norm(), 1e-3);
      EXPECT_NEAR(outline.truth.limbus_ellipse.semi_minor_px, truth.limbus_ellipse.semi_minor_px, 1e-3);
      EXPECT_EQ(outline.truth.optical_axis_in_cam, truth.optical_axis_in_cam);
      EXPECT_EQ(outline.truth.eye_center_in_cam_mm, truth.eye_center_in_cam_mm);
      EXPECT_EQ(outline.truth.pupil_in_cam.radius_mm, truth.pupil_in_cam.radius_mm);
    }
  }
}

TEST(SimulatedOutlines, TheNoiseHasTheStatedSigmaAcrossTheEdge) {
  SimulatedOutlineOptions options;
  options.sigma_px = 0.3;
  options.limbus_points = 20;
  options.limbus_sigma_px = 0.6;
  SimulatedOutlineOptions same_without_noise = options;
  same_without_noise.noise_factor = 0.0;
  SimulatedOutlines noisy(options);
  SimulatedOutlines clean(same_without_noise);
  double squares = 0.0;
  double along_squares = 0.0;
  std::size_t count = 0;
  double limbus_squares = 0.0;
  std::size_t limbus_count = 0;
  for (std::uint64_t index = 0; index < 300; ++index) {
    const SimulatedOutline with = noisy.make(index);
    const SimulatedOutline without = clean.make(index);
    const OutlineShape shape = OutlineShape::from(without.truth.pupil_ellipse);
    for (std::size_t i = 0; i < with.observation->edge_points.size(); ++i) {
      EXPECT_FLOAT_EQ(with.observation->edge_points[i].sigma_px, 0.3F);
      const Eigen::Vector2d at = without.observation->edge_points[i].position_px.cast<double>();
      const Eigen::Vector2d off = with.observation->edge_points[i].position_px.cast<double>() - at;
      Eigen::Matrix2d s;
      s << shape.s_xx_px, shape.s_xy_px, shape.s_xy_px, shape.s_yy_px;
      const Eigen::Vector2d unit = s.inverse() * (at - shape.center_px);
      const Eigen::Vector2d normal = shape.normal_at(unit.x(), unit.y());
      squares += std::pow(off.dot(normal), 2);
      along_squares += off.squaredNorm() - std::pow(off.dot(normal), 2);
      ++count;
    }
    ASSERT_EQ(with.features.limbus_points.size(), without.features.limbus_points.size());
    for (std::size_t i = 0; i < with.features.limbus_points.size(); ++i) {
      limbus_squares +=
          (with.features.limbus_points[i].position_px - without.features.limbus_points[i].position_px)
              .squaredNorm();
      ++limbus_count;
    }
  }
  ASSERT_GT(count, 15000u);
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(count)), 0.3, 0.01);
  EXPECT_LT(std::sqrt(along_squares / static_cast<double>(count)), 0.01);
  ASSERT_GT(limbus_count, 3000u);
  EXPECT_NEAR(std::sqrt(limbus_squares / static_cast<double>(limbus_count)), 0.6, 0.03);
}

TEST(SimulatedOutlines, TheEllipsesCovarianceIsThatOfItsErrors) {
  SimulatedOutlineOptions options;
  options.motion.gaze.kind = GazePlan::Kind::still;
  options.lid_share = 0.3;  // less is known of the upper half
  SimulatedOutlines noisy(options);
  options.noise_factor = 0.0;
  SimulatedOutlines clean(options);
  double mahalanobis = 0.0;
  constexpr int frames = 600;
  for (std::uint64_t index = 0; index < frames; ++index) {
    const SimulatedOutline with = noisy.make(index);
    const OutlineShape found = OutlineShape::from(with.observation->ellipse);
    const OutlineShape exact_shape = OutlineShape::from(clean.make(index).observation->ellipse);
    Eigen::Matrix<double, 5, 1> off;
    off << found.center_px - exact_shape.center_px, found.s_xx_px - exact_shape.s_xx_px,
        found.s_xy_px - exact_shape.s_xy_px, found.s_yy_px - exact_shape.s_yy_px;
    mahalanobis += off.dot(with.observation->covariance_px2.ldlt().solve(off));
  }
  // Mean 5, standard deviation of a mean of 600: sqrt(10 / 600).
  EXPECT_NEAR(mahalanobis / frames, 5.0, 0.55);
}

TEST(SimulatedOutlines, TheSameSeedGivesTheSameBytesInAnyOrder) {
  SimulatedOutlineOptions options;
  options.limbus_points = 12;
  options.motion.scripted_slips = {{1.0, 2.0, 1.5}};
  SimulatedOutlines forwards(options);
  SimulatedOutlines backwards(options);
  std::vector<SimulatedOutline> there;
  for (std::uint64_t index = 0; index < 120; ++index) there.push_back(forwards.make(index));
  for (std::uint64_t index = 120; index-- > 0;) {
    const SimulatedOutline back = backwards.make(index);
    ASSERT_TRUE(back.observation.has_value());
    const auto& edges = there[index].observation->edge_points;
    ASSERT_EQ(back.observation->edge_points.size(), edges.size());
    EXPECT_EQ(
        std::memcmp(back.observation->edge_points.data(), edges.data(), edges.size() * sizeof(EdgePoint)), 0);
    EXPECT_EQ(back.observation->covariance_px2, there[index].observation->covariance_px2);
    EXPECT_EQ(back.truth.optical_axis_in_cam, there[index].truth.optical_axis_in_cam);
    EXPECT_EQ(back.features.limbus_points.size(), there[index].features.limbus_points.size());
  }
  options.seed = 2;
  EXPECT_NE(SimulatedOutlines(options).make(7).truth.pupil_ellipse.center_px,
            there[7].truth.pupil_ellipse.center_px);
}

TEST(SimulatedOutlines, AScriptedSlipMovesTheCameraByWhatItSays) {
  SimulatedOutlineOptions options = exact(9);
  options.motion.scripted_slips = {{1.0, 2.0, 0.0}, {2.0, 0.0, 1.5}};
  SimulatedOutlines outlines(options);
  const Scene before = outlines.scene_at(0.99);
  const Scene slid = outlines.scene_at(1.2);
  const Scene tilted = outlines.scene_at(2.2);
  EXPECT_NEAR((slid.eye_center_in_cam_mm - before.eye_center_in_cam_mm).norm(), 2.0, 1e-9);
  EXPECT_NEAR(Eigen::AngleAxisd(before.cam_from_head * slid.cam_from_head.transpose()).angle(), 0.0, 1e-7);
  EXPECT_NEAR(Eigen::AngleAxisd(slid.cam_from_head * tilted.cam_from_head.transpose()).angle() / rad_per_deg,
              1.5, 1e-2);
  EXPECT_LT((outlines.scene_at(0.5).eye_center_in_cam_mm - before.eye_center_in_cam_mm).norm(), 1e-12);
}

TEST(SimulatedOutlines, ALidHidesTheUpperPartOnly) {
  SimulatedOutlineOptions options = exact(2);
  options.lid_share = 0.25;
  SimulatedOutlines outlines(options);
  const SimulatedOutline outline = outlines.make(30);
  ASSERT_TRUE(outline.observation.has_value());
  const auto& edges = outline.observation->edge_points;
  EXPECT_LT(edges.size(), 50u);
  EXPECT_GT(edges.size(), 35u);
  const Ellipse& whole = outline.truth.pupil_ellipse;
  double top = 1e9;
  double bottom = -1e9;
  for (int i = 0; i < 360; ++i) {
    top = std::min(top, whole.point_at(i * rad_per_deg).y());
    bottom = std::max(bottom, whole.point_at(i * rad_per_deg).y());
  }
  for (const EdgePoint& edge : edges) EXPECT_GT(edge.position_px.y(), top + 0.24 * (bottom - top));
  EXPECT_NEAR(*outline.observation->lid_closure, 0.25, 1e-12);
  EXPECT_NEAR(outline.truth.visible_fraction, 0.8045, 1e-3);  // a disc without its upper quarter in height
  // What is left gives the whole: the outline is nearly an ellipse.
  EXPECT_LT((outline.observation->ellipse.center_px - whole.center_px).norm(), 0.1);
}

TEST(SimulatedOutlines, BlinksAndTheImagesBorderLeaveNoObservation) {
  SimulatedOutlineOptions options = exact(2);
  options.motion.first_blink_s = 0.5;
  SimulatedOutlines blinking(options);
  const auto in_blink = static_cast<std::uint64_t>(0.6 * options.rate_hz);
  EXPECT_FALSE(blinking.make(in_blink).observation.has_value());
  EXPECT_TRUE(blinking.make(in_blink).truth.in_blink);
  EXPECT_TRUE(blinking.make(10).observation.has_value());

  SimulatedOutlineOptions near = exact(2);
  near.motion.scripted_slips = {{0.1, 60.0, 0.0}};
  EXPECT_FALSE(SimulatedOutlines(near).make(60).observation.has_value());
}

TEST(SimulatedOutlines, LimbusPointsLieOnTheLimbusAtItsSides) {
  SimulatedOutlineOptions options = exact(6);
  options.limbus_points = 20;
  SimulatedOutlines outlines(options);
  const SimulatedOutline outline = outlines.make(50);
  ASSERT_GT(outline.features.limbus_points.size(), 8u);
  const OutlineShape shape = OutlineShape::from(outline.truth.limbus_ellipse);
  Eigen::Matrix2d s;
  s << shape.s_xx_px, shape.s_xy_px, shape.s_xy_px, shape.s_yy_px;
  for (const EdgePoint& point : outline.features.limbus_points) {
    const Eigen::Vector2d unit = s.inverse() * (point.position_px.cast<double>() - shape.center_px);
    EXPECT_NEAR(unit.norm(), 1.0, 1e-3);
    EXPECT_GT(std::abs(unit.x()), 0.5);  // not under the lids
  }
}

TEST(Population, NormalDrawsHaveTheirMomentsAndRepeat) {
  Eigen::Vector4d sum = Eigen::Vector4d::Zero();
  Eigen::Vector4d squares = Eigen::Vector4d::Zero();
  constexpr int draws = 4000;
  for (std::uint64_t seed = 1; seed <= draws; ++seed) {
    const EyeAnatomy eye = draw_anatomy(Population::normal, seed);
    ASSERT_TRUE(eye.validate()) << seed;
    const Eigen::Vector4d values = optical_anatomy_of(eye).vector();
    sum += values;
    squares += values.cwiseAbs2();
  }
  const Eigen::Vector4d mean = sum / draws;
  const Eigen::Vector4d sigma = (squares / draws - mean.cwiseAbs2()).cwiseSqrt();
  EXPECT_LT((mean - Eigen::Vector4d(10.0, 5.45, 7.8, 5.85)).cwiseAbs().maxCoeff(), 0.03);
  EXPECT_LT((sigma - Eigen::Vector4d(0.35, 0.30, 0.25, 0.25)).cwiseAbs().maxCoeff(), 0.02);
  EXPECT_EQ(draw_anatomy(Population::normal, 3).pupil_plane_mm,
            draw_anatomy(Population::normal, 3).pupil_plane_mm);
  EXPECT_EQ(draw_anatomy(Population::simulated, 3).pupil_plane_mm, sample_anatomy(3, true).pupil_plane_mm);
}

}  // namespace
}  // namespace yarbus::simulation::simulated_outlines_test
