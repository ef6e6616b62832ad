#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/mjpeg_server.h"
#include "tracker/capture/reconnecting_source.h"

namespace yarbus::live_source_test {
namespace {

using std::chrono::milliseconds;
using test::gray_jpeg;
using test::MjpegServer;
using testing::ElementsAre;
using State = SourceStatus::State;

const std::string type = "multipart/x-mixed-replace; boundary=frame";
const std::string unavailable = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
constexpr int gray_tolerance = 2;  // of JPEG

SourceOptions stream(const MjpegServer& server) {
  SourceOptions options;
  options.location = server.url();
  return options;
}

std::string image(int gray) { return gray_jpeg(64, 48, gray); }

/// Sends one response, then images made by `part` until the client or the test goes.
MjpegServer::Script images_for_ever(std::string header, std::function<std::string(int)> part) {
  return [header = std::move(header), part = std::move(part)](const MjpegServer::Connection& client, int,
                                                              const std::stop_token& stop) {
    bool connected = client.send(header);
    for (int i = 0; connected && !stop.stop_requested(); ++i) {
      connected = client.send(part(i));
      std::this_thread::sleep_for(milliseconds(5));
    }
  };
}

class MjpegDialect : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(MjpegDialect, IsUnderstood) {
  const auto& [announced, used] = GetParam();
  for (const bool with_length : {true, false}) {
    MjpegServer server(
        images_for_ever(MjpegServer::header("multipart/x-mixed-replace;boundary=" + announced), [&](int) {
          return with_length ? MjpegServer::part(used, image(120))
                             : "--" + used + "\r\nContent-Type: image/jpeg\r\n\r\n" + image(120) + "\r\n";
        }));
    auto source = open_frame_source(stream(server));
    ASSERT_TRUE(source) << source.error().to_text();
    const auto lost_before = (*source)->dropped_frames();
    for (std::uint64_t i = 0; i < 5; ++i) {
      const auto frame = (*source)->next({});
      ASSERT_TRUE(frame && *frame);
      EXPECT_EQ((*frame)->sequence, i + (*source)->dropped_frames() - lost_before);
      EXPECT_NEAR((*frame)->gray.view().at(7, 7), 120, gray_tolerance);
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Boundaries, MjpegDialect,
                         testing::Values(std::pair{"frame", "frame"}, std::pair{"\"frame\"", "frame"},
                                         std::pair{"--frame", "frame"}, std::pair{"--frame", "--frame"},
                                         std::pair{"announced", "other"}));

TEST(MjpegFaults, UndecodablePartsAreDroppedAndCounted) {
  MjpegServer server(images_for_ever(MjpegServer::header(type), [](int i) {
    return MjpegServer::part("frame", i % 2 == 1 ? "\xFF\xD8 this is no picture" : image(90));
  }));
  auto source = open_frame_source(stream(server));
  ASSERT_TRUE(source) << source.error().to_text();
  const auto lost_before = (*source)->dropped_frames();
  for (std::uint64_t i = 0; i < 6; ++i) {
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->sequence, i + (*source)->dropped_frames() - lost_before) << "each takes a number";
  }
  EXPECT_GE((*source)->dropped_frames(), 5U);
}

TEST(MjpegFaults, ImagesThatCameBeforeTheEndAreGivenBeforeTheLoss) {
  MjpegServer server([](const auto& client, int, const auto&) {
    client.send(MjpegServer::header(type) + MjpegServer::part("frame", image(50)));
    std::this_thread::sleep_for(milliseconds(100));
    client.send(MjpegServer::part("frame", image(150)));
  });
  auto source = open_frame_source(stream(server));
  ASSERT_TRUE(source) << source.error().to_text();
  int told = 0;
  (*source)->set_status_listener([&](const SourceStatus&) { ++told; });
  std::this_thread::sleep_for(milliseconds(300));  // the second image and the end now wait together
  const auto frame = (*source)->next({});
  ASSERT_TRUE(frame && *frame);
  EXPECT_NEAR((*frame)->gray.view().at(7, 7), 150, gray_tolerance);
  EXPECT_EQ(told, 0);
}

TEST(MjpegFaults, RunningIsToldOnlyOnceImagesComeAgain) {
  MjpegServer server([](const auto& client, int number, const auto& stop) {
    if (number == 1 || number == 2) {
      client.send(unavailable);
      return;
    }
    client.send(MjpegServer::header(type));
    for (int i = 0; !stop.stop_requested() && (number > 0 || i < 4); ++i) {
      if (!client.send(MjpegServer::part("frame", image(80)))) return;
      std::this_thread::sleep_for(milliseconds(5));
    }
    client.send("--frame\r\nContent-Length: 5000\r\n\r\nhalf a picture");
  });
  auto source = open_frame_source(stream(server));
  ASSERT_TRUE(source) << source.error().to_text();
  std::vector<std::pair<State, int>> told;
  (*source)->set_status_listener([&](const SourceStatus& s) { told.emplace_back(s.state, s.attempt); });
  CaptureTime last{};
  const auto lost_before = (*source)->dropped_frames();
  for (std::uint64_t i = 0; i < 10; ++i) {
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->sequence, i + (*source)->dropped_frames() - lost_before);
    EXPECT_GT((*frame)->captured_at, last);
    last = (*frame)->captured_at;
  }
  EXPECT_THAT(told, ElementsAre(std::pair{State::reconnecting, 1}, std::pair{State::reconnecting, 2},
                                std::pair{State::reconnecting, 3}, std::pair{State::running, 0}));
}

TEST(MjpegFaults, AServerGoneForGoodEndsInItsError) {
  MjpegServer server([](const auto& client, int number, const auto&) {
    client.send(number == 0 ? MjpegServer::header(type) + MjpegServer::part("frame", image(50))
                            : unavailable);
  });
  SourceOptions options = stream(server);
  options.max_reconnect_attempts = 2;
  auto source = open_frame_source(options);
  ASSERT_TRUE(source) << source.error().to_text();
  int told = 0;
  std::stop_source enough;
  (*source)->set_status_listener([&](const SourceStatus&) {
    if (++told > 6) enough.request_stop();
  });
  const auto end = (*source)->next(enough.get_token());
  ASSERT_FALSE(end) << "it went on trying";
  EXPECT_EQ(end.error().code, ErrorCode::connection_failed);
  EXPECT_THAT(end.error().message, testing::HasSubstr("503"));
  EXPECT_FALSE(end.error().remedy.empty());
  EXPECT_EQ(told, 2);
}

TEST(MjpegFaults, RefusalsCarryARemedy) {
  for (const auto& [status, code] : {std::pair{"401 Unauthorized", ErrorCode::permission_denied},
                                     {"403 Forbidden", ErrorCode::permission_denied},
                                     {"404 Not Found", ErrorCode::connection_failed},
                                     {"500 Internal Server Error", ErrorCode::connection_failed}}) {
    const std::string answer = "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 0\r\n\r\n";
    MjpegServer server([&](const auto& client, int, const auto&) { client.send(answer); });
    const auto source = open_frame_source(stream(server));
    ASSERT_FALSE(source) << status;
    EXPECT_EQ(source.error().code, code) << status;
    EXPECT_EQ(source.error().context, server.url());
    EXPECT_FALSE(source.error().remedy.empty());
  }
}

/// A connection that gives `images` images of one size, having lost one on the way.
class ScriptedConnection final : public LiveConnection {
 public:
  explicit ScriptedConnection(int images) : left_(images), image_(48, 64, CV_8UC1, cv::Scalar(50)) {}
  Result<const cv::Mat*> next(std::stop_token, CaptureTime& captured_at) override {
    if (left_ == 0) return Error{ErrorCode::device_lost, "unplugged", "fake", "Plug it in"};
    --left_;
    captured_at = CaptureTime(1);
    return &image_;
  }
  std::uint64_t lost_images() const override { return 1; }

 private:
  int left_;
  cv::Mat image_;
};

struct Scripted {
  /// Images of the n-th connection; negative = it cannot be opened. The last entry repeats.
  std::vector<int> images;
  SourceOptions options;
  int opened = 0;

  ReconnectingSource source(BackOff back_off = BackOff(milliseconds(1), milliseconds(4))) {
    options.location = "fake";
    return {options, SourceInfo{}, [this](std::stop_token) { return open(); }, back_off};
  }
  Result<std::unique_ptr<LiveConnection>> open() {
    const int count = images[std::min<std::size_t>(static_cast<std::size_t>(opened++), images.size() - 1)];
    if (count < 0) return Error{ErrorCode::input_missing, "not there", "fake", "Plug it in"};
    return std::unique_ptr<LiveConnection>(std::make_unique<ScriptedConnection>(count));
  }
};

TEST(ReconnectingSourceFaults, AnOpeningThatGivesNoImageIsAFailedAttempt) {
  Scripted script{{3, 0}, {}};
  script.options.max_reconnect_attempts = 3;
  auto source = script.source();
  ASSERT_TRUE(source.connect());
  std::vector<std::pair<State, int>> told;
  std::stop_source enough;
  source.set_status_listener([&](const SourceStatus& s) {
    told.emplace_back(s.state, s.attempt);
    if (told.size() > 20) enough.request_stop();
  });
  for (std::uint64_t i = 0; i < 2; ++i) EXPECT_EQ((*source.next({}))->sequence, i);
  const auto end = source.next(enough.get_token());
  ASSERT_FALSE(end) << "it went on trying";
  EXPECT_EQ(end.error().code, ErrorCode::device_lost);
  EXPECT_THAT(told, ElementsAre(std::pair{State::reconnecting, 1}, std::pair{State::reconnecting, 2},
                                std::pair{State::reconnecting, 3}));
  EXPECT_EQ(script.opened, 4);
  EXPECT_FALSE(source.next({})) << "asked again, it is still gone";
}

TEST(ReconnectingSourceFaults, AttemptsStartAnewAfterAnImage) {
  Scripted script{{2, -1, 1, -1, 1, -1, 100}, {}};
  script.options.max_reconnect_attempts = 2;
  auto source = script.source();
  ASSERT_TRUE(source.connect());
  const auto lost_before = source.dropped_frames();
  for (std::uint64_t i = 0; i < 8; ++i) {
    const auto frame = source.next({});
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->sequence, i + source.dropped_frames() - lost_before);
  }
  EXPECT_EQ(source.dropped_frames(), 4U) << "one lost in each connection";
}

TEST(ReconnectingSourceFaults, AStopWhileReconnectingEndsEmptyAndCanGoOn) {
  Scripted script{{2, 100}, {}};
  auto source = script.source(BackOff(milliseconds(60000), milliseconds(60000)));
  ASSERT_TRUE(source.connect());
  ASSERT_TRUE(source.next({}));
  std::stop_source stop;
  source.set_status_listener([&](const SourceStatus&) { stop.request_stop(); });
  const auto stopped = source.next(stop.get_token());
  ASSERT_TRUE(stopped) << stopped.error().to_text();
  EXPECT_EQ(*stopped, nullptr);
  EXPECT_EQ(script.opened, 1) << "it did not wait the minute out";
  std::stop_source again;
  source.set_status_listener([&](const SourceStatus&) { again.request_stop(); });
  const auto resumed = source.next(again.get_token());
  ASSERT_TRUE(resumed);
  EXPECT_EQ(*resumed, nullptr);
}

TEST(ReconnectingSourceFaults, AnExhaustedPoolLeavesAGapInTheSequence) {
  Scripted script{{8, -1}, {}};
  script.options.pool_frames = 4;
  script.options.max_reconnect_attempts = 0;
  auto source = script.source();
  ASSERT_TRUE(source.connect());
  std::vector<FramePtr> held;
  for (int i = 0; i < 4; ++i) held.push_back(*source.next({}));
  EXPECT_FALSE(source.next({})) << "three images without a place, then the loss";
  EXPECT_EQ(source.dropped_frames(), 3U + 1U);
}

TEST(ReconnectingSourceFaults, TheFirstFailureIsFinalAndSeekingRefused) {
  Scripted script{{-1}, {}};
  auto source = script.source();
  const auto connected = source.connect();
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, ErrorCode::input_missing);
  EXPECT_EQ(script.opened, 1);
  EXPECT_EQ(source.seek(0).error().code, ErrorCode::invalid_option);
}

}  // namespace
}  // namespace yarbus::live_source_test
