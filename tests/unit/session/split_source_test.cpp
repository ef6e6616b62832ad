#include "app/session/split_source.h"

#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yarbus::split_source_test {
namespace {

using testing::HasSubstr;

constexpr int width_px = 101;
constexpr int height_px = 40;

/// Frames whose pixels tell where they are and which frame it is; the last may be an error.
class CountingSource final : public FrameSource {
 public:
  explicit CountingSource(std::uint64_t frames, std::optional<Error> at_the_end = std::nullopt)
      : frames_(frames), at_the_end_(std::move(at_the_end)) {
    info_.name = "counting";
    info_.location = "counting.mp4";
    info_.width_px = width_px;
    info_.height_px = height_px;
    info_.frame_count = frames;
    info_.is_seekable = true;
  }
  static std::uint8_t pixel(std::uint64_t sequence, int x, int y) {
    return static_cast<std::uint8_t>(sequence * 7 + static_cast<std::uint64_t>(x * 3 + y * 5));
  }
  const SourceInfo& info() const override { return info_; }
  Result<FramePtr> next(std::stop_token) override {
    if (next_ == frames_) {
      if (at_the_end_) return *at_the_end_;
      return FramePtr{};
    }
    auto frame = std::make_shared<Frame>();
    frame->sequence = next_;
    frame->captured_at = std::chrono::milliseconds(10 * next_);
    frame->gray.resize(width_px, height_px);
    for (int y = 0; y < height_px; ++y) {
      for (int x = 0; x < width_px; ++x) frame->gray.row(y)[x] = pixel(next_, x, y);
    }
    ++next_;
    return FramePtr(frame);
  }
  Result<void> seek(std::uint64_t index) override {
    next_ = index;
    return {};
  }

 private:
  SourceInfo info_;
  std::uint64_t frames_;
  std::optional<Error> at_the_end_;
  std::uint64_t next_ = 0;
};

std::array<OpenedSource, 2> split(std::uint64_t frames, std::optional<Error> at_the_end = std::nullopt,
                                  const EyeRegions& regions = EyeRegions::halves(width_px, height_px)) {
  OpenedSource source;
  source.frames = std::make_unique<CountingSource>(frames, std::move(at_the_end));
  source.intrinsics = CameraIntrinsics::from_focal_length(200, width_px, height_px);
  auto parts = split_between_eyes(std::move(source), regions);
  EXPECT_TRUE(parts.has_value());
  return std::move(*parts);
}

void expect_part(const Frame& frame, std::uint64_t sequence, EyeSide eye, const ImageRegion& region) {
  ASSERT_EQ(frame.sequence, sequence);
  EXPECT_EQ(frame.eye, eye);
  EXPECT_EQ(frame.captured_at, std::chrono::milliseconds(10 * sequence));
  ASSERT_EQ(frame.gray.width_px(), region.width_px);
  ASSERT_EQ(frame.gray.height_px(), region.height_px);
  for (const auto& [x, y] : {std::pair{0, 0}, {region.width_px - 1, 0}, {3, region.height_px - 1}}) {
    EXPECT_EQ(frame.gray.view().at(x, y), CountingSource::pixel(sequence, region.x_px + x, region.y_px + y));
  }
}

TEST(SplitSource, GivesEachEyeItsHalfOfEveryFrame) {
  auto parts = split(5);
  const EyeRegions regions = EyeRegions::halves(width_px, height_px);
  EXPECT_EQ(regions.of(EyeSide::right), (ImageRegion{0, 0, 50, 40}));
  EXPECT_EQ(regions.of(EyeSide::left), (ImageRegion{51, 0, 50, 40}));
  for (int pass = 0; pass < 2; ++pass) {
    for (std::uint64_t i = 0; i < 5; ++i) {
      for (const EyeSide eye : {EyeSide::left, EyeSide::right}) {
        const auto frame = parts[static_cast<std::size_t>(eye)].frames->next({});
        ASSERT_TRUE(frame.has_value() && *frame != nullptr);
        expect_part(**frame, i, eye, regions.of(eye));
      }
    }
    for (auto& part : parts) EXPECT_EQ(*part.frames->next({}), nullptr);
    for (auto& part : parts) ASSERT_TRUE(part.frames->seek(0));
  }
}

TEST(SplitSource, TheCameraOfAPartHasItsPrincipalPointMoved) {
  EyeRegions regions;
  regions.by_eye = {ImageRegion{2, 4, 33, 34}, ImageRegion{60, 5, 40, 33}};
  const auto parts = split(1, std::nullopt, regions);
  EXPECT_DOUBLE_EQ(parts[0].intrinsics.cx_px, 50.0 - 2.0);
  EXPECT_DOUBLE_EQ(parts[0].intrinsics.cy_px, 19.5 - 4.0);
  EXPECT_DOUBLE_EQ(parts[1].intrinsics.cx_px, 50.0 - 60.0);
  EXPECT_EQ(parts[1].intrinsics.width_px, 40);
  EXPECT_EQ(parts[1].frames->info().width_px, 40);
  EXPECT_TRUE(parts[1].intrinsics.validate().has_value());
}

TEST(SplitSource, TwoReadersOfDifferentSpeedGetEveryFrame) {
  constexpr std::uint64_t frames = 400;
  auto parts = split(frames);
  std::array<std::vector<std::uint64_t>, 2> got;
  {
    std::array<std::jthread, 2> readers;
    for (std::size_t eye = 0; eye < 2; ++eye) {
      readers[eye] = std::jthread([&, eye] {
        while (true) {
          const auto frame = parts[eye].frames->next({});
          if (!frame || *frame == nullptr) break;
          got[eye].push_back((*frame)->sequence);
          if (eye == 1 && got[eye].size() % 16 == 0) std::this_thread::yield();
        }
      });
    }
  }
  for (const auto& sequences : got) {
    ASSERT_EQ(sequences.size(), frames);
    for (std::uint64_t i = 0; i < frames; ++i) EXPECT_EQ(sequences[i], i);
  }
}

TEST(SplitSource, AReaderThatWentHoldsUpNobodyAndAStopEndsAWait) {
  auto parts = split(200);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(parts[1].frames->next({}));
  parts[1].frames.reset();
  std::uint64_t count = 0;
  while (*parts[0].frames->next({}) != nullptr) ++count;
  EXPECT_EQ(count, 200U);

  auto others = split(200);
  std::stop_source stop;
  std::uint64_t taken = 0;
  std::jthread reader([&] {
    while (*others[0].frames->next(stop.get_token()) != nullptr) {
      if (++taken == SplitReader::most_waiting) stop.request_stop();  // the next would wait for the left eye
    }
  });
  reader.join();
  EXPECT_EQ(taken, SplitReader::most_waiting);
}

TEST(SplitSource, BothEyesHearOfAnError) {
  auto parts = split(2, Error{ErrorCode::input_truncated, "cut", "counting.mp4", ""});
  for (auto& part : parts) {
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(part.frames->next({}));
    const auto end = part.frames->next({});
    ASSERT_FALSE(end.has_value());
    EXPECT_EQ(end.error().code, ErrorCode::input_truncated);
  }
}

TEST(SplitSource, AThrowingSourceLeavesNeitherEyeWaiting) {
  class Throwing final : public FrameSource {
   public:
    Throwing() { info_.width_px = width_px, info_.height_px = height_px; }
    const SourceInfo& info() const override { return info_; }
    Result<FramePtr> next(std::stop_token) override { throw std::runtime_error("broken"); }
    Result<void> seek(std::uint64_t) override { return {}; }

   private:
    SourceInfo info_;
  };
  OpenedSource source;
  source.frames = std::make_unique<Throwing>();
  const auto parts = split_between_eyes(std::move(source), EyeRegions::halves(width_px, height_px));
  ASSERT_TRUE(parts);
  for (const OpenedSource& part : *parts) EXPECT_THROW((void)part.frames->next({}), std::runtime_error);
}

TEST(EyeRegions, OutsideTheImageAreRefusedByName) {
  EyeRegions regions;
  regions.by_eye = {ImageRegion{0, 0, 20, 40}, ImageRegion{60, 10, 42, 33}};
  const auto valid = regions.validate(width_px, height_px);
  ASSERT_FALSE(valid);
  EXPECT_THAT(valid.error().message, HasSubstr("right eye's region 0,0,20,40 is smaller"));
  EXPECT_THAT(valid.error().message,
              HasSubstr("left eye's region 60,10,42,33 reaches past the image of 101x40"));
  regions.by_eye = {ImageRegion{-1, 0, 40, 40}, ImageRegion{2147483647, 0, 40, 40}};
  EXPECT_FALSE(regions.validate(width_px, height_px));
}

TEST(EyeRegions, AreReadFromFourNumbers) {
  EXPECT_EQ(*parse_region("1,20,300,4"), (ImageRegion{1, 20, 300, 4}));
  for (const char* wrong : {"", "1,2,3", "1,2,3,4,5", "1,2,3,x", "1;2;3;4", "1,2,3,4 ", "1, 2,3,4", "1,2,3,"})
    EXPECT_FALSE(parse_region(wrong)) << wrong;
}

}  // namespace
}  // namespace yarbus::split_source_test
