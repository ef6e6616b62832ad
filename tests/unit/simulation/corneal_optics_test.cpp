// Refraction through the simulated cornea, against Fermat's principle (no Snell's law in it) and plain
// projection.
#include "eyemodel/simulation/corneal_optics.h"

#include <cmath>
#include <numbers>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "eyemodel/simulation/truth.h"

namespace yarbus::simulation::corneal_optics_test {
namespace {

/// Optical path from `inside` over the surface point at (polar, azimuth) to `viewer`.
double optical_path(const Eigen::Vector3d& inside, const Eigen::Vector3d& viewer, const EyeAnatomy& eye,
                    double x, double y) {
  const double z = std::sqrt(eye.cornea_radius_mm * eye.cornea_radius_mm - x * x - y * y);
  const Eigen::Vector3d surface(x, y, eye.cornea_center_mm + z);
  return eye.refractive_index * (surface - inside).norm() + (viewer - surface).norm();
}

/// The stationary point of the optical path, by shrinking pattern search.
Eigen::Vector3d fermat_point(const Eigen::Vector3d& inside, const Eigen::Vector3d& viewer,
                             const EyeAnatomy& eye) {
  double x = inside.x();
  double y = inside.y();
  for (double step = 1.0; step > 1e-9;) {
    const double here = optical_path(inside, viewer, eye, x, y);
    bool moved = false;
    for (const auto& [dx, dy] :
         {std::pair(step, 0.0), std::pair(-step, 0.0), std::pair(0.0, step), std::pair(0.0, -step)}) {
      if (std::hypot(x + dx, y + dy) < eye.cornea_radius_mm &&
          optical_path(inside, viewer, eye, x + dx, y + dy) < here) {
        x += dx;
        y += dy;
        moved = true;
        break;
      }
    }
    if (!moved) step *= 0.5;
  }
  return {x, y,
          eye.cornea_center_mm + std::sqrt(eye.cornea_radius_mm * eye.cornea_radius_mm - x * x - y * y)};
}

TEST(CornealCrossing, IsTheShortestOpticalPath) {
  const EyeAnatomy eye;
  for (const double angle_deg : {0.0, 15.0, 35.0, 55.0}) {
    const double angle = angle_deg * std::numbers::pi / 180.0;
    const Eigen::Vector3d viewer(40.0 * std::sin(angle), 6.0, 40.0 * std::cos(angle));
    for (const double t : {0.1, 1.7, 3.0, 4.9}) {
      const Eigen::Vector3d inside(2.5 * std::cos(t), 2.5 * std::sin(t), eye.pupil_plane_mm);
      const Eigen::Vector3d solved = find_corneal_crossing(inside, viewer, eye);
      // The path is flat at its minimum, so a search by value finds the place to about the root of its
      // precision.
      EXPECT_LT((solved - fermat_point(inside, viewer, eye)).norm(), 1e-5) << angle_deg << " deg, t " << t;
    }
  }
}

TEST(CornealCrossing, IsInvertedByTracingForward) {
  const EyeAnatomy eye;
  const Eigen::Vector3d viewer(20.0, -8.0, 30.0);
  for (const double t : {0.0, 1.0, 2.0, 4.0, 5.5}) {
    const Eigen::Vector3d inside(2.0 * std::cos(t), 2.0 * std::sin(t), eye.pupil_plane_mm);
    const Eigen::Vector3d crossing = find_corneal_crossing(inside, viewer, eye);
    const auto hit = trace_to_iris({viewer, (crossing - viewer).normalized()}, eye);
    ASSERT_TRUE(hit.has_value()) << t;
    EXPECT_LT((hit->iris_mm - inside.head<2>()).norm(), 1e-9) << t;
  }
}

TEST(CornealCrossing, LiesOnTheStraightLineWithoutRefraction) {
  EyeAnatomy eye;
  eye.refractive_index = 1.0;
  const Eigen::Vector3d viewer(15.0, 10.0, 35.0);
  const Eigen::Vector3d inside(1.5, -1.0, eye.pupil_plane_mm);
  const Eigen::Vector3d crossing = find_corneal_crossing(inside, viewer, eye);
  EXPECT_LT((crossing - inside).normalized().cross((viewer - inside).normalized()).norm(), 1e-12);
}

TEST(PupilOutline, IsThePlainProjectionWithoutRefraction) {
  Scene scene;
  scene.camera = CameraIntrinsics::from_focal_length(600, 640, 480);
  scene.eye.refractive_index = 1.0;
  place_camera(scene, 40.0, 25.0, -15.0);
  scene.yaw_deg = -12.0;
  scene.pitch_deg = 8.0;
  const SimulatedTruth truth = truth_of(scene);
  const auto outline = trace_pupil_outline(scene, 16);
  for (int i = 0; i < 16; ++i) {
    const double t = 2.0 * std::numbers::pi * i / 16;
    const Eigen::Matrix3d cam_from_eye = scene.cam_from_eye();
    const Eigen::Vector3d in_cam =
        truth.pupil_in_cam.center_in_cam_mm +
        scene.pupil_radius_mm * (std::cos(t) * cam_from_eye.col(0) + std::sin(t) * cam_from_eye.col(1));
    EXPECT_LT((outline[static_cast<std::size_t>(i)] - scene.camera.project(in_cam)).norm(), 1e-8);
  }
  EXPECT_LT(truth.pupil_ellipse_residual_px, 1e-6);  // a plain circle's image is an ellipse
}

TEST(PupilOutline, IsEnlargedByTheCornea) {
  Scene scene;
  scene.camera = CameraIntrinsics::from_focal_length(600, 640, 480);
  const double refracted = truth_of(scene).pupil_ellipse.semi_major_px;
  scene.eye.refractive_index = 1.0;
  const double plain = truth_of(scene).pupil_ellipse.semi_major_px;
  // The entrance pupil appears about 13 % larger than the pupil (Atchison & Smith 2000, section 3.3).
  EXPECT_NEAR(refracted / plain, 1.13, 0.03);
}

TEST(Anatomy, SamplesStayInThePopulationsRanges) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const EyeAnatomy eye = sample_anatomy(seed);
    ASSERT_TRUE(eye.validate()) << seed;
    EXPECT_TRUE(eye.eyeball_radius_mm >= 11.5 && eye.eyeball_radius_mm <= 12.5) << seed;
    EXPECT_TRUE(eye.cornea_radius_mm >= 7.5 && eye.cornea_radius_mm <= 8.1) << seed;
    EXPECT_TRUE(eye.limbus_radius_mm >= 5.7 && eye.limbus_radius_mm <= 6.1) << seed;
    EXPECT_TRUE(eye.pupil_plane_mm >= 9.4 && eye.pupil_plane_mm <= 10.5) << seed;
    EXPECT_TRUE(eye.cornea_center_mm >= 4.9 && eye.cornea_center_mm <= 5.9) << seed;
  }
  EXPECT_EQ(sample_anatomy(7).cornea_radius_mm, sample_anatomy(7).cornea_radius_mm);
  EXPECT_NE(sample_anatomy(7).cornea_radius_mm, sample_anatomy(8).cornea_radius_mm);
}

TEST(Anatomy, NamesImpossibleValues) {
  EyeAnatomy eye;
  eye.limbus_radius_mm = 9.0;
  eye.refractive_index = std::nan("");
  const auto checked = eye.validate();
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("limbus_radius_mm"), std::string::npos);
  EXPECT_NE(checked.error().message.find("refractive_index"), std::string::npos);
}

}  // namespace
}  // namespace yarbus::simulation::corneal_optics_test
