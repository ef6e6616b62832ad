#include <algorithm>
#include <fstream>
#include <limits>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/mjpeg_server.h"
#include "tests/support/recordings.h"
#include "tests/support/temporary_folder.h"
#include "tracker/capture/frame_maker.h"
#include "tracker/capture/frame_source.h"
#include "tracker/capture/image_folder_source.h"
#include "tracker/capture/multipart_parser.h"

namespace yarbus::odd_input_test {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;

SourceOptions at(const std::filesystem::path& path) {
  SourceOptions options;
  options.location = path.string();
  return options;
}

void write_gray(const std::filesystem::path& path, int gray, cv::Size size = {64, 48}) {
  ASSERT_TRUE(cv::imwrite(path.string(), cv::Mat(size, CV_8UC1, cv::Scalar(gray))));
}

TEST(NaturalOrderOfMany, SortsWholeListsAndOrdersStrictly) {
  std::vector<std::string> names{"b1", "img10", "img2", "img002", "img1", "img", "img02", "a", "img2b"};
  std::sort(names.begin(), names.end(), natural_less);
  EXPECT_THAT(names, ElementsAre("a", "b1", "img", "img1", "img002", "img02", "img2", "img2b", "img10"));
  for (const auto& a : names)
    for (const auto& b : names) EXPECT_EQ(natural_less(a, b) + natural_less(b, a), a == b ? 0 : 1) << a << b;
}

TEST(ImageFolderFaults, ASizeChangeNamesTheFile) {
  const TemporaryFolder folder;
  write_gray(folder / "1.png", 1);
  write_gray(folder / "2.png", 2, {48, 64});
  auto source = open_frame_source(at(folder.path()));
  ASSERT_TRUE(source && (*source)->next({}));
  const auto changed = (*source)->next({});
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::size_changed);
  EXPECT_THAT(changed.error().context, testing::HasSubstr("2.png"));
}

TEST(ImageFolderFaults, AnUnreadableFirstImageAndTinyImagesAreRefused) {
  const TemporaryFolder folder;
  std::ofstream(folder / "1.png") << "no image";
  EXPECT_EQ(open_frame_source(at(folder.path())).error().code, ErrorCode::input_unreadable);
  const TemporaryFolder tiny;
  write_gray(tiny / "1.png", 1, {8, 8});
  EXPECT_EQ(open_frame_source(at(tiny.path())).error().code, ErrorCode::unsupported_format);
}

TEST(ImageFolderFaults, WhatIsNoImageIsLeftOut) {
  const TemporaryFolder folder;
  write_gray(folder / "1.png", 10);
  write_gray(folder / "2.PNG", 20);
  std::ofstream(folder / "notes.txt") << "notes";
  std::filesystem::create_directory(folder / "3.png");
  std::filesystem::create_symlink("loop.png", folder / "loop.png");
  std::filesystem::create_symlink("nowhere", folder / "gone.png");
  auto source = open_frame_source(at(folder.path()));
  ASSERT_TRUE(source) << source.error().to_text();
  EXPECT_EQ((*source)->info().frame_count, 2U);
}

TEST(ImageFolderTimes, FollowTheRateAndSeekClampsToTheLast) {
  const TemporaryFolder folder;
  for (int i = 0; i < 5; ++i) write_gray(folder / (std::to_string(i) + ".png"), 10 * i);
  SourceOptions options = at(folder.path());
  options.folder_rate_hz = 120.0;
  auto source = open_frame_source(options);
  ASSERT_TRUE(source);
  ASSERT_TRUE((*source)->seek(3));
  const auto frame = (*source)->next({});
  EXPECT_EQ((*frame)->sequence, 3U);
  EXPECT_EQ((*frame)->captured_at.count(), 25'000'000);
  ASSERT_TRUE((*source)->seek(1000));
  EXPECT_EQ((*(*source)->next({}))->sequence, 4U);
  EXPECT_EQ(*(*source)->next({}), nullptr);
}

TEST(VideoFileFaults, SeekingPastTheCutGivesTheLastFrameThereIs) {
  const auto path = test::recording("no_eye/a.mp4");
  YARBUS_REQUIRE_RECORDING(path);
  auto source = open_frame_source(at(path));
  ASSERT_TRUE(source);
  for (const auto& [target, got] : {std::pair{140U, 94U}, {20U, 20U}, {94U, 94U}, {155U, 94U}}) {
    const auto sought = (*source)->seek(target);
    ASSERT_TRUE(sought) << sought.error().to_text();
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame && *frame) << target;
    EXPECT_EQ((*frame)->sequence, got);
  }
  EXPECT_EQ((*source)->next({}).error().code, ErrorCode::input_truncated);
}

TEST(VideoFileStop, AStopLosesNoFrame) {
  const auto path = test::recording("goggles_320x240/demo.mp4");
  YARBUS_REQUIRE_RECORDING(path);
  auto source = open_frame_source(at(path));
  ASSERT_TRUE(source && (*source)->next({}));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(*(*source)->next(stop.get_token()), nullptr);
  EXPECT_EQ((*(*source)->next({}))->sequence, 1U);
}

TEST(FrameMakerWait, EndsOnAStopThatComesWhileWaiting) {
  SourceOptions options;
  options.pool_frames = 4;
  FrameMaker maker(options);
  const cv::Mat image(48, 64, CV_8UC1, cv::Scalar(1));
  std::vector<FramePtr> held;
  for (std::uint64_t i = 0; i < 4; ++i) held.push_back(maker.make(image, i, {}));
  std::stop_source stop;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop.request_stop();
  });
  EXPECT_EQ(maker.make_waiting(image, 4, {}, stop.get_token()), nullptr);
}

TEST(FrameMakerTurns, EveryPixelOfEveryTurn) {
  cv::Mat image(40, 64, CV_8UC1);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 64; ++x) image.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(7 * y + 3 * x);
  for (const int rotate_deg : {0, 90, 180, 270}) {
    for (const bool mirror : {false, true}) {
      SourceOptions options;
      options.rotate_deg = rotate_deg;
      options.mirror = mirror;
      const auto frame = FrameMaker(options).make(image, 0, {});
      const int width = rotate_deg % 180 == 0 ? 64 : 40;
      ASSERT_EQ(frame->gray.width_px(), width);
      int wrong = 0;
      for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 64; ++x) {
          int to_x = rotate_deg == 0 ? x : rotate_deg == 90 ? 39 - y : rotate_deg == 180 ? 63 - x : y;
          const int to_y = rotate_deg == 0 ? y : rotate_deg == 90 ? x : rotate_deg == 180 ? 39 - y : 63 - x;
          if (mirror) to_x = width - 1 - to_x;
          wrong += frame->gray.view().at(to_x, to_y) != image.at<std::uint8_t>(y, x) ? 1 : 0;
        }
      }
      EXPECT_EQ(wrong, 0) << rotate_deg << (mirror ? " mirrored" : "");
    }
  }
}

TEST(MultipartBytes, AJpegWithoutTheBoundaryInItComesThroughUnchanged) {
  const std::string jpeg = test::gray_jpeg(200, 120, 77);
  const std::string plain = "--b\r\nContent-Type: image/jpeg\r\n\r\n" + jpeg + "\r\n";
  const std::string stream = "a preamble\r\n" + plain + test::MjpegServer::part("b", jpeg) + plain +
                             "--b\r\ncontent-length : " + std::to_string(jpeg.size()) + "\r\n\r\n" + jpeg +
                             "\r\n--b--\r\n";
  for (const std::size_t chunk : {1U, 3U, 100U, 100000U}) {
    std::vector<std::string> parts;
    MultipartParser parser("b", [&](std::string_view part) { parts.emplace_back(part); });
    for (std::size_t i = 0; i < stream.size(); i += chunk)
      ASSERT_TRUE(parser.feed(std::string_view(stream).substr(i, chunk)));
    EXPECT_THAT(parts, ElementsAre(jpeg, jpeg, jpeg, jpeg)) << chunk;
    EXPECT_EQ(parser.dropped_parts(), 0U);
  }
}

TEST(MultipartBytes, HalfPartsAreCountedWhateverTheChunks) {
  const std::string stream = "--b\r\nContent-Length: 900\r\n\r\nhalf" + test::MjpegServer::part("b", "two") +
                             "--b\r\nContent-Length: 900\r\n\r\n" + test::MjpegServer::part("b", "three");
  for (const std::size_t chunk : {1U, 5U, 100000U}) {
    std::vector<std::string> parts;
    MultipartParser parser("b", [&](std::string_view part) { parts.emplace_back(part); });
    for (std::size_t i = 0; i < stream.size(); i += chunk)
      ASSERT_TRUE(parser.feed(std::string_view(stream).substr(i, chunk)));
    EXPECT_THAT(parts, ElementsAre("two", "three")) << chunk;
    EXPECT_EQ(parser.dropped_parts(), 2U);
  }
}

TEST(MultipartBytes, APartWithoutEndIsRefused) {
  MultipartParser parser("b", [](std::string_view) { FAIL(); });
  ASSERT_TRUE(parser.feed("--b\r\nContent-Length: 18446744073709551615\r\n\r\n"));
  EXPECT_FALSE(parser.feed(std::string(MultipartParser::max_part_bytes + 1, 'x')));
}

TEST(MultipartBoundary, Variants) {
  EXPECT_EQ(multipart_boundary("multipart/x-mixed-replace;  BOUNDARY = frame ; charset=utf-8"), "frame");
  EXPECT_EQ(multipart_boundary("multipart/x-mixed-replace;boundary=\"--frame\""), "frame");
  EXPECT_EQ(multipart_boundary("multipart/mixed; boundary=a=b"), "a=b");
  EXPECT_FALSE(multipart_boundary("multipart/x-mixed-replace; boundary="));
  EXPECT_FALSE(multipart_boundary("multipart/x-mixed-replace; boundary=\"\""));
  EXPECT_FALSE(multipart_boundary("image/jpeg"));
}

TEST(SourceOptionsFaults, EachIsNamedInOneError) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  SourceOptions options;
  options.location = "somewhere";
  EXPECT_TRUE(validate(options));
  options.rotate_deg = -90;
  options.pool_frames = 0;
  options.width_px = 5;
  options.height_px = max_frame_side_px + 1;
  options.rate_hz = nan;
  options.folder_rate_hz = 0.0;
  options.exposure = nan;
  options.gain = nan;
  const auto valid = validate(options);
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().code, ErrorCode::invalid_option);
  for (const char* name :
       {"rotate", "pool_frames", "width", "height", "rate is", "folder_rate", "exposure", "gain"})
    EXPECT_THAT(valid.error().message, testing::HasSubstr(name));
}

}  // namespace
}  // namespace yarbus::odd_input_test
