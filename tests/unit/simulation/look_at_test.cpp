#include "eyemodel/simulation/look_at.h"

#include <cmath>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "eyemodel/simulation/scalar_functions.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "eyemodel/simulation/truth.h"

namespace yarbus::simulation::look_at_test {
namespace {

double angle_deg(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::atan2(a.cross(b).norm(), a.dot(b)) / rad_per_deg;
}

Scene looking(const EyeAnatomy& eye, const Eigen::Vector2d& gaze_deg) {
  Scene scene;
  scene.eye = eye;
  scene.yaw_deg = gaze_deg.x();
  scene.pitch_deg = gaze_deg.y();
  return scene;
}

TEST(LookAt, TheVisualAxisPassesThroughThePoint) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const EyeAnatomy eye = sample_anatomy(seed, true);
    for (const double x_mm : {-220.0, 0.0, 150.0}) {
      for (const double y_mm : {-130.0, 0.0, 130.0}) {
        const Eigen::Vector3d point_mm(x_mm, y_mm, -600.0);
        const Scene scene = looking(eye, gaze_towards_deg(eye, point_mm));
        EXPECT_LT(angle_deg(visual_axis_in_head(scene), point_mm), 1e-9);
        // As the truth has it; and the optical axis goes elsewhere.
        const SimulatedTruth truth = placement_of(scene);
        EXPECT_LT(angle_deg(truth.visual_axis_in_cam, scene.cam_from_head * point_mm), 1e-9);
        EXPECT_GT(angle_deg(truth.optical_axis_in_cam, scene.cam_from_head * point_mm), 1.0);
      }
    }
  }
}

TEST(LookAt, WithoutKappaTheOpticalAxisGoesThere) {
  const EyeAnatomy eye;
  const Eigen::Vector2d gaze_deg = gaze_towards_deg(eye, {-300.0, -200.0, -600.0});
  EXPECT_NEAR(gaze_deg.x(), -std::atan2(300.0, 600.0) / rad_per_deg, 1e-9);
  EXPECT_NEAR(gaze_deg.y(), std::atan2(200.0, std::hypot(300.0, 600.0)) / rad_per_deg, 1e-9);
}

TEST(LookAt, AnEyeStopsAtItsLimit) {
  const EyeAnatomy eye = sample_anatomy(1, true);
  EXPECT_EQ(gaze_towards_deg(eye, {900.0, 0.0, -600.0}).x(), gaze_limit_deg().x());
  EXPECT_EQ(gaze_towards_deg(eye, {0.0, 900.0, -600.0}).y(), -gaze_limit_deg().y());
}

TEST(LookAt, ASaccadeGoesToANewPointAndTheFixationDriftsThere) {
  const EyeAnatomy eye = sample_anatomy(2, true);
  const Eigen::Vector3d first_mm(-100.0, 0.0, -600.0);
  const Eigen::Vector3d second_mm(150.0, 60.0, -600.0);
  LookAtMotion motion(eye, gaze_towards_deg(eye, first_mm), 5);
  constexpr double rate_hz = 250.0;
  double fastest_deg_s = 0.0;
  double largest_off_deg = 0.0;
  double travelled_deg = 0.0;
  Eigen::Vector2d before = motion.at(first_mm, 0.0).gaze_deg;
  for (int i = 1; i < 500; ++i) {
    const double t_s = i / rate_hz;
    const Eigen::Vector2d gaze = motion.at(t_s < 0.5 ? first_mm : second_mm, t_s).gaze_deg;
    fastest_deg_s = std::max(fastest_deg_s, (gaze - before).norm() * rate_hz);
    if (t_s > 0.7) {
      const double off_deg = angle_deg(visual_axis_in_head(looking(eye, gaze)), second_mm);
      largest_off_deg = std::max(largest_off_deg, off_deg);
      travelled_deg += (gaze - before).norm();
    }
    before = gaze;
  }
  EXPECT_GT(fastest_deg_s, 300.0);
  EXPECT_LT(fastest_deg_s, 800.0);
  EXPECT_LT(largest_off_deg, 0.15);
  EXPECT_GT(travelled_deg, 0.1);  // it is never quite still
}

TEST(LookAt, ASimulatedEyeLooksWhereItIsTold) {
  auto eye = SimulatedEye::create("easy", 3, EyeSide::left);
  ASSERT_TRUE(eye);
  SimulationControls controls = eye->controls();
  controls.motion = SimulatedMotion::look_at;
  GrayImage image;
  SimulatedTruth truth;
  std::uint64_t index = 0;
  for (const Eigen::Vector3d point_mm :
       {Eigen::Vector3d(180.0, 0.0, -600.0), Eigen::Vector3d(-180.0, 100.0, -600.0)}) {
    controls.look_at_in_head_mm = point_mm;
    eye->set_controls(controls);
    for (int i = 0; i < 12; ++i) eye->render(index++, image, truth);
    EXPECT_LT(angle_deg(eye->visual_axis_in_head(), point_mm), 0.15);
    EXPECT_GT(truth.visible_fraction, 0.8);
  }
  // What is no point changes nothing.
  controls.look_at_in_head_mm.setConstant(std::nan(""));
  eye->set_controls(controls);
  EXPECT_TRUE(eye->controls().look_at_in_head_mm.allFinite());
  controls = eye->controls();
  controls.is_closed = true;
  eye->set_controls(controls);
  eye->render(index, image, truth);
  EXPECT_EQ(truth.visible_fraction, 0.0);
}

TEST(LookAt, TheSameControlsGiveTheSameFrames) {
  const auto run = [] {
    auto eye = SimulatedEye::create("droopy", 4);
    SimulationControls controls = eye->controls();
    controls.motion = SimulatedMotion::look_at;
    GrayImage image;
    SimulatedTruth truth;
    for (std::uint64_t i = 0; i < 6; ++i) {
      controls.look_at_in_head_mm.x() = i < 2 ? 0.0 : 120.0;
      controls.blinks = i < 4 ? 0U : 1U;
      eye->set_controls(controls);
      eye->render(i, image, truth);
    }
    return std::vector<std::uint8_t>(image.data(), image.data() + image.width_px() * image.height_px());
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace yarbus::simulation::look_at_test
