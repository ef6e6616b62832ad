#include <fstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/recordings.h"
#include "tests/support/temporary_folder.h"
#include "tracker/capture/frame_maker.h"
#include "tracker/capture/frame_source.h"
#include "tracker/capture/image_folder_source.h"

namespace yarbus::file_source_test {
namespace {

using test::TemporaryFolder;

Result<std::unique_ptr<FrameSource>> open(const std::filesystem::path& path, int rotate_deg = 0,
                                          bool mirror = false) {
  SourceOptions options;
  options.location = path.string();
  options.rotate_deg = rotate_deg;
  options.mirror = mirror;
  return open_frame_source(options);
}

std::uint64_t checksum(const Frame& frame) {
  std::uint64_t sum = 1469598103934665603U;
  const GrayView view = frame.gray.view();
  for (int i = 0; i < view.width_px * view.height_px; ++i) sum = (sum ^ view.data[i]) * 1099511628211U;
  return sum;
}

TEST(NaturalOrder, NumbersCountAsNumbers) {
  EXPECT_TRUE(natural_less("img2.png", "img10.png"));
  EXPECT_FALSE(natural_less("img10.png", "img2.png"));
  EXPECT_TRUE(natural_less("a9b2", "a9b10"));
  EXPECT_TRUE(natural_less("a1", "b0"));
  EXPECT_TRUE(natural_less("a", "a1"));
  EXPECT_FALSE(natural_less("a1", "a1"));
  EXPECT_TRUE(natural_less("a1", "a01") != natural_less("a01", "a1")) << "a total order";
}

TEST(VideoFile, ReadsEveryFrameAndSeeksExactly) {
  for (const auto& [name, count] : {std::pair{"goggles_320x240/demo.mp4", 1112U},
                                    {"headset_blinks_640x480/short_human_3blink.mp4", 284U}}) {
    const auto path = test::recording(name);
    YARBUS_REQUIRE_RECORDING(path);
    auto source = open(path);
    ASSERT_TRUE(source) << source.error().to_text();
    EXPECT_EQ((*source)->info().frame_count, count);
    std::vector<std::uint64_t> sums;
    std::vector<CaptureTime> times;
    while (true) {
      const auto frame = (*source)->next({});
      ASSERT_TRUE(frame) << frame.error().to_text();
      if (*frame == nullptr) break;
      EXPECT_EQ((*frame)->sequence, sums.size());
      if (!times.empty()) {
        EXPECT_GT((*frame)->captured_at, times.back());
      }
      sums.push_back(checksum(**frame));
      times.push_back((*frame)->captured_at);
    }
    ASSERT_EQ(sums.size(), count);
    EXPECT_EQ(times.front().count(), 0);
    for (const std::uint64_t index : {200U, 10U, 11U, 140U, 0U, 283U, 282U, 60U, 75U}) {
      ASSERT_TRUE((*source)->seek(index));
      const auto frame = (*source)->next({});
      ASSERT_TRUE(frame && *frame) << index;
      EXPECT_EQ((*frame)->sequence, index);
      EXPECT_EQ(checksum(**frame), sums[index]) << name << " frame " << index;
      EXPECT_EQ((*frame)->captured_at, times[index]);
    }
    ASSERT_TRUE((*source)->seek(1000000));
    EXPECT_EQ((*(*source)->next({}))->sequence, count - 1U) << "past the end: the last frame";
  }
}

TEST(VideoFile, ACutRecordingGivesItsFramesThenAnError) {
  const auto path = test::recording("no_eye/a.mp4");
  YARBUS_REQUIRE_RECORDING(path);
  auto source = open(path);
  ASSERT_TRUE(source);
  for (int i = 0; i < 95; ++i) ASSERT_TRUE((*source)->next({})) << i;
  const auto end = (*source)->next({});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::input_truncated);
  EXPECT_THAT(end.error().message, testing::HasSubstr("95 of 156"));
}

TEST(VideoFile, AnimatedGifsEndCleanly) {
  const auto path = test::recording("closeup_480x384/Demo_Data_1_Single_Camera.gif");
  YARBUS_REQUIRE_RECORDING(path);
  auto source = open(path);
  ASSERT_TRUE(source) << source.error().to_text();
  int count = 0;
  while (true) {
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame) << frame.error().to_text();
    if (*frame == nullptr) break;
    ++count;
  }
  EXPECT_EQ(count, 62);
}

TEST(VideoFile, BadFilesAreToldApart) {
  const TemporaryFolder folder;
  EXPECT_EQ(open(folder / "none.mp4").error().code, ErrorCode::input_missing);
  std::ofstream(folder / "empty.mp4").flush();
  EXPECT_EQ(open(folder / "empty.mp4").error().code, ErrorCode::input_empty);
  std::ofstream(folder / "text.mp4") << "hello";
  EXPECT_EQ(open(folder / "text.mp4").error().code, ErrorCode::input_unreadable);
}

TEST(ImageFolder, OrderTimesSeekAndFramesSubfolder) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "set/frames");
  for (int i = 1; i <= 12; ++i) {
    cv::imwrite((folder / ("set/frames/img" + std::to_string(i) + ".png")).string(),
                cv::Mat(48, 64, CV_8UC1, cv::Scalar(10 * i)));
  }
  auto source = open(folder / "set");
  ASSERT_TRUE(source) << source.error().to_text();
  for (int i = 1; i <= 12; ++i) {
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->gray.view().at(3, 3), 10 * i);
    EXPECT_NEAR(std::chrono::duration<double>((*frame)->captured_at).count(), (i - 1) / 30.0, 1e-8);
  }
  EXPECT_EQ(*(*source)->next({}), nullptr);
  ASSERT_TRUE((*source)->seek(4));
  EXPECT_EQ((*(*source)->next({}))->gray.view().at(0, 0), 50);
}

TEST(ImageFolder, DeepColourAndAlphaBecomeGray) {
  const TemporaryFolder folder;
  cv::imwrite((folder / "1.png").string(), cv::Mat(48, 64, CV_16UC1, cv::Scalar(100 * 257)));
  cv::imwrite((folder / "2.png").string(), cv::Mat(48, 64, CV_8UC3, cv::Scalar(100, 100, 100)));
  cv::imwrite((folder / "3.png").string(), cv::Mat(48, 64, CV_8UC4, cv::Scalar(100, 100, 100, 0)));
  cv::imwrite((folder / "4.png").string(), cv::Mat(48, 64, CV_16UC4, cv::Scalar(25700, 25700, 25700, 9)));
  auto source = open(folder.path());
  ASSERT_TRUE(source);
  for (int i = 0; i < 4; ++i) EXPECT_EQ((*(*source)->next({}))->gray.view().at(9, 9), 100) << i;
}

TEST(ImageFolder, FaultsNameTheFile) {
  const TemporaryFolder folder;
  cv::imwrite((folder / "1.png").string(), cv::Mat(48, 64, CV_8UC1, cv::Scalar(1)));
  std::ofstream(folder / "2.png") << "no image";
  auto source = open(folder.path());
  ASSERT_TRUE(source && (*source)->next({}));
  const auto broken = (*source)->next({});
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().context, testing::HasSubstr("2.png"));
  const TemporaryFolder bare;
  EXPECT_EQ(open(bare.path()).error().code, ErrorCode::input_empty);
}

TEST(FrameMaker, TurnsClockwiseThenMirrors) {
  const TemporaryFolder folder;
  cv::Mat image(40, 64, CV_8UC1, cv::Scalar(0));
  image.at<std::uint8_t>(3, 10) = 200;  // x = 10, y = 3
  cv::imwrite((folder / "1.png").string(), image);
  struct Expected {
    int rotate_deg;
    bool mirror;
    int x, y, width;
  };
  for (const auto& [rotate_deg, mirror, x, y, width] : {Expected{0, false, 10, 3, 64},
                                                        {0, true, 53, 3, 64},
                                                        {90, false, 36, 10, 40},
                                                        {90, true, 3, 10, 40},
                                                        {180, false, 53, 36, 64},
                                                        {180, true, 10, 36, 64},
                                                        {270, false, 3, 53, 40},
                                                        {270, true, 36, 53, 40}}) {
    auto source = open(folder.path(), rotate_deg, mirror);
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->info().width_px, width);
    const auto frame = (*source)->next({});
    EXPECT_EQ((*frame)->gray.width_px(), width);
    EXPECT_EQ((*frame)->gray.view().at(x, y), 200) << rotate_deg << mirror;
  }
}

TEST(FrameMaker, AnExhaustedPoolIsADropOrAWait) {
  SourceOptions options;
  options.pool_frames = 4;
  FrameMaker maker(options);
  const cv::Mat image(48, 64, CV_8UC1, cv::Scalar(1));
  std::vector<FramePtr> held;
  for (std::uint64_t i = 0; i < 4; ++i) held.push_back(maker.make(image, i, {}));
  EXPECT_EQ(maker.make(image, 4, {}), nullptr);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(maker.make_waiting(image, 4, {}, stop.get_token()), nullptr);
  held.pop_back();
  EXPECT_NE(maker.make_waiting(image, 4, {}, {}), nullptr);
}

TEST(SourceOptions, ReportEveryViolation) {
  SourceOptions options;
  options.rotate_deg = 45;
  options.rate_hz = -3.0;
  const auto valid = validate(options);
  ASSERT_FALSE(valid);
  EXPECT_THAT(valid.error().message, testing::AllOf(testing::HasSubstr("rotate"), testing::HasSubstr("rate"),
                                                    testing::HasSubstr("source")));
}

}  // namespace
}  // namespace yarbus::file_source_test
