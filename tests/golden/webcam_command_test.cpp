// Runs `yarbus track --mode webcam` and `yarbus benchmark webcam` as their user does.

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/videoio.hpp>

#include "tests/support/recordings.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"
#include "tests/support/yarbus_command.h"

namespace yarbus::webcam_command_test {
namespace {

using test::read_file;
using test::TemporaryFolder;
using test::yarbus_command;
using testing::HasSubstr;

TEST(TrackWebcam, WritesTheSameTableTwiceAndAnOverlayOfASimulatedFace) {
  const TemporaryFolder folder;
  std::vector<std::string> tables;
  for (const char* name : {"a.csv", "b.csv"}) {
    const auto outcome =
        yarbus_command({"track", "sim:face-still", "--width", "640", "--frames", "25", "--seed", "3", "--out",
                        (folder / name).string(), "--overlay", (folder / "over.mp4").string(), "--plot",
                        (folder / "plot.png").string()});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
    EXPECT_THAT(outcome.standard_output, HasSubstr("irises      in 2"));
    tables.push_back(read_file(folder / name));
  }
  EXPECT_EQ(tables[0], tables[1]);
  EXPECT_EQ(std::count(tables[0].begin(), tables[0].end(), '\n'), 26);
  EXPECT_THAT(tables[0], HasSubstr("right_iris_x_px"));
  EXPECT_THAT(tables[0], HasSubstr(",irises,"));
  cv::VideoCapture overlay((folder / "over.mp4").string());
  int overlay_frames = 0;
  for (cv::Mat frame; overlay.read(frame);) ++overlay_frames;
  EXPECT_EQ(overlay_frames, 25);
  EXPECT_GT(std::filesystem::file_size(folder / "plot.png"), 2000U);
}

TEST(TrackWebcam, FollowsARealFaceAndRecognisesIt) {
  const auto video = test::recording("faces_head_turn/head-pose-face-detection-male.gif");
  YARBUS_REQUIRE_RECORDING(video);
  const TemporaryFolder folder;
  const auto outcome = yarbus_command(
      {"track", video.string(), "--mode", "automatic", "--out", (folder / "gaze.csv").string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_error, HasSubstr("a face is seen"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("iris radius"));
  const std::string table = read_file(folder / "gaze.csv");
  std::size_t with_irises = 0;
  for (std::size_t at = table.find(",irises,"); at != std::string::npos; at = table.find(",irises,", at + 1))
    ++with_irises;
  EXPECT_GT(with_irises, 35U) << "of 62";
}

TEST(TrackWebcam, RefusesWhatBelongsToEyeCameras) {
  const TemporaryFolder folder;
  const std::string out = (folder / "gaze.csv").string();
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--two-pass"},
                                                {"--stage", "edge"},
                                                {"--save-model", (folder / "m.json").string()}}) {
    std::vector<std::string> arguments{"track", "sim:face-still", "--frames", "2", "--out", out};
    arguments.insert(arguments.end(), wrong.begin(), wrong.end());
    const auto outcome = yarbus_command(arguments);
    EXPECT_NE(outcome.exit_code, 0) << wrong.front();
    EXPECT_THAT(outcome.standard_error, HasSubstr(wrong.front())) << wrong.front();
    EXPECT_THAT(outcome.standard_error, HasSubstr("eye cameras")) << wrong.front();
  }
  const auto near_eye = yarbus_command(
      {"track", "sim:easy", "--frames", "2", "--calibration", (folder / "none.json").string(), "--out", out});
  EXPECT_NE(near_eye.exit_code, 0);
  EXPECT_THAT(near_eye.standard_error, HasSubstr("webcam"));
}

TEST(BenchmarkWebcam, JudgesEveryMapperBesideRidgeAndTheMeanTarget) {
  const TemporaryFolder folder;
  const auto outcome =
      yarbus_command({"benchmark", "webcam", "--scenario", "face-still", "--subjects", "1", "--size", "vga",
                      "--frames", "640", "--no-sample-counts", "--out", (folder / "r").string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  std::ifstream in(folder / "r" / "webcam.json");
  const auto result = nlohmann::json::parse(in);
  EXPECT_EQ(result["kind"], "yarbus webcam");
  std::vector<std::string> mappers;
  double chosen_deg = -1.0;
  double ridge_deg = -1.0;
  double nothing_deg = -1.0;
  for (const auto& row : result["summary"]) {
    const std::string name = row["mapper"];
    mappers.push_back(name);
    const double median_deg = row["median_deg"];
    if (name == "chosen") chosen_deg = median_deg;
    if (name == "ridge") ridge_deg = median_deg;
    if (name == "mean target") nothing_deg = median_deg;
  }
  EXPECT_THAT(mappers, testing::IsSupersetOf({"geometric", "appearance process", "tangent distance", "ridge",
                                              "mean target", "chosen"}));
  EXPECT_GT(chosen_deg, 0.0);
  EXPECT_LT(chosen_deg, 2.0) << "VGA, a still head";
  EXPECT_LT(chosen_deg, ridge_deg);
  EXPECT_LT(ridge_deg, nothing_deg);
  EXPECT_GT(std::filesystem::file_size(folder / "r" / "webcam-face-still.png"), 5000U);
}

TEST(BenchmarkWebcam, JudgesIrisesInMarkedStills) {
  const TemporaryFolder folder;
  const auto empty = yarbus_command({"benchmark", "webcam", "--stills", folder.path().string()});
  EXPECT_NE(empty.exit_code, 0);
  EXPECT_THAT(empty.standard_error, HasSubstr("BioID"));
  // An even picture has no face; a broken one cannot be read.
  std::ofstream(folder / "a.pgm") << "P5\n64 48\n255\n" << std::string(64 * 48, 'x');
  std::ofstream(folder / "a.eye") << "#LX\tLY\tRX\tRY\n40\t20\t20\t20\n";
  std::ofstream(folder / "b.pgm") << "P5\n64 48\n255\nshort";
  std::ofstream(folder / "b.eye") << "#LX\tLY\tRX\tRY\n40\t20\t20\t20\n";
  const auto outcome = yarbus_command({"benchmark", "webcam", "--stills", folder.path().string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output,
              HasSubstr("2 images, 1 without a face that was found, 1 that cannot be read"));
}

}  // namespace
}  // namespace yarbus::webcam_command_test
