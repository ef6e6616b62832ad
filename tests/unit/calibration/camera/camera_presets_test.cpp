#include "calibration/camera/camera_presets.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace yarbus::camera_presets_test {
namespace {

double by_diagonal(int width_px, int height_px, double diagonal_deg) {
  return 0.5 * std::hypot(width_px, height_px) / std::tan(0.5 * diagonal_deg * std::numbers::pi / 180.0);
}

double focal_of(const char* name, int width_px, int height_px) {
  const CameraPreset* preset = preset_by_name(name, width_px, height_px);
  return preset == nullptr ? 0.0 : preset->focal_px;
}

TEST(CameraPresets, FollowFromThePublishedFigures) {
  EXPECT_NEAR(focal_of("PlayStation Eye, wide (75 degrees)", 640, 480), by_diagonal(640, 480, 75.0), 0.1);
  EXPECT_NEAR(focal_of("PlayStation Eye, narrow (56 degrees)", 640, 480), by_diagonal(640, 480, 56.0), 0.1);
  EXPECT_NEAR(focal_of("Logitech C920", 1920, 1080), by_diagonal(1920, 1080, 78.0), 0.1);
  EXPECT_NEAR(focal_of("raspberry pi camera module 1", 2592, 1944), 3.60 / 0.0014, 0.1);
  EXPECT_NEAR(focal_of("Raspberry Pi Camera Module 2", 3280, 2464), 3.04 / 0.00112, 0.1);
  EXPECT_NEAR(focal_of("Raspberry Pi Camera Module 2", 1640, 1232), 3.04 / 0.00224, 0.1);
}

TEST(CameraPresets, EveryOneIsPlausibleAndMarkedAsAssumed) {
  for (const CameraPreset& preset : camera_presets()) {
    const CameraIntrinsics camera = preset.intrinsics();
    EXPECT_TRUE(camera.validate()) << preset.name;
    EXPECT_TRUE(camera.is_assumed) << preset.name;
    EXPECT_GT(camera.fx_px, 0.5 * camera.width_px) << preset.name;
    EXPECT_LT(camera.fx_px, 2.0 * camera.width_px) << preset.name;
    EXPECT_FALSE(preset.derivation.empty()) << preset.name;
  }
}

TEST(CameraPresets, AreRecognisedByTheDriversNameAtTheirSizeOnly) {
  const CameraPreset* eye = preset_for_driver("Pupil Cam2 ID1: Pupil Cam2 ID1", 192, 192);
  ASSERT_NE(eye, nullptr);
  EXPECT_NEAR(eye->focal_px, 283.3, 0.1);
  EXPECT_EQ(preset_for_driver("Pupil Cam2 ID1", 640, 480), nullptr);
  EXPECT_EQ(preset_for_driver("Pupil Cam1 ID2", 640, 480), nullptr) << "a scene camera";
  EXPECT_EQ(preset_for_driver("USB Camera-B4.09.24.1", 640, 480), nullptr) << "its lens has two settings";
  EXPECT_EQ(preset_for_driver("", 640, 480), nullptr);
}

}  // namespace
}  // namespace yarbus::camera_presets_test
