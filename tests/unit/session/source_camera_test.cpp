// Where a source's camera comes from when nothing, or only a name, is said about it.

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/source_request.h"
#include "calibration/camera/camera_library.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::source_camera_test {
namespace {

using testing::HasSubstr;

class SourceCameraTest : public testing::Test {
 protected:
  void save(const std::string& name, int width_px, int height_px, double focal_px) {
    CameraRecord record;
    record.camera = name;
    record.intrinsics = CameraIntrinsics::from_focal_length(focal_px, width_px, height_px);
    record.intrinsics.distortion[0] = -0.1;
    record.origin = "calibrated";
    ASSERT_TRUE(library_.save(record));
  }
  static SourceInfo live(const std::string& name, int width_px, int height_px) {
    SourceInfo info;
    info.name = name;
    info.width_px = width_px;
    info.height_px = height_px;
    info.is_live = true;
    return info;
  }
  SourceRequest request(const std::string& camera = {}) const {
    SourceRequest request;
    request.camera_library = folder_.path().string();
    request.intrinsics_file = camera;
    return request;
  }

  test::TemporaryFolder folder_;
  CameraLibrary library_{folder_.path()};
};

TEST_F(SourceCameraTest, ALiveCameraIsFoundByItsNameAndResolution) {
  save("Pupil Cam2 ID0", 192, 192, 290.0);
  const auto camera = camera_for(request(), live("Pupil Cam2 ID0", 192, 192));
  ASSERT_TRUE(camera);
  EXPECT_EQ(camera->origin, IntrinsicsOrigin::library);
  EXPECT_EQ(camera->intrinsics.fx_px, 290.0);
  EXPECT_EQ(camera->intrinsics.distortion[0], -0.1);
  EXPECT_FALSE(camera->intrinsics.is_assumed);
  EXPECT_THAT(camera->note, HasSubstr("Pupil Cam2 ID0, calibrated"));
  // At another resolution its maker's figure is nearer than its own scaled.
  const auto other = camera_for(request(), live("Pupil Cam2 ID0", 400, 400));
  EXPECT_EQ(other->origin, IntrinsicsOrigin::preset);
  EXPECT_TRUE(other->intrinsics.is_assumed);
  EXPECT_THAT(other->note, HasSubstr("maker"));
  // A stated focal length comes before all that.
  SourceRequest stated = request();
  stated.focal_px = 333.0;
  EXPECT_EQ(camera_for(stated, live("Pupil Cam2 ID0", 192, 192))->origin,
            IntrinsicsOrigin::stated_focal_length);
  EXPECT_EQ(camera_for({}, live("Some camera", 192, 192))->origin, IntrinsicsOrigin::assumed)
      << "no library given";
}

TEST_F(SourceCameraTest, AnotherResolutionOfThatShapeIsScaledAndSaysSo) {
  save("Cam", 1280, 960, 1300.0);
  const auto camera = camera_for(request(), live("Cam", 640, 480));
  ASSERT_TRUE(camera);
  EXPECT_EQ(camera->origin, IntrinsicsOrigin::library);
  EXPECT_DOUBLE_EQ(camera->intrinsics.fx_px, 650.0);
  EXPECT_TRUE(camera->intrinsics.is_assumed);
  EXPECT_THAT(camera->note, HasSubstr("scaled from 1280x960"));
  EXPECT_EQ(camera_for(request(), live("Cam", 1280, 720))->origin, IntrinsicsOrigin::assumed)
      << "another shape";
}

TEST_F(SourceCameraTest, ARecordingIsNotMistakenForACameraOfItsName) {
  save("eye0.mp4", 640, 480, 600.0);
  SourceInfo recording = live("eye0.mp4", 640, 480);
  recording.is_live = false;
  EXPECT_EQ(camera_for(request(), recording)->origin, IntrinsicsOrigin::assumed);
  const auto named = camera_for(request("eye0.mp4"), recording);
  ASSERT_TRUE(named);
  EXPECT_EQ(named->origin, IntrinsicsOrigin::library);
}

TEST_F(SourceCameraTest, NamesAndFilesOfTheLibrary) {
  save("Eye cam", 640, 480, 600.0);
  SourceInfo recording = live("x.mp4", 480, 640);
  recording.is_live = false;
  SourceRequest turned = request("Eye cam");
  turned.rotate_deg = 90;
  const auto camera = camera_for(turned, recording);
  ASSERT_TRUE(camera) << camera.error().to_text();
  EXPECT_EQ(camera->intrinsics.width_px, 480) << "turned with the image";
  recording.width_px = 640;
  recording.height_px = 480;
  const auto by_path = camera_for(request(library_.path_of("Eye cam", 640, 480).string()), recording);
  ASSERT_TRUE(by_path);
  EXPECT_EQ(by_path->origin, IntrinsicsOrigin::library);
  std::filesystem::copy_file(library_.path_of("Eye cam", 640, 480), folder_ / "copy.txt");
  recording.width_px = 1280;
  const auto wrong = camera_for(request("Eye cam"), recording);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("640x480"));
  EXPECT_EQ(camera_for(request("No such"), recording).error().code, ErrorCode::input_missing);
  SourceInfo pi = live("x.mp4", 1640, 1232);
  pi.is_live = false;
  const auto preset = camera_for(request("Raspberry Pi Camera Module 2"), pi);
  ASSERT_TRUE(preset);
  EXPECT_EQ(preset->origin, IntrinsicsOrigin::preset);
  EXPECT_NEAR(preset->intrinsics.fx_px, 1357.1, 0.1);
}

TEST_F(SourceCameraTest, ABrokenFileOfTheLibraryIsLeftAside) {
  std::ofstream(library_.path_of("Cam", 640, 480)) << "{";
  EXPECT_EQ(camera_for(request(), live("Cam", 640, 480))->origin, IntrinsicsOrigin::assumed);
  std::ofstream(folder_ / "k.yml")
      << "%YAML:1.0\n---\nimage_width: 640\nimage_height: 480\ncamera_matrix: !!opencv-matrix\n"
         "   rows: 3\n   cols: 3\n   dt: d\n   data: [ 611., 0., 320., 0., 612., 240., 0., 0., 1. ]\n";
  const auto yaml = camera_for(request((folder_ / "k.yml").string()), live("Cam", 640, 480));
  ASSERT_TRUE(yaml) << yaml.error().to_text();
  EXPECT_EQ(yaml->origin, IntrinsicsOrigin::file);
  EXPECT_EQ(yaml->intrinsics.fy_px, 612.0);
}

}  // namespace
}  // namespace yarbus::source_camera_test
