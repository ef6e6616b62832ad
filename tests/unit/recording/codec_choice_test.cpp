#include "app/recording/codec_choice.h"

#include <gtest/gtest.h>

namespace yarbus::codec_choice_test {
namespace {

using namespace std::chrono_literals;

constexpr CodecBudget budget{4ms, 2ms};

TEST(CodecChoice, TakesFfv1WhereItFits) {
  const auto choice =
      choose_codec({{VideoCodec::ffv1, 4ms, 2ms, 100}, {VideoCodec::h264_lossless, 1ms, 1ms, 50}}, budget);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::ffv1);
  EXPECT_TRUE(choice->fits);
}

TEST(CodecChoice, TakesTheSmallestOfTheOthersThatFit) {
  const std::vector<CodecCost> measured{{VideoCodec::ffv1, 5ms, 2ms, 100},
                                        {VideoCodec::ut_video, 1ms, 1ms, 180},
                                        {VideoCodec::h264_lossless, 3ms, 2ms, 120}};
  const auto choice = choose_codec(measured, budget);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::h264_lossless);
  const auto tighter = choose_codec(measured, {2ms, 2ms});
  ASSERT_TRUE(tighter);
  EXPECT_EQ(tighter->codec, VideoCodec::ut_video);
}

TEST(CodecChoice, LeavesOneThatIsReadTooSlowly) {
  const std::vector<CodecCost> measured{{VideoCodec::ffv1, 4ms, 5ms, 100},
                                        {VideoCodec::h264_lossless, 3ms, 3ms, 120},
                                        {VideoCodec::ut_video, 1ms, 1ms, 180}};
  const auto choice = choose_codec(measured, budget);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::ut_video);
  EXPECT_TRUE(choice->fits);
}

TEST(CodecChoice, TakesTheOneThatIsReadFastestWhereAllAreReadTooSlowly) {
  const std::vector<CodecCost> measured{{VideoCodec::ffv1, 4ms, 5ms, 100},
                                        {VideoCodec::h264_lossless, 3ms, 3ms, 120},
                                        {VideoCodec::ut_video, 5ms, 1ms, 180}};
  const auto choice = choose_codec(measured, {4ms, 500us});
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::h264_lossless);
  EXPECT_TRUE(choice->fits);
}

TEST(CodecChoice, TakesTheFastestAndSaysSoWhereNoneFits) {
  const auto choice =
      choose_codec({{VideoCodec::ffv1, 5ms, 1ms, 100}, {VideoCodec::ut_video, 2ms, 2ms, 180}}, {1ms, 500us});
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::ut_video);
  EXPECT_FALSE(choice->fits);
  EXPECT_NE(choice->reason.find("lost"), std::string::npos) << choice->reason;
}

TEST(CodecChoice, WithoutAnEncoderThereIsNone) {
  const auto choice = choose_codec({}, budget);
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().code, ErrorCode::unsupported_format);
}

TEST(CodecChoice, MeasuresEveryCodecThatItChoosesFrom) {
  for (const VideoCodec codec : {VideoCodec::ffv1, VideoCodec::ut_video, VideoCodec::h264_lossless}) {
    const auto measured = measure_codec(codec, 320, 240, 120.0, 3);
    ASSERT_TRUE(measured) << to_string(codec);
    EXPECT_GT(measured->encoding.count(), 0);
    EXPECT_GT(measured->decoding.count(), 0);
    // Noise of that size does not go below about two bits a pixel, nor above its eight.
    EXPECT_GT(measured->bytes_per_frame, 320 * 240 * 0.25) << to_string(codec);
    EXPECT_LT(measured->bytes_per_frame, 320 * 240 * 1.5) << to_string(codec);
  }
}

TEST(CodecChoice, ASlowCameraGetsALosslessCodecThatFits) {
  const auto choice = choose_lossless_codec(160, 120, 5.0, 1);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::ffv1);
  EXPECT_TRUE(choice->fits) << choice->reason;
}

}  // namespace
}  // namespace yarbus::codec_choice_test
