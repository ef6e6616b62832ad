// Which camera looks at what: remembered, and recognised from its first images.
#include "app/session/camera_modes.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/session/open_source.h"
#include "app/session/recognise_mode.h"

namespace yarbus::camera_modes_test {
namespace {

namespace fs = std::filesystem;

class CameraModesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("yarbus_modes_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(CameraModesTest, RemembersForgetsAndKeepsTheOthers) {
  const CameraModes modes(folder_ / "new" / "modes.json");
  EXPECT_FALSE(modes.mode_of("Cam A"));
  ASSERT_TRUE(modes.remember("Cam A", TrackingMode::webcam));
  ASSERT_TRUE(modes.remember("Cam \"B\" ü", TrackingMode::near_eye));
  const CameraModes again(folder_ / "new" / "modes.json");
  EXPECT_EQ(again.mode_of("Cam A"), TrackingMode::webcam);
  EXPECT_EQ(again.mode_of("Cam \"B\" ü"), TrackingMode::near_eye);
  ASSERT_TRUE(again.remember("Cam A", TrackingMode::automatic));
  EXPECT_FALSE(again.mode_of("Cam A"));
  EXPECT_EQ(again.mode_of("Cam \"B\" ü"), TrackingMode::near_eye);
}

TEST_F(CameraModesTest, ABrokenFileKnowsNothingAndIsReplaced) {
  fs::create_directories(folder_);
  const fs::path file = folder_ / "modes.json";
  for (const char* text : {"{ broken", "[1, 2]", "{\"Cam\": 7}", "{\"Cam\": \"sideways\"}"}) {
    std::ofstream(file) << text;
    const CameraModes modes(file);
    EXPECT_FALSE(modes.mode_of("Cam")) << text;
    ASSERT_TRUE(modes.remember("Cam", TrackingMode::webcam)) << text;
    EXPECT_EQ(modes.mode_of("Cam"), TrackingMode::webcam) << text;
  }
}

TEST_F(CameraModesTest, SaysWhereItCannotBeKeptAndKeepsNothingWithoutAFile) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "file") << "x";
  const auto kept = CameraModes(folder_ / "file" / "modes.json").remember("Cam", TrackingMode::webcam);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, ErrorCode::output_unwritable);
  const CameraModes none{fs::path()};
  EXPECT_TRUE(none.remember("Cam", TrackingMode::webcam));
  EXPECT_FALSE(none.mode_of("Cam"));
}

/// The first images of a simulated source.
std::vector<FramePtr> images_of(const char* scenario) {
  SourceRequest request;
  request.kind = SourceRequest::Kind::simulated_eye;
  request.location = scenario;
  request.seed = 3;
  auto opened = open_source(request, EyeSide::right, {false, 12, nullptr, nullptr});
  EXPECT_TRUE(opened) << scenario;
  std::vector<FramePtr> frames;
  for (int i = 0; i < 3; ++i) frames.push_back(*(*opened).frames->next({}));
  return frames;
}

TEST(RecogniseMode, TellsAFaceFromAnEye) {
  const RecognisedMode face = recognise_mode(images_of("face-still"));
  EXPECT_EQ(face.mode, TrackingMode::webcam);
  EXPECT_TRUE(face.is_sure);
  EXPECT_NE(face.reason.find("a face"), std::string::npos) << face.reason;
  const RecognisedMode eye = recognise_mode(images_of("easy"));
  EXPECT_EQ(eye.mode, TrackingMode::near_eye);
  EXPECT_TRUE(eye.is_sure);
  EXPECT_NE(eye.reason.find("one eye"), std::string::npos) << eye.reason;
  const RecognisedMode room = recognise_mode(images_of("face-none"));
  EXPECT_FALSE(room.is_sure) << room.reason;
  EXPECT_FALSE(recognise_mode(std::vector<FramePtr>{}).is_sure);
}

}  // namespace
}  // namespace yarbus::camera_modes_test
