#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/mjpeg_server.h"
#include "tracker/capture/back_off.h"
#include "tracker/capture/frame_source.h"
#include "tracker/capture/multipart_parser.h"
#include "tracker/capture/reconnecting_source.h"

namespace yarbus::mjpeg_test {
namespace {

using test::gray_jpeg;
using test::MjpegServer;
using testing::ElementsAre;

std::vector<std::string> parse(MultipartParser& parser, std::vector<std::string>& parts,
                               const std::string& bytes, std::size_t chunk) {
  for (std::size_t i = 0; i < bytes.size(); i += chunk)
    EXPECT_TRUE(parser.feed(std::string_view(bytes).substr(i, chunk)));
  return parts;
}

class MultipartInChunks : public testing::TestWithParam<std::size_t> {};

TEST_P(MultipartInChunks, GivesWholePartsInOrder) {
  const auto run = [&](const std::string& boundary, const std::string& bytes, std::uint64_t dropped = 0) {
    std::vector<std::string> parts;
    MultipartParser parser(boundary, [&](std::string_view part) { parts.emplace_back(part); });
    parse(parser, parts, bytes, GetParam());
    EXPECT_EQ(parser.dropped_parts(), dropped);
    return parts;
  };
  EXPECT_THAT(run("b", MjpegServer::part("b", "one") + MjpegServer::part("b", "two")),
              ElementsAre("one", "two"));
  EXPECT_THAT(run("b", "--b\r\nX: y\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b\r\n"), ElementsAre("one", "two"))
      << "without lengths";
  EXPECT_THAT(run("b", "--b\nContent-Length: 3\n\none\n--b\nContent-Length: 3\n\ntwo\n"),
              ElementsAre("one", "two"))
      << "bare newlines";
  EXPECT_THAT(
      run("announced", "\r\n" + MjpegServer::part("other", "one") + MjpegServer::part("other", "two")),
      ElementsAre("one", "two"))
      << "another boundary than announced";
  EXPECT_THAT(run("b", "--b\r\nContent-Length: 900\r\n\r\nhalf" + MjpegServer::part("b", "two"), 1),
              ElementsAre("two"))
      << "a half-written part is dropped and counted";
  EXPECT_THAT(run("b", "--b\r\nContent-Length: 99999999999\r\n\r\none\r\n" + MjpegServer::part("b", "two")),
              ElementsAre("one", "two"))
      << "an impossible length is not believed";
}
INSTANTIATE_TEST_SUITE_P(Sizes, MultipartInChunks, testing::Values(1, 2, 7, 64, 4096));

TEST(Multipart, HostileStreamsEndInBoundedMemory) {
  MultipartParser no_boundary("b", [](std::string_view) { FAIL(); });
  EXPECT_FALSE(no_boundary.feed(std::string(MultipartParser::max_header_bytes + 1, 'x')));
  MultipartParser endless_header("b", [](std::string_view) { FAIL(); });
  EXPECT_TRUE(endless_header.feed("--b\r\n"));
  EXPECT_FALSE(endless_header.feed(std::string(MultipartParser::max_header_bytes + 1, 'x')));
}

TEST(Multipart, ReadsTheBoundaryFromTheHeader) {
  EXPECT_EQ(multipart_boundary("multipart/x-mixed-replace; boundary=frame"), "frame");
  EXPECT_EQ(multipart_boundary("Multipart/X-Mixed-Replace;charset=x; Boundary=\"a b\""), "a b");
  EXPECT_EQ(multipart_boundary("multipart/x-mixed-replace;boundary=--frame"), "frame");
  EXPECT_FALSE(multipart_boundary("text/html; boundary=frame"));
  EXPECT_FALSE(multipart_boundary("multipart/x-mixed-replace"));
  EXPECT_FALSE(multipart_boundary(""));
}

SourceOptions stream(const MjpegServer& server) {
  SourceOptions options;
  options.location = server.url();
  return options;
}

const std::string type = "multipart/x-mixed-replace; boundary=frame";

/// Sends images of rising brightness until the client goes.
void send_images(const MjpegServer::Connection& client, const std::stop_token& stop, int first, int count) {
  for (int i = 0; i < count && !stop.stop_requested(); ++i) {
    if (!client.send(MjpegServer::part("frame", gray_jpeg(64, 48, 10 + (first + i) % 200)))) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

TEST(MjpegStream, GivesImagesWithRisingTimes) {
  MjpegServer server([](const auto& client, int, const auto& stop) {
    client.send(MjpegServer::header(type));
    send_images(client, stop, 0, 1000);
  });
  auto source = open_frame_source(stream(server));
  ASSERT_TRUE(source) << source.error().to_text();
  EXPECT_TRUE((*source)->info().is_live);
  EXPECT_EQ((*source)->info().width_px, 64);
  CaptureTime last{};
  int last_gray = 0;
  const auto lost_before = (*source)->dropped_frames();
  for (std::uint64_t i = 0; i < 10; ++i) {
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->sequence, i + (*source)->dropped_frames() - lost_before);
    EXPECT_GT((*frame)->captured_at, last);
    EXPECT_GT((*frame)->gray.view().at(5, 5), last_gray - 2);
    last = (*frame)->captured_at;
    last_gray = (*frame)->gray.view().at(5, 5);
  }
}

TEST(MjpegStream, FramesCarryTheCamerasOwnPicturesUnturned) {
  std::vector<std::string> images;
  for (int i = 0; i < 240; ++i) images.push_back(gray_jpeg(64, 48, 10 + i));
  MjpegServer server([&](const auto& client, int, const auto& stop) {
    client.send(MjpegServer::header(type));
    for (std::size_t i = 0; !stop.stop_requested() && i < images.size(); ++i) {
      const std::string& image = images[i];
      client.send(MjpegServer::part("frame", i % 3 == 2 ? image.substr(0, image.size() / 2) : image));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  SourceOptions options = stream(server);
  options.rotate_deg = 90;
  auto source = open_frame_source(options);
  ASSERT_TRUE(source) << source.error().to_text();
  EXPECT_TRUE((*source)->info().gives_jpeg);
  EXPECT_EQ((*source)->info().width_px, 48) << "turned";
  std::optional<std::size_t> first;  // place of the frame that is numbered 0
  for (int i = 0; i < 12; ++i) {
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame && *frame);
    const std::string jpeg((*frame)->jpeg.begin(), (*frame)->jpeg.end());
    const auto found = std::find(images.begin(), images.end(), jpeg);
    ASSERT_NE(found, images.end()) << "no byte may differ";
    const auto index = static_cast<std::size_t>(found - images.begin());
    EXPECT_NE(index % 3, 2U) << "half a picture";
    if (!first) first = index - static_cast<std::size_t>((*frame)->sequence);
    EXPECT_EQ((*frame)->sequence, index - *first) << "what was lost took a number";
    EXPECT_NEAR((*frame)->gray.view().at(5, 5), 10 + static_cast<int>(index), 2) << "of the same picture";
  }
}

TEST(MjpegStream, ComesBackAfterACutConnection) {
  MjpegServer server([](const auto& client, int number, const auto& stop) {
    client.send(MjpegServer::header(type));
    send_images(client, stop, 0, number == 0 ? 4 : 1000);
    client.send("--frame\r\nContent-Length: 5000\r\n\r\nhalf a picture");  // and the connection is cut
  });
  auto source = open_frame_source(stream(server));
  ASSERT_TRUE(source) << source.error().to_text();
  std::vector<SourceStatus::State> states;
  (*source)->set_status_listener([&](const SourceStatus& status) { states.push_back(status.state); });
  const auto lost_before = (*source)->dropped_frames();
  for (std::uint64_t i = 0; i < 12; ++i) {
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->sequence, i + (*source)->dropped_frames() - lost_before);
  }
  ASSERT_GE(states.size(), 2U);
  EXPECT_EQ(states.front(), SourceStatus::State::reconnecting);
  EXPECT_EQ(states.back(), SourceStatus::State::running);
}

TEST(MjpegStream, AStopEndsAWaitingCall) {
  MjpegServer server([](const auto& client, int, const auto& stop) {
    client.send(MjpegServer::header(type));
    send_images(client, stop, 0, 2);
    while (!stop.stop_requested())
      std::this_thread::sleep_for(std::chrono::milliseconds(2));  // silent, but connected
  });
  auto source = open_frame_source(stream(server));
  ASSERT_TRUE(source) << source.error().to_text();
  bool ended_empty = false;
  std::jthread reader([&](const std::stop_token& stop) {
    while (true) {
      const auto frame = (*source)->next(stop);
      if (frame && *frame == nullptr) ended_empty = true;
      if (!frame || *frame == nullptr) return;
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  reader.request_stop();
  reader.join();
  EXPECT_TRUE(ended_empty);
}

TEST(MjpegStream, WhatIsNoStreamIsAClearError) {
  const auto error_of = [](const std::string& response) {
    MjpegServer server([&](const auto& client, int, const auto&) { client.send(response); });
    const auto source = open_frame_source(stream(server));
    EXPECT_FALSE(source);
    return source ? Error{} : source.error();
  };
  const Error page = error_of(MjpegServer::header("text/html") + "<html>hello</html>");
  EXPECT_EQ(page.code, ErrorCode::unsupported_format);
  EXPECT_THAT(page.message, testing::HasSubstr("text/html"));
  EXPECT_FALSE(page.remedy.empty());
  const Error missing = error_of("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(missing.code, ErrorCode::connection_failed);
  EXPECT_THAT(missing.message, testing::HasSubstr("404"));
  EXPECT_EQ(error_of("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n").code,
            ErrorCode::permission_denied);
}

TEST(MjpegStream, NobodyListeningIsAnError) {
  SourceOptions options;
  options.location = "http://127.0.0.1:1/stream";
  const auto source = open_frame_source(options);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::connection_failed);
}

TEST(BackOff, DoublesUpToItsLongest) {
  BackOff back_off(BackOff::Duration(10), BackOff::Duration(50));
  EXPECT_EQ(back_off.next().count(), 10);
  EXPECT_EQ(back_off.next().count(), 20);
  EXPECT_EQ(back_off.next().count(), 40);
  EXPECT_EQ(back_off.next().count(), 50);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(back_off.next().count(), 50);
  back_off.reset();
  EXPECT_EQ(back_off.next().count(), 10);
}

/// Gives some images, then is lost.
class FakeConnection final : public LiveConnection {
 public:
  FakeConnection(int images, cv::Size size) : left_(images), image_(size, CV_8UC1, cv::Scalar(50)) {}
  Result<const cv::Mat*> next(std::stop_token, CaptureTime& captured_at) override {
    if (left_-- == 0) return Error{ErrorCode::device_lost, "unplugged", "fake", "Plug it in"};
    captured_at = CaptureTime(++clock);
    return &image_;
  }
  std::uint64_t lost_images() const override { return 1; }
  static inline CaptureTime::rep clock = 0;

 private:
  int left_;
  cv::Mat image_;
};

TEST(ReconnectingSource, GoesOnCountingAndGivesUpWhenTold) {
  SourceOptions options;
  options.location = "fake";
  options.max_reconnect_attempts = 2;
  int opened = 0;
  ReconnectingSource source(
      options, {},
      [&](std::stop_token) -> Result<std::unique_ptr<LiveConnection>> {
        if (++opened > 2) return Error{ErrorCode::input_missing, "still gone", "fake", "Plug it in"};
        return std::unique_ptr<LiveConnection>(std::make_unique<FakeConnection>(3, cv::Size(64, 48)));
      },
      BackOff(BackOff::Duration(1), BackOff::Duration(2)));
  ASSERT_TRUE(source.connect());
  // Each connection loses an image: the first one's is before the first frame.
  for (const std::uint64_t sequence : {0U, 1U, 3U, 4U, 5U}) EXPECT_EQ((*source.next({}))->sequence, sequence);
  const auto end = source.next({});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().message, "still gone");
  EXPECT_EQ(source.dropped_frames(), 2U);
}

TEST(ReconnectingSource, AnotherSizeEndsIt) {
  SourceOptions options;
  options.location = "fake";
  int opened = 0;
  ReconnectingSource source(
      options, {},
      [&](std::stop_token) -> Result<std::unique_ptr<LiveConnection>> {
        return std::unique_ptr<LiveConnection>(
            std::make_unique<FakeConnection>(2, ++opened == 1 ? cv::Size(64, 48) : cv::Size(128, 96)));
      },
      BackOff(BackOff::Duration(1), BackOff::Duration(2)));
  ASSERT_TRUE(source.connect());
  ASSERT_TRUE(source.next({}));
  const auto changed = source.next({});
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::size_changed);
}

}  // namespace
}  // namespace yarbus::mjpeg_test
