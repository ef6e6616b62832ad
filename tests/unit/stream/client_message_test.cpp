#include "app/stream/client_message.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/stream/packed_check.h"
#include "app/stream/utf8.h"
#include "tests/support/packed_json.h"

namespace yarbus::client_message_test {
namespace {

using nlohmann::json;
using test::packed;
using Parts = std::vector<std::string>;

std::variant<MessageFault, MessageEffect> read(const Parts& parts, const StreamClock& clock = {}) {
  const std::vector<std::string_view> views(parts.begin(), parts.end());
  return read_client_message(views, clock);
}

/// The fault; nullopt: it is accepted.
std::optional<MessageFault> fault_of(const Parts& parts) {
  const auto outcome = read(parts);
  const auto* fault = std::get_if<MessageFault>(&outcome);
  return fault != nullptr ? std::optional(*fault) : std::nullopt;
}

Parts notification(const std::string& subject, json fields = json::object()) {
  fields["subject"] = subject;
  return {"notify." + subject, packed(fields)};
}

/// The command that a notification asks for.
template <class Command>
std::optional<Command> command_of(const Parts& parts, const StreamClock& clock = {}) {
  const auto outcome = read(parts, clock);
  const auto* effect = std::get_if<MessageEffect>(&outcome);
  if (effect == nullptr || !std::holds_alternative<StreamCommand>(*effect)) return std::nullopt;
  const auto* command = std::get_if<Command>(&std::get<StreamCommand>(*effect));
  return command != nullptr ? std::optional(*command) : std::nullopt;
}

TEST(PackedMap, AcceptsWholeMaps) {
  for (const json& map : {json::object(), json({{"a", 1}, {"b", {1, 2.5, nullptr, true, "x"}}}),
                          json({{"a", {{"b", {{"c", json::binary({1, 2})}}}}}})})
    EXPECT_TRUE(is_packed_map(packed(map))) << map;
}

TEST(PackedMap, RefusesEverythingElse) {
  for (const json& other : {json(1), json("text"), json::array({1}), json(nullptr), json(2.5)})
    EXPECT_FALSE(is_packed_map(packed(other))) << other;
  EXPECT_FALSE(is_packed_map("")) << "nothing";
  const std::string whole = packed(json({{"subject", "x"}, {"value", {1, 2, 3}}}));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(is_packed_map(whole.substr(0, size))) << size;
  EXPECT_TRUE(is_packed_map(whole));
  EXPECT_FALSE(is_packed_map(whole + '\0')) << "something follows";
  EXPECT_FALSE(is_packed_map("\x81\x01\x01")) << "a number as key";
  EXPECT_FALSE(is_packed_map("\x81\x80\x01")) << "a map as key";
  EXPECT_FALSE(is_packed_map("\x81\xa1\xff\x01")) << "a key that is not UTF-8";
  EXPECT_FALSE(is_packed_map("\x81\xa1x\xa1\xff")) << "text that is not UTF-8";
  EXPECT_FALSE(is_packed_map(std::string("\xdf\xff\xff\xff\xff", 5)))
      << "claims four thousand million entries";
  EXPECT_FALSE(is_packed_map(std::string("\x81\xa1x\xdd\xff\xff\xff\xff", 8)));
  EXPECT_FALSE(is_packed_map("\xc1")) << "never used";
  std::string deep = "\x81\xa1x";
  deep += std::string(100000, '\x91') + '\x01';
  EXPECT_FALSE(is_packed_map(deep)) << "nested without end";
}

TEST(Utf8, KnowsItsForms) {
  for (const char* good : {"", "gaze", "Ł", "眼", "😀"}) EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad :
       {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\x80z"})
    EXPECT_FALSE(is_utf8(bad));
  EXPECT_EQ(to_utf8("a\xff\xc3z眼"), "a\xEF\xBF\xBD\xEF\xBF\xBDz眼");
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 12, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    EXPECT_TRUE(is_utf8(to_utf8(bytes)));
    if (is_utf8(bytes)) {
      EXPECT_EQ(to_utf8(bytes), bytes);
    }
  }
}

TEST(ClientMessage, OtherTopicsAreOnlyPassedOn) {
  const auto outcome = read({"my.topic", packed({{"x", 1}}), "raw", "more"});
  ASSERT_TRUE(std::holds_alternative<MessageEffect>(outcome));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(std::get<MessageEffect>(outcome)));
  EXPECT_FALSE(fault_of(notification("some.plugin.should_dance", {{"speed", 3}})))
      << "a subject of somebody else's";
}

TEST(ClientMessage, FaultsAreNamed) {
  const std::string map = packed(json::object());
  EXPECT_EQ(fault_of({"topic"}), MessageFault::no_payload);
  EXPECT_EQ(fault_of({}), MessageFault::no_payload);
  EXPECT_EQ(fault_of({"", map}), MessageFault::bad_topic);
  EXPECT_EQ(fault_of({std::string(max_topic_bytes + 1, 'x'), map}), MessageFault::bad_topic);
  EXPECT_EQ(fault_of({"a\nb", map}), MessageFault::bad_topic);
  EXPECT_EQ(fault_of({"\xff", map}), MessageFault::bad_topic);
  EXPECT_EQ(fault_of({"topic", "no msgpack"}), MessageFault::bad_payload);
  Parts many(max_message_parts + 1, map);
  many[0] = "topic";
  EXPECT_EQ(fault_of(many), MessageFault::too_many_parts);
  EXPECT_EQ(fault_of({"notify.recording.should_start", map}), MessageFault::subject_mismatch);
  EXPECT_EQ(fault_of({"notify.recording.should_start", packed({{"subject", "recording.should_stop"}})}),
            MessageFault::subject_mismatch);
  EXPECT_EQ(fault_of(notification("recording.should_start", {{"session_name", 3}})), MessageFault::bad_field);
  for (const auto fault :
       {MessageFault::no_payload, MessageFault::too_many_parts, MessageFault::bad_topic,
        MessageFault::bad_payload, MessageFault::subject_mismatch, MessageFault::bad_field})
    EXPECT_NE(to_string(fault), "unknown");
}

TEST(ClientMessage, RecordingCalibrationValidation) {
  EXPECT_EQ(command_of<StartRecording>(notification("recording.should_start"))->session_name, "");
  EXPECT_EQ(command_of<StartRecording>(notification("recording.should_start", {{"session_name", "../a/b"}}))
                ->session_name,
            "_._a_b");
  EXPECT_TRUE(command_of<StartRecording>(notification("recording.should_start", {{"session_name", nullptr}}))
                  .has_value());
  EXPECT_TRUE(command_of<StopRecording>(notification("recording.should_stop")).has_value());
  EXPECT_TRUE(command_of<StartCalibration>(notification("calibration.should_start")).has_value());
  EXPECT_TRUE(command_of<StopCalibration>(notification("calibration.should_stop")).has_value());
  EXPECT_TRUE(command_of<Recentre>(notification("calibration.should_recentre")).has_value());
  EXPECT_TRUE(command_of<StartValidation>(notification("validation.should_start")).has_value());
  EXPECT_TRUE(command_of<StopValidation>(notification("validation.should_stop")).has_value());
  EXPECT_FALSE(command_of<StopValidation>(notification("validation.should_start")).has_value());
}

TEST(ClientMessage, DetectorSettings) {
  auto detection = command_of<SetDetection>(notification("pupil_detector.set_enabled", {{"value", false}}));
  ASSERT_TRUE(detection.has_value());
  EXPECT_FALSE(detection->is_on);
  EXPECT_FALSE(detection->eye.has_value()) << "both";
  detection =
      command_of<SetDetection>(notification("pupil_detector.set_enabled", {{"value", true}, {"eye_id", 1}}));
  ASSERT_TRUE(detection.has_value());
  EXPECT_EQ(detection->eye, EyeSide::left);
  EXPECT_TRUE(detection->is_on);
  const auto region = command_of<SetRegion>(
      notification("pupil_detector.set_roi", {{"value", {10, 20.0, 110, 220}}, {"eye_id", 0}}));
  ASSERT_TRUE(region.has_value());
  EXPECT_EQ(region->eye, EyeSide::right);
  EXPECT_EQ(region->region, (ImageRegion{10, 20, 100, 200}));
  EXPECT_TRUE(command_of<ResetEyeModel>(notification("pupil_detector.3d.reset_model")).has_value());
  for (const json& bad : std::vector<json>{json::object(),
                                           {{"value", 1}},
                                           {{"value", true}, {"eye_id", 2}},
                                           {{"value", true}, {"eye_id", "left"}},
                                           {{"value", nullptr}}})
    EXPECT_EQ(fault_of(notification("pupil_detector.set_enabled", bad)), MessageFault::bad_field) << bad;
  for (const json& bad : std::vector<json>{{{"value", {1, 2, 3}}},
                                           {{"value", {1, 2, 1, 5}}},
                                           {{"value", {-1, 2, 10, 5}}},
                                           {{"value", {0, 0, 1e12, 5}}},
                                           {{"value", {0, 0, "x", 5}}},
                                           {{"value", 7}}})
    EXPECT_EQ(fault_of(notification("pupil_detector.set_roi", bad)), MessageFault::bad_field) << bad;
}

TEST(ClientMessage, FrameFormat) {
  const auto format = [](const json& fields) {
    const auto outcome = read(notification("frame_publishing.set_format", fields));
    const auto* effect = std::get_if<MessageEffect>(&outcome);
    return effect != nullptr ? std::optional(std::get<FrameFormat>(*effect)) : std::nullopt;
  };
  EXPECT_EQ(format({{"format", "gray"}}), FrameFormat::gray);
  EXPECT_EQ(format({{"format", "bgr"}}), FrameFormat::bgr);
  EXPECT_EQ(format({{"format", "jpeg"}}), FrameFormat::jpeg);
  EXPECT_FALSE(format({{"format", "yuv"}}));
  EXPECT_FALSE(format(json::object()));
}

TEST(ClientMessage, AnnotationsComeInTheTrackersClock) {
  StreamClock clock;
  const double shift_s = 5000.0 - clock.now_s();
  ASSERT_TRUE(clock.set_now(5000.0));
  const json fields{{"topic", "annotation"}, {"label", "flash"}, {"timestamp", 4999.0}, {"duration", 0.25}};
  const auto annotation = command_of<AddAnnotation>({"annotation", packed(fields)}, clock);
  ASSERT_TRUE(annotation.has_value());
  EXPECT_EQ(annotation->label, "flash");
  EXPECT_EQ(annotation->duration_s, 0.25);
  EXPECT_NEAR(std::chrono::duration<double>(annotation->at).count(), 4999.0 - shift_s, 0.1);
  for (const json& bad : std::vector<json>{{{"label", "x"}},
                                           {{"label", 1}, {"timestamp", 1.0}},
                                           {{"label", "x"}, {"timestamp", "now"}},
                                           {{"label", "x"}, {"timestamp", 1e300}},
                                           {{"label", "x"}, {"timestamp", 1.0}, {"duration", -1.0}},
                                           {{"label", "x"}, {"timestamp", 1.0}, {"duration", 1e300}},
                                           {{"label", "x"}, {"timestamp", 1.0}, {"duration", 1e10}}})
    EXPECT_EQ(fault_of({"annotation", packed(bad)}), MessageFault::bad_field) << bad;
  EXPECT_EQ(fault_of({"annotation", "\x82\xa5label\xa1x\xa9timestamp\xcb\x7f\xf8" + std::string(6, '\0')}),
            MessageFault::bad_field)
      << "not a number";
}

TEST(ClientMessage, SessionNamesFitAFolder) {
  EXPECT_EQ(safe_session_name(""), "");
  EXPECT_EQ(safe_session_name("Ania 1"), "Ania 1");
  EXPECT_EQ(safe_session_name("../../etc/passwd"), "_._.._etc_passwd");
  EXPECT_EQ(safe_session_name(".hidden"), "_hidden");
  EXPECT_EQ(safe_session_name("c:\\x\ny"), "c__x_y");
  const std::string long_name = safe_session_name(std::string(99, 'x') + "眼眼");
  EXPECT_EQ(long_name, std::string(99, 'x')) << "not cut within a character";
}

/// Bytes from outside: mutations of good messages must be accepted or refused, and nothing else.
TEST(ClientMessage, MutationsAreAcceptedOrRefused) {
  std::mt19937 random(20);
  const std::vector<Parts> good{
      notification("recording.should_start", {{"session_name", "x"}}),
      notification("pupil_detector.set_roi", {{"value", {10, 20, 110, 220}}, {"eye_id", 0}}),
      {"annotation", packed({{"label", "flash"}, {"timestamp", 1.0}, {"duration", 0.25}})},
      notification("frame_publishing.set_format", {{"format", "gray"}})};
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    Parts parts = good[random() % good.size()];
    const auto changes = 1 + random() % 3;
    for (unsigned change = 0; change < changes; ++change) {
      std::string& part = parts[random() % 8 == 0 ? 0 : 1];
      if (part.empty()) continue;
      if (random() % 4 == 0)
        part.resize(random() % (part.size() + 1));
      else
        part[random() % part.size()] = static_cast<char>(random());
    }
    ++(fault_of(parts) ? refused : accepted);
  }
  EXPECT_GT(refused, 10000);
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace yarbus::client_message_test
