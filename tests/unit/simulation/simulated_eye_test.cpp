// The simulator as its users meet it: scenarios, truth, controls.
#include "eyemodel/simulation/simulated_eye.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/simulation/scenario.h"

namespace yarbus::simulation::simulated_eye_test {
namespace {

struct Shot {
  GrayImage image;
  SimulatedTruth truth;
};
Shot shoot(SimulatedEye& eye, std::uint64_t index) {
  Shot shot;
  eye.render(index, shot.image, shot.truth);
  return shot;
}
bool same_pixels(const GrayImage& a, const GrayImage& b) {
  return a.width_px() == b.width_px() && a.height_px() == b.height_px() &&
         std::equal(a.data(), a.data() + static_cast<std::ptrdiff_t>(a.width_px()) * a.height_px(), b.data());
}
double angle_deg(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::acos(std::clamp(a.dot(b), -1.0, 1.0)) * 180.0 / std::numbers::pi;
}

TEST(Scenarios, AllRenderWithConsistentTruth) {
  for (const ScenarioInfo& info : scenarios()) {
    auto eye = SimulatedEye::create(info.name, 3);
    ASSERT_TRUE(eye) << info.name;
    EXPECT_FALSE(info.summary.empty());
    for (const std::uint64_t index : {0U, 37U}) {
      const Shot shot = shoot(*eye, index);
      const SimulatedTruth& truth = shot.truth;
      EXPECT_EQ(shot.image.width_px(), eye->camera().width_px) << info.name;
      EXPECT_NEAR(truth.time_s, static_cast<double>(index) / eye->rate_hz(), 1e-9);
      EXPECT_NEAR(truth.optical_axis_in_cam.norm(), 1.0, 1e-9);
      EXPECT_LT(truth.optical_axis_in_cam.z(), 0.0) << info.name << ": it looks towards the camera's side";
      EXPECT_GT(truth.eye_center_in_cam_mm.z(), 25.0);
      EXPECT_LT(truth.eye_center_in_cam_mm.z(), 70.0);
      const Eigen::Vector3d along = truth.pupil_in_cam.center_in_cam_mm - truth.eye_center_in_cam_mm;
      EXPECT_NEAR(angle_deg(along.normalized(), truth.optical_axis_in_cam), 0.0, 1e-4);
      EXPECT_TRUE(truth.pupil_ellipse.is_valid());
      EXPECT_LT(truth.pupil_ellipse_residual_px, 0.6) << info.name;
      EXPECT_GE(truth.visible_fraction, 0.0);
      EXPECT_LE(truth.visible_fraction, 1.0);
      const double kappa = angle_deg(truth.visual_axis_in_cam, truth.optical_axis_in_cam);
      EXPECT_GT(kappa, 1.0);
      EXPECT_LT(kappa, 10.0);
    }
  }
}

TEST(Scenarios, UnknownOnesAreNamedWithTheKnown) {
  const auto eye = SimulatedEye::create("sunny", 1);
  ASSERT_FALSE(eye);
  EXPECT_THAT(eye.error().remedy, testing::HasSubstr("off-axis"));
}

TEST(SimulatedEye, FramesDependOnScenarioSeedAndIndexOnly) {
  auto forward = SimulatedEye::create("blinks", 4);
  auto other_order = SimulatedEye::create("blinks", 4);
  const Shot first = shoot(*forward, 2);
  const Shot later = shoot(*forward, 31);
  const Shot later_again = shoot(*other_order, 31);
  const Shot first_again = shoot(*other_order, 2);
  EXPECT_TRUE(same_pixels(first.image, first_again.image));
  EXPECT_TRUE(same_pixels(later.image, later_again.image));
  EXPECT_EQ(later.truth.pupil_ellipse.center_px, later_again.truth.pupil_ellipse.center_px);
  auto other_seed = SimulatedEye::create("blinks", 5);
  EXPECT_FALSE(same_pixels(first.image, shoot(*other_seed, 2).image));
}

TEST(SimulatedEye, ASecondPassGivesTheSameFrames) {
  // Small pictures, since many are needed.
  auto eye = SimulatedEye::create("droopy", 1);
  std::vector<GrayImage> first;
  for (std::uint64_t i = 0; i < 25; ++i) first.push_back(shoot(*eye, i).image);
  for (std::uint64_t i = 0; i < 25; ++i)
    EXPECT_TRUE(same_pixels(shoot(*eye, i).image, first[static_cast<std::size_t>(i)])) << i;
}

TEST(SimulatedEye, ControlsThatChangeNothingChangeNothing) {
  for (const char* name : {"dilation", "droopy", "easy"}) {
    auto own = SimulatedEye::create(name, 2);
    auto controlled = SimulatedEye::create(name, 2);
    controlled->set_controls(controlled->controls());
    for (const std::uint64_t i : {0U, 40U, 90U}) {
      const Shot a = shoot(*own, i);
      const Shot b = shoot(*controlled, i);
      EXPECT_NEAR(a.truth.pupil_in_cam.radius_mm, b.truth.pupil_in_cam.radius_mm, 1e-12) << name << ' ' << i;
      EXPECT_LT((a.truth.eye_center_in_cam_mm - b.truth.eye_center_in_cam_mm).norm(), 1e-9) << name;
      EXPECT_LT((a.truth.pupil_ellipse.center_px - b.truth.pupil_ellipse.center_px).norm(), 1e-6) << name;
    }
  }
}

TEST(SimulatedEye, BringsControlsIntoTheirBounds) {
  auto eye = SimulatedEye::create("easy", 1);
  SimulationControls controls = eye->controls();
  const double own_radius = controls.pupil_radius_mm;
  controls.pupil_radius_mm = std::nan("");
  controls.off_axis_deg = 1e9;
  controls.slip_mm = -100.0;
  controls.noise_factor = -1.0;
  controls.pointer_deg = {std::nan(""), -90.0};
  eye->set_controls(controls);
  EXPECT_EQ(eye->controls().pupil_radius_mm, own_radius);
  EXPECT_EQ(eye->controls().off_axis_deg, 55.0);
  EXPECT_EQ(eye->controls().slip_mm, -4.0);
  EXPECT_EQ(eye->controls().noise_factor, 0.0);
  EXPECT_EQ(eye->controls().pointer_deg, Eigen::Vector2d(0.0, -25.0));
  EXPECT_TRUE(shoot(*eye, 1).truth.pupil_ellipse.is_valid());
}

TEST(SimulatedEye, TheCameraStandsAsFarOffAxisAsAskedFor) {
  for (const char* name : {"droopy", "off-axis", "easy"}) {
    for (const double asked_deg : {0.0, 20.0, 55.0}) {
      auto eye = SimulatedEye::create(name, 2);
      SimulationControls controls = eye->controls();
      controls.motion = SimulatedMotion::still;  // straight ahead
      controls.pointer_deg = {0.0, 0.0};
      controls.off_axis_deg = asked_deg;
      eye->set_controls(controls);
      SimulatedTruth truth;
      for (std::uint64_t i = 1; i < 70; i += 15) truth = shoot(*eye, i).truth;
      // The camera looks along z at a point on the axis: the angle is that of its own axis to the gaze.
      EXPECT_NEAR(angle_deg(truth.optical_axis_in_cam, -Eigen::Vector3d::UnitZ()), asked_deg, 0.3) << name;
    }
  }
}

TEST(SimulatedEye, ALeftEyeIsTheMirrorImageOfARightOne) {
  auto right = SimulatedEye::create("easy", 3, EyeSide::right);
  auto left = SimulatedEye::create("easy", 3, EyeSide::left);
  SimulationControls controls = right->controls();
  controls.motion = SimulatedMotion::still;
  controls.pointer_deg = {0.0, 0.0};
  right->set_controls(controls);
  left->set_controls(controls);
  Shot a;
  Shot b;
  for (std::uint64_t i = 1; i < 70; i += 15) {
    a = shoot(*right, i);
    b = shoot(*left, i);
  }
  const auto mirrored = [](const Eigen::Vector3d& v) { return Eigen::Vector3d(-v.x(), v.y(), v.z()); };
  EXPECT_LT(angle_deg(mirrored(a.truth.optical_axis_in_cam), b.truth.optical_axis_in_cam), 0.05);
  EXPECT_LT(angle_deg(mirrored(a.truth.visual_axis_in_cam), b.truth.visual_axis_in_cam), 0.05);
  // Kappa is nasal: a right eye's nose is at image right.
  EXPECT_GT(a.truth.visual_axis_in_cam.x(), a.truth.optical_axis_in_cam.x());
  EXPECT_LT(b.truth.visual_axis_in_cam.x(), b.truth.optical_axis_in_cam.x());
}

TEST(SimulatedEye, PaperCoversTheGazeRangeWithOpenEyes) {
  for (const char* name : {"paper", "paper-no-cornea"}) {
    auto eye = SimulatedEye::create(name, 2);
    double widest = 0.0;
    Eigen::Vector3d first = Eigen::Vector3d::Zero();
    for (std::uint64_t i = 0; i < 100; i += 4) {
      const Shot shot = shoot(*eye, i);
      EXPECT_GT(shot.truth.visible_fraction, 0.5) << name << ' ' << i;
      if (i == 0) first = shot.truth.optical_axis_in_cam;
      widest = std::max(widest, angle_deg(first, shot.truth.optical_axis_in_cam));
    }
    EXPECT_GT(widest, 25.0) << name;
  }
}

TEST(SimulatedEye, BlinksAreFlaggedWhenThePupilIsCovered) {
  auto eye = SimulatedEye::create("blinks", 1);
  int closed = 0;
  int flagged = 0;
  for (std::uint64_t i = 0; i < 90; ++i) {
    const SimulatedTruth truth = shoot(*eye, i).truth;
    flagged += truth.in_blink ? 1 : 0;
    closed += truth.visible_fraction < 0.05 ? 1 : 0;
    if (truth.visible_fraction < 0.05) EXPECT_TRUE(truth.in_blink) << i;
  }
  EXPECT_GE(closed, 2);
  EXPECT_LT(flagged, 45);
}

TEST(SimulatedEye, ControlsChangeWhatTheySay) {
  auto eye = SimulatedEye::create("easy", 1);
  const Shot before = shoot(*eye, 0);
  SimulationControls controls = eye->controls();
  controls.motion = SimulatedMotion::still;
  controls.pointer_deg = {12.0, -5.0};
  controls.pupil_radius_mm = 3.3;
  controls.off_axis_deg = 40.0;
  controls.light_factor = 0.5;
  eye->set_controls(controls);
  Shot after;
  for (std::uint64_t i = 1; i < 40; i += 6) after = shoot(*eye, i);
  EXPECT_NEAR(after.truth.pupil_in_cam.radius_mm, 3.3, 0.1);
  // The camera now stands 40 degrees off, the gaze 13 degrees: in between.
  const Eigen::Vector3d towards_camera = -after.truth.eye_center_in_cam_mm.normalized();
  const double from_camera = angle_deg(after.truth.optical_axis_in_cam, towards_camera);
  EXPECT_GT(from_camera, 20.0);
  EXPECT_LT(from_camera, 62.0);
  const auto mean = [](const GrayImage& image) {
    double sum = 0.0;
    for (int i = 0; i < image.width_px() * image.height_px(); ++i) sum += image.data()[i];
    return sum / (image.width_px() * image.height_px());
  };
  EXPECT_LT(mean(after.image), 0.75 * mean(before.image));
}

TEST(SimulatedEye, FollowsThePointerToItsPlace) {
  auto eye = SimulatedEye::create("easy", 1);
  SimulationControls controls = eye->controls();
  controls.motion = SimulatedMotion::follow_pointer;
  const auto gaze_at = [&](double yaw_deg, double pitch_deg, std::uint64_t from) {
    controls.pointer_deg = {yaw_deg, pitch_deg};
    eye->set_controls(controls);
    SimulatedTruth truth;
    for (std::uint64_t i = from; i < from + 24; i += 4) truth = shoot(*eye, i).truth;
    return truth;
  };
  const auto right = gaze_at(15.0, 0.0, 1);
  const auto left = gaze_at(-15.0, 0.0, 40);
  const auto beyond = gaze_at(500.0, 0.0, 80);
  EXPECT_NEAR(angle_deg(right.optical_axis_in_cam, left.optical_axis_in_cam), 30.0, 0.5);
  EXPECT_GT(right.pupil_ellipse.center_px.x(), left.pupil_ellipse.center_px.x());
  EXPECT_NEAR(angle_deg(right.optical_axis_in_cam, beyond.optical_axis_in_cam), 15.0,
              0.5);  // 30 is the limit
}

TEST(SimulatedEye, BlinksWhenAskedTo) {
  auto eye = SimulatedEye::create("easy", 1);
  SimulationControls controls = eye->controls();
  controls.motion = SimulatedMotion::still;
  eye->set_controls(controls);
  EXPECT_GT(shoot(*eye, 10).truth.visible_fraction, 0.9);
  controls.blinks += 1;
  eye->set_controls(controls);
  double least = 1.0;
  bool flagged = false;
  for (std::uint64_t i = 11; i < 24; ++i) {
    const SimulatedTruth truth = shoot(*eye, i).truth;
    least = std::min(least, truth.visible_fraction);
    flagged = flagged || truth.in_blink;
  }
  EXPECT_EQ(least, 0.0);
  EXPECT_TRUE(flagged);
  // A second wish while the lid is down does not open it.
  controls.blinks += 1;
  eye->set_controls(controls);
  (void)shoot(*eye, 40);
  EXPECT_LT(shoot(*eye, 43).truth.visible_fraction, 0.05);
  controls.blinks += 1;
  eye->set_controls(controls);
  EXPECT_LT(shoot(*eye, 44).truth.visible_fraction, 0.6);
  EXPECT_GT(shoot(*eye, 60).truth.visible_fraction, 0.9);
}

}  // namespace
}  // namespace yarbus::simulation::simulated_eye_test
