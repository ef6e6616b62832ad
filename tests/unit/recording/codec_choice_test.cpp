#include "app/recording/codec_choice.h"

#include <gtest/gtest.h>

namespace yarbus::codec_choice_test {
namespace {

using namespace std::chrono_literals;

CodecCost cost(VideoCodec codec, std::chrono::nanoseconds per_frame, double bytes) {
  return {codec, per_frame, bytes};
}

TEST(CodecChoice, TakesFfv1WhereItFits) {
  const auto choice =
      choose_codec({cost(VideoCodec::ffv1, 4ms, 100), cost(VideoCodec::h264_lossless, 1ms, 50)}, 4ms);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::ffv1);
  EXPECT_TRUE(choice->fits);
}

TEST(CodecChoice, TakesTheSmallerOfTheOthersThatFit) {
  const std::vector<CodecCost> measured{cost(VideoCodec::ffv1, 5ms, 100),
                                        cost(VideoCodec::h264_lossless, 3ms, 120),
                                        cost(VideoCodec::ut_video, 1ms, 180)};
  const auto choice = choose_codec(measured, 4ms);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::h264_lossless);
  const auto tighter = choose_codec(measured, 2ms);
  ASSERT_TRUE(tighter);
  EXPECT_EQ(tighter->codec, VideoCodec::ut_video);
}

TEST(CodecChoice, TakesTheFastestAndSaysSoWhereNoneFits) {
  const auto choice =
      choose_codec({cost(VideoCodec::ffv1, 5ms, 100), cost(VideoCodec::ut_video, 2ms, 180)}, 1ms);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, VideoCodec::ut_video);
  EXPECT_FALSE(choice->fits);
  EXPECT_NE(choice->reason.find("lost"), std::string::npos) << choice->reason;
}

TEST(CodecChoice, WithoutAnEncoderThereIsNone) {
  const auto choice = choose_codec({}, 1ms);
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().code, ErrorCode::unsupported_format);
}

TEST(CodecChoice, MeasuresEveryCodecThatItChoosesFrom) {
  for (const VideoCodec codec : {VideoCodec::ffv1, VideoCodec::ut_video, VideoCodec::h264_lossless}) {
    const auto measured = measure_codec(codec, 320, 240, 120.0, 3);
    ASSERT_TRUE(measured) << to_string(codec);
    EXPECT_GT(measured->per_frame.count(), 0);
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
