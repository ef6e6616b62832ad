#include "calibration/camera/camera_library.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/rendered_board.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::camera_library_test {
namespace {

using testing::HasSubstr;

CameraRecord record(const std::string& name, int width_px, int height_px) {
  CameraRecord out;
  out.camera = name;
  out.intrinsics = CameraIntrinsics::from_focal_length(width_px * 1.1, width_px, height_px);
  out.origin = "calibrated";
  out.date = "2031-02-03";
  out.rms_px = 0.12;
  out.views = 17;
  return out;
}

TEST(CameraLibrary, KeepsACameraPerNameAndResolution) {
  const test::TemporaryFolder folder;
  const CameraLibrary library(folder / "new" / "cameras");
  EXPECT_THAT(library.list(), testing::IsEmpty());
  ASSERT_TRUE(library.save(record("Pupil Cam2 ID0", 192, 192)));
  ASSERT_TRUE(library.save(record("Pupil Cam2 ID0", 400, 400)));
  ASSERT_TRUE(library.save(record("Über/../Cam", 640, 480)));
  const auto small = library.load("Pupil Cam2 ID0", 192, 192);
  ASSERT_TRUE(small) << small.error().to_text();
  EXPECT_DOUBLE_EQ(small->intrinsics.fx_px, 192 * 1.1);
  EXPECT_EQ(small->origin, "calibrated");
  EXPECT_EQ(small->date, "2031-02-03");
  EXPECT_EQ(small->views, 17);
  EXPECT_EQ(small->rms_px, 0.12);
  ASSERT_TRUE(library.load("Über/../Cam", 640, 480));
  EXPECT_EQ(library.list().size(), 3U);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(entry.path().parent_path(), folder / "new" / "cameras") << entry.path();
  }
  // Saving again replaces.
  auto better = record("Pupil Cam2 ID0", 192, 192);
  better.intrinsics.fx_px = 283.0;
  ASSERT_TRUE(library.save(better));
  EXPECT_EQ(library.load("Pupil Cam2 ID0", 192, 192)->intrinsics.fx_px, 283.0);
  EXPECT_EQ(library.list().size(), 3U);

  const auto other = library.load("Pupil Cam2 ID0", 640, 480);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::input_missing);
  EXPECT_THAT(other.error().message, HasSubstr("saved at 192x192, 400x400, not at 640x480"));
  EXPECT_EQ(library.other_size("Pupil Cam2 ID0", 384, 384)->intrinsics.width_px, 400) << "the nearest";
  EXPECT_FALSE(library.other_size("Pupil Cam2 ID0", 640, 480)) << "another shape";

  ASSERT_TRUE(library.remove("Pupil Cam2 ID0", 192, 192));
  EXPECT_EQ(library.remove("Pupil Cam2 ID0", 192, 192).error().code, ErrorCode::input_missing);
  EXPECT_EQ(library.list().size(), 2U);
}

TEST(CameraLibrary, FisheyeLensesAndNamesSurvive) {
  const test::TemporaryFolder folder;
  const CameraLibrary library(folder.path());
  auto fisheye = record("a_b%20 c", 640, 480);
  fisheye.intrinsics = test::fisheye_test_camera();
  ASSERT_TRUE(library.save(fisheye));
  const auto back = library.load("a_b%20 c", 640, 480);
  ASSERT_TRUE(back) << back.error().to_text();
  EXPECT_EQ(back->intrinsics.distortion_model, DistortionModel::fisheye);
  EXPECT_EQ(back->intrinsics.distortion, fisheye.intrinsics.distortion);
  EXPECT_NE(library.path_of("a b", 1, 1), library.path_of("a_b", 1, 1));
  EXPECT_TRUE(read_camera_intrinsics(library.path_of("a_b%20 c", 640, 480))) << "readable with --camera";
}

TEST(CameraLibrary, BrokenFilesAreToldAndRefused) {
  const test::TemporaryFolder folder;
  const CameraLibrary library(folder.path());
  ASSERT_TRUE(library.save(record("good", 640, 480)));
  std::ofstream(library.path_of("bad", 640, 480)) << "{";
  std::vector<Error> faults;
  EXPECT_EQ(library.list(&faults).size(), 1U);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_THAT(faults[0].context, HasSubstr("bad_640x480.json"));
  EXPECT_EQ(library.load("bad", 640, 480).error().code, ErrorCode::input_unreadable);
  std::filesystem::copy_file(library.path_of("good", 640, 480), library.path_of("good", 320, 240));
  EXPECT_THAT(library.load("good", 320, 240).error().message, HasSubstr("another size"));
  EXPECT_EQ(library.save(record("", 640, 480)).error().code, ErrorCode::invalid_option);
  EXPECT_FALSE(library.save(record("flat", 0, 480)));
  EXPECT_EQ(CameraLibrary({}).save(record("x", 640, 480)).error().code, ErrorCode::output_unwritable);
  EXPECT_EQ(CameraLibrary({}).load("x", 640, 480).error().code, ErrorCode::input_missing);
}

}  // namespace
}  // namespace yarbus::camera_library_test
