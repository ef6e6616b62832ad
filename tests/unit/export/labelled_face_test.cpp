#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/export/labelled_recording.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::labelled_face_test {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

constexpr const char* camera_text =
    R"("K": {"fx": 300, "fy": 301, "cx": 31.5, "cy": 23.5, "width": 64, "height": 48}, "fps": 25)";
constexpr const char* screen_text =
    R"("screen": {"width_mm": 500, "height_mm": 300, "width_px": 1000, "height_px": 600})";

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

/// A recording of a face as another program might have written it.
std::filesystem::path foreign(const TemporaryFolder& folder, const std::string& table,
                              const std::string& meta_rest) {
  const auto recording = folder / "foreign";
  write(recording / "gt.csv", table);
  write(recording / "meta.json",
        std::string("{") + camera_text + (meta_rest.empty() ? "" : ", ") + meta_rest + "}");
  write(recording / "frames/0000.png", "not read here");
  return recording;
}

std::string fault(const std::string& table, const std::string& meta_rest) {
  const TemporaryFolder folder;
  const auto recording = read_labelled_recording(foreign(folder, table, meta_rest));
  if (recording) return "there was no error";
  EXPECT_EQ(recording.error().code, ErrorCode::input_unreadable);
  return recording.error().to_text();
}

FaceTruth truth_of(double time_s) {
  FaceTruth truth;
  truth.time_s = time_s;
  truth.has_face = true;
  truth.target_in_screen_mm.emplace(250.0, 75.0);
  truth.gaze_in_screen_mm = {252.0, 74.0};
  truth.is_target_steady = true;
  truth.split = GazeSplit::test;
  return truth;
}

TEST(LabelledFace, WhatIsWrittenIsReadAgain) {
  const TemporaryFolder folder;
  const auto path = folder / "face";
  const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(60.0, 64, 48);
  LabelledScreen screen{{500.0, 300.0, 1000, 600, 600.0}, RigidTransform{}};
  screen.screen_from_cam->rotation = Eigen::Vector3d(-1.0, 1.0, -1.0).asDiagonal();
  screen.screen_from_cam->translation_mm = {250.25, -9.5, 1.0 / 3.0};
  auto writer = LabelledRecordingWriter::create(path, camera, 30.0, "a test", screen);
  ASSERT_TRUE(writer) << writer.error().to_text();
  const GrayImage image(64, 48);
  FaceTruth truth = truth_of(0.0);
  ASSERT_TRUE(writer->add(image.view(), truth));
  truth.is_target_steady = false;  // just come: no label
  ASSERT_TRUE(writer->add(image.view(), truth));
  truth = truth_of(2.0 / 30.0);
  truth.split = GazeSplit::calibration;
  ASSERT_TRUE(writer->add(image.view(), truth));
  ASSERT_TRUE(writer->close());

  const auto recording = read_labelled_recording(path);
  ASSERT_TRUE(recording) << recording.error().to_text();
  ASSERT_TRUE(recording->screen);
  EXPECT_EQ(recording->screen->geometry.width_mm, 500.0);
  EXPECT_EQ(recording->screen->geometry.height_px, 600);
  ASSERT_TRUE(recording->screen->screen_from_cam);
  EXPECT_EQ(recording->screen->screen_from_cam->rotation, screen.screen_from_cam->rotation);
  EXPECT_EQ(recording->screen->screen_from_cam->translation_mm, screen.screen_from_cam->translation_mm);
  ASSERT_EQ(recording->labels.size(), 3U);
  const FrameLabel& first = recording->labels[0];
  ASSERT_TRUE(first.target_px);
  EXPECT_EQ(*first.target_px, Eigen::Vector2d(500.0, 150.0));
  EXPECT_EQ(first.split, GazeSplit::test);
  EXPECT_EQ(first.in_blink, false);
  EXPECT_FALSE(first.pupil_ellipse);
  EXPECT_FALSE(recording->labels[1].target_px);
  EXPECT_FALSE(recording->labels[1].split);
  EXPECT_EQ(recording->labels[2].split, GazeSplit::calibration);
}

TEST(LabelledFace, ARecordingWithoutAScreenHasNone) {
  const TemporaryFolder folder;
  const auto recording = read_labelled_recording(foreign(folder, "frame,target_x_px,target_y_px\n0,,\n", ""));
  ASSERT_TRUE(recording) << recording.error().to_text();
  EXPECT_FALSE(recording->screen);
  EXPECT_FALSE(recording->labels[0].target_px);
}

TEST(LabelledFace, FaultsNameFileLineAndColumn) {
  const std::string header = "frame,target_x_px,target_y_px,split\n";
  const std::string odd_split = fault(header + "0,10,20,training\n", screen_text);
  EXPECT_THAT(odd_split, HasSubstr("gt.csv"));
  EXPECT_THAT(odd_split, HasSubstr("line 2"));
  EXPECT_THAT(odd_split, HasSubstr("column split holds \"training\", which is none of: calibration, test"));
  EXPECT_THAT(fault(header + "0,ten,20,test\n", screen_text), HasSubstr("column target_x_px holds \"ten\""));
  EXPECT_THAT(fault(header + "0,inf,20,test\n", screen_text), HasSubstr("column target_x_px is inf"));
  EXPECT_THAT(fault(header + "0,1,2,test\n", screen_text), HasSubstr("there was no error"));
}

TEST(LabelledFace, AnImpossibleScreenIsRefused) {
  const std::string table = "frame\n0\n";
  EXPECT_THAT(fault(table, R"("screen": 27)"), HasSubstr("meta.json"));
  EXPECT_THAT(fault(table, R"("screen": {"width_mm": 500, "height_mm": 300, "width_px": 1000})"),
              HasSubstr("height_px"));
  EXPECT_THAT(
      fault(table, R"("screen": {"width_mm": 0, "height_mm": 300, "width_px": 1000, "height_px": 600})"),
      HasSubstr("screen.width_mm is 0, must be above 0"));
  const std::string placed = std::string(screen_text) + R"(, "screen_from_cam": )";
  EXPECT_THAT(fault(table, placed + R"({"rotation": [[1, 0, 0], [0, 1, 0]], "translation_mm": [0, 0, 0]})"),
              HasSubstr("screen_from_cam"));
  EXPECT_THAT(
      fault(table,
            placed + R"({"rotation": [[2, 0, 0], [0, 1, 0], [0, 0, 1]], "translation_mm": [0, 0, 0]})"),
      HasSubstr("screen_from_cam"));
}

}  // namespace
}  // namespace yarbus::labelled_face_test
