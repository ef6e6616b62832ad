#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "app/recording/session_folder.h"
#include "app/recording/session_recorder.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::recorder_test {
namespace {

using namespace std::chrono_literals;
using test::add_example_frames;
using test::draw_example_frame;
using test::example_request;
using test::example_time;
using test::TemporaryFolder;

std::unique_ptr<SessionRecorder> start(RecordingRequest request) {
  auto recorder = SessionRecorder::start(std::move(request));
  if (!recorder) throw std::runtime_error(recorder.error().to_text());
  return std::move(*recorder);
}

RecordedSession open(const std::filesystem::path& folder) {
  auto session = RecordedSession::open(folder);
  if (!session) throw std::runtime_error(session.error().to_text());
  return std::move(*session);
}

TEST(SessionRecorder, WritesASessionThatReadsBackWhole) {
  constexpr int frames = 150;
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.screen = ScreenGeometry{500, 300, 1920, 1080, 650};
  request.cameras[0].intrinsics = CameraIntrinsics::from_focal_length(600, 160, 120);
  auto recorder = start(request);
  add_example_frames(*recorder, 0, frames);
  recorder->add_done(0, 3, example_time(3) + 9ms);
  recorder->add(AnnotationRow{0, example_time(10), 0ns, "beep", ""});
  EXPECT_EQ(recorder->add(CalibrationRow{0, example_time(5), "nine", 0.7, "{}"}), 1);
  recorder->add(SettingRow{0, example_time(0), "stage", "\"refraction\""});
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended) << ended.error().to_text();
  EXPECT_FALSE(ended->is_recording);
  EXPECT_EQ(ended->end, SessionEnd::finished);
  ASSERT_EQ(ended->cameras.size(), 1U);
  EXPECT_EQ(ended->cameras[0].frames, frames);
  EXPECT_EQ(ended->cameras[0].pictures, frames);
  EXPECT_EQ(ended->cameras[0].frames_lost + ended->cameras[0].pictures_lost + ended->rows_lost, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "s" / session_file::reserve));

  const auto session = open(folder / "s");
  EXPECT_TRUE(session.condition().is_finished);
  EXPECT_FALSE(session.condition().is_being_recorded);
  EXPECT_TRUE(session.condition().findings.empty());
  EXPECT_EQ(session.info().name, "Example");
  EXPECT_EQ(session.info().participant, "P07");
  EXPECT_EQ(session.info().software_version, "0.1.0-test");
  EXPECT_EQ(session.info().started_at, example_time(0));
  EXPECT_EQ(session.info().duration, example_time(frames - 1) - example_time(0));
  EXPECT_EQ(session.info().session_id.size(), 36U);
  ASSERT_TRUE(session.info().screen.has_value());
  EXPECT_EQ(session.info().screen->viewing_distance_mm, 650);
  ASSERT_TRUE(session.info().quality.has_value());
  EXPECT_EQ(session.info().quality->frames, frames);
  EXPECT_EQ(session.info().quality->found_share(), 1.0);
  EXPECT_EQ(session.cameras().at(0).codec, VideoCodec::ffv1);
  EXPECT_EQ(session.cameras().at(0).intrinsics->fx_px, 600);
  const auto rows = test::frames_of(session);
  ASSERT_EQ(rows.size(), frames);
  auto video = session.open_video(0);
  ASSERT_TRUE(video) << video.error().to_text();
  ASSERT_EQ(video->pictures().size(), frames);
  GrayImage image;
  GrayImage expected(160, 120);
  for (int i = 0; i < frames; ++i) {
    const auto& row = rows[static_cast<std::size_t>(i)];
    EXPECT_EQ(row.frame, i);
    EXPECT_EQ(row.captured_at, example_time(i));
    EXPECT_EQ(row.arrived_at, example_time(i) + 3ms);
    ASSERT_TRUE(row.video_pts.has_value());
    ASSERT_TRUE(video->read(static_cast<std::size_t>(i), image));
    draw_example_frame(i, expected);
    ASSERT_TRUE(test::same_image(image.view(), expected.view())) << i;
  }
  EXPECT_EQ(rows[3].processed_at, example_time(3) + 9ms);
  EXPECT_EQ(test::pupils_of(session).size(), frames);
  EXPECT_EQ(session.annotations()->size(), 1U);
  EXPECT_EQ(session.calibrations()->size(), 1U);
  EXPECT_EQ(session.settings()->size(), 1U);
  EXPECT_EQ(session.analyses()->size(), 1U);
  EXPECT_TRUE(session.gaps()->empty());
  EXPECT_TRUE(std::filesystem::exists(folder / "s" / session_file::thumbnail));
}

TEST(SessionRecorder, CanBeReadWhileItRecords) {
  const TemporaryFolder folder;
  auto recorder = start(example_request(folder / "s"));
  // Until something was committed; the clock of the commits is the system's.
  std::int64_t frame = 0;
  std::size_t seen = 0;
  for (int round = 0; round < 2000 && seen == 0; ++round) {
    add_example_frames(*recorder, frame, frame + 5);
    frame += 5;
    std::this_thread::sleep_for(2ms);
    const auto session = RecordedSession::open(folder / "s");
    if (!session) continue;
    EXPECT_TRUE(session->condition().is_being_recorded);
    EXPECT_FALSE(session->condition().is_finished);
    seen = test::frames_of(*session).size();
  }
  EXPECT_GT(seen, 0U);
  ASSERT_TRUE(recorder->finish());
  EXPECT_EQ(test::frames_of(open(folder / "s")).size(), static_cast<std::size_t>(frame));
}

TEST(SessionRecorder, EndsWithMoreEventsThanItsQueueHolds) {
  constexpr int frames = 20;
  constexpr std::size_t events = 5000;
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.options.queue_rows = 128;
  auto recorder = start(request);
  add_example_frames(*recorder, 0, frames);
  std::vector<EventRow> last(events);
  for (std::size_t i = 0; i < events; ++i) {
    last[i].id = static_cast<std::int64_t>(i);
    last[i].kind = EventKind::fixation;
    last[i].start = last[i].end = example_time(0) + std::chrono::milliseconds(i);
  }
  const auto ended = recorder->finish(std::move(last));
  ASSERT_TRUE(ended) << ended.error().to_text();
  EXPECT_EQ(ended->rows_lost, 0);
  // The camera goes on: that is nobody's loss.
  add_example_frames(*recorder, frames, frames + 5);
  EXPECT_EQ(recorder->snapshot().cameras[0].frames_lost, 0);
  EXPECT_EQ(recorder->snapshot().rows_lost, 0);
  const auto session = open(folder / "s");
  std::size_t kept = 0;
  ASSERT_TRUE(session.read_events({}, [&](const EventRow& event) {
    kept += event.id == static_cast<std::int64_t>(kept) ? 1U : 0U;
    return true;
  }));
  EXPECT_EQ(kept, events);
  EXPECT_TRUE(session.gaps()->empty());
}

TEST(SessionRecorder, GazeOnlyKeepsNoPicture) {
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.options.with_video = false;
  auto recorder = start(request);
  add_example_frames(*recorder, 0, 50);
  ASSERT_TRUE(recorder->finish());
  for (const auto& entry : std::filesystem::directory_iterator(folder / "s")) {
    EXPECT_NE(entry.path().extension(), ".mkv");
    EXPECT_NE(entry.path().extension(), ".png");
  }
  const auto session = open(folder / "s");
  EXPECT_TRUE(session.condition().findings.empty()) << "a video that was not wanted is not missing";
  EXPECT_EQ(test::frames_of(session).size(), 50U);
  EXPECT_EQ(test::pupils_of(session).size(), 50U);
  const auto video = session.open_video(0);
  ASSERT_FALSE(video);
  EXPECT_EQ(video.error().code, ErrorCode::input_missing);
}

TEST(SessionRecorder, VideoOnlyKeepsNoResults) {
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.options.with_results = false;
  auto recorder = start(request);
  add_example_frames(*recorder, 0, 50);
  recorder->add(AnnotationRow{0, example_time(10), 0ns, "beep", ""});
  ASSERT_TRUE(recorder->finish());
  const auto session = open(folder / "s");
  EXPECT_EQ(test::pupils_of(session).size(), 0U);
  EXPECT_EQ(session.open_video(0)->pictures().size(), 50U);
  EXPECT_EQ(session.annotations()->size(), 1U) << "a person's notes are no results";
}

TEST(SessionRecorder, AFrameWithoutTheCamerasPictureIsCounted) {
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.cameras[0].codec = VideoCodec::camera_mjpeg;
  auto recorder = start(request);
  GrayImage image(160, 120);
  // The least that passes for a JPEG here: packets are not decoded.
  const std::vector<std::uint8_t> jpeg{0xFF, 0xD8, 0xFF, 0xD9};
  for (int frame = 0; frame < 10; ++frame) {
    const std::span<const std::uint8_t> given = frame == 4 || frame == 5 ? std::span(jpeg).first(0) : jpeg;
    recorder->add_frame(
        {0, static_cast<std::uint64_t>(frame), test::example_time(frame), {}, image.view(), given});
  }
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->cameras[0].frames, 10);
  EXPECT_EQ(ended->cameras[0].pictures, 8);
  EXPECT_EQ(ended->cameras[0].pictures_lost, 2);
  const auto session = open(folder / "s");
  const auto gaps = session.gaps();
  ASSERT_TRUE(gaps);
  ASSERT_EQ(gaps->size(), 1U);
  EXPECT_EQ(gaps->front().first_frame, 4);
  EXPECT_EQ(gaps->front().pictures_lost, 2);
  EXPECT_EQ(session.open_video(0)->pictures().size(), 8U);
}

TEST(SessionRecorder, ChoosesALosslessCodecWhereNoneIsNamed) {
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.cameras[0].codec.reset();
  request.cameras[0].nominal_rate_hz = 10.0;
  auto recorder = start(request);
  add_example_frames(*recorder, 0, 5);
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended);
  ASSERT_TRUE(ended->cameras[0].codec.has_value());
  EXPECT_NE(*ended->cameras[0].codec, VideoCodec::h264);
  EXPECT_FALSE(ended->cameras[0].codec_reason.empty());
  const auto session = open(folder / "s");
  GrayImage image;
  GrayImage expected(160, 120);
  draw_example_frame(4, expected);
  ASSERT_TRUE(session.open_video(0)->read(4, image));
  EXPECT_TRUE(test::same_image(image.view(), expected.view()));
}

TEST(SessionRecorder, TwoCamerasAtTheirOwnRates) {
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.cameras.push_back(test::example_camera(96, 64));
  request.cameras[1].eye = EyeSide::left;
  request.cameras[1].codec = VideoCodec::ut_video;
  auto recorder = start(request);
  GrayImage right(160, 120);
  GrayImage left(96, 64);
  for (int i = 0; i < 60; ++i) {
    draw_example_frame(i, right);
    recorder->add_frame({0, static_cast<std::uint64_t>(i), example_time(i), {}, right.view(), {}});
    if (i % 3 == 0) {
      draw_example_frame(i, left);
      recorder->add_frame({1, static_cast<std::uint64_t>(i / 3), example_time(i) + 2ms, {}, left.view(), {}});
    }
  }
  ASSERT_TRUE(recorder->finish());
  const auto session = open(folder / "s");
  EXPECT_EQ(session.frame_count(0).value(), 60);
  EXPECT_EQ(session.frame_count(1).value(), 20);
  EXPECT_EQ(session.cameras()[1].eye, EyeSide::left);
  auto video = session.open_video(1);
  ASSERT_TRUE(video);
  GrayImage image;
  ASSERT_TRUE(video->read(7, image));
  draw_example_frame(21, left);
  EXPECT_TRUE(test::same_image(image.view(), left.view()));
  EXPECT_EQ(video->pictures()[7].captured_at, example_time(21) + 2ms);
}

TEST(SessionRecorder, FramesTheSourceLostAreGaps) {
  const TemporaryFolder folder;
  auto recorder = start(example_request(folder / "s"));
  add_example_frames(*recorder, 0, 10);
  add_example_frames(*recorder, 14, 20);
  ASSERT_TRUE(recorder->finish());
  const auto session = open(folder / "s");
  const auto gaps = session.gaps();
  ASSERT_TRUE(gaps);
  ASSERT_EQ(gaps->size(), 1U);
  EXPECT_EQ(gaps->front().cause, GapCause::source);
  EXPECT_EQ(gaps->front().first_frame, 10);
  EXPECT_EQ(gaps->front().last_frame, 13);
  EXPECT_EQ(gaps->front().frames_lost, 4);
  EXPECT_EQ(test::frames_of(session)[10].lost_before, 4);
  EXPECT_EQ(session.info().quality->frames_lost, 4);
}

TEST(SessionRecorder, TheClockSetBackIsRepairedForFramesAndRows) {
  const TemporaryFolder folder;
  auto recorder = start(example_request(folder / "s"));
  const GrayImage image(160, 120);
  for (int i = 0; i < 40; ++i) {
    const CaptureTime at = example_time(i) - (i >= 20 ? CaptureTime(500s) : CaptureTime(0s));
    recorder->add_frame({0, static_cast<std::uint64_t>(i), at, {}, image.view(), {}});
    recorder->add(test::example_pupil(0, i, at));
  }
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->cameras[0].times_repaired, 20);
  const auto session = open(folder / "s");
  const auto frames = test::frames_of(session);
  const auto pupils = test::pupils_of(session);
  ASSERT_EQ(frames.size(), 40U);
  ASSERT_EQ(pupils.size(), 40U);
  for (int i = 0; i < 40; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(frames[at].frame, i);
    EXPECT_EQ(frames[at].reported_at.has_value(), i >= 20);
    EXPECT_EQ(pupils[at].frame, i);
    EXPECT_EQ(pupils[at].captured_at, frames[at].captured_at);
    EXPECT_TRUE(frames[at].video_pts.has_value());
    if (i > 0) {
      EXPECT_GT(frames[at].captured_at, frames[at - 1].captured_at);
    }
  }
  EXPECT_EQ(frames[20].reported_at, example_time(20) - 500s);
  EXPECT_LT(frames[39].captured_at, example_time(41));
  const auto gaps = session.gaps();
  ASSERT_EQ(gaps->size(), 1U);
  EXPECT_EQ(gaps->front().cause, GapCause::clock_set_back);
  EXPECT_EQ(gaps->front().frames_lost, 0);
}

TEST(SessionRecorder, ASecondRecordingIntoTheFolderIsRefused) {
  const TemporaryFolder folder;
  auto recorder = start(example_request(folder / "s"));
  add_example_frames(*recorder, 0, 10);
  const auto second = SessionRecorder::start(example_request(folder / "s"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::device_busy);
  EXPECT_NE(second.error().to_text().find(std::to_string(::getpid())), std::string::npos)
      << "it names the process: " << second.error().to_text();
  add_example_frames(*recorder, 10, 20);
  ASSERT_TRUE(recorder->finish());
  EXPECT_EQ(test::frames_of(open(folder / "s")).size(), 20U) << "the first one went on undisturbed";

  const auto third = SessionRecorder::start(example_request(folder / "s"));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::output_unwritable) << "nor is a session written over";
}

TEST(SessionRecorder, BadRequestsSayWhatIsWrong) {
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.options.commit_interval_s = 30.0;
  auto started = SessionRecorder::start(request);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::invalid_option);
  EXPECT_NE(started.error().to_text().find("commit_interval_s"), std::string::npos);

  request = example_request(folder / "s");
  request.cameras.clear();
  started = SessionRecorder::start(request);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::invalid_option);

  std::ofstream(folder / "file") << "in the way";
  started = SessionRecorder::start(example_request(folder / "file" / "s"));
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::output_unwritable);
}

TEST(SessionRecorder, ASourceThatCountsAnewIsNumberedOn) {
  const TemporaryFolder folder;
  auto recorder = start(example_request(folder / "s"));
  const GrayImage image(160, 120);
  for (int i = 0; i < 20; ++i) {
    const int sequence = i < 10 ? 100 + i : i - 10;
    recorder->add_frame({0, static_cast<std::uint64_t>(sequence), example_time(i), {}, image.view(), {}});
    recorder->add(test::example_pupil(0, sequence, example_time(i)));
  }
  ASSERT_TRUE(recorder->finish());
  const auto session = open(folder / "s");
  const auto frames = test::frames_of(session);
  const auto pupils = test::pupils_of(session);
  ASSERT_EQ(frames.size(), 20U);
  ASSERT_EQ(pupils.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(frames[i].frame, 100 + static_cast<std::int64_t>(i));
    EXPECT_EQ(pupils[i].frame, frames[i].frame);
  }
}

TEST(SessionRecorder, ManyThreadsAddAtOnce) {
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.cameras.push_back(test::example_camera());
  request.cameras[1].codec = VideoCodec::ut_video;
  auto recorder = start(request);
  constexpr int frames = 300;
  std::vector<std::jthread> threads;
  for (int camera = 0; camera < 2; ++camera) {
    threads.emplace_back([&recorder, camera] {
      const GrayImage image(160, 120);
      for (int i = 0; i < frames; ++i) {
        recorder->add_frame({camera, static_cast<std::uint64_t>(i), example_time(i), {}, image.view(), {}});
        recorder->add(test::example_pupil(camera, i, example_time(i)));
        recorder->add_done(camera, static_cast<std::uint64_t>(i), example_time(i) + 1ms);
      }
    });
  }
  threads.emplace_back([&recorder] {
    for (int i = 0; i < 100; ++i) recorder->add(AnnotationRow{0, example_time(i), 0ns, "x", ""});
  });
  for (int i = 0; i < 100; ++i) static_cast<void>(recorder->snapshot());
  threads.clear();
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended);
  const auto session = open(folder / "s");
  for (int camera = 0; camera < 2; ++camera) {
    const auto& figures = ended->cameras[static_cast<std::size_t>(camera)];
    EXPECT_EQ(figures.frames + figures.frames_lost, frames);
    EXPECT_EQ(session.frame_count(camera).value(), figures.frames);
    EXPECT_EQ(session.open_video(camera)->pictures().size(), static_cast<std::size_t>(figures.pictures));
  }
  EXPECT_EQ(static_cast<std::int64_t>(test::pupils_of(session).size() + session.annotations()->size()),
            ended->rows);
}

}  // namespace
}  // namespace yarbus::recorder_test
