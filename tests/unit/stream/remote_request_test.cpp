#include "app/stream/remote_request.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "app/stream/utf8.h"
#include "tests/support/packed_json.h"

namespace yarbus::remote_request_test {
namespace {

using test::packed;

class RemoteRequest : public testing::Test {
 protected:
  RemoteAnswer ask(const std::vector<std::string>& parts) {
    const std::vector<std::string_view> views(parts.begin(), parts.end());
    return answer_request(views, {50021, 50022, "1.2.3"}, clock);
  }
  std::string reply(const std::string& request) { return ask({request}).reply; }
  template <class Command>
  const Command* command(const RemoteAnswer& answer) {
    const auto* any = std::get_if<StreamCommand>(&answer.effect);
    return any != nullptr ? std::get_if<Command>(any) : nullptr;
  }
  StreamClock clock;
};

TEST_F(RemoteRequest, Ports) {
  EXPECT_EQ(reply("SUB_PORT"), "50021");
  EXPECT_EQ(reply("PUB_PORT"), "50022");
}

TEST_F(RemoteRequest, RecordingAndCalibration) {
  auto answer = ask({"R"});
  EXPECT_EQ(answer.reply, "OK");
  ASSERT_NE(command<StartRecording>(answer), nullptr);
  EXPECT_EQ(command<StartRecording>(answer)->session_name, "");
  answer = ask({"R monday morning"});
  EXPECT_EQ(answer.reply, "OK");
  EXPECT_EQ(command<StartRecording>(answer)->session_name, "monday morning") << "from the third character on";
  answer = ask({"r"});
  EXPECT_EQ(answer.reply, "OK");
  EXPECT_NE(command<StopRecording>(answer), nullptr);
  answer = ask({"C"});
  EXPECT_EQ(answer.reply, "OK");
  EXPECT_NE(command<StartCalibration>(answer), nullptr);
  answer = ask({"c"});
  EXPECT_EQ(answer.reply, "OK");
  EXPECT_NE(command<StopCalibration>(answer), nullptr);
}

TEST_F(RemoteRequest, TimeIsSetAndTold) {
  EXPECT_EQ(reply("T 1234.5"), "Timesync successful.");
  const double told = std::strtod(reply("t").c_str(), nullptr);
  EXPECT_GE(told, 1234.5);
  EXPECT_LT(told, 1234.5 + 60.0);
  EXPECT_EQ(reply("T abc"), "'abc' cannot be converted to float.");
  EXPECT_EQ(reply("T "), "'' cannot be converted to float.");
  EXPECT_EQ(reply("T"), "'' cannot be converted to float.");
  EXPECT_EQ(reply("T nan"), "'nan' cannot be converted to float.");
  EXPECT_EQ(reply("T inf"), "'inf' cannot be converted to float.");
  EXPECT_EQ(reply("T 1e400"), "'1e400' cannot be converted to float.");
  EXPECT_EQ(reply("T 1e300"), "'1e300' cannot be converted to float.") << "no clock shows that";
  EXPECT_EQ(reply("T 1.5x"), "'1.5x' cannot be converted to float.");
  EXPECT_EQ(reply("T \xff"), "'\xEF\xBF\xBD' cannot be converted to float.");
  EXPECT_LT(std::strtod(reply("t").c_str(), nullptr), 1234.5 + 60.0) << "a refused time changes nothing";
  EXPECT_FALSE(ask({"T x"}).is_time_synced);
  EXPECT_TRUE(ask({"T 0"}).is_time_synced);
}

TEST_F(RemoteRequest, TheTrackersOwnTimeDoesNotChange) {
  const auto before = clock.capture_time_of(clock.now_s());
  EXPECT_EQ(reply("T 77"), "Timesync successful.");
  const auto after = clock.capture_time_of(clock.now_s());
  ASSERT_TRUE(before && after);
  EXPECT_LT(std::chrono::abs(*after - *before), std::chrono::seconds(60));
  EXPECT_EQ(clock.capture_time_of(clock.at_s(std::chrono::seconds(3)))->count() / 1000000, 3000);
}

TEST_F(RemoteRequest, VersionAndTheRest) {
  EXPECT_EQ(reply("v"), "1.2.3");
  for (const char* unknown : {"", "x", "Rx", "rr", "Cc", "tt", "SUB_PORT ", "sub_port", "T1", "\xff\xfe"})
    EXPECT_EQ(reply(unknown), "Unknown command.") << unknown;
  EXPECT_EQ(ask({}).reply, "Unknown command.");
}

TEST_F(RemoteRequest, MultipartIsForwarded) {
  auto answer = ask({"notify.recording.should_start",
                     packed({{"subject", "recording.should_start"}, {"session_name", "s"}})});
  EXPECT_EQ(answer.reply, "Message forwarded.");
  EXPECT_TRUE(answer.is_forwarded);
  ASSERT_NE(command<StartRecording>(answer), nullptr);
  EXPECT_EQ(command<StartRecording>(answer)->session_name, "s");
  answer = ask({"R", "r"});
  EXPECT_EQ(answer.reply, "Unknown command.") << "no msgpack";
  EXPECT_FALSE(answer.is_forwarded);
  EXPECT_EQ(answer.fault, MessageFault::bad_payload);
}

TEST_F(RemoteRequest, EveryRequestHasOneReplyInUtf8) {
  std::mt19937 random(11);
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::string> parts(random() % 4);
    for (std::string& part : parts) {
      part.resize(random() % 24);
      for (char& byte : part) byte = static_cast<char>(random());
      constexpr std::string_view commands = "RrCcTtv";
      if (!part.empty() && random() % 2 == 0) part[0] = commands[random() % commands.size()];
      if (part.size() > 1 && random() % 2 == 0) part[1] = ' ';
    }
    const RemoteAnswer answer = ask(parts);
    EXPECT_FALSE(answer.reply.empty());
    EXPECT_TRUE(is_utf8(answer.reply));
  }
}

TEST(SecondsText, ReadsBackAsTheSameNumber) {
  EXPECT_EQ(seconds_text(0.0), "0.0");
  EXPECT_EQ(seconds_text(5.0), "5.0");
  EXPECT_EQ(seconds_text(0.1), "0.1");
  EXPECT_EQ(seconds_text(-2.25), "-2.25");
  EXPECT_EQ(seconds_text(100000.0), "100000.0") << "no exponent";
  EXPECT_EQ(seconds_text(1.0e15), "1000000000000000.0");
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> seconds(-1e6, 1e10);
  for (int i = 0; i < 1000; ++i) {
    const double value = seconds(random);
    EXPECT_EQ(read_seconds(seconds_text(value)), value);
  }
}

TEST(ReadSeconds, TakesWhatPythonTakes) {
  EXPECT_EQ(read_seconds(" 1.5 "), 1.5);
  EXPECT_EQ(read_seconds("+2"), 2.0);
  EXPECT_EQ(read_seconds("-3e2"), -300.0);
  EXPECT_EQ(read_seconds(".5"), 0.5);
  for (const char* bad : {"", " ", "+-1", "1,5", "0x10", "one", "1.5.", "--1"})
    EXPECT_FALSE(read_seconds(bad)) << bad;
}

}  // namespace
}  // namespace yarbus::remote_request_test
