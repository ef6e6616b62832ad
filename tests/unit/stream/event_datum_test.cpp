#include "app/stream/event_datum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/stream/command_notice.h"
#include "app/stream/frame_datum.h"
#include "app/stream/jpeg_encoder.h"
#include "tests/support/packed_json.h"
#include "tests/support/streamed_eye.h"

namespace yarbus::event_datum_test {
namespace {

using nlohmann::json;
using test::make_streamed_sample;
using test::packed_json;
using namespace std::chrono_literals;

TEST(EventDatum, BlinkSaysWhichEndItIs) {
  const StreamClock clock;
  StreamBlink blink{true, 101s, 0.5, make_streamed_sample()};
  json datum = packed_json([&](Packer& out) { pack_blink(out, blink, clock); });
  ASSERT_EQ(datum["base_data"].size(), 1U);
  EXPECT_EQ(datum["base_data"][0]["topic"], "pupil.0.2d");
  EXPECT_EQ(datum["base_data"][0]["timestamp"], 100.0);
  datum.erase("base_data");
  EXPECT_EQ(datum, json({{"topic", "blinks"}, {"type", "onset"}, {"confidence", 0.5}, {"timestamp", 101.0}}));
  blink = {false, 102s, 0.25, nullptr};
  datum = packed_json([&](Packer& out) { pack_blink(out, blink, clock); });
  EXPECT_EQ(datum["type"], "offset");
  EXPECT_EQ(datum["base_data"], json::array());
}

TEST(EventDatum, FixationNamesTheGazeItRestsOn) {
  const StreamClock clock;
  PublishedGaze gaze;
  for (int i = 0; i < 5000; ++i) gaze.add("gaze.2d.0.", i * 1ms);
  gaze.add("gaze.3d.01.", 10s);
  gaze.add("gaze.3d.01.", 10s + 250ms);
  gaze.add("gaze.3d.01.", 11s);
  StreamFixation fixation;
  fixation.id = 4;
  fixation.start = 10s;
  fixation.end = 10s + 300ms;
  fixation.point_in_screen_mm = {300.0, 30.0};
  fixation.screen = {600.0, 300.0, 1920, 960, 500.0};
  fixation.dispersion_deg = 0.75;
  fixation.confidence = 0.5;
  const json datum = packed_json([&](Packer& out) { pack_fixation(out, fixation, clock, gaze); });
  EXPECT_EQ(datum, json({{"topic", "fixations"},
                         {"id", 4},
                         {"norm_pos", {0.5, 0.9}},
                         {"dispersion", 0.75},
                         {"method", "3d gaze"},
                         {"timestamp", 10.0},
                         {"duration", 300.0},
                         {"confidence", 0.5},
                         {"base_data", json::array({json::array({"gaze.3d.01.", 10.0}),
                                                    json::array({"gaze.3d.01.", 10.25})})}}))
      << "duration in milliseconds";
  fixation.start = 20s;
  fixation.end = 21s;
  EXPECT_EQ(packed_json([&](Packer& out) { pack_fixation(out, fixation, clock, gaze); })["base_data"],
            json::array());
}

TEST(EventDatum, AnnotationAndLogLine) {
  const StreamClock clock;
  EXPECT_EQ(packed_json([&](Packer& out) {
              pack_annotation(out, {"stimulus \xff on", 3s, 0.5}, clock);
            }),
            json({{"topic", "annotation"},
                  {"label", "stimulus \xEF\xBF\xBD on"},
                  {"timestamp", 3.0},
                  {"duration", 0.5}}))
      << "text is UTF-8 whatever it was";
  json line = packed_json([&](Packer& out) { pack_log_line(out, {LogLevel::error, "no camera"}, clock); });
  EXPECT_EQ(topic_of(LogLevel::error), "logging.error");
  EXPECT_GT(line["created"].get<double>(), 1.6e9) << "the time of day";
  EXPECT_TRUE(line["timestamp"].is_number_float());
  line.erase("created");
  line.erase("timestamp");
  EXPECT_EQ(line, json({{"topic", "logging.error"},
                        {"name", "yarbus"},
                        {"levelname", "ERROR"},
                        {"levelno", 40},
                        {"msg", "no camera"}}));
}

TEST(EventDatum, NotificationsHaveTheirSubject) {
  const StreamClock clock;
  const auto notification = [&](StreamNews news, const char* text) {
    json datum = packed_json([&](Packer& out) { pack_notification(out, {news, text}, clock); });
    EXPECT_TRUE(datum["timestamp"].is_number_float());
    datum.erase("timestamp");
    return datum;
  };
  EXPECT_EQ(notification(StreamNews::recording_started, "/data/1"),
            json({{"topic", "notify.recording.started"},
                  {"subject", "recording.started"},
                  {"rec_path", "/data/1"}}));
  EXPECT_EQ(notification(StreamNews::recording_stopped, "/data/1")["rec_path"], "/data/1");
  EXPECT_EQ(notification(StreamNews::calibration_failed, "one eye lost"),
            json({{"topic", "notify.calibration.failed"},
                  {"subject", "calibration.failed"},
                  {"reason", "one eye lost"}}));
  EXPECT_EQ(notification(StreamNews::calibration_successful, ""),
            json({{"topic", "notify.calibration.successful"}, {"subject", "calibration.successful"}}));
  for (const auto& [news, subject] : std::vector<std::pair<StreamNews, std::string>>{
           {StreamNews::calibration_started, "calibration.started"},
           {StreamNews::calibration_stopped, "calibration.stopped"},
           {StreamNews::validation_started, "validation.started"},
           {StreamNews::validation_stopped, "validation.stopped"},
           {StreamNews::validation_successful, "validation.successful"},
           {StreamNews::validation_failed, "validation.failed"}}) {
    EXPECT_EQ(notification(news, "")["subject"], subject);
    EXPECT_EQ(topic_of(news), "notify." + subject);
  }
}

TEST(EventDatum, CommandsByLetterAreToldToAll) {
  EXPECT_EQ(packed_json([](Packer& out) { pack_notice(out, StartRecording{"monday"}); }),
            json({{"topic", "notify.recording.should_start"},
                  {"subject", "recording.should_start"},
                  {"session_name", "monday"}}));
  EXPECT_EQ(packed_json([](Packer& out) { pack_notice(out, StopCalibration{}); })["subject"],
            "calibration.should_stop");
  EXPECT_EQ(notice_topic(ResetEyeModel{}), "");
}

TEST(FrameDatum, DescribesTheImageAfterIt) {
  const auto sample = make_streamed_sample();
  EXPECT_EQ(frame_topic_of(*sample), "frame.eye.0");
  EXPECT_EQ(packed_json([&](Packer& out) { pack_frame(out, *sample, FrameFormat::gray, 2.5); }),
            json({{"topic", "frame.eye.0"},
                  {"width", 64},
                  {"height", 48},
                  {"index", 7},
                  {"timestamp", 2.5},
                  {"format", "gray"}}));
  test::StreamedEye left;
  left.side = EyeSide::left;
  EXPECT_EQ(frame_topic_of(*make_streamed_sample(left)), "frame.eye.1");
  EXPECT_EQ(frame_topic_of(*test::make_streamed_face(Eigen::Matrix3d::Identity(), {0.0, 0.0, 600.0})),
            "frame.world")
      << "a webcam's image is no eye's";
}

TEST(FrameDatum, RawImagesAreRowAfterRow) {
  const auto sample = make_streamed_sample();
  const GrayImage& image = sample->frame->gray;
  ASSERT_EQ(raw_frame_size(image, FrameFormat::gray), 64U * 48U);
  ASSERT_EQ(raw_frame_size(image, FrameFormat::bgr), 3U * 64U * 48U);
  std::vector<std::byte> gray(64U * 48U);
  std::vector<std::byte> bgr(3U * 64U * 48U);
  write_raw_frame(image, FrameFormat::gray, gray.data());
  write_raw_frame(image, FrameFormat::bgr, bgr.data());
  for (std::size_t i = 0; i < gray.size(); ++i) {
    EXPECT_EQ(static_cast<std::uint8_t>(gray[i]), image.data()[i]);
    EXPECT_EQ(bgr[3 * i], gray[i]);
    EXPECT_EQ(bgr[3 * i + 2], gray[i]);
  }
}

TEST(JpegEncoder, WritesWholeImagesOfAnySize) {
  JpegEncoder encoder;
  std::size_t last = 0;
  for (const int side : {8, 200, 8, 640}) {
    GrayImage image(side, side);
    for (int i = 0; i < side * side; ++i)
      image.data()[i] = static_cast<std::uint8_t>((i * 2654435761U) >> 24);
    const auto bytes = encoder.encode(image.view(), 90);
    ASSERT_TRUE(bytes.has_value());
    ASSERT_GT(bytes->size(), 100U);
    EXPECT_EQ((*bytes)[0], 0xFF);
    EXPECT_EQ((*bytes)[1], 0xD8) << "the beginning of an image";
    EXPECT_EQ((*bytes)[bytes->size() - 2], 0xFF);
    EXPECT_EQ((*bytes)[bytes->size() - 1], 0xD9) << "its end";
    if (side == 640) {
      EXPECT_GT(bytes->size(), last);
    }
    last = bytes->size();
  }
  EXPECT_FALSE(encoder.encode(GrayView{}, 90));
  std::vector<std::uint8_t> row(70000);
  EXPECT_FALSE(encoder.encode(GrayView{row.data(), 70000, 1, 70000}, 90)) << "wider than JPEG allows";
}

}  // namespace
}  // namespace yarbus::event_datum_test
