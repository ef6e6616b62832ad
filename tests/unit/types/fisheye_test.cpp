// The fisheye lens of CameraIntrinsics: there and back, turned, cropped, read from files.

#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/types/camera_intrinsics.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::fisheye_test {
namespace {

CameraIntrinsics fisheye(double k1 = -0.03, double k2 = 0.01, double k3 = -0.004, double k4 = 0.0007) {
  auto camera = CameraIntrinsics::from_focal_length(260.0, 640, 480);
  camera.fy_px = 262.0;
  camera.cx_px = 310.0;
  camera.distortion_model = DistortionModel::fisheye;
  camera.distortion = {k1, k2, k3, k4, 0.0};
  return camera;
}

TEST(Fisheye, PutsTheAngleFromTheAxisWhereItsPolynomialSays) {
  const CameraIntrinsics plain = fisheye(0.0, 0.0, 0.0, 0.0);
  EXPECT_TRUE(plain.has_distortion()) << "also without coefficients it is no pinhole";
  for (const double theta : {0.0, 1e-12, 0.1, 0.7, 1.3}) {
    const Eigen::Vector3d ray(std::sin(theta), 0.0, std::cos(theta));
    EXPECT_NEAR(plain.project(ray).x(), 310.0 + 260.0 * theta, 1e-9) << theta;
    const double t2 = theta * theta;
    const double bent = theta * (1.0 + t2 * (-0.03 + t2 * (0.01 + t2 * (-0.004 + t2 * 0.0007))));
    EXPECT_NEAR(fisheye().project(ray).x(), 310.0 + 260.0 * bent, 1e-9) << theta;
  }
  EXPECT_FALSE(plain.pinhole().has_distortion());
  CameraIntrinsics removed = fisheye();
  removed.remove_distortion();
  EXPECT_FALSE(removed.has_distortion());
}

TEST(Fisheye, UndistortUndoesDistortUpToEightyDegrees) {
  for (const CameraIntrinsics& camera :
       {fisheye(), fisheye(0.0, 0.0, 0.0, 0.0), fisheye(0.2, -0.05, 0.0, 0.0)}) {
    for (int y = 0; y < 480; y += 16) {
      for (int x = 0; x < 640; x += 16) {
        const Eigen::Vector2d captured(x, y);
        if ((captured - Eigen::Vector2d(310.0, 239.5)).norm() > 1.33 * 260.0) continue;
        const auto pinhole = camera.undistort(captured);
        ASSERT_TRUE(pinhole.has_value()) << captured.transpose();
        EXPECT_NEAR((camera.distort(*pinhole) - captured).norm(), 0.0, 1e-6) << captured.transpose();
      }
    }
  }
  EXPECT_EQ(fisheye().undistort({310.0, 239.5}), Eigen::Vector2d(310.0, 239.5));
}

TEST(Fisheye, WhatItCannotShowIsNoPoint) {
  EXPECT_FALSE(fisheye(0.0, 0.0, 0.0, 0.0).undistort({310.0 + 260.0 * 1.6, 239.5})) << "beyond 90 degrees";
  EXPECT_FALSE(fisheye(-0.4, 0.0, 0.0, 0.0).undistort({310.0 + 260.0 * 0.9, 239.5}))
      << "beyond where it turns back";
  EXPECT_FALSE(fisheye().undistort({std::nan(""), 0.0}));
}

TEST(Fisheye, TurnsWithTheImageAndIsCropped) {
  const CameraIntrinsics camera = fisheye();
  const Eigen::Vector3d ray(0.8, -0.5, 1.0);
  const Eigen::Vector2d at = camera.project(ray);
  const auto quarter = rotated_and_mirrored(camera, 90, false);  // clockwise: (x, y) -> (h - 1 - y, x)
  EXPECT_NEAR((quarter.project({0.5, 0.8, 1.0}) - Eigen::Vector2d(479.0 - at.y(), at.x())).norm(), 0.0, 1e-9);
  const auto mirrored = rotated_and_mirrored(camera, 0, true);
  EXPECT_NEAR((mirrored.project({-0.8, -0.5, 1.0}) - Eigen::Vector2d(639.0 - at.x(), at.y())).norm(), 0.0,
              1e-9);
  EXPECT_EQ(mirrored.distortion, camera.distortion);
  const auto part = cropped(camera, {100, 50, 400, 300});
  EXPECT_NEAR((part.project(ray) - (at - Eigen::Vector2d(100.0, 50.0))).norm(), 0.0, 1e-9);
}

TEST(Fisheye, IsReadFromFilesByItsName) {
  const test::TemporaryFolder folder;
  const auto read =
      [&](const std::string& lens) {
        std::ofstream(folder / "k.json")
            << R"({"K": {"fx": 600, "fy": 600, "cx": 320, "cy": 240, "width": 640, "height": 480}, )" << lens
            << "}";
        return read_camera_intrinsics(folder / "k.json");
      };
  const auto camera = read(R"("distortion_model": "fisheye", "distortion": [0.1, 0.2, 0.3, 0.4])");
  ASSERT_TRUE(camera) << camera.error().to_text();
  EXPECT_EQ(camera->distortion_model, DistortionModel::fisheye);
  EXPECT_EQ(camera->distortion[3], 0.4);
  EXPECT_EQ(read(R"("distortion_model": "fisheye", "distortion": "none")")->distortion_model,
            DistortionModel::fisheye);
  EXPECT_EQ(read(R"("distortion_model": "radial_tangential", "distortion": [0.1])")->distortion_model,
            DistortionModel::radial_tangential);
  EXPECT_THAT(read(R"("distortion_model": "fisheye", "distortion": [0,0,0,0,0])").error().message,
              testing::HasSubstr("four coefficients"));
  EXPECT_THAT(read(R"("distortion_model": "wavy")").error().message, testing::HasSubstr("\"wavy\""));
}

}  // namespace
}  // namespace yarbus::fisheye_test
