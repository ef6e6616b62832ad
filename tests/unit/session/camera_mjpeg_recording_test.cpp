// A camera's own JPEG pictures, from a real stream over loopback into a session.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/libav_owners.h"
#include "app/recording/open_video_input.h"
#include "app/recording/recorded_session.h"
#include "app/session/open_source.h"
#include "app/session/recorded_frames.h"
#include "app/session/session.h"
#include "tests/support/eventually.h"
#include "tests/support/example_jpeg.h"
#include "tests/support/example_session.h"
#include "tests/support/mjpeg_server.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::camera_mjpeg_recording_test {
namespace {

using test::eventually;

constexpr int width_px = 160;
constexpr int height_px = 120;
/// Every so many parts is half a picture.
constexpr std::int64_t broken_every = 5;

/// A camera that sends another picture each time, over all its connections.
class CameraOnLoopback {
 public:
  CameraOnLoopback()
      : server_([this](const test::MjpegServer::Connection& client, int connection,
                       const std::stop_token& stop) { serve(client, connection, stop); }) {}
  [[nodiscard]] std::string url() const { return server_.url(); }
  void break_connection() { is_cut_ = true; }
  [[nodiscard]] bool has_come_back() const { return sent_since_cut_ > 3; }

  static bool is_broken(std::int64_t number) { return number % broken_every == broken_every - 1; }
  /// The number of the picture with exactly these bytes; nullopt: it was never sent.
  [[nodiscard]] std::optional<std::int64_t> number_of(const std::vector<std::uint8_t>& bytes) const {
    const std::lock_guard lock(mutex_);
    const auto found = numbers_.find(bytes);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  void serve(const test::MjpegServer::Connection& client, int connection, const std::stop_token& stop) {
    if (!client.send(test::MjpegServer::header("multipart/x-mixed-replace; boundary=b"))) return;
    while (!stop.stop_requested() && !(connection == 0 && is_cut_)) {
      auto jpeg = test::example_jpeg(next_, width_px, height_px);
      if (is_broken(next_)) jpeg.resize(jpeg.size() / 2);
      {
        const std::lock_guard lock(mutex_);
        numbers_[jpeg] = next_;
      }
      ++next_;
      if (!client.send(test::MjpegServer::part("b", {jpeg.begin(), jpeg.end()}))) return;
      if (connection > 0) ++sent_since_cut_;
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
    }
  }

  mutable std::mutex mutex_;
  std::map<std::vector<std::uint8_t>, std::int64_t> numbers_;  ///< guarded
  std::int64_t next_ = 0;                                      ///< the server's thread
  std::atomic<bool> is_cut_ = false;
  std::atomic<int> sent_since_cut_ = 0;
  test::MjpegServer server_;  ///< last: its thread uses the others
};

struct Packet {
  std::int64_t pts = 0;
  std::vector<std::uint8_t> bytes;
};

std::vector<Packet> packets_of(const std::filesystem::path& file) {
  const auto input = open_video_input(file);
  EXPECT_TRUE(input) << (input ? "" : input.error().to_text());
  std::vector<Packet> packets;
  if (!input) return packets;
  EXPECT_EQ(input->format->streams[input->stream]->codecpar->codec_id, AV_CODEC_ID_MJPEG);
  const libav::Packet packet(av_packet_alloc());
  while (av_read_frame(input->format.get(), packet.get()) >= 0) {
    packets.push_back({packet->pts, {packet->data, packet->data + packet->size}});
    av_packet_unref(packet.get());
  }
  return packets;
}

class CameraMjpeg : public testing::Test {
 protected:
  void SetUp() override {
    SessionOptions options;
    options.session_library = (folder_ / "sessions").string();
    session_ = make_session(options);
  }
  RecordingView view() { return session_->recording().snapshot(); }
  bool open(const SourceRequest& request) {
    session_->open_source(EyeSide::right, request);
    return eventually(
        [&] { return session_->snapshot(EyeSide::right).source.state == PlaybackState::playing; });
  }
  bool start(const RecordingWish& wish = {}) {
    session_->recording().start(wish);
    return eventually([&] { return !view().is_starting; }) && view().is_recording;
  }
  bool stop() {
    session_->recording().stop();
    return eventually([&] {
      const RecordingView now = view();
      return !now.is_recording && !now.is_finishing;
    });
  }
  /// Keeps what live tracking saw, until the condition holds.
  bool watch_until(const std::function<bool()>& condition) {
    return eventually([&] {
      const auto sample = session_->snapshot(EyeSide::right).latest;
      if (sample != nullptr) {
        auto& seen = seen_[static_cast<std::int64_t>(sample->frame->sequence)];
        if (seen == nullptr) seen = std::make_unique<GrayImage>(sample->frame->gray);
      }
      return condition();
    });
  }
  RecordedSession opened() {
    auto session = RecordedSession::open(view().folder);
    EXPECT_TRUE(session) << session.error().to_text();
    return std::move(*session);
  }

  test::TemporaryFolder folder_;
  CameraOnLoopback camera_;
  std::map<std::int64_t, std::unique_ptr<GrayImage>> seen_;  ///< by number of the frame
  std::unique_ptr<Session> session_;
};

TEST_F(CameraMjpeg, EveryByteIsKeptAndReadAsItWasTracked) {
  SourceRequest request;
  request.location = camera_.url();
  request.rotate_deg = 90;
  request.mirror = true;
  ASSERT_TRUE(open(request));
  ASSERT_TRUE(start());
  EXPECT_EQ(view().codec, "camera_mjpeg: the camera's own MJPEG, passed through");
  ASSERT_TRUE(watch_until([&] { return view().frames > 30; }));
  ASSERT_TRUE(stop());
  EXPECT_EQ(view().pictures_lost, 0);

  const RecordedSession session = opened();
  const SessionCamera camera = session.cameras().at(0);
  EXPECT_EQ(camera.codec, VideoCodec::camera_mjpeg);
  EXPECT_EQ(camera.width_px, height_px) << "turned";
  EXPECT_EQ(camera.rotate_deg, 90);
  EXPECT_TRUE(camera.mirror);
  const auto rows = test::frames_of(session);
  const auto packets = packets_of(session.folder() / camera.video_file);
  ASSERT_EQ(packets.size(), rows.size());
  ASSERT_GT(rows.size(), 30U);

  // No byte differs, none is half a picture; what is missing between the first and the last is counted.
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto number = camera_.number_of(packets[i].bytes);
    ASSERT_TRUE(number) << "packet " << i << " was never sent";
    EXPECT_FALSE(CameraOnLoopback::is_broken(*number));
    EXPECT_EQ(*number - camera_.number_of(packets[0].bytes).value(), rows[i].frame - rows[0].frame);
    EXPECT_EQ(packets[i].pts, rows[i].video_pts);
    const std::chrono::duration<double, std::milli> since_start =
        rows[i].captured_at - session.info().started_at;
    EXPECT_NEAR(static_cast<double>(packets[i].pts), since_start.count(), 1.0) << "a tick of the container";
    numbers.push_back(*number);
  }
  const auto gaps = session.gaps();
  ASSERT_TRUE(gaps);
  const auto lost = std::accumulate(gaps->begin(), gaps->end(), std::int64_t{0},
                                    [](auto sum, const GapRow& gap) { return sum + gap.frames_lost; });
  EXPECT_EQ(lost, numbers.back() - numbers.front() + 1 - static_cast<std::int64_t>(numbers.size()));
  EXPECT_GE(lost, 30 / (broken_every - 1) - 1);
  EXPECT_EQ(view().frames_lost, lost);

  // Turned once, to the gray levels that were tracked, whichever way it is read.
  auto video = session.open_video(0);
  ASSERT_TRUE(video) << video.error().to_text();
  auto again = open_recorded_frames(session, camera);
  ASSERT_TRUE(again) << again.error().to_text();
  int compared = 0;
  GrayImage image;
  for (const FrameRow& row : rows) {
    const auto place = video->find_frame(row.frame);
    ASSERT_TRUE(place);
    ASSERT_TRUE(video->read(*place, image));
    EXPECT_TRUE(test::same_image(image.view(), test::tracked_gray(packets[*place].bytes, 90, true).view()));
    const auto frame = again->frames->next({});
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ(static_cast<std::int64_t>((*frame)->sequence), row.frame);
    EXPECT_TRUE(test::same_image((*frame)->gray.view(), image.view()));
    const auto seen = seen_.find(row.frame);
    if (seen == seen_.end()) continue;
    ++compared;
    EXPECT_TRUE(test::same_image(image.view(), seen->second->view())) << "frame " << row.frame;
  }
  EXPECT_GT(compared, 3) << "frames that were seen while tracking";
}

TEST_F(CameraMjpeg, TheVideoByItselfIsTurnedAsRecorded) {
  SourceRequest request;
  request.location = camera_.url();
  request.rotate_deg = 270;
  request.mirror = true;
  ASSERT_TRUE(open(request));
  ASSERT_TRUE(start());
  ASSERT_TRUE(eventually([&] { return view().frames > 5; }));
  ASSERT_TRUE(stop());
  const RecordedSession session = opened();
  auto recorded = session.open_video(0);
  ASSERT_TRUE(recorded);
  GrayImage first;
  ASSERT_TRUE(recorded->read(0, first));

  // As the window replays it, and turned once more by the person: clockwise, then left-right.
  for (const int asked_deg : {0, 90, 180}) {
    for (const bool asked_mirror : {false, true}) {
      SourceRequest file;
      file.kind = SourceRequest::Kind::video_file;
      file.location = (session.folder() / session.cameras().at(0).video_file).string();
      file.rotate_deg = asked_deg;
      file.mirror = asked_mirror;
      auto source = open_source(file, EyeSide::right, {});
      ASSERT_TRUE(source) << source.error().to_text();
      const auto frame = source->frames->next({});
      ASSERT_TRUE(frame && *frame);
      const GrayView shown = (*frame)->gray.view();
      const GrayView as_recorded = first.view();
      ASSERT_EQ(shown.width_px, asked_deg == 90 ? as_recorded.height_px : as_recorded.width_px);
      double off = 0.0;
      for (int y = 0; y < shown.height_px; ++y) {
        for (int shown_x = 0; shown_x < shown.width_px; ++shown_x) {
          const int x = asked_mirror ? shown.width_px - 1 - shown_x : shown_x;
          const int from_x = asked_deg == 0 ? x : asked_deg == 90 ? y : as_recorded.width_px - 1 - x;
          const int from_y = asked_deg == 0    ? y
                             : asked_deg == 90 ? as_recorded.height_px - 1 - x
                                               : as_recorded.height_px - 1 - y;
          off += std::abs(shown.at(shown_x, y) - as_recorded.at(from_x, from_y));
        }
      }
      EXPECT_LT(off / (shown.width_px * shown.height_px), 2.0)
          << "gray levels, of another decoder, at " << asked_deg << " degrees, mirror " << asked_mirror;
    }
  }
}

TEST_F(CameraMjpeg, GoesOnInTheSameFileWhenTheCameraComesBack) {
  SourceRequest request;
  request.location = camera_.url();
  ASSERT_TRUE(open(request));
  ASSERT_TRUE(start());
  ASSERT_TRUE(eventually([&] { return view().frames > 5; }));
  camera_.break_connection();
  ASSERT_TRUE(eventually([&] { return camera_.has_come_back(); }));
  const auto before = view().frames;
  ASSERT_TRUE(eventually([&] { return view().frames > before + 5; }));
  ASSERT_TRUE(stop());
  const RecordedSession session = opened();
  const auto packets = packets_of(session.folder() / session.cameras().at(0).video_file);
  ASSERT_EQ(packets.size(), test::frames_of(session).size());
  std::int64_t last = -1;
  for (const Packet& packet : packets) {
    const auto number = camera_.number_of(packet.bytes);
    ASSERT_TRUE(number) << "never sent";
    EXPECT_GT(*number, last);
    last = *number;
  }
  const auto gaps = session.gaps();
  ASSERT_TRUE(gaps);
  EXPECT_THAT(*gaps, testing::Contains(
                         testing::Field(&GapRow::note, testing::StartsWith("the source was away for "))));
}

TEST_F(CameraMjpeg, H264ByChoiceIsEncodedAnew) {
  SourceRequest request;
  request.location = camera_.url();
  ASSERT_TRUE(open(request));
  RecordingWish wish;
  wish.lossy_video = true;
  ASSERT_TRUE(start(wish));
  ASSERT_TRUE(eventually([&] { return view().frames > 5; }));
  ASSERT_TRUE(stop());
  EXPECT_EQ(opened().cameras().at(0).codec, VideoCodec::h264);
  EXPECT_EQ(view().pictures_lost, 0);
}

}  // namespace
}  // namespace yarbus::camera_mjpeg_recording_test
