#include <cmath>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/stream/drop_oldest_ring.h"
#include "app/stream/rate_limited_warnings.h"
#include "app/stream/stream_clock.h"
#include "app/stream/stream_command.h"
#include "app/stream/stream_options.h"
#include "app/stream/subscriptions.h"

namespace yarbus::stream_parts_test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

TEST(StreamOptions, AreValidAsTheyComeAndNameEachViolation) {
  EXPECT_TRUE(StreamOptions().validate());
  StreamOptions options;
  options.request_port = 70000;
  options.jpeg_quality = 0;
  options.bind_address = "localhost";
  options.subscription_port = 50030;
  options.publication_port = 50030;
  const auto valid = options.validate();
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().code, ErrorCode::invalid_option);
  for (const char* part :
       {"request_port is 70000", "jpeg_quality is 0", "bind_address is 'localhost'", "must differ"})
    EXPECT_THAT(valid.error().message, testing::HasSubstr(part));
}

TEST(StreamOptions, WarnBeforeOthersAreLetIn) {
  StreamOptions options;
  EXPECT_EQ(options.exposure_warning(), "");
  options.bind_address = "127.0.1.1";
  EXPECT_EQ(options.exposure_warning(), "");
  options.bind_address = "0.0.0.0";
  EXPECT_THAT(options.exposure_warning(), testing::HasSubstr("0.0.0.0"));
  options.serves_network_api = false;
  EXPECT_EQ(options.exposure_warning(), "");
}

TEST(DropOldestRing, KeepsTheNewestAndCountsTheRest) {
  DropOldestRing<std::shared_ptr<int>> ring(3);
  EXPECT_FALSE(ring.pop().has_value());
  const auto first = std::make_shared<int>(0);
  EXPECT_TRUE(ring.push(first)) << "it was empty";
  EXPECT_EQ(first.use_count(), 2);
  for (int i = 1; i < 6; ++i) EXPECT_FALSE(ring.push(std::make_shared<int>(i)));
  EXPECT_EQ(first.use_count(), 1) << "what is dropped is let go";
  EXPECT_EQ(ring.dropped(), 3U);
  EXPECT_EQ(ring.pushed(), 6U);
  for (int i = 3; i < 6; ++i) EXPECT_EQ(**ring.pop(), i);
  EXPECT_FALSE(ring.pop().has_value());
  EXPECT_TRUE(ring.push(first));
  EXPECT_EQ(ring.pop(), first);
  EXPECT_EQ(first.use_count(), 1) << "a slot keeps nothing back";
}

TEST(Subscriptions, MatchByPrefix) {
  Subscriptions subscriptions(3);
  EXPECT_FALSE(subscriptions.want("pupil.0.2d"));
  EXPECT_TRUE(subscriptions.apply("\x01pupil."));
  EXPECT_TRUE(subscriptions.want("pupil.0.2d"));
  EXPECT_TRUE(subscriptions.want("pupil."));
  EXPECT_FALSE(subscriptions.want("pupil"));
  EXPECT_FALSE(subscriptions.want("gaze.3d.0."));
  EXPECT_TRUE(subscriptions.apply("\x01pupil.")) << "once more";
  EXPECT_EQ(subscriptions.size(), 1U);
  EXPECT_TRUE(subscriptions.apply("\0pupil."s));
  EXPECT_FALSE(subscriptions.want("pupil.0.2d"));
  EXPECT_TRUE(subscriptions.apply("\x01"s));
  EXPECT_TRUE(subscriptions.want("anything"));
  EXPECT_TRUE(subscriptions.apply("no subscription"));
  EXPECT_TRUE(subscriptions.apply("\0never subscribed"s));
}

TEST(Subscriptions, AreLimited) {
  Subscriptions subscriptions(2);
  EXPECT_TRUE(
      subscriptions.apply("\x01"
                          "a"));
  EXPECT_TRUE(
      subscriptions.apply("\x01"
                          "b"));
  EXPECT_FALSE(
      subscriptions.apply("\x01"
                          "c"));
  EXPECT_FALSE(subscriptions.want("c"));
  EXPECT_TRUE(subscriptions.apply("\0a"s));
  EXPECT_TRUE(
      subscriptions.apply("\x01"
                          "c"));
}

TEST(StreamClock, FollowsTheClientForCapturesToo) {
  StreamClock clock;
  EXPECT_NEAR(clock.now_s(), std::chrono::duration<double>(StreamClock::steady_now()).count(), 1.0);
  EXPECT_EQ(clock.at_s(1500ms), 1.5) << "as captured, before anyone sets it";
  ASSERT_TRUE(clock.set_now(-50.0));
  EXPECT_NEAR(clock.at_s(StreamClock::steady_now()), -50.0, 1.0);
  EXPECT_FALSE(clock.set_now(std::nan("")));
  EXPECT_FALSE(clock.set_now(1e16));
  EXPECT_NEAR(clock.now_s(), -50.0, 1.0);
}

TEST(StreamClock, PutsFilesIntoTheLiveClock) {
  StreamClock clock;
  clock.set_steady_from_capture(1000s);
  EXPECT_EQ(clock.at_s(2s), 1002.0);
  EXPECT_EQ(clock.capture_time_of(1002.0), CaptureTime(2s));
  EXPECT_FALSE(clock.capture_time_of(1e12).has_value()) << "beyond what the tracker's time can hold";
  EXPECT_FALSE(clock.capture_time_of(std::nan("")).has_value());
}

TEST(RateLimitedWarnings, SayHowManyWereSwallowed) {
  RateLimitedWarnings warnings;
  const auto note = [&](StreamWarning kind, std::chrono::nanoseconds now) {
    return warnings.note(kind, "bad", now);
  };
  EXPECT_EQ(note(StreamWarning::malformed_message, 1s), "bad");
  for (int i = 0; i < 500; ++i) EXPECT_FALSE(note(StreamWarning::malformed_message, 1500ms));
  EXPECT_EQ(note(StreamWarning::slow_subscriber, 1500ms), "bad") << "another kind";
  EXPECT_EQ(note(StreamWarning::malformed_message, 2s), "bad (and 500 more of the kind before)");
  EXPECT_FALSE(note(StreamWarning::malformed_message, 2500ms));
}

TEST(StreamCommandQueue, IsBoundedAndWakesOnce) {
  int wakes = 0;
  StreamCommandQueue queue(2, [&] { ++wakes; });
  EXPECT_TRUE(queue.offer(StartRecording{"a"}));
  EXPECT_TRUE(queue.offer(StopRecording{}));
  EXPECT_FALSE(queue.offer(StartCalibration{}));
  EXPECT_EQ(wakes, 1);
  const auto commands = queue.take_all();
  ASSERT_EQ(commands.size(), 2U);
  EXPECT_EQ(std::get<StartRecording>(commands[0]).session_name, "a");
  EXPECT_TRUE(queue.take_all().empty());
  EXPECT_TRUE(queue.offer(StopRecording{}));
  EXPECT_EQ(wakes, 2);
}

}  // namespace
}  // namespace yarbus::stream_parts_test
