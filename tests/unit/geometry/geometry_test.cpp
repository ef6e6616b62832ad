#include <cmath>
#include <numbers>
#include <random>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "eyemodel/geometry/band_contrast.h"
#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/undistort.h"
#include "eyemodel/geometry/unproject_ellipse.h"
#include "tests/support/gradient_check.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::geometry_test {
namespace {

const CameraIntrinsics camera = [] {
  auto intrinsics = CameraIntrinsics::from_focal_length(600.0, 640, 480);
  intrinsics.fy_px = 630.0;
  intrinsics.cx_px = 300.0;
  return intrinsics;
}();

CameraIntrinsics distorted_camera() {
  auto intrinsics = camera;
  intrinsics.distortion = {-0.25, 0.08, 0.002, -0.001, 0.01};
  return intrinsics;
}

/// Any circle in front of the camera that faces it.
Circle3 random_circle(std::mt19937& rng) {
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  Circle3 circle;
  circle.center_in_cam_mm = {12.0 * uniform(rng), 9.0 * uniform(rng), 45.0 + 15.0 * uniform(rng)};
  const Eigen::Vector3d to_camera = -circle.center_in_cam_mm.normalized();
  const double tilt = 0.5 * (uniform(rng) + 1.0) * 1.2;
  circle.normal_in_cam = Eigen::AngleAxisd(std::numbers::pi * uniform(rng), to_camera) *
                         Eigen::AngleAxisd(tilt, to_camera.unitOrthogonal()) * to_camera;
  circle.radius_mm = 2.5 + 1.5 * uniform(rng);
  return circle;
}

TEST(GradientCheck, SeesAWrongJacobian) {
  const auto square = [](const Eigen::VectorXd& x) { return Eigen::VectorXd(x.cwiseProduct(x)); };
  const Eigen::VectorXd at = Eigen::Vector2d(1.0, 3.0);
  const Eigen::VectorXd steps = Eigen::Vector2d(1e-4, 1e-4);
  const Eigen::MatrixXd right = (Eigen::Matrix2d() << 2.0, 0.0, 0.0, 6.0).finished();
  EXPECT_LT(test::jacobian_error(square, right, at, steps), 1e-8);
  Eigen::MatrixXd wrong = right;
  wrong(0, 1) = 0.01;
  EXPECT_GT(test::jacobian_error(square, wrong, at, steps), 1e-3);
  wrong(0, 1) = std::nan("");
  EXPECT_TRUE(std::isnan(test::jacobian_error(square, wrong, at, steps)));
}

TEST(Conic, EllipseRoundTrip) {
  std::mt19937 rng(1);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  for (int i = 0; i < 200; ++i) {
    const double major = 5.0 + 100.0 * uniform(rng);
    const Ellipse ellipse{{640.0 * uniform(rng), 480.0 * uniform(rng)},
                          major,
                          major * (0.2 + 0.75 * uniform(rng)),
                          3.14 * uniform(rng)};
    for (const double scale : {1.0, -3.0, 1e-4}) {
      const auto back = ellipse_from_conic(scale * conic_from_ellipse(ellipse));
      ASSERT_TRUE(back.has_value());
      EXPECT_NEAR((back->center_px - ellipse.center_px).norm(), 0.0, 1e-8);
      EXPECT_NEAR(back->semi_major_px, ellipse.semi_major_px, 1e-7);
      EXPECT_NEAR(back->semi_minor_px, ellipse.semi_minor_px, 1e-7);
      EXPECT_NEAR(std::sin(back->angle_rad - ellipse.angle_rad), 0.0, 1e-8);
    }
  }
}

TEST(Conic, WhatIsNoEllipseIsRefused) {
  EXPECT_FALSE(ellipse_from_conic(Eigen::Vector3d(1.0, -1.0, -1.0).asDiagonal()));  // hyperbola
  EXPECT_FALSE(ellipse_from_conic(Eigen::Vector3d(1.0, 1.0, 1.0).asDiagonal()));    // no real point
  EXPECT_FALSE(ellipse_from_conic(Conic::Constant(std::nan(""))));
}

TEST(ProjectCircle, EveryPointOfTheCircleLandsOnTheEllipse) {
  std::mt19937 rng(2);
  for (int i = 0; i < 200; ++i) {
    const Circle3 circle = random_circle(rng);
    const auto ellipse = project_circle(circle, camera);
    ASSERT_TRUE(ellipse.has_value());
    const Conic conic = conic_from_ellipse(*ellipse);
    for (int k = 0; k < 12; ++k) {
      EXPECT_NEAR(sampson_distance_px(conic, camera.project(point_on_circle(circle, k * 0.5236))), 0.0, 1e-7);
    }
    EXPECT_LT(sampson_distance_px(conic, camera.project(circle.center_in_cam_mm)), 0.0) << "negative inside";
  }
}

TEST(ProjectCircle, BehindTheCameraThereIsNoImage) {
  EXPECT_FALSE(project_circle({{0, 0, -40}, {0, 0, 1}, 2.0}, camera));
  EXPECT_FALSE(project_circle({{0, 0, 1}, Eigen::Vector3d(1, 0, -0.2).normalized(), 2.0}, camera))
      << "partly behind";
}

TEST(UnprojectEllipse, OneOfTheTwoIsTheCircleAndBothProjectBack) {
  std::mt19937 rng(3);
  for (int i = 0; i < 300; ++i) {
    const Circle3 circle = random_circle(rng);
    const auto ellipse = project_circle(circle, camera).value();
    const auto pair = unproject_ellipse(ellipse, camera, circle.radius_mm);
    ASSERT_TRUE(pair.has_value());
    double best = 1e9;
    for (const Circle3& candidate : *pair) {
      best = std::min(best, (candidate.center_in_cam_mm - circle.center_in_cam_mm).norm() +
                                (candidate.normal_in_cam - circle.normal_in_cam).norm());
      EXPECT_NEAR(mean_outline_distance_px(ellipse, project_circle(candidate, camera).value()), 0.0, 1e-6);
      EXPECT_LT(candidate.normal_in_cam.dot(candidate.center_in_cam_mm), 0.0)
          << "normals point to the camera";
      EXPECT_NEAR(candidate.normal_in_cam.norm(), 1.0, 1e-12);
    }
    EXPECT_NEAR(best, 0.0, 1e-4);
  }
}

TEST(UnprojectEllipse, ScalesWithTheRadius) {
  const Circle3 circle{{3, 2, 40}, Eigen::Vector3d(0.3, -0.2, -0.9).normalized(), 2.0};
  const auto ellipse = project_circle(circle, camera).value();
  const auto one = unproject_ellipse(ellipse, camera, 1.0).value();
  const auto five = unproject_ellipse(ellipse, camera, 5.0).value();
  EXPECT_NEAR((5.0 * one[0].center_in_cam_mm - five[0].center_in_cam_mm).norm(), 0.0, 1e-9);
}

TEST(UnprojectEllipse, InvalidEllipsesAreRefused) {
  EXPECT_FALSE(unproject_ellipse({{10, 10}, 5.0, 0.0, 0.0}, camera, 1.0));
  EXPECT_FALSE(unproject_ellipse({{std::nan(""), 10}, 5.0, 4.0, 0.0}, camera, 1.0));
}

CameraIntrinsics fisheye_camera() {
  CameraIntrinsics intrinsics = distorted_camera();
  intrinsics.distortion_model = DistortionModel::fisheye;
  intrinsics.distortion = {-0.03, 0.01, -0.004, 0.001, 0.0};
  return intrinsics;
}

TEST(Undistort, InvertsTheLens) {
  for (const CameraIntrinsics& lens : {distorted_camera(), fisheye_camera()}) {
    for (int y = 20; y < 480; y += 55) {
      for (int x = 20; x < 640; x += 60) {
        const Eigen::Vector2d point(x, y);
        const auto back = undistort_point(lens, lens.distort(point));
        ASSERT_TRUE(back.has_value()) << point.transpose();
        EXPECT_NEAR((*back - point).norm(), 0.0, 1e-6);
      }
    }
  }
  EXPECT_EQ(undistort_point(camera, {12.0, 34.0}), Eigen::Vector2d(12.0, 34.0));
}

TEST(Undistort, ObservationComesBackToTheTrueEllipse) {
  for (const CameraIntrinsics& lens : {distorted_camera(), fisheye_camera()}) {
    const Ellipse truth{{420.0, 200.0}, 40.0, 30.0, 0.6};
    PupilObservation captured;
    std::vector<Eigen::Vector2d> outline;
    for (int i = 0; i < 64; ++i) {
      const auto point = lens.distort(truth.point_at(2.0 * std::numbers::pi * i / 64));
      outline.push_back(point);
      captured.edge_points.push_back({point.cast<float>(), 0.3F});
    }
    // The captured outline is nearly an ellipse: fit one by moments for the observation.
    Eigen::Vector2d mean = Eigen::Vector2d::Zero();
    for (const auto& point : outline) mean += point / 64.0;
    captured.ellipse = truth;
    captured.ellipse.center_px = mean;
    const auto undistorted = undistort(lens, captured);
    ASSERT_TRUE(undistorted.has_value());
    for (const EdgePoint& edge : undistorted->edge_points) {
      EXPECT_NEAR(sampson_distance_px(conic_from_ellipse(truth), edge.position_px.cast<double>()), 0.0, 1e-3);
    }
    EXPECT_NEAR((undistorted->ellipse.center_px - truth.center_px).norm(), 0.0, 0.1);
  }
}

TEST(CutPatch, HoldsTheImageAroundTheEllipseAndStaysInside) {
  GrayImage image(100, 80);
  for (int y = 0; y < 80; ++y) {
    for (int x = 0; x < 100; ++x) image.row(y)[x] = static_cast<std::uint8_t>(x + y);
  }
  auto intrinsics = CameraIntrinsics::from_focal_length(100.0, 100, 80);
  ImagePatch patch;
  cut_undistorted_patch(intrinsics, image.view(), {{95.0, 40.0}, 10.0, 8.0, 0.0}, patch);
  EXPECT_EQ(patch.x0_px + patch.pixels.width_px(), 100);
  EXPECT_EQ(patch.pixels.view().at(2, 3), image.view().at(patch.x0_px + 2, patch.y0_px + 3));
}

TEST(BandContrast, GradientIsExactAndPeaksAtTheEdge) {
  std::mt19937 rng(5);
  const Ellipse truth{{100.3, 80.7}, 25.0, 18.0, 0.7};
  const auto patch = test::render_patch(truth, rng);
  const BandContrastOptions options;
  const auto conic_vector = [](const Ellipse& ellipse) {
    const Conic c = conic_from_ellipse(ellipse);
    Eigen::Matrix<double, 6, 1> v;
    v << c(0, 0), c(0, 1), c(1, 1), c(0, 2), c(1, 2), c(2, 2);
    return v;
  };
  Ellipse off = truth;
  off.center_px.x() += 1.3;
  off.semi_major_px += 0.8;
  const Eigen::VectorXd at = conic_vector(off);
  const auto contrast = band_contrast(at, *patch, options);
  ASSERT_TRUE(contrast.is_valid);
  const auto value = [&](const Eigen::VectorXd& v) {
    return Eigen::VectorXd::Constant(1, band_contrast(v, *patch, options).contrast_gray);
  };
  const Eigen::VectorXd steps = 1e-6 * at.cwiseAbs();
  EXPECT_LT(test::jacobian_error(value, contrast.by_conic.transpose(), at, steps), 1e-4);
  const double at_truth = band_contrast(conic_vector(truth), *patch, options).contrast_gray;
  EXPECT_GT(at_truth, 60.0);
  for (const double shift : {-3.0, -1.5, 1.5, 3.0}) {
    Ellipse moved = truth;
    moved.semi_major_px += shift;
    moved.semi_minor_px += shift;
    EXPECT_LT(band_contrast(conic_vector(moved), *patch, options).contrast_gray, at_truth) << shift;
  }
}

TEST(BandContrast, IgnoresGlintsAndRefusesEmptyBands) {
  const Ellipse ellipse{{60.0, 60.0}, 20.0, 20.0, 0.0};
  std::mt19937 rng(5);
  const auto patch = test::render_patch(ellipse, rng);
  const Conic c = conic_from_ellipse(ellipse);
  Eigen::Matrix<double, 6, 1> v;
  v << c(0, 0), c(0, 1), c(1, 1), c(0, 2), c(1, 2), c(2, 2);
  BandContrastOptions with_glint;
  with_glint.glint_threshold_gray = 256;
  EXPECT_GT(band_contrast(v, *patch, {}).contrast_gray, band_contrast(v, *patch, with_glint).contrast_gray);
  ImagePatch elsewhere = *patch;
  elsewhere.x0_px += 500;
  EXPECT_FALSE(band_contrast(v, elsewhere, {}).is_valid);
}

}  // namespace
}  // namespace yarbus::geometry_test
