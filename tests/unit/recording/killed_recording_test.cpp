#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/recording/repair_session.h"
#include "app/recording/session_folder.h"
#include "tests/support/example_jpeg.h"
#include "tests/support/example_session.h"
#include "tests/support/record_child_counters.h"
#include "tests/support/temporary_folder.h"

extern char** environ;

namespace yarbus::killed_recording_test {
namespace {

using namespace std::chrono_literals;
using test::RecordChildCounters;
using test::TemporaryFolder;

/// A process that records at 120 frames a second until it is killed.
class KilledRecording {
 public:
  KilledRecording(const TemporaryFolder& root, VideoCodec codec) : folder_(root / "s") {
    const auto file = root / "counters";
    std::ofstream(file, std::ios::binary) << std::string(sizeof(RecordChildCounters), '\0');
    const int descriptor = ::open(file.c_str(), O_RDWR);
    counters_ = static_cast<RecordChildCounters*>(
        ::mmap(nullptr, sizeof(RecordChildCounters), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0));
    ::close(descriptor);
    std::vector<std::string> words{YARBUS_RECORD_CHILD, "folder=" + folder_.string(),
                                   "counters=" + file.string(), "codec=" + std::string(to_string(codec))};
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (::posix_spawn(&process_, YARBUS_RECORD_CHILD, nullptr, nullptr, arguments.data(), environ) != 0)
      process_ = -1;
  }
  ~KilledRecording() {
    kill();
    ::munmap(counters_, sizeof(RecordChildCounters));
  }
  KilledRecording(const KilledRecording&) = delete;
  KilledRecording& operator=(const KilledRecording&) = delete;

  /// Once that many frames were handed over, and then some time of no frame's making.
  void kill_after(std::int64_t frames, std::chrono::microseconds more) {
    while (counters_->frames < frames && ::waitpid(process_, nullptr, WNOHANG) == 0)
      std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(more);
    kill();
  }
  [[nodiscard]] bool was_started() const { return process_ > 0 || was_killed_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const RecordChildCounters& counters() const { return *counters_; }

 private:
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    int status = 0;
    ::waitpid(process_, &status, 0);
    was_killed_ = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    process_ = -1;
  }
  std::filesystem::path folder_;
  RecordChildCounters* counters_ = nullptr;
  pid_t process_ = -1;
  bool was_killed_ = false;
};

constexpr std::array<VideoCodec, 4> codecs{VideoCodec::ut_video, VideoCodec::camera_mjpeg, VideoCodec::ffv1,
                                           VideoCodec::h264_lossless};

/// Killed at 20 moments: what was handed to the recorder more than a second before is there afterwards, rows,
/// pictures and results, in order and right.
TEST(KilledRecording, LosesAtMostItsLastSecond) {
  std::mt19937 random(20261126);
  std::uniform_int_distribution<std::int64_t> frames(2, 260);
  std::uniform_int_distribution<int> more_us(0, 9000);
  std::chrono::nanoseconds longest{};
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const TemporaryFolder root;
    const VideoCodec codec = codecs[static_cast<std::size_t>(round) % codecs.size()];
    KilledRecording recording(root, codec);
    ASSERT_TRUE(recording.was_started());
    recording.kill_after(frames(random), std::chrono::microseconds(more_us(random)));
    ASSERT_TRUE(recording.was_started());
    const std::int64_t handed_over = recording.counters().frames;
    const CaptureTime last_handed_over(recording.counters().last_captured_ns);

    const auto report = repair_session(recording.folder());
    ASSERT_TRUE(report) << report.error().to_text();
    EXPECT_TRUE(report->was_needed);
    const auto session = RecordedSession::open(recording.folder());
    ASSERT_TRUE(session) << session.error().to_text();
    EXPECT_EQ(session->info().end, SessionEnd::repaired);
    const auto rows = test::frames_of(*session);
    const auto pupils = test::pupils_of(*session);
    // Without a hole from the first on.
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(rows[i].frame, static_cast<std::int64_t>(i));
      ASSERT_TRUE(rows[i].video_pts.has_value()) << i << " of " << rows.size();
    }
    for (std::size_t i = 0; i < pupils.size(); ++i) ASSERT_EQ(pupils[i].frame, static_cast<std::int64_t>(i));
    ASSERT_LE(static_cast<std::int64_t>(rows.size()), handed_over + 1);
    // A second of 120 frames.
    EXPECT_GE(static_cast<std::int64_t>(rows.size()), handed_over - 120);
    EXPECT_GE(static_cast<std::int64_t>(pupils.size()), recording.counters().pupils - 120);
    if (!rows.empty() && handed_over > 0) {
      const auto lost = last_handed_over - rows.back().captured_at;
      EXPECT_LE(lost, 1s);
      longest = std::max(longest, std::chrono::nanoseconds(lost));
    }
    if (!pupils.empty()) {
      const auto lost = last_handed_over - pupils.back().captured_at;
      EXPECT_LE(lost, 1s);
      longest = std::max(longest, std::chrono::nanoseconds(lost));
    }
    if (!rows.empty()) {
      auto video = session->open_video(0);
      ASSERT_TRUE(video) << video.error().to_text();
      ASSERT_EQ(video->pictures().size(), rows.size());
      GrayImage image;
      GrayImage expected(160, 120);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto read = video->read(i, image);
        ASSERT_TRUE(read) << i << ": " << read.error().to_text();
        if (codec == VideoCodec::camera_mjpeg) {
          expected = test::tracked_gray(test::example_jpeg(static_cast<std::int64_t>(i), 160, 120));
        } else {
          test::draw_example_frame(static_cast<std::int64_t>(i), expected);
        }
        ASSERT_TRUE(test::same_image(image.view(), expected.view())) << i;
      }
    }
    const auto again = repair_session(recording.folder());
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->was_needed);
  }
  RecordProperty("longest_loss_ms",
                 static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(longest).count()));
}

TEST(KilledRecording, IsReadAsItIsAndSaysThatItWasCutOff) {
  const TemporaryFolder root;
  KilledRecording recording(root, VideoCodec::ut_video);
  recording.kill_after(200, 0us);
  const auto session = RecordedSession::open(recording.folder());
  ASSERT_TRUE(session) << session.error().to_text();
  EXPECT_FALSE(session->condition().is_finished);
  EXPECT_FALSE(session->condition().is_being_recorded) << "who is dead holds no lock";
  EXPECT_FALSE(session->condition().findings.empty());
  EXPECT_EQ(session->info().end, SessionEnd::unfinished);
  EXPECT_GT(session->info().duration, 0ns);
  EXPECT_GE(static_cast<std::int64_t>(test::frames_of(*session).size()), recording.counters().frames - 120);
}

}  // namespace
}  // namespace yarbus::killed_recording_test
