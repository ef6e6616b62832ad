// Runs `yarbus calibrate-camera` as its user does, on boards rendered through a known camera.

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "calibration/camera/camera_file.h"
#include "tests/support/rendered_board.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"

namespace yarbus::calibrate_camera_command_test {
namespace {

using test::CommandOutcome;
using testing::HasSubstr;
namespace fs = std::filesystem;

class CalibrateCamera : public testing::Test {
 protected:
  static CameraIntrinsics truth() { return test::standard_test_camera(); }
  static cv::Mat as_mat(const GrayImage& image) {
    return cv::Mat(image.height_px(), image.width_px(), CV_8UC1, const_cast<std::uint8_t*>(image.data()))
        .clone();
  }
  static void SetUpTestSuite() {
    folder_ = new test::TemporaryFolder;
    fs::create_directories(*folder_ / "shots");
    fs::create_directories(*folder_ / "flat");
    const test::BoardRenderer renderer(CalibrationBoard{}, truth());
    cv::VideoWriter video((*folder_ / "board.avi").string(), cv::VideoWriter::fourcc('M', 'J', 'P', 'G'),
                          10.0, {640, 480}, false);
    int number = 10;
    for (const auto& pose : test::careful_poses(CalibrationBoard{}, truth(), 12, 35.0, 9)) {
      const cv::Mat picture = as_mat(renderer.render(pose, {0.6, 2.0, static_cast<std::uint64_t>(number)}));
      cv::imwrite((*folder_ / "shots" / (std::to_string(number++) + ".png")).string(), picture);
      for (int i = 0; i < 3; ++i) video.write(picture);
    }
    cv::imwrite((*folder_ / "shots" / "99.png").string(), cv::Mat(480, 640, CV_8UC1, cv::Scalar(90)));
    for (const auto& pose : test::careful_poses(CalibrationBoard{}, truth(), 8, 0.0, 9))
      cv::imwrite((*folder_ / "flat" / (std::to_string(number++) + ".png")).string(),
                  as_mat(renderer.render(pose)));
  }
  static void TearDownTestSuite() { delete folder_; }
  void SetUp() override { setenv("XDG_CONFIG_HOME", config_.path().c_str(), 1); }

  CommandOutcome run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {YARBUS_EXECUTABLE, "calibrate-camera"});
    return test::run_command(arguments);
  }
  static std::string in(const std::string& name) { return (*folder_ / name).string(); }

  static test::TemporaryFolder* folder_;
  test::TemporaryFolder config_;
};
test::TemporaryFolder* CalibrateCamera::folder_ = nullptr;

TEST_F(CalibrateCamera, MeasuresSavesAndIsUsed) {
  const std::string json = (config_ / "k.json").string();
  const std::string overlays = (config_ / "seen").string();
  const auto outcome = run({in("shots"), "--size", "9x6", "--square-mm", "25", "--out", json, "--save-as",
                            "Eye cam", "--overlay", overlays});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, HasSubstr("10.png"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("no board is seen"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("standard lens"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("views left out of the fit: standard"));
  EXPECT_THAT(outcome.standard_error, testing::IsEmpty());
  const auto camera = read_camera_intrinsics(json);
  ASSERT_TRUE(camera) << camera.error().to_text();
  EXPECT_NEAR(camera->fx_px, truth().fx_px, 0.003 * truth().fx_px);
  EXPECT_NEAR(camera->cy_px, truth().cy_px, 1.0);
  EXPECT_EQ(std::distance(fs::directory_iterator(overlays), {}), 12) << "one a view";
  EXPECT_EQ(cv::imread((fs::path(overlays) / "10.png").string()).cols, 1280);

  const auto again =
      run({in("shots"), "--size", "9x6", "--square-mm", "25", "--out", (config_ / "again.json").string()});
  ASSERT_EQ(again.exit_code, 0);
  EXPECT_EQ(read_camera_intrinsics(config_ / "again.json")->fx_px, camera->fx_px) << "the same every time";

  EXPECT_THAT(run({"--list"}).standard_output, HasSubstr("Eye cam, 640x480: focal length"));
  const auto track = test::run_command({YARBUS_EXECUTABLE, "track", in("board.avi"), "--camera", "Eye cam",
                                        "--frames", "2", "--out", (config_ / "t.csv").string()});
  EXPECT_EQ(track.exit_code, 0) << track.standard_error;
  EXPECT_THAT(track.standard_output, HasSubstr("(Eye cam, calibrated: chessboard of 9x6"));

  const std::string yml = (config_ / "k.yml").string();
  ASSERT_EQ(run({"--export", "Eye cam", "--out", yml}).exit_code, 0);
  const auto imported = run({"--import", yml, "--save-as", "Copy", "--resolution", "320x240"});
  ASSERT_EQ(imported.exit_code, 0) << imported.standard_error;
  EXPECT_THAT(imported.standard_output, HasSubstr("scaled"));
  EXPECT_EQ(run({"--import", yml, "--save-as", "Copy", "--resolution", "320x200"}).exit_code, 2);
  EXPECT_EQ(run({"--delete", "Copy"}).exit_code, 0);
  EXPECT_EQ(run({"--delete", "Copy"}).exit_code, 3);
}

TEST_F(CalibrateCamera, FromAVideo) {
  const auto outcome = run({in("board.avi"), "--model", "standard", "--out", (config_ / "v.yml").string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error << outcome.standard_output;
  EXPECT_THAT(outcome.standard_output, HasSubstr("36 frames read"));
  const auto camera = read_camera_file(config_ / "v.yml");
  ASSERT_TRUE(camera);
  EXPECT_NEAR(camera->intrinsics.fx_px, truth().fx_px, 0.005 * truth().fx_px);
}

TEST_F(CalibrateCamera, RefusesWithTheReasonAndItsExitCode) {
  const auto expect = [&](const std::vector<std::string>& arguments, int code, const std::string& words) {
    const auto outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, code) << arguments[0] << outcome.standard_error;
    EXPECT_THAT(outcome.standard_error, HasSubstr(words)) << arguments[0];
  };
  expect({in("flat")}, 4, "cannot be told apart");
  expect({in("shots/10.png"), in("shots/11.png")}, 4, "2 views, at least 6");
  expect({in("shots"), "--size", "8x5", "--board", "circles"}, 4, "0 views");
  expect({in("nothing")}, 3, "nothing");
  fs::create_directories(config_ / "empty");
  expect({(config_ / "empty").string()}, 5, "no pictures");
  std::ofstream(config_ / "bad.png") << "no picture";
  expect({(config_ / "bad.png").string()}, 4, "cannot be read");
  cv::imwrite((config_ / "small.png").string(), cv::Mat(240, 320, CV_8UC1, cv::Scalar(90)));
  expect({in("shots/10.png"), (config_ / "small.png").string()}, 6, "320x240");
  expect({in("shots"), "--size", "9by6"}, 2, "must be like 9x6");
  expect({in("shots"), "--size", "1x6"}, 2, "columns is 1");
  expect({in("shots"), "--out", (config_ / "k.txt").string()}, 2, ".json");
  expect({in("shots"), "--list"}, 2, "give one of");
  expect({"--export", "Eye cam"}, 2, "--out");
  EXPECT_EQ(run({}).exit_code, 2);
}

TEST_F(CalibrateCamera, PrintsABoard) {
  const auto outcome = run({"--print-board", (config_ / "b.svg").string(), "--board", "charuco", "--size",
                            "8x5", "--square-mm", "20"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, HasSubstr("the pattern is 180 x 120 mm"));
  EXPECT_THAT(test::read_file(config_ / "b.svg"), HasSubstr("<svg"));
  EXPECT_EQ(run({"--print-board", (config_ / "b.pdf").string()}).exit_code, 2);
  EXPECT_EQ(run({"--print-board", (config_ / "no" / "b.svg").string()}).exit_code, 10);
}

}  // namespace
}  // namespace yarbus::calibrate_camera_command_test
