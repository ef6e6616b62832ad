#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/recording/session_folder.h"
#include "app/recording/session_recorder.h"
#include "tests/support/example_session.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::recorder_fault_test {
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

/// A disk that stands still while it is told to.
class Stall {
 public:
  void begin() {
    const std::lock_guard lock(mutex_);
    is_stalled_ = true;
  }
  void end() {
    {
      const std::lock_guard lock(mutex_);
      is_stalled_ = false;
    }
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    if (is_stalled_) ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !is_stalled_; });
  }
  void wait_until_somebody_waits() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stalled_ = false;
  int waiting_ = 0;
};

/// Two seconds of frames come while the disk takes nothing. The frames do not wait; what the queue cannot
/// hold is lost, and all of that is counted.
TEST(RecorderFaults, AStalledDiskLosesWhatTheQueueCannotHoldAndCountsIt) {
  constexpr int before = 60;
  constexpr int during = 240;  // 2 s at 120 frames a second
  constexpr int after = 60;
  const TemporaryFolder folder;
  Stall stall;
  auto request = example_request(folder / "s");
  request.options.queue_pictures_mib = 1;  // 54 pictures of 160 x 120
  request.options.queue_rows = 400;        // not enough for 240 frames and their 240 pupils
  request.options.commit_interval_s = 0.02;
  request.hooks.before_write = [&stall] { stall.pass(); };
  auto recorder = start(request);
  add_example_frames(*recorder, 0, before);
  stall.begin();
  GrayImage image(160, 120);
  const auto add = [&](int frame) {
    draw_example_frame(frame, image);
    recorder->add_frame({0, static_cast<std::uint64_t>(frame), example_time(frame), {}, image.view(), {}});
    recorder->add(test::example_pupil(0, frame, example_time(frame)));
  };
  int frame = before;
  // The first of them may still be taken, until the recorder meets the stalled disk.
  add(frame++);
  stall.wait_until_somebody_waits();
  while (frame < before + during) add(frame++);
  const auto stalled = recorder->snapshot();
  EXPECT_EQ(stalled.queue_pictures, stalled.queue_pictures_capacity)
      << "the queue is full, and nobody waited";
  stall.end();
  add_example_frames(*recorder, before + during, before + during + after);
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended) << ended.error().to_text();
  const CameraFigures& figures = ended->cameras[0];
  const int all = before + during + after;
  EXPECT_EQ(figures.frames + figures.frames_lost, all);
  EXPECT_EQ(figures.pictures + figures.pictures_lost + figures.frames_lost, all);
  EXPECT_GT(figures.pictures_lost, 0);
  EXPECT_GT(figures.frames_lost, 0);
  EXPECT_GT(ended->rows_lost, 0);
  EXPECT_EQ(ended->rows + ended->rows_lost, all);
  EXPECT_GE(figures.pictures, after + static_cast<int>(stalled.queue_pictures_capacity));

  // The same on the disk.
  const auto session = open(folder / "s");
  const auto frames = test::frames_of(session);
  EXPECT_EQ(static_cast<std::int64_t>(frames.size()), figures.frames);
  EXPECT_EQ(static_cast<std::int64_t>(test::pupils_of(session).size()), ended->rows);
  std::int64_t without_picture = 0;
  for (const FrameRow& row : frames) without_picture += row.video_pts ? 0 : 1;
  EXPECT_EQ(without_picture, figures.pictures_lost);
  std::int64_t frames_lost = 0;
  std::int64_t pictures_lost = 0;
  std::int64_t rows_lost = 0;
  const auto gaps = session.gaps();
  ASSERT_TRUE(gaps);
  for (const GapRow& gap : *gaps) {
    EXPECT_EQ(gap.cause, GapCause::queue_full) << gap.note;
    frames_lost += gap.frames_lost;
    pictures_lost += gap.pictures_lost;
    rows_lost += gap.rows_lost;
  }
  EXPECT_EQ(frames_lost, figures.frames_lost) << "each lost frame is told once";
  EXPECT_EQ(pictures_lost, figures.pictures_lost);
  EXPECT_EQ(rows_lost, ended->rows_lost);
  // The pictures that are there are the right ones.
  auto video = session.open_video(0);
  ASSERT_TRUE(video);
  GrayImage expected(160, 120);
  for (std::size_t i = 0; i < video->pictures().size(); i += 7) {
    ASSERT_TRUE(video->read(i, image));
    draw_example_frame(video->pictures()[i].frame, expected);
    ASSERT_TRUE(test::same_image(image.view(), expected.view())) << i;
  }
}

TEST(RecorderFaults, LittleRoomWarnsAndTooLittleEndsWell) {
  const TemporaryFolder folder;
  std::atomic<std::uintmax_t> free_mib{10'000};
  auto request = example_request(folder / "s");
  request.options.commit_interval_s = 0.01;
  request.hooks.free_bytes = [&](const std::filesystem::path&) { return free_mib.load() << 20U; };
  auto recorder = start(request);
  add_example_frames(*recorder, 0, 30);
  EXPECT_TRUE(recorder->snapshot().warning.empty());
  free_mib = 1000;
  std::int64_t frame = 30;
  while (recorder->snapshot().warning.empty()) {
    add_example_frames(*recorder, frame, frame + 1);
    ++frame;
  }
  EXPECT_NE(recorder->snapshot().warning.find("1000 MiB"), std::string::npos) << recorder->snapshot().warning;
  EXPECT_TRUE(recorder->snapshot().is_recording) << "a warning does not end it";
  free_mib = 100;
  while (recorder->snapshot().is_recording) {
    add_example_frames(*recorder, frame, frame + 1);
    ++frame;
  }
  add_example_frames(*recorder, frame, frame + 10);  // without effect
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->end, SessionEnd::disk_full);
  EXPECT_NE(ended->end_note.find("100 MiB"), std::string::npos) << ended->end_note;
  EXPECT_EQ(ended->cameras[0].pictures_lost, 0);
  const auto session = open(folder / "s");
  EXPECT_TRUE(session.gaps()->empty()) << "what came before the end is whole";
  EXPECT_EQ(session.info().end, SessionEnd::disk_full);
  EXPECT_TRUE(session.condition().is_finished);
  EXPECT_EQ(static_cast<std::int64_t>(test::frames_of(session).size()), ended->cameras[0].frames);
  EXPECT_EQ(static_cast<std::int64_t>(session.open_video(0)->pictures().size()), ended->cameras[0].pictures);
  EXPECT_GE(ended->cameras[0].frames, 31);
}

TEST(RecorderFaults, PicturesOfAnotherSizeAreCountedAndTheRestGoesOn) {
  const TemporaryFolder folder;
  auto recorder = start(example_request(folder / "s"));
  add_example_frames(*recorder, 0, 10);
  const GrayImage other(80, 60);
  for (int i = 10; i < 15; ++i)
    recorder->add_frame({0, static_cast<std::uint64_t>(i), example_time(i), {}, other.view(), {}});
  add_example_frames(*recorder, 15, 20);
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->end, SessionEnd::finished);
  EXPECT_EQ(ended->cameras[0].frames, 20);
  EXPECT_EQ(ended->cameras[0].pictures, 15);
  EXPECT_EQ(ended->cameras[0].pictures_lost, 5);
  EXPECT_FALSE(ended->warning.empty());
  const auto gaps = open(folder / "s").gaps();
  ASSERT_TRUE(gaps);
  ASSERT_EQ(gaps->size(), 1U);
  EXPECT_EQ(gaps->front().first_frame, 10);
  EXPECT_EQ(gaps->front().last_frame, 14);
  EXPECT_EQ(gaps->front().pictures_lost, 5);
}

TEST(RecorderFaults, AWarningOfThePicturesDoesNotHideThatTheDiskGetsFull) {
  const TemporaryFolder folder;
  std::atomic<std::uintmax_t> free_mib{10'000};
  auto request = example_request(folder / "s");
  request.options.commit_interval_s = 0.01;
  request.hooks.free_bytes = [&](const std::filesystem::path&) { return free_mib.load() << 20U; };
  auto recorder = start(request);
  std::int64_t frame = 0;
  const GrayImage other(80, 60);
  const auto add_until = [&](const auto& holds) {
    while (!holds(recorder->snapshot())) {
      const auto queued = recorder->snapshot().queue_rows;
      if (queued < 100)
        recorder->add_frame(
            {0, static_cast<std::uint64_t>(frame), example_time(frame), {}, other.view(), {}});
      frame += queued < 100 ? 1 : 0;
    }
  };
  add_until([](const RecorderSnapshot& now) { return !now.warning.empty(); });
  EXPECT_FALSE(recorder->snapshot().is_disk_low) << recorder->snapshot().warning;
  const std::string of_pictures = recorder->snapshot().warning;
  free_mib = 1000;
  add_until([](const RecorderSnapshot& now) { return now.is_disk_low; });
  EXPECT_NE(recorder->snapshot().warning.find("1000 MiB"), std::string::npos) << recorder->snapshot().warning;
  free_mib = 10'000;
  add_until([](const RecorderSnapshot& now) { return !now.is_disk_low; });
  EXPECT_EQ(recorder->snapshot().warning, of_pictures) << "room was made";
  ASSERT_TRUE(recorder->finish());
}

/// Another program records into the same folder: it is refused, and the first one does not notice.
TEST(RecorderFaults, TheSecondOfTwoProgramsIsRefusedAndTheFirstLosesNothing) {
  const TemporaryFolder folder;
  auto recorder = start(example_request(folder / "s"));
  add_example_frames(*recorder, 0, 100);
  const auto second =
      test::run_command({YARBUS_RECORD_CHILD, "folder=" + (folder / "s").string(), "frames=10"});
  EXPECT_EQ(second.exit_code, 3) << second.standard_output;
  EXPECT_NE(second.standard_error.find("process " + std::to_string(::getpid())), std::string::npos)
      << second.standard_error;
  add_example_frames(*recorder, 100, 200);
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended) << ended.error().to_text();
  EXPECT_EQ(ended->cameras[0].frames, 200);
  EXPECT_EQ(ended->cameras[0].pictures, 200);
  EXPECT_EQ(ended->rows, 200);
  EXPECT_EQ(ended->cameras[0].frames_lost + ended->rows_lost, 0);
  const auto session = open(folder / "s");
  EXPECT_EQ(test::frames_of(session).size(), 200U);
  EXPECT_EQ(test::pupils_of(session).size(), 200U);
  EXPECT_EQ(session.open_video(0)->pictures().size(), 200U);
  EXPECT_TRUE(session.gaps()->empty());

  // Nor when the first has ended.
  const auto third =
      test::run_command({YARBUS_RECORD_CHILD, "folder=" + (folder / "s").string(), "frames=10"});
  EXPECT_EQ(third.exit_code, 3);
  EXPECT_EQ(test::frames_of(open(folder / "s")).size(), 200U);
}

TEST(RecorderFaults, JpegPacketsThatAreMissingOrBrokenAreCounted) {
  const TemporaryFolder folder;
  auto request = example_request(folder / "s");
  request.cameras[0].codec = VideoCodec::camera_mjpeg;
  auto recorder = start(request);
  const std::vector<std::uint8_t> broken{1, 2, 3, 4, 5, 6};
  GrayImage image(160, 120);
  recorder->add_frame({0, 0, example_time(0), {}, image.view(), broken});
  recorder->add_frame({0, 1, example_time(1), {}, image.view(), {}});
  const auto ended = recorder->finish();
  ASSERT_TRUE(ended) << ended.error().to_text();
  EXPECT_EQ(ended->cameras[0].frames, 2);
  EXPECT_EQ(ended->cameras[0].pictures, 0);
  EXPECT_EQ(ended->cameras[0].pictures_lost, 2);
  EXPECT_EQ(ended->end, SessionEnd::finished);
}

}  // namespace
}  // namespace yarbus::recorder_fault_test
