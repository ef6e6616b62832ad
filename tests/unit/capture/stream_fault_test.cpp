#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/mjpeg_server.h"
#include "tracker/capture/frame_maker.h"
#include "tracker/capture/jpeg_check.h"
#include "tracker/capture/mjpeg_stream.h"
#include "tracker/capture/multipart_parser.h"

namespace yarbus::stream_fault_test {
namespace {

using std::chrono::milliseconds;
using test::gray_jpeg;
using test::MjpegServer;
using testing::HasSubstr;

const std::string type = "multipart/x-mixed-replace; boundary=frame";

SourceOptions stream(const MjpegServer& server) {
  SourceOptions options;
  options.location = server.url();
  return options;
}

MjpegServer::Script for_ever(std::string header, std::function<std::string(int)> part) {
  return [header = std::move(header), part = std::move(part)](const MjpegServer::Connection& client, int,
                                                              const std::stop_token& stop) {
    bool connected = client.send(header);
    for (int i = 0; connected && !stop.stop_requested(); ++i) {
      connected = client.send(part(i));
      std::this_thread::sleep_for(milliseconds(2));
    }
  };
}

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(JpegCheck, TellsWholePicturesFromHalfOnes) {
  const std::string jpeg = gray_jpeg(200, 120, 77);
  const auto whole = size_of_whole_jpeg(bytes_of(jpeg));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->width_px, 200);
  EXPECT_EQ(whole->height_px, 120);
  EXPECT_TRUE(size_of_whole_jpeg(bytes_of(jpeg + "\r\n")));
  EXPECT_TRUE(size_of_whole_jpeg(bytes_of(jpeg + std::string(5, '\0'))));
  for (std::size_t count = 0; count < jpeg.size(); ++count)
    EXPECT_FALSE(size_of_whole_jpeg(bytes_of(jpeg).first(count))) << count << " of " << jpeg.size();
  EXPECT_FALSE(size_of_whole_jpeg(bytes_of("a text of no picture")));
  EXPECT_FALSE(size_of_whole_jpeg(bytes_of("\xFF\xD8\xFF\xD9"))) << "no frame header";
  EXPECT_FALSE(size_of_whole_jpeg(bytes_of("\xFF\xD8\xFF\xE0\xFF\xFF wrong length\xFF\xD9")));
}

/// The sizes of the parts that come out of `count` parts of `body` sent with a wrong length.
std::vector<std::size_t> parts_of(const std::string& body, std::size_t length, int count, std::size_t chunk) {
  std::vector<std::size_t> sizes;
  MultipartParser parser("b", [&](std::string_view part) { sizes.push_back(part.size()); });
  std::string all;
  for (int i = 0; i < count; ++i)
    all += "--b\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" + body + "\r\n";
  for (std::size_t i = 0; i < all.size(); i += chunk)
    EXPECT_TRUE(parser.feed(std::string_view(all).substr(i, chunk)));
  return sizes;
}

TEST(MultipartLengths, WrongOnesAreFoundOutAndNoLongerBelieved) {
  for (const std::size_t chunk : {1U, 1000U, 1000000U}) {
    const std::string body(30000, 'x');
    for (const std::size_t length : {20U, 29990U, 30001U, 30002U, 30100U}) {
      const auto sizes = parts_of(body, length, 12, chunk);
      EXPECT_GE(std::count_if(sizes.begin(), sizes.end(), [](auto size) { return size - 30000U <= 2U; }), 8)
          << "announced " << length << ", in chunks of " << chunk;
    }
  }
}

TEST(MultipartLengths, BoundaryBytesInsideAPictureAreNone) {
  std::string body(5000, 'x');
  body.replace(100, 4, "--by");
  for (const std::size_t chunk : {1U, 64U, 100000U})
    EXPECT_THAT(parts_of(body, body.size(), 4, chunk), testing::Each(body.size())) << chunk;
  std::vector<std::size_t> sizes;
  MultipartParser parser("b", [&](std::string_view part) { sizes.push_back(part.size()); });
  ASSERT_TRUE(parser.feed("--b\r\n\r\n" + body + "\r\n--b\r\n\r\n" + body + "\r\n--b\r\n"));
  EXPECT_THAT(sizes, testing::ElementsAre(body.size(), body.size())) << "nor without lengths";
}

TEST(MultipartLengths, RubbishBetweenPartsIsSkippedButNotForEver) {
  int parts = 0;
  MultipartParser parser("b", [&](std::string_view) { ++parts; });
  ASSERT_TRUE(parser.feed(MjpegServer::part("b", "one")));
  const std::string rubbish(1 << 20, 'r');
  ASSERT_TRUE(parser.feed(rubbish));
  ASSERT_TRUE(parser.feed("\r\n" + MjpegServer::part("b", "two")));
  EXPECT_EQ(parts, 1) << "lengths are doubted now: the part ends at the next boundary";
  ASSERT_TRUE(parser.feed("--b\r\n\r\n"));
  EXPECT_EQ(parts, 2);
  MultipartParser flooded("b", [](std::string_view) {});
  ASSERT_TRUE(flooded.feed(MjpegServer::part("b", "one")));
  bool sound = true;
  for (std::size_t sent = 0; sound && sent < 2 * MultipartParser::max_part_bytes; sent += rubbish.size())
    sound = flooded.feed(rubbish);
  EXPECT_FALSE(sound);
}

TEST(StreamHostility, AHeaderWithoutEndIsRefused) {
  MjpegServer server([](const auto& client, int, const auto& stop) {
    bool connected = client.send("HTTP/1.1 200 OK\r\n");
    while (connected && !stop.stop_requested())
      connected = client.send("X-Filler: " + std::string(1000, 'f') + "\r\n");
  });
  const auto source = open_frame_source(stream(server));
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::connection_failed);
  EXPECT_THAT(source.error().message, HasSubstr("header"));
}

TEST(StreamHostility, PartHeadersAndBodiesWithoutBoundaryAreRefused) {
  for (const std::string start : {"--frame\r\nX-Filler: ", "rubbish "}) {
    MjpegServer server([&](const auto& client, int, const auto& stop) {
      bool connected = client.send(MjpegServer::header(type) + start);
      while (connected && !stop.stop_requested()) connected = client.send(std::string(4000, 'f'));
    });
    const auto source = open_frame_source(stream(server));
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, ErrorCode::unsupported_format);
    EXPECT_FALSE(source.error().remedy.empty());
  }
}

TEST(StreamHostility, APictureOfImmenseSizeIsRefusedBeforeItIsDecoded) {
  std::string jpeg = gray_jpeg(64, 48, 100);
  const auto frame_header = jpeg.find("\xFF\xC0");
  ASSERT_NE(frame_header, std::string::npos);
  jpeg.replace(frame_header + 5, 4, "\xFF\xFF\xFF\xFF");
  MjpegServer server(
      for_ever(MjpegServer::header(type), [&](int) { return MjpegServer::part("frame", jpeg); }));
  const auto source = open_frame_source(stream(server));
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::unsupported_format);
  EXPECT_THAT(source.error().message, HasSubstr("65535x65535"));
}

TEST(StreamFaults, HalfPicturesWithoutLengthAreDroppedAndCounted) {
  const std::string jpeg = gray_jpeg(64, 48, 100);
  MjpegServer server(for_ever(MjpegServer::header(type), [&](int i) {
    const std::string sent = i % 2 == 1 ? jpeg.substr(0, jpeg.size() * 3 / 4) : jpeg;
    return "--frame\r\nContent-Type: image/jpeg\r\n\r\n" + sent + "\r\n";
  }));
  auto source = open_frame_source(stream(server));
  ASSERT_TRUE(source) << source.error().to_text();
  for (int i = 0; i < 6; ++i) {
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame && *frame);
    EXPECT_NEAR((*frame)->gray.view().at(60, 47), 100, 2) << "the last row is there";
  }
  EXPECT_GE((*source)->dropped_frames(), 4U);
}

TEST(StreamFaults, ASizeThatChangesEndsIt) {
  MjpegServer server(for_ever(MjpegServer::header(type), [](int i) {
    return MjpegServer::part("frame", i < 4 ? gray_jpeg(64, 48, 50) : gray_jpeg(128, 96, 50));
  }));
  auto source = open_frame_source(stream(server));
  ASSERT_TRUE(source) << source.error().to_text();
  Result<FramePtr> frame = FramePtr{};
  for (int i = 0; i < 10 && frame; ++i) frame = (*source)->next({});
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, ErrorCode::size_changed);
  EXPECT_THAT(frame.error().message, testing::AllOf(HasSubstr("64x48"), HasSubstr("128x96")));
}

ReconnectingSource impatient(const MjpegServer& server, const StreamPatience& patience) {
  SourceOptions options = stream(server);
  options.max_reconnect_attempts = 3;
  return {options, SourceInfo{},
          [url = server.url(), patience](std::stop_token stop) {
            return open_mjpeg_stream(url, std::move(stop), patience);
          },
          BackOff(milliseconds(1), milliseconds(2))};
}

TEST(StreamFaults, ASilentConnectionIsLostAndComesBack) {
  MjpegServer server([](const auto& client, int number, const auto& stop) {
    client.send(MjpegServer::header(type));
    for (int i = 0; i < (number == 0 ? 3 : 1000) && !stop.stop_requested(); ++i) {
      if (!client.send(MjpegServer::part("frame", gray_jpeg(64, 48, 50)))) return;
      std::this_thread::sleep_for(milliseconds(2));
    }
    // Connected, but silent. One connection is served at a time, so the script ends when the client is gone
    // or, at the latest, soon after its patience.
    for (int i = 0; i < 60 && !stop.stop_requested(); ++i) std::this_thread::sleep_for(milliseconds(10));
  });
  auto source = impatient(server, {milliseconds(200), milliseconds(20000)});
  ASSERT_TRUE(source.connect());
  std::vector<std::string> causes;
  source.set_status_listener([&](const SourceStatus& status) { causes.push_back(status.cause.message); });
  const auto lost_before = source.dropped_frames();
  for (std::uint64_t i = 0; i < 6; ++i) {
    const auto frame = source.next({});
    ASSERT_TRUE(frame) << frame.error().to_text();
    EXPECT_EQ((*frame)->sequence, i + source.dropped_frames() - lost_before);
  }
  ASSERT_GE(causes.size(), 2U);
  EXPECT_THAT(causes.front(), HasSubstr("nothing comes"));
}

TEST(StreamFaults, BytesThatNeverMakeAnImageAreALoss) {
  MjpegServer server([](const auto& client, int, const auto& stop) {
    bool connected = client.send(MjpegServer::header(type) + "--frame\r\n\r\n");
    while (connected && !stop.stop_requested()) {
      connected = client.send("drip");
      std::this_thread::sleep_for(milliseconds(5));
    }
  });
  auto source = impatient(server, {milliseconds(20000), milliseconds(200)});
  const auto connected = source.connect();
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, ErrorCode::connection_failed);
  EXPECT_THAT(connected.error().message, HasSubstr("no whole image"));
}

TEST(StreamAddress, PasswordsAreNotShown) {
  EXPECT_EQ(without_credentials("http://me:secret@host:81/stream"), "http://...@host:81/stream");
  EXPECT_EQ(without_credentials("http://host/stream?mail=a@b"), "http://host/stream?mail=a@b");
  EXPECT_EQ(without_credentials("0"), "0");
  MjpegServer server([](const auto& client, int, const auto&) {
    client.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
  });
  SourceOptions options = stream(server);
  options.location.insert(std::string("http://").size(), "me:secret@");
  const auto source = open_frame_source(options);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::permission_denied);
  EXPECT_THAT(source.error().to_text(), testing::Not(HasSubstr("secret")));
}

TEST(FramePixels, AreTheSameMemoryWhenAFrameComesBack) {
  for (const int rotate_deg : {0, 90, 180, 270}) {
    SourceOptions options;
    options.pool_frames = 4;
    options.rotate_deg = rotate_deg;
    FrameMaker maker(options);
    const cv::Mat image(48, 64, CV_8UC1, cv::Scalar(1));
    std::vector<const void*> seen;
    for (std::uint64_t i = 0; i < 4 * 5; ++i) {
      const auto frame = maker.make(image, i, {});
      ASSERT_NE(frame, nullptr);
      seen.push_back(frame->gray.data());
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_LE(std::unique(seen.begin(), seen.end()) - seen.begin(), 4);
  }
}

}  // namespace
}  // namespace yarbus::stream_fault_test
