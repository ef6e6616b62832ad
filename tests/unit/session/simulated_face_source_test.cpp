#include "app/session/simulated_face_source.h"

#include <chrono>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/open_source.h"
#include "eyemodel/types/frame.h"

namespace yarbus::simulated_face_source_test {
namespace {

using testing::HasSubstr;

SimulatedFaceSourceOptions small(std::uint64_t frames) {
  SimulatedFaceSourceOptions options;
  options.face.width_px = 160;
  options.face.height_px = 120;
  options.frames = frames;
  return options;
}

SourceRequest request(const char* scenario) {
  SourceRequest asked;
  asked.kind = SourceRequest::Kind::simulated_eye;
  asked.location = scenario;
  asked.width_px = 160;
  return asked;
}

bool is_same(const GrayImage& a, const GrayImage& b) {
  return std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.width_px() * a.height_px())) == 0;
}

TEST(SimulatedFaceSource, GivesItsFramesWithTheirTruthThenEnds) {
  const auto source = open_simulated_face_source(small(3)).value();
  EXPECT_EQ(source->info().frame_count, 3U);
  EXPECT_FALSE(source->info().is_live);
  FramePtr last;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const auto frame = source->next({}).value();
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(frame->sequence, i);
    EXPECT_FALSE(frame->truth);
    ASSERT_TRUE(frame->face_truth);
    EXPECT_NEAR(frame->face_truth->time_s, static_cast<double>(i) / 30.0, 1e-12);
    last = frame;
  }
  EXPECT_EQ(source->next({}).value(), nullptr);
  ASSERT_TRUE(source->seek(2));
  const auto again = source->next({}).value();
  EXPECT_TRUE(is_same(again->gray, last->gray));
}

TEST(SimulatedFaceSource, LiveItFollowsTheMailbox) {
  FaceMailbox mailbox;
  SimulatedFaceSourceOptions options = small(1);
  options.frames.reset();
  options.is_live = true;
  options.face.rate_hz = 60.0;
  options.mailbox = &mailbox;
  const auto source = open_simulated_face_source(options).value();
  EXPECT_TRUE(source->info().is_live);
  ASSERT_NE(source->next({}).value(), nullptr);
  const Eigen::Vector2d target_mm(400.0, 250.0);
  mailbox.post(target_mm);
  const auto frame = source->next({}).value();
  EXPECT_EQ(frame->face_truth->target_in_screen_mm, target_mm);
  EXPECT_FALSE(mailbox.take().has_value()) << "the wish was taken";
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(source->next(stop.get_token()).value(), nullptr);
}

TEST(SimulatedFaceSource, IsOpenedByItsScenariosName) {
  const auto opened = open_source(request("face-still"), EyeSide::right, {false, 2, nullptr});
  ASSERT_TRUE(opened) << opened.error().to_text();
  EXPECT_EQ(opened->intrinsics_origin, IntrinsicsOrigin::simulation);
  EXPECT_EQ(opened->intrinsics.width_px, 160);
  EXPECT_EQ(opened->intrinsics.height_px, 120);
  ASSERT_TRUE(opened->screen);
  EXPECT_EQ(opened->screen->width_px, 1920);
  EXPECT_FALSE(opened->simulation) << "those are an eye's";
}

TEST(SimulatedFaceSource, TakesASizeAndARateButNoOtherSettings) {
  SourceRequest asked = request("face-still");
  asked.height_px = 100;
  asked.rate_hz = 5.0;
  const auto opened = open_source(asked, EyeSide::right, {false, 2, nullptr});
  ASSERT_TRUE(opened) << opened.error().to_text();
  EXPECT_EQ(opened->frames->info().height_px, 100);
  EXPECT_EQ(opened->frames->info().nominal_rate_hz, 5.0);
  asked.mirror = true;
  const auto refused = open_source(asked, EyeSide::right, {false, 2, nullptr});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_text(), HasSubstr("simulated face face-still"));
  EXPECT_THAT(refused.error().to_text(), HasSubstr("mirror"));
  EXPECT_THAT(refused.error().to_text(), testing::Not(HasSubstr("rate")));
}

}  // namespace
}  // namespace yarbus::simulated_face_source_test
