// One live recording without a session around it: what its taps are told becomes rows, frame by frame.

#include "app/session/live_recording.h"

#include <chrono>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/export/session/export_session.h"
#include "app/export/session/recorded_session_source.h"
#include "app/recording/recorded_session.h"
#include "app/session/recording_library.h"
#include "eyemodel/types/angle.h"
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
    request.screen = screen_;
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

  /// Looks there from then on, sure to 0.875; nullopt: the lid is closed. Gaze comes out of the calibration.
  void look(std::uint64_t sequence, std::optional<double> azimuth_deg) {
    while (2 * recording_->snapshot().queue_rows > 1024) std::this_thread::yield();
    test::StreamedEye eye;
    eye.sequence = sequence;
    eye.captured_at = began_ + static_cast<int>(sequence) * interval;
    eye.has_pupil = eye.has_pose = azimuth_deg.has_value();
    const double azimuth_rad = azimuth_deg.value_or(0.0) / deg_per_rad;
    eye.gaze_dir_in_cam = {std::sin(azimuth_rad), 0.0, -std::cos(azimuth_rad)};
    const GazeSamplePtr made = test::make_streamed_sample(eye);
    recording_->frame_read(EyeSide::right, *made->frame);
    recording_->sample_made(EyeSide::right, {made, nullptr, ended_blinks_, false});
    ended_blinks_.clear();
    ProcedureFrame frame;
    frame.rays.captured_at = eye.captured_at;
    std::optional<ScreenGaze> gaze;
    if (azimuth_deg) {
      gaze.emplace();
      gaze->captured_at = eye.captured_at;
      gaze->measured.point_in_screen_mm = place_mm(*azimuth_deg);
      gaze->measured.covariance_mm2.setIdentity();
    }
    recording_->gaze_made({frame, gaze, screen_, Eigen::Vector2d::Zero(), nullptr});
  }
  static Eigen::Vector2d place_mm(double azimuth_deg) { return {300.0 + 10.0 * azimuth_deg, 150.0}; }
  static std::vector<EventRow> events_of(const RecordedSession& session, EventKind kind) {
    std::vector<EventRow> events;
    EXPECT_TRUE(session.read_events({}, [&](const EventRow& row) {
      if (row.kind == kind) events.push_back(row);
      return true;
    }));
    return events;
  }

  const ScreenGeometry screen_{600.0, 300.0, 1920, 960, 500.0};
  std::vector<BlinkEvent> ended_blinks_;
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

/// Eight fixations 10 degrees apart, with a blink in the last but one, as a calibrated camera gives them.
TEST_F(LiveRecordingTest, EventsOfACalibratedRecordingSayWhereTheyWereAndHowSureTheyAre) {
  constexpr int fixation_frames = 60;
  constexpr int saccade_frames = 4;
  constexpr int blink_frames = 20;
  std::uint64_t sequence = 0;
  const auto side_deg = [](int fixation) { return fixation % 2 == 0 ? -5.0 : 5.0; };
  for (int fixation = 0; fixation < 8; ++fixation) {
    for (int i = 0; i < fixation_frames; ++i) look(sequence++, side_deg(fixation) + 0.05 * (i % 3 - 1));
    if (fixation == 6) {
      BlinkEvent blink;
      blink.first_sequence = sequence;
      blink.onset = began_ + static_cast<int>(sequence) * interval;
      for (int i = 0; i < blink_frames; ++i) look(sequence++, std::nullopt);
      blink.last_sequence = sequence - 1;
      blink.offset = began_ + static_cast<int>(sequence - 1) * interval;
      ended_blinks_ = {blink};
      for (int i = 0; i < fixation_frames; ++i) look(sequence++, side_deg(fixation) + 0.05 * (i % 3 - 1));
    }
    for (int i = 1; i <= saccade_frames && fixation < 7; ++i)
      look(sequence++, side_deg(fixation) - side_deg(fixation) * 2.0 * i / (saccade_frames + 1.0));
  }
  const RecordedSession session = finished();
  ASSERT_EQ(figures_.rows_lost, 0);

  const auto fixations = events_of(session, EventKind::fixation);
  ASSERT_GE(fixations.size(), 8U);
  for (const EventRow& fixation : fixations) {
    ASSERT_TRUE(fixation.start_in_screen_mm.has_value());
    EXPECT_NEAR(std::abs(fixation.start_in_screen_mm->x() - 300.0), 50.0, 8.0);
    EXPECT_NEAR(fixation.start_in_screen_mm->y(), 150.0, 1e-9);
    ASSERT_TRUE(fixation.confidence && fixation.dispersion_deg);
    EXPECT_NEAR(*fixation.confidence, 0.875, 1e-6);
    EXPECT_GT(*fixation.dispersion_deg, 0.04);
    EXPECT_LT(*fixation.dispersion_deg, 2.5);
  }
  const auto saccades = events_of(session, EventKind::saccade);
  ASSERT_EQ(saccades.size(), 7U);
  for (std::size_t i = 0; i < saccades.size(); ++i) {
    ASSERT_TRUE(saccades[i].start_in_screen_mm && saccades[i].end_in_screen_mm && saccades[i].confidence);
    const double from_mm = i % 2 == 0 ? 250.0 : 350.0;
    EXPECT_NEAR(saccades[i].start_in_screen_mm->x(), from_mm, 15.0);
    EXPECT_NEAR(saccades[i].end_in_screen_mm->x(), 600.0 - from_mm, 15.0);
    EXPECT_NEAR(*saccades[i].confidence, 0.875, 1e-6);
  }
  const auto blinks = events_of(session, EventKind::blink);
  ASSERT_EQ(blinks.size(), 1U);
  ASSERT_TRUE(blinks[0].confidence.has_value());
  EXPECT_NEAR(*blinks[0].confidence, 0.875, 1e-6) << "from there to nothing";

  const RecordedSessionSource source(session);
  ExportOptions options;
  options.format = ExportFormat::pupil_csv;
  const auto tables = export_session(source, folder_ / "tables", options);
  ASSERT_TRUE(tables) << tables.error().to_text();
  EXPECT_THAT(tables->notes, testing::IsEmpty()) << "nothing is missing";
  std::ifstream file(folder_ / "tables" / "exports" / "000" / "fixations.csv");
  std::string line;
  std::getline(file, line);
  std::size_t lines = 0;
  for (; std::getline(file, line); ++lines)
    EXPECT_THAT(line, testing::MatchesRegex("([^,]+,){10},,,[0-9. ]+")) << "no empty norm_pos";
  EXPECT_EQ(lines, fixations.size());
  options.format = ExportFormat::pupil_recording;
  const auto recording = export_session(source, folder_ / "recording", options);
  ASSERT_TRUE(recording) << recording.error().to_text();
  EXPECT_THAT(recording->notes, testing::IsEmpty());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "recording")) {
    if (entry.path().filename() == "fixations_timestamps.npy")
      EXPECT_EQ((entry.file_size() - 128) / sizeof(double), fixations.size()) << "every fixation has a place";
  }
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
