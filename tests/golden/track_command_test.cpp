// Runs the real program as its user does: on synthetic folders, simulated eyes and real recordings (whose
// results recordings_test.cpp judges).

#include <algorithm>
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/support/recordings.h"
#include "tests/support/run_command.h"
#include "tests/support/synthetic_eye_folder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"

namespace yarbus::track_command_test {
namespace {

using test::CommandOutcome;
using test::read_file;
using test::read_table;
using test::run_command;
using test::TemporaryFolder;
using test::track;
using testing::HasSubstr;

/// A gray image with a dark disc, drawn large and averaged down, so that its radius is exact.
cv::Mat eye_image(int width_px, int height_px, cv::Point2d center, double radius_px) {
  constexpr int scale = 8;
  cv::Mat large(height_px * scale, width_px * scale, CV_8UC1, cv::Scalar(150));
  for (int y = 0; y < large.rows; ++y) {
    for (int x = 0; x < large.cols; ++x) {
      const double dx = (x + 0.5) / scale - 0.5 - center.x;
      const double dy = (y + 0.5) / scale - 0.5 - center.y;
      if (dx * dx + dy * dy < radius_px * radius_px) large.at<std::uint8_t>(y, x) = 20;
    }
  }
  cv::Mat image;
  cv::resize(large, image, {width_px, height_px}, 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(image, image, {5, 5}, 1.0);
  return image;
}

/// Every failure: the exit code, one line on standard error that names the input, and no output that looks
/// whole.
void expect_failure(const CommandOutcome& outcome, int exit_code, const std::string& named,
                    const std::filesystem::path& csv) {
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_error, HasSubstr(named));
  EXPECT_EQ(std::count(outcome.standard_error.begin(), outcome.standard_error.end(), '\n'), 1)
      << outcome.standard_error;
  EXPECT_FALSE(std::filesystem::exists(csv));
  EXPECT_FALSE(std::filesystem::exists(csv.string() + ".part"));
}

TEST(TrackBadInput, MissingEmptyAndNotAVideo) {
  const TemporaryFolder folder;
  const auto csv = folder / "o.csv";
  expect_failure(track(folder / "none.mp4", csv), 3, "none.mp4", csv);
  std::ofstream(folder / "empty.mp4").flush();
  expect_failure(track(folder / "empty.mp4", csv), 5, "empty.mp4", csv);
  std::ofstream(folder / "text.mp4") << "this is no video, whatever its name says\n";
  expect_failure(track(folder / "text.mp4", csv), 4, "text.mp4", csv);
  std::filesystem::create_directories(folder / "bare");
  expect_failure(track(folder / "bare", csv), 5, "bare", csv);
}

TEST(TrackBadInput, SizesOutsideTheSupportedRange) {
  const TemporaryFolder folder;
  const auto csv = folder / "o.csv";
  std::filesystem::create_directories(folder / "tiny");
  cv::imwrite((folder / "tiny/a.png").string(), cv::Mat(1, 1, CV_8UC1, cv::Scalar(7)));
  expect_failure(track(folder / "tiny", csv), 4, "1x1", csv);
  std::filesystem::create_directories(folder / "huge");
  cv::imwrite((folder / "huge/a.png").string(), cv::Mat(6000, 8000, CV_8UC1, cv::Scalar(7)));
  expect_failure(track(folder / "huge", csv), 4, "8000x6000", csv);
}

TEST(TrackBadInput, SizeChangeKeepsWhatWasDoneUnderAPartialName) {
  const TemporaryFolder folder;
  test::write_synthetic_eye_folder(folder / "frames", 5);
  cv::imwrite((folder / "frames/f9.png").string(), eye_image(640, 480, {320, 240}, 40));
  const auto outcome = track(folder / "frames", folder / "o.csv");
  expect_failure(outcome, 6, "640x480", folder / "o.csv");
  EXPECT_EQ(read_table(folder / "o.partial.csv").size(), 5U);
}

TEST(TrackBadInput, SixteenBitAndAlphaImagesAreUnderstood) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "deep");
  std::filesystem::create_directories(folder / "alpha");
  const cv::Mat eye = eye_image(320, 240, {160, 120}, 25);
  cv::Mat deep;
  eye.convertTo(deep, CV_16UC1, 257.0);
  cv::imwrite((folder / "deep/a.png").string(), deep);
  cv::Mat alpha;
  cv::cvtColor(eye, alpha, cv::COLOR_GRAY2BGRA);
  cv::imwrite((folder / "alpha/a.png").string(), alpha);
  for (const char* name : {"deep", "alpha"}) {
    const auto outcome = track(folder / name, folder / "o.csv");
    ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
    const auto rows = read_table(folder / "o.csv");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_NEAR(std::stod(rows[0].at("semi_major_px")), 25.0, 0.2) << name;
  }
}

TEST(TrackBadInput, UnwritableOutputs) {
  const TemporaryFolder folder;
  const auto frames = test::write_synthetic_eye_folder(folder / "frames", 2);
  EXPECT_EQ(track(frames, "/proc/o.csv").exit_code, 10);
  EXPECT_EQ(track(frames, folder / "none/o.csv").exit_code, 10);
  EXPECT_EQ(track(frames, folder / "o.csv", {"--overlay", "/proc/o.mp4"}).exit_code, 10);
  EXPECT_EQ(track(frames, folder / "o.csv", {"--plot", (folder / "none/o.png").string()}).exit_code, 10);
  EXPECT_FALSE(std::filesystem::exists(folder / "o.csv"));
}

TEST(TrackBadInput, AFullDiskKeepsWhatFitsUnderAPartialName) {
  const TemporaryFolder folder;
  const auto frames = test::write_synthetic_eye_folder(folder / "frames", 40);
  // A limit on the size of files stands in for the full disk: writing past it fails.
  const std::string command = "ulimit -f 4; trap '' XFSZ; exec " YARBUS_EXECUTABLE " track " +
                              frames.string() + " --out " + (folder / "o.csv").string();
  const auto outcome = run_command({"/bin/sh", "-c", command});
  EXPECT_EQ(outcome.exit_code, 10) << outcome.standard_error;
  EXPECT_FALSE(std::filesystem::exists(folder / "o.csv"));
  EXPECT_GT(std::filesystem::file_size(folder / "o.partial.csv"), 1000U);
}

TEST(TrackBadInput, TheInputIsNeverOverwritten) {
  const TemporaryFolder folder;
  const auto video = test::recording("no_eye/b.mp4");
  YARBUS_REQUIRE_RECORDING(video);
  std::filesystem::copy_file(video, folder / "v.mp4");
  const auto size = std::filesystem::file_size(folder / "v.mp4");
  EXPECT_EQ(track(folder / "v.mp4", folder / "o.csv", {"--overlay", (folder / "v.mp4").string()}).exit_code,
            2);
  EXPECT_EQ(std::filesystem::file_size(folder / "v.mp4"), size);
}

TEST(TrackBadInput, WrongIntrinsics) {
  const TemporaryFolder folder;
  const auto frames = test::write_synthetic_eye_folder(folder / "frames", 2);
  std::ofstream(folder / "broken.json") << "{";
  EXPECT_EQ(track(frames, folder / "o.csv", {"--camera", (folder / "broken.json").string()}).exit_code, 4);
  EXPECT_EQ(track(frames, folder / "o.csv", {"--camera", (folder / "none.json").string()}).exit_code, 3);
  std::ofstream(folder / "other.json")
      << R"({"K": {"fx": 600, "fy": 600, "cx": 320, "cy": 240, "width": 640, "height": 480}})";
  EXPECT_EQ(track(frames, folder / "o.csv", {"--camera", (folder / "other.json").string()}).exit_code, 2);
}

TEST(TrackBadInput, AFitToContrastWhereItWouldBeIgnored) {
  const TemporaryFolder folder;
  const auto frames = test::write_synthetic_eye_folder(folder / "frames", 2);
  const auto csv = folder / "o.csv";
  const std::string contrast = "--refraction-contrast";
  expect_failure(track(frames, csv, {contrast}), 2, "--two-pass", csv);
  expect_failure(track(frames, csv, {contrast, "--two-pass", "--stage", "edge"}), 2, "--stage edge", csv);
  expect_failure(track(frames, csv, {contrast, "--two-pass", "--bright-pupil"}), 2, "--bright-pupil", csv);
  expect_failure(track(frames, csv, {contrast, "--left", "sim:easy"}), 2, "--two-pass", csv);
}

TEST(TrackBadInput, TruncatedVideoKeepsItsFrames) {
  const auto video = test::recording("goggles_320x240/demo.mp4");
  YARBUS_REQUIRE_RECORDING(video);
  const TemporaryFolder folder;
  std::filesystem::copy_file(video, folder / "cut.mp4");
  std::filesystem::resize_file(folder / "cut.mp4", std::filesystem::file_size(video) / 2);
  const auto outcome = track(folder / "cut.mp4", folder / "o.csv");
  // Cut before the index the file is no video; cut after it the frames end early. Either way nothing looks
  // whole.
  EXPECT_TRUE(outcome.exit_code == 4 || outcome.exit_code == 6)
      << outcome.exit_code << outcome.standard_error;
  EXPECT_FALSE(std::filesystem::exists(folder / "o.csv"));
}

TEST(Track, StagesAreAPictureOfTheLastFrame) {
  const TemporaryFolder folder;
  test::write_synthetic_eye_folder(folder / "frames", 3);
  const std::string two = (folder / "two.png").string();
  const auto outcome = track(folder / "frames", folder / "o.csv", {"--stages", two, "--frames", "2"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, HasSubstr("two.png"));
  const cv::Mat picture = cv::imread(two);
  EXPECT_GT(picture.cols, 4 * 640);
  EXPECT_GT(picture.rows, 480);
  const std::string three = (folder / "three.png").string();
  ASSERT_EQ(track(folder / "frames", folder / "o.csv", {"--stages", three}).exit_code, 0);
  const cv::Mat other = cv::imread(three);
  ASSERT_EQ(other.size(), picture.size());
  EXPECT_GT(cv::norm(picture, other, cv::NORM_INF), 100.0);
  EXPECT_EQ(track(folder / "frames", folder / "o.csv", {"--stages", two, "--plot", two}).exit_code, 2);
}

TEST(TrackWearer, ASavedModelIsStartedFromTheNextTime) {
  const TemporaryFolder folder;
  const std::string model = (folder / "anna.json").string();
  const auto first = track("sim:easy", folder / "a.csv", {"--frames", "120", "--save-model", model});
  ASSERT_EQ(first.exit_code, 0) << first.standard_error;
  EXPECT_THAT(first.standard_output, HasSubstr("wrote       " + model));
  EXPECT_THAT(first.standard_output, HasSubstr("refraction fit"));
  EXPECT_THAT(first.standard_output, HasSubstr("; gaze ±"));
  const auto next = track("sim:easy", folder / "b.csv", {"--frames", "30", "--model", model});
  ASSERT_EQ(next.exit_code, 0) << next.standard_error;
  EXPECT_THAT(next.standard_output, HasSubstr(model + ": anatomy and place used"));
  // From the first update on (0.2 s): surer than those of the stranger. The very first frame's doubt is
  // between the two circles of one ellipse, which a wearer who may have moved has as well.
  const auto mean_sigma_deg = [](const std::filesystem::path& csv) {
    double sum = 0.0;
    int count = 0;
    for (const auto& row : read_table(csv)) {
      if (row.at("gaze_sigma_deg").empty() || std::stoi(row.at("frame")) < 13 ||
          std::stoi(row.at("frame")) > 25)
        continue;
      EXPECT_GT(std::stod(row.at("pupil_diameter_sigma_mm")), 0.0);
      sum += std::stod(row.at("gaze_sigma_deg"));
      ++count;
    }
    EXPECT_GT(count, 5);
    return sum / count;
  };
  EXPECT_LT(mean_sigma_deg(folder / "b.csv"), 0.9 * mean_sigma_deg(folder / "a.csv"));
  const auto other =
      track("sim:easy", folder / "c.csv", {"--frames", "10", "--model", model, "--eye", "left"});
  ASSERT_EQ(other.exit_code, 0) << other.standard_error;
  EXPECT_THAT(other.standard_output, HasSubstr("saved for the right eye: the eye's place is not used"));
}

TEST(TrackWearer, TheFitOfAWholeRecordingStartsFromTheModelToo) {
  const TemporaryFolder folder;
  const auto tracked = [&](const std::string& name, std::vector<std::string> more) {
    more.insert(more.end(), {"--save-model", (folder / (name + ".json")).string()});
    return track("sim:easy", folder / (name + ".csv"), more);
  };
  const std::string anna = (folder / "anna.json").string();
  ASSERT_EQ(tracked("anna", {"--frames", "160"}).exit_code, 0);
  ASSERT_EQ(tracked("stranger", {"--frames", "40", "--two-pass"}).exit_code, 0);
  const auto known = tracked("known", {"--frames", "40", "--two-pass", "--model", anna});
  ASSERT_EQ(known.exit_code, 0) << known.standard_error;
  EXPECT_THAT(known.standard_output, HasSubstr(anna + ": anatomy and place used"));
  // What a short recording leaves open is as the wearer's model has it, not as the population has it.
  const auto anatomy = [&](const std::string& name) {
    return nlohmann::json::parse(read_file(folder / (name + ".json"))).at("anatomy");
  };
  const auto off_mm = [&](const std::string& name) {
    double squares_mm2 = 0.0;
    for (const char* length : {"pupil_plane_mm", "cornea_center_mm", "cornea_radius_mm"}) {
      const double off = anatomy(name).at(length).get<double>() - anatomy("anna").at(length).get<double>();
      squares_mm2 += off * off;
    }
    return std::sqrt(squares_mm2);
  };
  const auto variance_mm2 = [&](const std::string& name) {
    return anatomy(name).at("covariance_mm2").at(0).at(0).get<double>();
  };
  EXPECT_LT(off_mm("known"), 0.5 * off_mm("stranger"));
  EXPECT_LT(variance_mm2("known"), 0.9 * variance_mm2("stranger"));
}

TEST(TrackWearer, WrongModelsAndStagesAreSaid) {
  const TemporaryFolder folder;
  const auto frames = test::write_synthetic_eye_folder(folder / "frames", 2);
  const auto csv = folder / "o.csv";
  std::ofstream(folder / "broken.json") << "{";
  expect_failure(track(frames, csv, {"--model", (folder / "broken.json").string()}), 4, "broken.json", csv);
  expect_failure(track(frames, csv, {"--model", (folder / "none.json").string()}), 3, "none.json", csv);
  expect_failure(track(frames, csv, {"--stage", "edge", "--save-model", (folder / "m.json").string()}), 2,
                 "--save-model", csv);
  expect_failure(track(frames, csv, {"--save-model", csv.string()}), 2, "same name", csv);
  EXPECT_EQ(track(frames, csv, {"--save-model", "/proc/m.json"}).exit_code, 10);
}

TEST(Track, CtrlCKeepsWhatIsDone) {
  const auto video = test::recording("goggles_320x240/demo.mp4");
  YARBUS_REQUIRE_RECORDING(video);
  const TemporaryFolder folder;
  const auto outcome = run_command({YARBUS_EXECUTABLE, "track", video.string(), "--out",
                                    (folder / "o.csv").string(), "--overlay", (folder / "o.mp4").string()},
                                   1.0);
  ASSERT_EQ(outcome.exit_code, 130) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_error, HasSubstr("Ctrl-C"));
  const auto rows = read_table(folder / "o.csv");
  EXPECT_LT(rows.size(), 1112U);
  EXPECT_FALSE(std::filesystem::exists(folder / "o.mp4.part"));
}

TEST(Track, TwoRunsWriteTheSameBytes) {
  const auto video = test::recording("headset_blinks_640x480/short_human_3blink.mp4");
  YARBUS_REQUIRE_RECORDING(video);
  const TemporaryFolder folder;
  for (const char* name : {"a", "b"}) {
    const std::string stem = (folder / name).string();
    const auto outcome =
        track(video, stem + ".csv", {"--overlay", stem + ".mp4", "--plot", stem + ".png", "--frames", "150"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  }
  for (const char* extension : {".csv", ".mp4"}) {
    EXPECT_EQ(read_file(folder / (std::string("a") + extension)),
              read_file(folder / (std::string("b") + extension)))
        << extension;
  }
  EXPECT_GT(std::filesystem::file_size(folder / "a.png"), 10000U);
}

}  // namespace
}  // namespace yarbus::track_command_test
