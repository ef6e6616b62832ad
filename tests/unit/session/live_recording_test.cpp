// One live recording without a session around it: what its taps are told becomes rows, frame by frame.

#include "app/session/live_recording.h"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "app/session/recording_library.h"
#include "tests/support/example_session.h"
#include "tests/support/streamed_eye.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::live_recording_test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto interval = 8333us;

class LiveRecordingTest : public testing::Test {
 protected:
  void SetUp() override {
    source_.described.name = "camera";
    source_.described.is_live = true;
    source_.described.nominal_rate_hz = 120.0;
    source_.intrinsics = CameraIntrinsics::from_focal_length(80.0, 64, 48);
    RecordingRequest request;
    request.folder = folder_ / "s";
    request.name = "live";
    request.options.reserve_mib = 0;
    request.hooks.free_bytes = [](const std::filesystem::path&) { return std::uintmax_t{1} << 40U; };
    auto started = LiveRecording::start(request, RecordedParts::video_and_results, {source_}, false);
    ASSERT_TRUE(started) << started.error().to_text();
    recording_ = *started;
  }
  /// A frame that the camera gives at that time after the beginning, and its sample.
  GazeSamplePtr give(std::uint64_t sequence, std::chrono::nanoseconds after) {
    test::StreamedEye eye;
    eye.sequence = sequence;
    eye.captured_at = began_ + after;
    auto sample = test::make_streamed_sample(eye);
    recording_->frame_read(EyeSide::right, *sample->frame);
    const GazeSamplePtr made = sample;
    recording_->sample_made(EyeSide::right, {made, nullptr, {}, false});
    return made;
  }
  void give_many(std::uint64_t first, int count, std::chrono::nanoseconds after) {
    for (int i = 0; i < count; ++i) give(first + static_cast<std::uint64_t>(i), after + i * interval);
  }
  RecordedSession finished() {
    const auto ended = recording_->finish();
    EXPECT_TRUE(ended) << ended.error().to_text();
    if (ended) figures_ = *ended;
    auto session = RecordedSession::open(folder_ / "s");
    if (!session) throw std::runtime_error(session.error().to_text());
    return std::move(*session);
  }
  static std::vector<GapRow> gaps_of(const RecordedSession& session) {
    auto gaps = session.gaps();
    return gaps ? *gaps : std::vector<GapRow>{};
  }

  test::TemporaryFolder folder_;
  LiveRecording::Source source_;
  /// Long enough ago that no frame of a test is yet to come.
  const CaptureTime began_ =
      std::chrono::duration_cast<CaptureTime>(std::chrono::steady_clock::now().time_since_epoch()) - 60s;
  std::shared_ptr<LiveRecording> recording_;
  RecorderSnapshot figures_;
};

/// Unplugged for two seconds and back, once counting on and once counting anew: every frame that the camera
/// gave is there, and the gap is exactly the time without.
TEST_F(LiveRecordingTest, ACameraUnpluggedAndBackLosesNoFrameThatItGave) {
  give_many(0, 30, 0ns);
  for (int attempt = 0; attempt < 5; ++attempt) recording_->source_lost(EyeSide::right, "unplugged");
  give_many(30, 30, 29 * interval + 2s);
  recording_->source_lost(EyeSide::right, "unplugged again");
  give_many(0, 30, 58 * interval + 5s);
  const RecordedSession session = finished();
  EXPECT_EQ(figures_.cameras[0].frames, 90);
  EXPECT_EQ(figures_.cameras[0].pictures, 90);
  EXPECT_EQ(figures_.cameras[0].frames_lost, 0);
  EXPECT_EQ(figures_.rows_lost, 0);
  const auto frames = test::frames_of(session);
  ASSERT_EQ(frames.size(), 90U);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].frame, static_cast<std::int64_t>(i));
    EXPECT_EQ(frames[i].lost_before, 0);
    EXPECT_TRUE(frames[i].video_pts.has_value());
  }
  EXPECT_EQ(test::pupils_of(session).size(), 90U);
  std::vector<GapRow> away;
  for (const GapRow& gap : gaps_of(session)) {
    EXPECT_EQ(gap.frames_lost + gap.pictures_lost + gap.rows_lost, 0) << gap.note;
    if (gap.cause == GapCause::source) away.push_back(gap);
  }
  ASSERT_EQ(away.size(), 2U) << "each absence once, however often the camera was tried";
  EXPECT_EQ(away[0].start, frames[29].captured_at);
  EXPECT_EQ(away[0].end, frames[30].captured_at);
  EXPECT_EQ(away[0].end - away[0].start, 2s);
  EXPECT_THAT(away[0].note, AllOf(StartsWith("the source was away for 2.0 s"), HasSubstr("unplugged")));
  EXPECT_EQ(away[1].start, frames[59].captured_at);
  EXPECT_EQ(away[1].end, frames[60].captured_at);
  EXPECT_THAT(away[1].note, HasSubstr("unplugged again"));
}

TEST_F(LiveRecordingTest, StoppedWhileTheCameraIsAwayTheLastGapIsNoted) {
  give_many(0, 30, 0ns);
  recording_->source_lost(EyeSide::right, "unplugged");
  const RecordedSession session = finished();
  const auto frames = test::frames_of(session);
  ASSERT_EQ(frames.size(), 30U);
  const auto gaps = gaps_of(session);
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].cause, GapCause::source);
  EXPECT_EQ(gaps[0].start, frames.back().captured_at);
  EXPECT_GE(gaps[0].end - gaps[0].start, 59s) << "until the end";
  EXPECT_THAT(gaps[0].note, AllOf(StartsWith("the source was away for "), HasSubstr("unplugged")));
}

TEST_F(LiveRecordingTest, ClosedWhileTheCameraIsAwayBothAreNoted) {
  give_many(0, 10, 0ns);
  recording_->source_lost(EyeSide::right, "unplugged");
  EXPECT_FALSE(recording_->source_closed(EyeSide::right, "the source was closed"));
  recording_->source_lost(EyeSide::right, "too late");
  const auto gaps = gaps_of(finished());
  EXPECT_THAT(gaps, ElementsAre(Field(&GapRow::note, HasSubstr("unplugged")),
                                Field(&GapRow::note, "right eye: the source was closed")));
}

TEST_F(LiveRecordingTest, ACameraThatGaveNothingYetLeavesNoGap) {
  recording_->source_lost(EyeSide::right, "unplugged");
  give_many(0, 5, 0ns);
  EXPECT_THAT(gaps_of(finished()), testing::IsEmpty());
}

/// What is subtracted from gaze is noted when it changes: a recentre, another one, its undoing.
TEST_F(LiveRecordingTest, ARecentreIsNotedWithTheTimeFromWhichItHolds) {
  const ScreenGeometry screen{600.0, 300.0, 1920, 960, 500.0};
  const std::vector<Eigen::Vector2d> offsets{{0, 0}, {5.5, -3}, {5.5, -3}, {7, -3}, {0, 0}, {0, 0}};
  std::vector<CaptureTime> times;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    times.push_back(give(i, static_cast<int>(i) * interval)->frame->captured_at);
    ProcedureFrame frame;
    frame.rays.captured_at = times.back();
    std::optional<ScreenGaze> gaze(std::in_place);
    gaze->captured_at = times.back();
    gaze->measured.covariance_mm2.setIdentity();
    recording_->gaze_made({frame, gaze, screen, offsets[i], nullptr});
  }
  const auto settings = finished().settings();
  ASSERT_TRUE(settings);
  const auto noted = [&](std::size_t i, const std::string& value) {
    return AllOf(Field(&SettingRow::name, "gaze_offset"), Field(&SettingRow::at, times[i]),
                 Field(&SettingRow::value_json, value));
  };
  EXPECT_THAT(*settings,
              ElementsAre(noted(1, R"({"x_mm":5.5,"y_mm":-3})"), noted(3, R"({"x_mm":7,"y_mm":-3})"),
                          noted(4, R"({"x_mm":0,"y_mm":0})")));
}

TEST(NewSessionFolder, IsTakenByTheFirstWhoAsks) {
  const test::TemporaryFolder library;
  const auto one = new_session_folder(library / "sessions", "twice");
  const auto other = new_session_folder(library / "sessions", "twice");
  EXPECT_NE(one, other) << "two programs that begin in the same second";
  EXPECT_TRUE(std::filesystem::is_directory(one));
  EXPECT_TRUE(std::filesystem::is_directory(other));
}

}  // namespace
}  // namespace yarbus::live_recording_test
