#include "app/stream/publisher.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "app/stream/drop_oldest_ring.h"
#include "tests/support/eventually.h"
#include "tests/support/packed_json.h"
#include "tests/support/stream_client.h"
#include "tests/support/streamed_eye.h"
#include "tests/support/udp_receiver.h"

namespace yarbus::publisher_test {
namespace {

using nlohmann::json;
using test::eventually;
using test::free_ports;
using test::make_streamed_pair;
using test::packed;
using test::StreamClient;

class PublisherTest : public testing::Test {
 protected:
  void start(const StreamOptions& options = free_ports()) {
    auto started = Publisher::start(options, commands);
    ASSERT_TRUE(started) << started.error().to_text();
    publisher = std::move(*started);
  }
  template <class Command>
  std::optional<Command> next_command() {
    std::vector<StreamCommand> all;
    eventually([&] { return !(all = commands.take_all()).empty(); });
    if (all.size() != 1 || !std::holds_alternative<Command>(all[0])) return std::nullopt;
    return std::get<Command>(all[0]);
  }
  StreamCommandQueue commands;
  std::unique_ptr<Publisher> publisher;
};

TEST_F(PublisherTest, AnswersInTheOrderOfTheTable) {
  start();
  StreamClient client(*publisher);
  const auto health = publisher->health();
  EXPECT_TRUE(health.is_serving);
  EXPECT_EQ(client.ask({"SUB_PORT"}), std::to_string(health.subscription_port));
  EXPECT_EQ(client.ask({"PUB_PORT"}), std::to_string(health.publication_port));
  EXPECT_EQ(client.ask({"R monday"}), "OK");
  EXPECT_EQ(next_command<StartRecording>()->session_name, "monday");
  EXPECT_EQ(client.ask({"r"}), "OK");
  EXPECT_TRUE(next_command<StopRecording>());
  EXPECT_EQ(client.ask({"C"}), "OK");
  EXPECT_TRUE(next_command<StartCalibration>());
  EXPECT_EQ(client.ask({"c"}), "OK");
  EXPECT_TRUE(next_command<StopCalibration>());
  EXPECT_EQ(client.ask({"T 10.5"}), "Timesync successful.");
  EXPECT_EQ(client.ask({"T x"}), "'x' cannot be converted to float.");
  EXPECT_GE(std::stod(client.ask({"t"})), 10.5);
  EXPECT_EQ(client.ask({"v"}), "9.8.7");
  EXPECT_EQ(client.ask({"notify.pupil_detector.3d.reset_model",
                        packed({{"subject", "pupil_detector.3d.reset_model"}, {"eye_id", 1}})}),
            "Message forwarded.");
  EXPECT_EQ(next_command<ResetEyeModel>()->eye, EyeSide::left);
  EXPECT_EQ(client.ask({"whatever"}), "Unknown command.");
  EXPECT_TRUE(eventually([&] { return publisher->health().requests == 12; }));
}

TEST_F(PublisherTest, PublishesOneSampleUnderItsTopics) {
  start();
  StreamClient client(*publisher);
  client.subscribe({"pupil.", "gaze.", "yarbus.", "frame.eye.0"});
  publisher->publish(make_streamed_pair());
  std::set<std::string> topics;
  for (int i = 0; i < 5; ++i) {
    const auto message = client.receive();
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->payload["topic"], message->topic);
    topics.insert(message->topic);
    if (message->topic == "frame.eye.0") {
      ASSERT_EQ(message->raw.size(), 1U);
      EXPECT_EQ(message->raw[0].substr(0, 2), "\xFF\xD8");
      EXPECT_EQ(message->payload["format"], "jpeg");
    }
  }
  EXPECT_THAT(topics,
              testing::ElementsAre("frame.eye.0", "gaze.3d.01.", "pupil.0.2d", "pupil.0.3d", "yarbus.gaze"));
  EXPECT_FALSE(client.receive(std::chrono::milliseconds(50)).has_value()) << "the partner has its own turn";
}

TEST_F(PublisherTest, SendsNothingThatNobodyWants) {
  start();
  StreamClient client(*publisher);
  client.subscribe({"pupil.1."});
  for (int i = 0; i < 10; ++i) publisher->publish(make_streamed_pair());
  publisher->publish(StreamEvent(StreamLogLine{LogLevel::info, "hello"}));
  EXPECT_TRUE(eventually([&] { return publisher->health().items == 11; }));
  client.subscribe({"logging.info"});
  publisher->publish(StreamEvent(StreamLogLine{LogLevel::info, "again"}));
  const auto message = client.receive();
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->payload["msg"], "again");
  EXPECT_TRUE(eventually([&] { return publisher->health().messages == 1; }));
}

TEST_F(PublisherTest, TimeOfDataFollowsTheClientsAndItsFilesTheLiveOnes) {
  start();
  StreamClient client(*publisher);
  client.subscribe({"pupil.0.2d"});
  publisher->set_steady_from_capture(std::chrono::seconds(1000));
  publisher->publish(make_streamed_pair(std::chrono::seconds(5)));
  EXPECT_EQ(client.receive()->payload["timestamp"], 1005.0);
  publisher->set_steady_from_capture(std::chrono::seconds(0));
  EXPECT_EQ(client.ask({"T 100"}), "Timesync successful.");
  const double now_s = std::stod(client.ask({"t"}));
  const auto steady_now = std::chrono::steady_clock::now().time_since_epoch();
  publisher->publish(make_streamed_pair(std::chrono::duration_cast<std::chrono::nanoseconds>(steady_now)));
  const double timestamp_s = client.receive()->payload["timestamp"];
  EXPECT_GE(timestamp_s, now_s);
  EXPECT_LT(timestamp_s, now_s + 30.0);
}

TEST_F(PublisherTest, FormatOfFramesCanBeChosen) {
  start();
  StreamClient client(*publisher);
  client.subscribe({"frame.eye."});
  for (const auto& [format, size] : {std::pair("gray", 64U * 48U), std::pair("bgr", 3U * 64U * 48U)}) {
    EXPECT_EQ(client.ask({"notify.frame_publishing.set_format",
                          packed({{"subject", "frame_publishing.set_format"}, {"format", format}})}),
              "Message forwarded.");
    publisher->publish(make_streamed_pair());
    const auto message = client.receive();
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->payload["format"], format);
    EXPECT_EQ(message->raw.at(0).size(), size);
  }
  EXPECT_TRUE(commands.take_all().empty()) << "that is the publisher's own affair";
}

TEST_F(PublisherTest, PassesClientsMessagesOnAndActsOnNotifications) {
  start();
  StreamClient client(*publisher);
  client.subscribe({"my.", "notify.", "annotation"});
  client.send({"my.topic", packed({{"x", 1}}), "raw"});
  auto message = client.receive();
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->topic, "my.topic");
  EXPECT_EQ(message->payload, json({{"x", 1}}));
  EXPECT_EQ(message->raw, std::vector<std::string>{"raw"});
  client.send({"notify.recording.should_start", packed({{"subject", "recording.should_start"}})});
  EXPECT_EQ(client.receive()->payload["subject"], "recording.should_start");
  EXPECT_TRUE(next_command<StartRecording>());
  client.send({"annotation",
               packed({{"topic", "annotation"}, {"label", "x"}, {"timestamp", 3.0}, {"duration", 0.0}})});
  EXPECT_EQ(client.receive()->payload["label"], "x");
  EXPECT_EQ(next_command<AddAnnotation>()->at, std::chrono::seconds(3));
  EXPECT_EQ(client.ask({"R x"}), "OK");
  message = client.receive();
  ASSERT_TRUE(message.has_value()) << "everyone hears of a recording that is asked for";
  EXPECT_EQ(message->topic, "notify.recording.should_start");
  EXPECT_EQ(message->payload["session_name"], "x");
}

TEST_F(PublisherTest, EventsReachTheirTopics) {
  start();
  StreamClient client(*publisher);
  client.subscribe({"blinks", "fixations", "annotation", "notify.calibration."});
  publisher->publish(StreamEvent(StreamBlink{true, std::chrono::seconds(1), 0.5, nullptr}));
  EXPECT_EQ(client.receive()->payload["type"], "onset");
  StreamFixation fixation;
  fixation.screen = {600.0, 300.0, 1920, 960, 500.0};
  publisher->publish(StreamEvent(fixation));
  EXPECT_EQ(client.receive()->topic, "fixations");
  publisher->publish(StreamEvent(StreamAnnotation{"start", std::chrono::seconds(1), 0.0}));
  EXPECT_EQ(client.receive()->payload["label"], "start");
  publisher->publish(StreamEvent(StreamNotification{StreamNews::calibration_failed, "one eye lost"}));
  EXPECT_EQ(client.receive()->payload["reason"], "one eye lost");
}

TEST_F(PublisherTest, CommandsBeyondTheQueueAreCountedAndAnswered) {
  start();
  StreamClient client(*publisher);
  for (int i = 0; i < 70; ++i) EXPECT_EQ(client.ask({"r"}), "OK");
  EXPECT_TRUE(eventually([&] { return publisher->health().commands_lost == 6; }));
  EXPECT_EQ(publisher->health().commands, 64U);
  EXPECT_THAT(publisher->health().warnings, testing::Contains(testing::HasSubstr("command was lost")));
}

TEST_F(PublisherTest, PortInUseIsSaidAtOnce) {
  start();
  StreamOptions options = free_ports();
  options.request_port = publisher->health().request_port;
  const auto second = Publisher::start(options, commands);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::connection_failed);
  EXPECT_THAT(second.error().context, testing::HasSubstr(std::to_string(options.request_port)));
  options.request_port = -1;
  EXPECT_EQ(Publisher::start(options, commands).error().code, ErrorCode::invalid_option);
}

TEST_F(PublisherTest, OtherOutletsWorkWithoutTheNetworkApi) {
  const test::UdpReceiver osc;
  const test::UdpReceiver opentrack;
  StreamOptions options;
  options.serves_network_api = false;
  options.sends_osc = true;
  options.osc_port = osc.port();
  options.sends_opentrack = true;
  options.opentrack_port = opentrack.port();
  options.opentrack_source = OpentrackSource::gaze;
  options.sends_lsl = true;
  options.lsl_library = YARBUS_FAKE_LSL;
  start(options);
  publisher->publish(make_streamed_pair());
  EXPECT_THAT(osc.receive().value_or(""), testing::StartsWith("/tracking/eye/"));
  EXPECT_EQ(opentrack.receive().value_or("").size(), 48U);
  EXPECT_TRUE(eventually([&] { return publisher->health().lsl_samples == 1; }));
  EXPECT_TRUE(publisher->health().is_lsl_loaded);
  EXPECT_EQ(publisher->health().request_port, 0);
}

TEST_F(PublisherTest, WithoutLslEverythingElseIsServed) {
  StreamOptions options = free_ports();
  options.sends_lsl = true;
  options.lsl_library = "libnothing-of-the-kind.so.7";
  start(options);
  StreamClient client(*publisher);
  EXPECT_EQ(client.ask({"v"}), "9.8.7");
  EXPECT_FALSE(publisher->health().is_lsl_loaded);
  EXPECT_THAT(publisher->health().warnings, testing::ElementsAre(testing::HasSubstr("Install liblsl")));
}

TEST_F(PublisherTest, StopsWithClientsStillThere) {
  for (int i = 0; i < 5; ++i) {
    start();
    StreamClient client(*publisher);
    client.subscribe({""});
    for (int n = 0; n < 100; ++n) publisher->publish(make_streamed_pair());
    publisher.reset();
  }
}

TEST(PublisherQueue, TakesSamplesWithoutAllocating) {
  DropOldestRing<StreamEyes> ring(4);
  std::vector<StreamEyes> samples(100, make_streamed_pair());
  const auto before = heap_allocations_so_far();
  for (StreamEyes& sample : samples) ring.push(std::move(sample));
  EXPECT_EQ(heap_allocations_so_far(), before);
  EXPECT_EQ(ring.dropped(), 96U);
}

}  // namespace
}  // namespace yarbus::publisher_test
