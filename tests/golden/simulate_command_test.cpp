// Runs `yarbus simulate` and `yarbus track sim:...` as their user does.

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "app/export/labelled_recording.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"

namespace yarbus::simulate_command_test {
namespace {

using test::CommandOutcome;
using test::read_file;
using test::run_command;
using test::TemporaryFolder;
using testing::HasSubstr;

CommandOutcome simulate(std::vector<std::string> arguments, double interrupt_after_s = 0.0) {
  arguments.insert(arguments.begin(), {YARBUS_EXECUTABLE, "simulate"});
  return run_command(arguments, interrupt_after_s);
}

std::ptrdiff_t lines_of(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  return std::count(text.begin(), text.end(), '\n');
}

std::ptrdiff_t files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

TEST(Simulate, WritesALabelledRecordingThatIsTheSameEveryTime) {
  const TemporaryFolder folder;
  for (const char* name : {"a/eye", "b/eye"}) {
    const auto outcome =
        simulate({"easy", "--seed", "4", "--frames", "5", "--out", (folder / name).string()});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
    EXPECT_THAT(outcome.standard_output, HasSubstr("frames/s"));
    EXPECT_EQ(outcome.standard_error, "");
  }
  const auto recording = read_labelled_recording(folder / "a/eye");
  ASSERT_TRUE(recording) << recording.error().to_text();
  EXPECT_EQ(recording->labels.size(), 5U);
  EXPECT_EQ(files_in(recording->images), 5);
  const cv::Mat image = cv::imread((recording->images / "0004.png").string(), cv::IMREAD_UNCHANGED);
  EXPECT_EQ(image.type(), CV_8UC1);
  EXPECT_EQ(image.cols, recording->intrinsics.width_px);
  EXPECT_EQ(image.rows, recording->intrinsics.height_px);
  for (const FrameLabel& label : recording->labels) {
    ASSERT_TRUE(label.gaze_dir_in_cam && label.pupil_ellipse && label.visible_fraction && label.in_blink);
    EXPECT_LT(label.gaze_dir_in_cam->z(), 0.0) << "out of the eye, towards the camera";
    EXPECT_NEAR(*label.time_s, static_cast<double>(label.frame) / recording->rate_hz, 0.02);
    // The pupil lies on the optical axis.
    const Eigen::Vector3d along = *label.pupil_center_in_cam_mm - *label.eye_center_in_cam_mm;
    EXPECT_GT(along.normalized().dot(*label.gaze_dir_in_cam), 0.999);
  }
  for (const char* file : {"meta.json", "gt.csv", "frames/0000.png", "frames/0004.png"})
    EXPECT_EQ(read_file(folder / "a/eye" / file), read_file(folder / "b/eye" / file)) << file;
  EXPECT_NE(read_file(folder / "a/eye/frames/0000.png"), read_file(folder / "a/eye/frames/0004.png"));
}

TEST(Simulate, ExplainsItsScenarios) {
  const auto outcome = simulate({"--list"});
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* name : {"paper", "paper-no-cornea", "easy"})
    EXPECT_THAT(outcome.standard_output, HasSubstr(std::string("  ") + name + ' '));
}

TEST(Simulate, WrongUse) {
  const TemporaryFolder folder;
  const std::string out = (folder / "out").string();
  const auto unknown = simulate({"no-such-thing", "--out", out});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.standard_error, HasSubstr("no-such-thing"));
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_EQ(simulate({"easy"}).exit_code, 2);
  EXPECT_EQ(simulate({"easy", "--out", out, "--frames", "0"}).exit_code, 2);
  EXPECT_EQ(simulate({"easy", "--frames", "1", "--out", "/proc/yarbus"}).exit_code, 10);
  ASSERT_EQ(simulate({"easy", "--frames", "1", "--out", out}).exit_code, 0);
  const std::string table = read_file(folder / "out/gt.csv");
  const auto again = simulate({"easy", "--seed", "2", "--frames", "2", "--out", out});
  EXPECT_EQ(again.exit_code, 10);
  EXPECT_THAT(again.standard_error, HasSubstr("not empty"));
  EXPECT_EQ(read_file(folder / "out/gt.csv"), table);
}

TEST(Simulate, CtrlCLeavesAWholeRecordingOfTheFramesDone) {
  const TemporaryFolder folder;
  const auto outcome =
      simulate({"easy", "--frames", "100000", "--out", (folder / "eye").string()}, /*interrupt_after_s=*/2.0);
  ASSERT_EQ(outcome.exit_code, 130) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_error, HasSubstr("Ctrl-C"));
  const auto recording = read_labelled_recording(folder / "eye");
  ASSERT_TRUE(recording) << recording.error().to_text();
  EXPECT_EQ(static_cast<std::ptrdiff_t>(recording->labels.size()), files_in(recording->images));
  EXPECT_FALSE(std::filesystem::exists(folder / "eye/gt.csv.part"));
}

TEST(Simulate, AFullDiskKeepsWhatFits) {
  const TemporaryFolder folder;
  // A limit on the size of files (in blocks of 512 bytes) stands in for the full disk: the table grows past
  // it, or an image already does.
  const std::string command = "ulimit -f 6; trap '' XFSZ; exec " YARBUS_EXECUTABLE
                              " simulate easy --frames 200 --out " +
                              (folder / "eye").string();
  const auto outcome = run_command({"/bin/sh", "-c", command});
  EXPECT_EQ(outcome.exit_code, 10) << outcome.standard_error;
  EXPECT_EQ(std::count(outcome.standard_error.begin(), outcome.standard_error.end(), '\n'), 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "eye/gt.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "eye/gt.csv.part"));
  for (const auto& image : std::filesystem::directory_iterator(folder / "eye/frames"))
    EXPECT_FALSE(cv::imread(image.path().string(), cv::IMREAD_UNCHANGED).empty()) << "no half image is left";
}

TEST(TrackSimulated, AnEasyEyeIsTrackedWithItsTrueCamera) {
  const TemporaryFolder folder;
  for (const char* name : {"a.csv", "b.csv"}) {
    const auto outcome = run_command({YARBUS_EXECUTABLE, "track", "sim:easy", "--seed", "2", "--frames", "30",
                                      "--two-pass", "--out", (folder / name).string()});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
    EXPECT_THAT(outcome.standard_output, HasSubstr("frames      30"));
    EXPECT_THAT(outcome.standard_output, testing::Not(HasSubstr("assumed")));
    EXPECT_EQ(lines_of(folder / name), 31);
  }
  EXPECT_EQ(read_file(folder / "a.csv"), read_file(folder / "b.csv")) << "the same bytes every time";
}

TEST(TrackSimulated, WrongUse) {
  const TemporaryFolder folder;
  const auto track = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {YARBUS_EXECUTABLE, "track"});
    arguments.insert(arguments.end(), {"--out", (folder / "o.csv").string()});
    return run_command(arguments);
  };
  EXPECT_EQ(track({"sim:no-such-thing"}).exit_code, 2);
  EXPECT_EQ(track({"sim:"}).exit_code, 2);
  const auto turned = track({"sim:easy", "--rotate", "90"});
  EXPECT_EQ(turned.exit_code, 2);
  EXPECT_THAT(turned.standard_error, HasSubstr("rotate"));
  EXPECT_FALSE(std::filesystem::exists(folder / "o.csv"));
}

}  // namespace
}  // namespace yarbus::simulate_command_test
