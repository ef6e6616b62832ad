#include <random>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/stream/publisher.h"
#include "tests/support/eventually.h"
#include "tests/support/packed_json.h"
#include "tests/support/stream_client.h"
#include "tests/support/streamed_eye.h"
#include "tests/support/udp_receiver.h"

namespace yarbus::publisher_faults_test {
namespace {

using test::eventually;
using test::free_ports;
using test::make_streamed_pair;
using test::packed;
using test::resident_mib;
using test::StreamClient;

class PublisherFaults : public testing::Test {
 protected:
  void start(const StreamOptions& options = free_ports()) {
    auto started = Publisher::start(options, commands);
    ASSERT_TRUE(started) << started.error().to_text();
    publisher = std::move(*started);
  }
  /// Requests are answered and data arrives.
  void expect_service() {
    StreamClient client(*publisher);
    EXPECT_EQ(client.ask({"v"}), "9.8.7");
    client.subscribe({"pupil.0.3d"});
    publisher->publish(make_streamed_pair());
    const auto message = client.receive();
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->topic, "pupil.0.3d");
    EXPECT_FALSE(publisher->health().failure.has_value());
  }
  StreamCommandQueue commands;
  std::unique_ptr<Publisher> publisher;
};

/// A message that is wrong somewhere, or at least odd.
std::vector<std::string> odd_message(std::mt19937& random) {
  const auto bytes = [&](std::size_t most) {
    std::string text(random() % (most + 1), '\0');
    for (char& byte : text) byte = static_cast<char>(random());
    return text;
  };
  const std::string good = packed({{"subject", "recording.should_start"}, {"session_name", "x"}});
  switch (random() % 8) {
    case 0:  // random bytes
      return {bytes(40), bytes(200)};
    case 1:  // truncated msgpack
      return {"notify.recording.should_start", good.substr(0, random() % good.size())};
    case 2:  // empty parts
      return std::vector<std::string>(1 + random() % 5);
    case 3:  // wrong types
      return {"notify.pupil_detector.set_roi",
              packed({{"subject", "pupil_detector.set_roi"}, {"value", bytes(4).size()}})};
    case 4:  // wrong topic
      return {"notify." + bytes(20), good};
    case 5:  // too many parts
      return std::vector<std::string>(20, good);
    case 6:  // lengths that lie
      return {"gaze", std::string("\x81\xa1x\xdd\x7f\xff\xff\xff", 8) + bytes(20)};
    default:  // nested without end
      return {"gaze", "\x81\xa1x" + std::string(1000, '\x91')};
  }
}

TEST_F(PublisherFaults, TenThousandMalformedMessages) {
  constexpr std::uint64_t count = 10000;
  start();
  StreamClient client(*publisher);
  std::mt19937 random(1);
  client.send({"my.first", packed({{"x", 1}})});
  ASSERT_TRUE(eventually([&] { return publisher->health().forwarded == 1; }));
  const double before_mib = resident_mib();
  for (std::uint64_t i = 0; i < count; ++i) client.send(odd_message(random));
  ASSERT_TRUE(eventually([&] {
    const auto health = publisher->health();
    return health.malformed + health.forwarded == count + 1;
  })) << publisher->health().malformed
      << " refused, " << publisher->health().forwarded << " passed on";
  EXPECT_GT(publisher->health().malformed, count * 8 / 10);
  EXPECT_LT(resident_mib() - before_mib, 40.0);
  EXPECT_LE(publisher->health().warnings.size(), 16U) << "a flood of messages is no flood of lines";
  EXPECT_THAT(publisher->health().warnings,
              testing::Contains(testing::HasSubstr("refused a client's message")));
  EXPECT_TRUE(commands.take_all().empty());
  expect_service();
}

TEST_F(PublisherFaults, ThousandsOfMalformedRequestsAreAllAnswered) {
  start();
  StreamClient client(*publisher);
  std::mt19937 random(2);
  for (int i = 0; i < 3000; ++i) ASSERT_FALSE(client.ask(odd_message(random)).empty());
  expect_service();
}

TEST_F(PublisherFaults, SubscriberThatNeverReads) {
  StreamOptions options = free_ports();
  options.frame_format = FrameFormat::gray;
  options.max_frames_mib = 2;
  start(options);
  const ZmqContext context;
  ZmqSocket sleeper(context, ZMQ_SUB);
  sleeper.set(ZMQ_RCVHWM, 1);
  sleeper.set(ZMQ_RCVBUF, 4096);
  sleeper.set(ZMQ_SUBSCRIBE, std::string_view(""));
  zmq_connect(sleeper.get(),
              ("tcp://127.0.0.1:" + std::to_string(publisher->health().subscription_port)).c_str());
  ASSERT_TRUE(eventually([&] { return publisher->health().subscriptions == 1; }));
  StreamClient reader(*publisher);
  reader.subscribe({"pupil.0.2d"});

  test::StreamedEye eye;
  eye.width_px = 320;
  eye.height_px = 240;
  const StreamEyes eyes = StreamEyes::of(test::make_streamed_sample(eye));
  const double before_mib = resident_mib();
  constexpr int count = 3000;  // 220 MiB of images
  int received = 0;
  for (int i = 0; i < count; ++i) {
    publisher->publish(eyes);
    if (const auto message = reader.receive()) ++received;
  }
  EXPECT_EQ(received, count) << "those who read get everything";
  EXPECT_LT(resident_mib() - before_mib, 50.0);
  EXPECT_GT(publisher->health().frames_held_back, 0U);
  EXPECT_EQ(publisher->health().items_dropped, 0U);
  EXPECT_THAT(publisher->health().warnings, testing::Contains(testing::HasSubstr("images are held back")));
  sleeper.close();
  EXPECT_TRUE(eventually([&] { return publisher->health().subscriptions == 1; }));
  expect_service();
}

TEST_F(PublisherFaults, FloodOfSamplesDropsTheOldest) {
  start();
  StreamClient client(*publisher);
  client.subscribe({"pupil."});
  const StreamEyes eyes = make_streamed_pair();
  for (int i = 0; i < 100000; ++i) publisher->publish(eyes);
  const auto health = publisher->health();
  EXPECT_EQ(health.items, 100000U);
  EXPECT_LE(health.items_dropped, 100000U);
  expect_service();
}

TEST_F(PublisherFaults, SubscriptionsWithoutEnd) {
  StreamOptions options = free_ports();
  options.max_subscriptions = 100;
  start(options);
  {
    StreamClient honest(*publisher);
    honest.subscribe({"pupil.0.3d"});
    {
      const ZmqContext context;
      ZmqSocket greedy(context, ZMQ_SUB);
      zmq_connect(greedy.get(),
                  ("tcp://127.0.0.1:" + std::to_string(publisher->health().subscription_port)).c_str());
      for (int i = 0; i < 5000; ++i) greedy.set(ZMQ_SUBSCRIBE, "topic" + std::to_string(i));
      ZmqMessage message;
      EXPECT_TRUE(eventually([&] {
        message.receive(greedy, 1);  // a client that reads connects anew, and subscribes anew
        return publisher->health().subscription_resets >= 2;
      }));
      EXPECT_LE(publisher->health().subscriptions, 100);
    }
    // Who stayed within bounds is served again, without doing anything but reading.
    EXPECT_TRUE(eventually([&] {
      publisher->publish(make_streamed_pair());
      return honest.receive(std::chrono::milliseconds(20)).has_value();
    }));
  }
  EXPECT_TRUE(eventually([&] { return publisher->health().subscriptions == 0; }));
  EXPECT_THAT(publisher->health().warnings,
              testing::Contains(testing::HasSubstr("more than 100 subscriptions")));
  expect_service();
}

TEST_F(PublisherFaults, ConnectionsBeyondTheLimit) {
  StreamOptions options = free_ports();
  options.max_connections = 4;
  start(options);
  {
    const ZmqContext context;
    std::vector<ZmqSocket> crowd;
    for (int i = 0; i < 30; ++i) {
      crowd.emplace_back(context, ZMQ_SUB);
      crowd.back().set(ZMQ_RECONNECT_IVL, -1);
      crowd.back().set(ZMQ_SUBSCRIBE, "topic" + std::to_string(i));
      zmq_connect(crowd.back().get(),
                  ("tcp://127.0.0.1:" + std::to_string(publisher->health().subscription_port)).c_str());
    }
    EXPECT_TRUE(eventually([&] { return !publisher->health().warnings.empty(); }));
    EXPECT_THAT(publisher->health().warnings,
                testing::Contains(testing::HasSubstr("more than 4 connections")));
    EXPECT_TRUE(eventually([&] { return publisher->health().connections <= 4; }));
    EXPECT_LE(publisher->health().subscriptions, 4);
  }
  EXPECT_TRUE(eventually([&] { return publisher->health().connections == 0; }))
      << "each that leaves makes room";
  expect_service();
}

TEST_F(PublisherFaults, BytesThatAreNoZeroMq) {
  start();
  std::mt19937 random(4);
  const auto health = publisher->health();
  for (const int port : {health.request_port, health.subscription_port, health.publication_port}) {
    for (int i = 0; i < 20; ++i) {
      const int raw = socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(port));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      ASSERT_EQ(connect(raw, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
      std::string bytes(random() % 3000, '\0');
      for (char& byte : bytes) byte = static_cast<char>(random());
      if (i % 2 == 0 && bytes.size() > 10) {  // a good beginning
        bytes[0] = '\xFF';
        bytes[9] = '\x7F';
      }
      EXPECT_GE(send(raw, bytes.data(), bytes.size(), MSG_NOSIGNAL), -1);
      close(raw);
    }
  }
  EXPECT_TRUE(eventually([&] { return publisher->health().connections == 0; }));
  expect_service();
}

TEST_F(PublisherFaults, ReceiversOfDatagramsAreAbsent) {
  StreamOptions options = free_ports();
  options.sends_osc = true;
  options.osc_port = test::unused_udp_port();
  options.sends_opentrack = true;
  options.opentrack_port = test::unused_udp_port();
  options.opentrack_source = OpentrackSource::gaze;
  start(options);
  for (int i = 0; i < 50; ++i) {
    publisher->publish(make_streamed_pair());
    ASSERT_TRUE(eventually([&] {
      const auto health = publisher->health();
      return health.opentrack_packets + health.opentrack_failures == static_cast<std::uint64_t>(i + 1);
    }));
  }
  EXPECT_EQ(publisher->health().osc_packets + publisher->health().osc_failures, 100U);
  expect_service();
}

}  // namespace
}  // namespace yarbus::publisher_faults_test
