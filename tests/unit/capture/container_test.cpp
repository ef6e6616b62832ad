#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "tests/support/mjpeg_server.h"
#include "tests/support/mp4_boxes.h"
#include "tests/support/recordings.h"
#include "tests/support/temporary_folder.h"
#include "tracker/capture/container_facts.h"
#include "tracker/capture/frame_source.h"

namespace yarbus::container_test {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

SourceOptions at(const fs::path& path) {
  SourceOptions options;
  options.location = path.string();
  return options;
}

/// A video of pictures that all differ, each a keyframe, at 25 frames a second.
void write_video(const fs::path& path, int frames, cv::Size size = {64, 48}) {
  cv::VideoWriter writer(path.string(), cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 25.0,
                         size);
  ASSERT_TRUE(writer.isOpened());
  for (int i = 0; i < frames; ++i) {
    cv::Mat image(size, CV_8UC3, cv::Scalar::all(16 * (i % 16)));
    image.colRange(size.width / 2, size.width).setTo(cv::Scalar::all(8 * (i / 16)));
    writer.write(image);
  }
}

void keep_first_bytes(const fs::path& path, double fraction) {
  fs::resize_file(path, static_cast<std::uintmax_t>(fraction * static_cast<double>(fs::file_size(path))));
}

struct ReadThrough {
  std::vector<std::string> pixels;
  std::vector<CaptureTime> times;
  std::optional<Error> error;
};

std::string pixels_of(const Frame& frame) {
  const GrayView view = frame.gray.view();
  return {reinterpret_cast<const char*>(view.data), static_cast<std::size_t>(view.width_px * view.height_px)};
}

ReadThrough read_through(FrameSource& source) {
  ReadThrough all;
  while (true) {
    const auto frame = source.next({});
    if (!frame) all.error = frame.error();
    if (!frame || *frame == nullptr) return all;
    EXPECT_EQ((*frame)->sequence, all.pixels.size());
    if (!all.times.empty()) {
      EXPECT_GT((*frame)->captured_at, all.times.back());
    }
    all.pixels.push_back(pixels_of(**frame));
    all.times.push_back((*frame)->captured_at);
  }
}

ReadThrough read_through(const fs::path& path) {
  auto source = open_frame_source(at(path));
  EXPECT_TRUE(source) << source.error().to_text();
  return source ? read_through(**source) : ReadThrough{};
}

void expect_frame(FrameSource& source, const ReadThrough& all, std::size_t index) {
  ASSERT_TRUE(source.seek(index));
  const auto frame = source.next({});
  ASSERT_TRUE(frame && *frame) << index;
  EXPECT_EQ((*frame)->sequence, index);
  EXPECT_EQ((*frame)->captured_at, all.times[index]) << index;
  EXPECT_TRUE(pixels_of(**frame) == all.pixels[index]) << "another picture at frame " << index;
}

/// Seeks about in a source that was read and in sources just opened.
void expect_exact_seeks(const fs::path& path) {
  auto source = open_frame_source(at(path));
  ASSERT_TRUE(source);
  const ReadThrough all = read_through(**source);
  ASSERT_GT(all.pixels.size(), 20U);
  std::size_t index = 7;
  for (int i = 0; i < 25; ++i) {
    index = (7919 * index + 13) % all.pixels.size();
    expect_frame(**source, all, index);
  }
  for (std::size_t part = 1; part < 6; ++part) {
    auto fresh = open_frame_source(at(path));
    ASSERT_TRUE(fresh);
    expect_frame(**fresh, all, part * all.pixels.size() / 6);
    expect_frame(**fresh, all, part * all.pixels.size() / 12);
    expect_frame(**fresh, all, all.pixels.size() - 1);
  }
}

TEST(VideoSeek, IsExactAtAConstantRate) {
  const TemporaryFolder folder;
  write_video(folder / "a.mp4", 200);
  EXPECT_TRUE(read_container_facts(folder / "a.mp4").has_constant_rate);
  expect_exact_seeks(folder / "a.mp4");
}

TEST(VideoSeek, IsExactWhereTheRateVaries) {
  // Fast, then at the mean rate, then slow: by time alone the middle frames look as if they had other
  // numbers.
  const TemporaryFolder folder;
  const fs::path path = folder / "a.mp4";
  write_video(path, 400);
  test::edit_mp4(path, [](std::string_view type, std::string payload) {
    if (type != "stts") return payload;
    const std::uint32_t tick = test::big_endian_32(payload, 12);
    return test::big_endian({0, 3, 100, tick / 2, 200, tick, 100, tick + tick / 2});
  });
  EXPECT_FALSE(read_container_facts(path).has_constant_rate);
  const ReadThrough all = read_through(path);
  ASSERT_EQ(all.times.size(), 400U);
  EXPECT_NEAR(std::chrono::duration<double>(all.times[200]).count(), 2.0 + 4.0, 1e-6);
  expect_exact_seeks(path);
}

TEST(VideoSeek, IsExactInTheRecordingsOfEveryKind) {
  for (const char* name : {"goggles_320x240/demo.mp4", "headset_blinks_640x480/short_human_3blink.mp4",
                           "closeup_480x384/Demo_Data_2_Single_Camera.gif"}) {
    const auto path = test::recording(name);
    YARBUS_REQUIRE_RECORDING(path);
    SCOPED_TRACE(name);
    expect_exact_seeks(path);
  }
}

TEST(VideoSeek, IsExactInMatroskaAndAvi) {
  const TemporaryFolder folder;
  for (const char* name : {"a.mkv", "a.avi"}) {
    SCOPED_TRACE(name);
    write_video(folder / name, 120);
    expect_exact_seeks(folder / name);
  }
}

TEST(VideoLength, EveryWholeRecordingEndsQuietly) {
  for (const auto& [name, count] : {std::pair{"goggles_320x240/demo.mp4", 1112U},
                                    {"headset_blinks_640x480/short_human_3blink.mp4", 284U},
                                    {"no_eye/b.mp4", 30U},
                                    {"closeup_480x384/Demo_Data_1_Single_Camera.gif", 62U},
                                    {"closeup_480x384/Demo_Data_2_Single_Camera.gif", 69U},
                                    {"faces_head_turn/face-demographics-walking-and-pause.gif", 41U},
                                    {"faces_head_turn/face-demographics-walking.gif", 35U},
                                    {"faces_head_turn/head-pose-face-detection-female-and-male.gif", 56U},
                                    {"faces_head_turn/head-pose-face-detection-female.gif", 23U},
                                    {"faces_head_turn/head-pose-face-detection-male.gif", 62U}}) {
    const auto path = test::recording(name);
    YARBUS_REQUIRE_RECORDING(path);
    auto source = open_frame_source(at(path));
    ASSERT_TRUE(source) << source.error().to_text();
    EXPECT_EQ((*source)->info().frame_count, count) << name;
    const ReadThrough all = read_through(**source);
    EXPECT_EQ(all.pixels.size(), count) << name;
    EXPECT_FALSE(all.error) << all.error->to_text();
  }
}

TEST(VideoLength, TheRecordingWithoutAllItsDataIsCutByItsOwnStructure) {
  const auto path = test::recording("no_eye/a.mp4");
  YARBUS_REQUIRE_RECORDING(path);
  EXPECT_TRUE(read_container_facts(path).is_cut_short);
  EXPECT_FALSE(read_container_facts(test::recording("no_eye/b.mp4")).is_cut_short);
}

TEST(VideoLength, FramesHiddenByAnEditListAreNotMissing) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.mp4";
  write_video(path, 200);
  std::uint32_t tick = 0;
  test::edit_mp4(path, [&](std::string_view type, std::string payload) {
    if (type == "stts") tick = test::big_endian_32(payload, 12);
    return payload;
  });
  ASSERT_GT(tick, 0U);
  bool had_edit_list = false;
  test::edit_mp4(path, [&](std::string_view type, std::string payload) {
    if (type != "elst") return payload;
    had_edit_list = true;
    const std::uint32_t shown = test::big_endian_32(payload, 8) / 2;  // in the movie's ticks
    return test::big_endian({0, 1, shown, 100 * tick, 1U << 16U});
  });
  ASSERT_TRUE(had_edit_list);
  auto source = open_frame_source(at(path));
  ASSERT_TRUE(source) << source.error().to_text();
  EXPECT_NEAR(static_cast<double>(*(*source)->info().frame_count), 100.0, 1.0);
  const ReadThrough all = read_through(**source);
  EXPECT_NEAR(static_cast<double>(all.pixels.size()), 100.0, 2.0);
  EXPECT_FALSE(all.error) << all.error->to_text();
  EXPECT_EQ(all.times.front().count(), 0);
}

TEST(VideoLength, CutFilesGiveWhatTheyHaveThenSaySo) {
  const TemporaryFolder folder;
  for (const char* name : {"a.mkv", "a.avi"}) {
    SCOPED_TRACE(name);
    write_video(folder / name, 100);
    const ReadThrough whole = read_through(folder / name);
    EXPECT_EQ(whole.pixels.size(), 100U);
    EXPECT_FALSE(whole.error) << whole.error->to_text();
    keep_first_bytes(folder / name, 0.5);
    const ReadThrough cut = read_through(folder / name);
    EXPECT_GT(cut.pixels.size(), 20U);
    EXPECT_LT(cut.pixels.size(), 80U);
    ASSERT_TRUE(cut.error);
    EXPECT_EQ(cut.error->code, ErrorCode::input_truncated);
    EXPECT_THAT(cut.error->message, testing::HasSubstr("after " + std::to_string(cut.pixels.size()) + " of"));
  }
}

TEST(VideoFaults, AnMp4CutBeforeItsIndexCannotBeReadAndNothingElseIsPrinted) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.mp4";
  write_video(path, 50);
  keep_first_bytes(path, 0.7);
  testing::internal::CaptureStderr();
  const auto source = open_frame_source(at(path));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::input_unreadable);
  EXPECT_EQ(source.error().context, path.string());
  EXPECT_FALSE(source.error().remedy.empty());
}

TEST(VideoFaults, SizesOutsideTheRangeAreRefused) {
  const TemporaryFolder folder;
  write_video(folder / "small.avi", 3, {16, 16});
  write_video(folder / "wide.avi", 3, {max_frame_side_px + 16, 64});
  for (const char* name : {"small.avi", "wide.avi"}) {
    const auto source = open_frame_source(at(folder / name));
    ASSERT_FALSE(source) << name;
    EXPECT_EQ(source.error().code, ErrorCode::unsupported_format);
    EXPECT_THAT(source.error().remedy, testing::HasSubstr("Scale"));
  }
}

TEST(VideoFaults, AVideoWithoutFramesIsRefused) {
  const TemporaryFolder folder;
  for (const char* name : {"none.mp4", "none.avi", "none.mkv"}) {
    write_video(folder / name, 0);
    const auto source = open_frame_source(at(folder / name));
    ASSERT_FALSE(source) << name;
    EXPECT_THAT(source.error().code, testing::AnyOf(ErrorCode::input_empty, ErrorCode::input_unreadable,
                                                    ErrorCode::unsupported_format));
    EXPECT_FALSE(source.error().remedy.empty());
  }
}

TEST(VideoFaults, ASizeThatChangesEndsIt) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.mjpeg";  // pictures one after the other
  {
    std::ofstream file(path, std::ios::binary);
    for (int i = 0; i < 6; ++i) file << test::gray_jpeg(64, 48, 20 * i + 20);
    for (int i = 0; i < 6; ++i) file << test::gray_jpeg(96, 80, 20 * i + 20);
  }
  const ReadThrough all = read_through(path);
  EXPECT_EQ(all.pixels.size(), 6U);
  ASSERT_TRUE(all.error);
  EXPECT_EQ(all.error->code, ErrorCode::size_changed);
  EXPECT_THAT(all.error->message, testing::AllOf(testing::HasSubstr("64x48"), testing::HasSubstr("96x80")));
}

TEST(ContainerFactsOfBytes, OddFilesGiveNoFacts) {
  const TemporaryFolder folder;
  const auto facts_of = [&](const std::string& bytes) {
    std::ofstream(folder / "f", std::ios::binary | std::ios::trunc) << bytes;
    return read_container_facts(folder / "f");
  };
  for (const std::string& bytes : {std::string(), std::string("ftyp"), std::string(64, '\0'),
                                   std::string("\x1A\x45\xDF\xA3\xFF", 5) + std::string(20, 'x')}) {
    const ContainerFacts facts = facts_of(bytes);
    EXPECT_FALSE(facts.declares_frame_count);
    EXPECT_FALSE(facts.is_cut_short);
    EXPECT_EQ(facts.shown_fraction, 1.0);
  }
  const std::string ftyp = test::big_endian({16}) + "ftyp" + std::string(8, 'x');
  EXPECT_TRUE(facts_of(ftyp + test::big_endian({100}) + "mdat").is_cut_short);
  EXPECT_FALSE(facts_of(ftyp + test::big_endian({12}) + "mdatfour").is_cut_short);
  EXPECT_FALSE(facts_of(ftyp + test::big_endian({0}) + "mdatfour").is_cut_short) << "0: to the end";
  EXPECT_TRUE(facts_of(ftyp + test::big_endian({1}) + "mdat" + test::big_endian({1, 0})).is_cut_short);
  EXPECT_FALSE(facts_of(ftyp + test::big_endian({1}) + "mdat" + std::string(8, '\xFF')).is_cut_short)
      << "a size beyond every file is not believed";
  EXPECT_FALSE(facts_of(ftyp + test::big_endian({8}) + "moof").declares_frame_count) << "fragments";
}

TEST(ImageSizes, OneByOneAndFortyEightMegapixelsAreRefusedAndTheLimitsTaken) {
  for (const auto& [size, accepted] :
       {std::pair{cv::Size(1, 1), false}, std::pair{cv::Size(8000, 6000), false},
        std::pair{cv::Size(min_frame_side_px - 1, 64), false},
        std::pair{cv::Size(min_frame_side_px, min_frame_side_px), true},
        std::pair{cv::Size(max_frame_side_px, min_frame_side_px), true},
        std::pair{cv::Size(64, max_frame_side_px + 1), false}}) {
    const TemporaryFolder folder;
    ASSERT_TRUE(cv::imwrite((folder / "1.png").string(), cv::Mat(size, CV_8UC1, cv::Scalar(9))));
    const auto source = open_frame_source(at(folder.path()));
    EXPECT_EQ(source.has_value(), accepted) << size;
    if (!source) {
      EXPECT_EQ(source.error().code, ErrorCode::unsupported_format);
      EXPECT_THAT(source.error().message, testing::HasSubstr(std::to_string(size.width) + "x"));
      EXPECT_THAT(source.error().remedy, testing::HasSubstr("Scale"));
    }
  }
}

TEST(ImageFolderKind, AFolderThatIsNotThereIsMissing) {
  const TemporaryFolder folder;
  SourceOptions options = at(folder / "nowhere");
  options.kind = SourceKind::image_folder;
  EXPECT_EQ(open_frame_source(options).error().code, ErrorCode::input_missing);
}

}  // namespace
}  // namespace yarbus::container_test
