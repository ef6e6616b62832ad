#include <algorithm>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "app/recording/recorded_video.h"
#include "app/recording/video_packets.h"
#include "app/recording/video_track.h"
#include "tests/support/example_jpeg.h"
#include "tests/support/example_session.h"
#include "tests/support/matroska_clusters.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::video_test {
namespace {

using namespace std::chrono_literals;
using test::draw_example_frame;
using test::MatroskaClusters;
using test::TemporaryFolder;

constexpr int frames = 120;

SessionCamera camera_with(VideoCodec codec, int width_px = 160, int height_px = 120) {
  SessionCamera camera = test::example_camera(width_px, height_px);
  camera.codec = codec;
  camera.video_file = "camera-0.mkv";
  return camera;
}

std::chrono::nanoseconds time_of(int frame) { return frame * 8'333'333ns; }

/// Writes the example's frames; returns what a reader needs to know.
std::vector<VideoPicture> write_example(const std::filesystem::path& folder, const SessionCamera& camera) {
  auto track = VideoTrack::create(folder, camera, {{}, {}, 5s});
  EXPECT_TRUE(track) << (track ? "" : track.error().to_text());
  std::vector<VideoPicture> pictures;
  GrayImage image(camera.width_px, camera.height_px);
  for (int frame = 0; frame < frames; ++frame) {
    draw_example_frame(frame, image);
    const auto pts = track->write(image.view(), time_of(frame));
    EXPECT_TRUE(pts) << (pts ? "" : pts.error().to_text());
    pictures.push_back({frame, 5s + time_of(frame), *pts});
  }
  EXPECT_TRUE(track->finish());
  return pictures;
}

class LosslessVideo : public testing::TestWithParam<VideoCodec> {};

TEST_P(LosslessVideo, GivesEveryFrameBackExactlyInAnyOrder) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(GetParam());
  auto video = RecordedVideo::open(folder / camera.video_file, camera, write_example(folder.path(), camera));
  ASSERT_TRUE(video) << video.error().to_text();
  GrayImage expected(camera.width_px, camera.height_px);
  GrayImage image;
  const auto check = [&](std::size_t index) {
    const auto read = video->read(index, image);
    ASSERT_TRUE(read) << index << ": " << read.error().to_text();
    draw_example_frame(static_cast<std::int64_t>(index), expected);
    ASSERT_TRUE(test::same_image(image.view(), expected.view())) << index;
    draw_example_frame(static_cast<std::int64_t>(index) + 1, expected);
    ASSERT_FALSE(test::same_image(image.view(), expected.view())) << "the check tells frames apart";
  };
  for (std::size_t index = 0; index < frames; ++index) check(index);
  check(frames - 1);
  std::mt19937 random(7);
  for (int i = 0; i < 40; ++i) check(random() % frames);
  for (std::size_t back = 30; back > 20; --back) check(back);
}

TEST_P(LosslessVideo, OddSizesToo) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(GetParam(), 161, 93);
  auto video = RecordedVideo::open(folder / camera.video_file, camera, write_example(folder.path(), camera));
  ASSERT_TRUE(video) << video.error().to_text();
  GrayImage expected(161, 93);
  GrayImage image;
  ASSERT_TRUE(video->read(17, image));
  draw_example_frame(17, expected);
  EXPECT_TRUE(test::same_image(image.view(), expected.view()));
}

INSTANTIATE_TEST_SUITE_P(Codecs, LosslessVideo,
                         testing::Values(VideoCodec::ffv1, VideoCodec::ut_video, VideoCodec::h264_lossless),
                         [](const auto& codec) { return std::string(to_string(codec.param)); });

TEST(RecordedVideo, LossyPicturesAreCloseAndSmall) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(VideoCodec::h264);
  auto video = RecordedVideo::open(folder / camera.video_file, camera, write_example(folder.path(), camera));
  ASSERT_TRUE(video) << video.error().to_text();
  GrayImage expected(camera.width_px, camera.height_px);
  GrayImage image;
  for (const std::size_t index : {100U, 3U, 4U, 63U}) {
    ASSERT_TRUE(video->read(index, image)) << index;
    draw_example_frame(static_cast<std::int64_t>(index), expected);
    double sum = 0.0;
    for (int y = 0; y < expected.height_px(); ++y)
      for (int x = 0; x < expected.width_px(); ++x)
        sum += std::abs(image.view().at(x, y) - expected.view().at(x, y));
    EXPECT_LT(sum / (160 * 120), 4.0) << "gray levels, mean, frame " << index;
  }
  EXPECT_LT(std::filesystem::file_size(folder / camera.video_file), 160U * 120U * frames / 4U);
}

TEST(RecordedVideo, TimesAreTheCapturesToTheContainersTick) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(VideoCodec::ut_video);
  const auto pictures = write_example(folder.path(), camera);
  const auto contents = read_video_contents(folder / camera.video_file);
  ASSERT_TRUE(contents) << contents.error().to_text();
  EXPECT_EQ(contents->started_at, CaptureTime(5s));
  ASSERT_EQ(contents->pts.size(), pictures.size());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    EXPECT_EQ(contents->pts[i], pictures[i].pts);
    const auto off = contents->time_base.time(contents->pts[i]) - time_of(static_cast<int>(i));
    EXPECT_LE(std::abs(off.count()), 500'000) << "half a millisecond, Matroska's tick";
  }
}

TEST(RecordedVideo, FramesCloserThanATickStillRise) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(VideoCodec::ut_video);
  auto track = VideoTrack::create(folder.path(), camera, {});
  ASSERT_TRUE(track);
  GrayImage image(160, 120);
  std::int64_t last = -1;
  for (int i = 0; i < 20; ++i) {
    const auto pts = track->write(image.view(), i * 100us);
    ASSERT_TRUE(pts);
    EXPECT_GT(*pts, last);
    last = *pts;
  }
}

TEST(RecordedVideo, ClustersAreShortAndTheFileHasAnIndex) {
  for (const VideoCodec codec :
       {VideoCodec::ffv1, VideoCodec::ut_video, VideoCodec::h264_lossless, VideoCodec::h264}) {
    const TemporaryFolder folder;
    const SessionCamera camera = camera_with(codec);
    write_example(folder.path(), camera);
    MatroskaClusters file((folder / camera.video_file).string());
    const auto clusters = file.read();
    std::size_t blocks = 0;
    for (const auto& cluster : clusters) {
      blocks += cluster.block_times.size();
      for (const std::int64_t time : cluster.block_times)
        EXPECT_LE(time - cluster.time, 500) << to_string(codec) << ", ms";
    }
    EXPECT_EQ(blocks, frames) << to_string(codec);
    EXPECT_TRUE(file.has_cues()) << to_string(codec);
  }
}

TEST(RecordedVideo, WhatWasFlushedIsThereWithoutAnEnding) {
  for (const VideoCodec codec : {VideoCodec::ffv1, VideoCodec::h264_lossless}) {
    const TemporaryFolder folder;
    const SessionCamera camera = camera_with(codec);
    auto track = VideoTrack::create(folder.path(), camera, {});
    ASSERT_TRUE(track);
    GrayImage image(160, 120);
    for (int frame = 0; frame < 50; ++frame) {
      draw_example_frame(frame, image);
      ASSERT_TRUE(track->write(image.view(), time_of(frame)));
    }
    ASSERT_TRUE(track->flush(false));
    const auto contents = read_video_contents(folder / camera.video_file);
    ASSERT_TRUE(contents) << contents.error().to_text();
    EXPECT_EQ(contents->pts.size(), 50U) << to_string(codec);
  }
}

TEST(RecordedVideo, AnotherSizeIsRefusedAndTheNextPictureIsTaken) {
  const TemporaryFolder folder;
  auto track = VideoTrack::create(folder.path(), camera_with(VideoCodec::ffv1), {});
  ASSERT_TRUE(track);
  const GrayImage other(80, 60);
  const auto refused = track->write(other.view(), 0ms);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_option);
  const GrayImage right(160, 120);
  EXPECT_TRUE(track->write(right.view(), 10ms));
}

TEST(RecordedVideo, AFileThatIsThereIsNotWrittenOver) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(VideoCodec::ffv1);
  write_example(folder.path(), camera);
  const auto again = VideoTrack::create(folder.path(), camera, {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::output_unwritable);
}

struct Turn {
  int rotate_deg;
  bool mirror;
};

class CameraPackets : public testing::TestWithParam<Turn> {};

TEST_P(CameraPackets, ArePassedThroughAndTurnedAsTracked) {
  const auto [rotate_deg, mirror] = GetParam();
  const TemporaryFolder folder;
  const auto jpeg_of = [](int frame) { return test::example_jpeg(frame, 97, 63); };
  const auto tracked = [&](int frame) { return test::tracked_gray(jpeg_of(frame), rotate_deg, mirror); };
  const int width_px = tracked(0).width_px();
  ASSERT_EQ(width_px, rotate_deg % 180 == 0 ? 97 : 63);

  SessionCamera camera = camera_with(VideoCodec::camera_mjpeg, width_px, tracked(0).height_px());
  camera.rotate_deg = rotate_deg;
  camera.mirror = mirror;
  auto track = VideoTrack::create(folder.path(), camera, {});
  ASSERT_TRUE(track) << track.error().to_text();
  std::vector<VideoPicture> pictures;
  for (int frame = 0; frame < 5; ++frame)
    pictures.push_back({frame, time_of(frame), *track->write_jpeg(jpeg_of(frame), time_of(frame))});
  ASSERT_TRUE(track->finish());
  auto video = RecordedVideo::open(folder / camera.video_file, camera, pictures);
  ASSERT_TRUE(video) << video.error().to_text();
  GrayImage image;
  for (const std::size_t index : {3U, 0U, 1U, 4U, 2U}) {
    ASSERT_TRUE(video->read(index, image));
    EXPECT_TRUE(test::same_image(image.view(), tracked(static_cast<int>(index)).view()))
        << "every gray level as tracked";
  }
  // The camera facts are in the file itself.
  const auto contents = read_video_contents(folder / camera.video_file);
  ASSERT_TRUE(contents);
  EXPECT_EQ(contents->camera.rotate_deg, rotate_deg);
  EXPECT_EQ(contents->camera.mirror, mirror);
  EXPECT_EQ(contents->camera.width_px, width_px);
}

INSTANTIATE_TEST_SUITE_P(Turns, CameraPackets,
                         testing::Values(Turn{0, false}, Turn{0, true}, Turn{90, false}, Turn{90, true},
                                         Turn{180, false}, Turn{180, true}, Turn{270, false},
                                         Turn{270, true}),
                         [](const auto& turn) {
                           return "R" + std::to_string(turn.param.rotate_deg) +
                                  (turn.param.mirror ? "Mirrored" : "");
                         });

TEST(JpegPackets, ADamagedOneIsAnErrorAndTheNextIsRead) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(VideoCodec::camera_mjpeg);
  auto track = VideoTrack::create(folder.path(), camera, {});
  ASSERT_TRUE(track) << track.error().to_text();
  std::vector<VideoPicture> pictures;
  for (int frame = 0; frame < 3; ++frame) {
    auto jpeg = test::example_jpeg(frame, 160, 120);
    if (frame == 1) std::fill(jpeg.begin() + 4, jpeg.end() - 2, std::uint8_t{0});
    pictures.push_back({frame, time_of(frame), *track->write_jpeg(jpeg, time_of(frame))});
  }
  ASSERT_TRUE(track->finish());
  auto video = RecordedVideo::open(folder / camera.video_file, camera, pictures);
  ASSERT_TRUE(video) << video.error().to_text();
  GrayImage image;
  ASSERT_TRUE(video->read(0, image));
  const auto damaged = video->read(1, image);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::input_unreadable);
  ASSERT_TRUE(video->read(2, image));
  EXPECT_TRUE(test::same_image(image.view(), test::tracked_gray(test::example_jpeg(2, 160, 120)).view()));
}

TEST(JpegPackets, SomethingThatIsNoJpegIsRefused) {
  const TemporaryFolder folder;
  auto track = VideoTrack::create(folder.path(), camera_with(VideoCodec::camera_mjpeg), {});
  ASSERT_TRUE(track);
  const std::vector<std::uint8_t> noise{1, 2, 3, 4, 5};
  const auto refused = track->write_jpeg(noise, 0ms);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::input_unreadable);
}

TEST(RecordedVideo, FindsPicturesByFrameAndTime) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(VideoCodec::ut_video);
  auto pictures = write_example(folder.path(), camera);
  pictures.erase(pictures.begin() + 10);  // a frame without a picture
  const auto video = RecordedVideo::open(folder / camera.video_file, camera, pictures);
  ASSERT_TRUE(video);
  EXPECT_EQ(video->find_frame(9), 9U);
  EXPECT_FALSE(video->find_frame(10).has_value());
  EXPECT_EQ(video->find_frame(11), 10U);
  EXPECT_EQ(video->find_time(5s + time_of(9) + 1us), 9U);
  EXPECT_EQ(video->find_time(0s), 0U);
  EXPECT_EQ(video->find_time(900s), pictures.size() - 1);
}

TEST(RecordedVideo, APictureThatIsNotInTheFileIsAnErrorAndTheNextIsRead) {
  const TemporaryFolder folder;
  const SessionCamera camera = camera_with(VideoCodec::ffv1);
  auto pictures = write_example(folder.path(), camera);
  pictures[20].pts += 1;
  auto video = RecordedVideo::open(folder / camera.video_file, camera, pictures);
  ASSERT_TRUE(video);
  GrayImage image;
  const auto missing = video->read(20, image);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::input_truncated);
  ASSERT_TRUE(video->read(21, image));
  GrayImage expected(160, 120);
  draw_example_frame(21, expected);
  EXPECT_TRUE(test::same_image(image.view(), expected.view()));
  const auto beyond = video->read(1000, image);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::invalid_option);
}

TEST(RecordedVideo, ClearErrorsForWhatIsNoVideo) {
  const TemporaryFolder folder;
  const auto missing = RecordedVideo::open(folder / "none.mkv", test::example_camera(), {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::input_missing);
  std::ofstream(folder / "text.mkv") << "this is no video at all";
  const auto text = RecordedVideo::open(folder / "text.mkv", test::example_camera(), {});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::input_unreadable);
}

}  // namespace
}  // namespace yarbus::video_test
