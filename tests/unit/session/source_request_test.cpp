#include "app/session/source_request.h"

#include <cmath>
#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace yarbus::source_request_test {
namespace {

SourceInfo info_of(int width_px, int height_px) {
  SourceInfo info;
  info.width_px = width_px;
  info.height_px = height_px;
  return info;
}

TEST(CameraFor, FocalLengthPutsThePrincipalPointAtTheCentre) {
  SourceRequest request;
  request.focal_px = 620.0;
  const auto camera = camera_for(request, info_of(640, 480));
  ASSERT_TRUE(camera);
  EXPECT_EQ(camera->intrinsics.fx_px, 620.0);
  EXPECT_EQ(camera->intrinsics.cx_px, 319.5);
  EXPECT_EQ(camera->intrinsics.cy_px, 239.5);
  EXPECT_FALSE(camera->intrinsics.is_assumed);
}

TEST(CameraFor, WithoutAnythingTheFocalLengthIsAssumedAndSaysSo) {
  const auto camera = camera_for({}, info_of(320, 240));
  ASSERT_TRUE(camera);
  EXPECT_TRUE(camera->intrinsics.is_assumed);
  EXPECT_EQ(camera->intrinsics.fx_px, 320.0);
}

TEST(ToSourceOptions, ARateIsAlsoThatOfAFolderOfImages) {
  SourceRequest request;
  request.location = "frames";
  EXPECT_EQ(to_source_options(request, EyeSide::right)->folder_rate_hz, 30.0);
  request.rate_hz = 60.0;
  EXPECT_EQ(to_source_options(request, EyeSide::right)->folder_rate_hz, 60.0);
}

TEST(CameraFor, RefusesImpossibleFocalLengths) {
  for (const double focal_px : {0.0, -600.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    SourceRequest request;
    request.focal_px = focal_px;
    const auto camera = camera_for(request, info_of(640, 480));
    ASSERT_FALSE(camera) << focal_px;
    EXPECT_EQ(camera.error().code, ErrorCode::invalid_option);
  }
}

TEST(CameraFor, ReadsAFileTurnsItWithTheImageAndChecksTheSize) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "k.json")
      << R"({"K": {"fx": 600, "fy": 610, "cx": 300, "cy": 200, "width": 640, "height": 480},
                                         "distortion": [0.1, 0, 0, 0, 0]})";
  SourceRequest request;
  request.intrinsics_file = (folder / "k.json").string();
  ASSERT_TRUE(camera_for(request, info_of(640, 480)));
  request.rotate_deg = 90;
  const auto turned = camera_for(request, info_of(480, 640));
  ASSERT_TRUE(turned);
  EXPECT_EQ(turned->intrinsics.fx_px, 610.0);
  EXPECT_EQ(turned->intrinsics.cx_px, 479.0 - 200.0);
  EXPECT_EQ(turned->intrinsics.cy_px, 300.0);
  const auto wrong = camera_for(request, info_of(640, 480));
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, testing::HasSubstr("640x480"));
}

TEST(ToSourceOptions, RefusesUnknownPixelFormats) {
  SourceRequest request;
  request.location = "0";
  request.pixel_format = "RGB3";
  EXPECT_FALSE(to_source_options(request, EyeSide::right));
  request.pixel_format = "MJPG";
  EXPECT_TRUE(to_source_options(request, EyeSide::right));
}

}  // namespace
}  // namespace yarbus::source_request_test
