// The two lens models held against OpenCV's, which the engine does not use, and the residual's derivatives.

#include "calibration/camera/lens_residual.h"

#include <random>

#include <gtest/gtest.h>
#include <opencv2/calib3d.hpp>

#include "tests/support/rendered_board.h"

namespace yarbus::lens_residual_test {
namespace {

std::vector<cv::Point3d> random_points(int count) {
  std::mt19937 rng(3);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::vector<cv::Point3d> points;
  for (int i = 0; i < count; ++i)
    points.emplace_back(250.0 * uniform(rng), 180.0 * uniform(rng), 300.0 + 40.0 * uniform(rng));
  return points;
}

TEST(LensModels, AgreeWithOpenCV) {
  const auto points = random_points(200);
  const cv::Vec3d none(0.0, 0.0, 0.0);
  for (const CameraIntrinsics& camera : {test::standard_test_camera(), test::fisheye_test_camera()}) {
    const cv::Matx33d K(camera.fx_px, 0.0, camera.cx_px, 0.0, camera.fy_px, camera.cy_px, 0.0, 0.0, 1.0);
    const bool is_fisheye = camera.distortion_model == DistortionModel::fisheye;
    const std::vector<double> k(camera.distortion.begin(), camera.distortion.begin() + (is_fisheye ? 4 : 5));
    std::vector<cv::Point2d> theirs;
    if (is_fisheye) {
      cv::fisheye::projectPoints(points, theirs, none, none, K, k);
    } else {
      cv::projectPoints(points, none, none, K, k, theirs);
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Eigen::Vector2d expected(theirs[i].x, theirs[i].y);
      const Eigen::Vector3d point(points[i].x, points[i].y, points[i].z);
      EXPECT_NEAR((camera.project(point) - expected).norm(), 0.0, 1e-8);
      const double values[9] = {camera.fx_px,         camera.fy_px,         camera.cx_px,
                                camera.cy_px,         camera.distortion[0], camera.distortion[1],
                                camera.distortion[2], camera.distortion[3], camera.distortion[4]};
      const double pose[6] = {0.0, 0.0, 0.0, 0.0, 0.0, point.z()};
      double miss[2];
      ASSERT_TRUE(
          (LensResidual{camera.distortion_model, point.head<2>(), 0.0, expected}(values, pose, miss)));
      EXPECT_NEAR(std::hypot(miss[0], miss[1]), 0.0, 1e-8);
    }
  }
}

TEST(LensResidual, ACirclesCentreIsWhereItsImageIsCentred) {
  const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(500.0, 640, 480);
  const double values[9] = {500.0, 500.0, camera.cx_px, camera.cy_px, 0, 0, 0, 0, 0};
  const double pose[6] = {0.3, 0.9, -0.1, -20.0, 10.0, 120.0};
  const double radius_mm = 12.0;
  // The centre of an ellipse is the mean of its farthest points left and right, up and down.
  double left = 1e9;
  double right = -1e9;
  double top = 1e9;
  double bottom = -1e9;
  for (int i = 0; i < 20000; ++i) {
    const double angle = 2.0 * M_PI * i / 20000;
    const double on_board[3] = {5.0 + radius_mm * std::cos(angle), -3.0 + radius_mm * std::sin(angle), 0.0};
    double p[3];
    ceres::AngleAxisRotatePoint(pose, on_board, p);
    const Eigen::Vector2d px = camera.project({p[0] + pose[3], p[1] + pose[4], p[2] + pose[5]});
    left = std::min(left, px.x());
    right = std::max(right, px.x());
    top = std::min(top, px.y());
    bottom = std::max(bottom, px.y());
  }
  const Eigen::Vector2d center(0.5 * (left + right), 0.5 * (top + bottom));
  double miss[2];
  ASSERT_TRUE(
      (LensResidual{DistortionModel::radial_tangential, {5.0, -3.0}, radius_mm, center}(values, pose, miss)));
  EXPECT_NEAR(std::hypot(miss[0], miss[1]), 0.0, 1e-4);
  ASSERT_TRUE(
      (LensResidual{DistortionModel::radial_tangential, {5.0, -3.0}, 0.0, center}(values, pose, miss)));
  EXPECT_GT(std::hypot(miss[0], miss[1]), 1.0) << "the image of the circle's centre is somewhere else";
}

TEST(LensResidual, HasNoValueBehindTheCamera) {
  const double values[9] = {500.0, 500.0, 320.0, 240.0, 0, 0, 0, 0, 0};
  const double behind[6] = {0.0, 0.0, 0.0, 0.0, 0.0, -50.0};
  double miss[2];
  for (const double radius_mm : {0.0, 5.0})
    EXPECT_FALSE((
        LensResidual{DistortionModel::fisheye, {1.0, 2.0}, radius_mm, {320.0, 240.0}}(values, behind, miss)));
}

}  // namespace
}  // namespace yarbus::lens_residual_test
