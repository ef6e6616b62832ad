// A camera of 640 x 480 pixels at 120 frames a second, tracked and recorded for as long as is asked for.
// Pictures are those of a labelled recording or a folder, held in memory and played to and fro at the
// camera's pace; one that finds no room is the camera's loss, as with a real one. usage:
// yarbus_recording_soak PICTURES SESSION [minutes=10] [rate_hz=120] [camera=gray|mjpeg] [focal_px=F] Prints a
// line a minute, and at the end what was lost and what the session holds. Exit code 1: frames were lost.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <unistd.h>

#include "app/recording/recorded_session.h"
#include "app/session/session_with_opener.h"
#include "tests/support/eventually.h"
#include "tests/support/mjpeg_server.h"
#include "tracker/capture/frame_maker.h"

namespace {

using namespace yarbus;
using yarbus::test::eventually;
using Clock = std::chrono::steady_clock;

struct Wish {
  std::filesystem::path pictures;
  std::string session;
  double minutes = 10.0;
  double rate_hz = 120.0;
  bool is_mjpeg = false;
  std::optional<double> focal_px;
};

/// Place of the n-th picture when `count` pictures are played to and fro, so that none leaps.
std::size_t to_and_fro(std::uint64_t n, std::size_t count) {
  if (count < 2) return 0;
  const std::size_t round = 2 * (count - 1);
  const std::size_t place = n % round;
  return place < count ? place : round - place;
}

std::vector<std::filesystem::path> pictures_in(const std::filesystem::path& folder) {
  const auto frames = std::filesystem::is_directory(folder / "frames") ? folder / "frames" : folder;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(frames))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  constexpr std::size_t most = 1200;  // 370 MB of 640 x 480
  if (files.size() > most) files.resize(most);
  return files;
}

std::chrono::nanoseconds turn_of(std::uint64_t n, double rate_hz) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 * static_cast<double>(n) / rate_hz));
}

/// A camera that gives gray pictures from memory, each at its time.
class PacedSource final : public FrameSource {
 public:
  PacedSource(const std::vector<cv::Mat>& pictures, double rate_hz, EyeSide eye, std::size_t pool_frames)
      : pictures_(pictures), rate_hz_(rate_hz), maker_(options_for(eye, pool_frames)) {
    info_.kind = SourceKind::camera;
    info_.name = "pictures from memory";
    info_.location = "memory";
    info_.nominal_rate_hz = rate_hz;
    info_.is_live = true;
    (void)maker_.fix_size(pictures.front(), "memory", info_);
  }
  [[nodiscard]] const SourceInfo& info() const override { return info_; }
  Result<FramePtr> next(std::stop_token stop) override {
    if (given_ == 0) start_ = Clock::now();
    while (!stop.stop_requested()) {
      const auto turn = start_ + turn_of(given_, rate_hz_);
      // Later than the next picture's turn: a camera would have overwritten this one.
      const bool is_overwritten = Clock::now() > turn + turn_of(2, rate_hz_);
      const std::uint64_t n = given_++;
      if (!is_overwritten) {
        std::this_thread::sleep_until(turn);
        const auto now = Clock::now().time_since_epoch();
        if (auto frame = maker_.make(pictures_[to_and_fro(n, pictures_.size())], n, now)) return frame;
      }
      ++dropped_;
    }
    return FramePtr{};
  }
  Result<void> seek(std::uint64_t) override {
    return Error{ErrorCode::invalid_option, "a camera cannot seek", "memory", ""};
  }
  [[nodiscard]] std::uint64_t dropped_frames() const override { return dropped_; }

 private:
  static SourceOptions options_for(EyeSide eye, std::size_t pool_frames) {
    SourceOptions options;
    options.kind = SourceKind::camera;
    options.eye = eye;
    options.pool_frames += pool_frames;
    return options;
  }

  const std::vector<cv::Mat>& pictures_;
  const double rate_hz_;
  FrameMaker maker_;
  SourceInfo info_;
  Clock::time_point start_;
  std::uint64_t given_ = 0;
  std::uint64_t dropped_ = 0;
};

/// Serves JPEGs at the camera's pace; a picture that the socket has no room for waits there.
class MjpegCamera {
 public:
  MjpegCamera(const std::vector<cv::Mat>& pictures, double rate_hz)
      : rate_hz_(rate_hz),
        server_([this](const auto& client, int, const std::stop_token& stop) { serve(client, stop); }) {
    std::vector<std::uint8_t> jpeg;
    for (const cv::Mat& picture : pictures) {
      cv::imencode(".jpg", picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, 90});
      parts_.push_back(test::MjpegServer::part("b", {jpeg.begin(), jpeg.end()}));
    }
    is_ready_ = true;
  }
  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  /// Pictures whose turn came more than two intervals before they could be sent.
  [[nodiscard]] std::uint64_t late() const { return late_; }

 private:
  void serve(const test::MjpegServer::Connection& client, const std::stop_token& stop) {
    while (!is_ready_ && !stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!client.send(test::MjpegServer::header("multipart/x-mixed-replace; boundary=b"))) return;
    const auto start = Clock::now();
    for (std::uint64_t n = 0; !stop.stop_requested(); ++n) {
      std::this_thread::sleep_until(start + turn_of(n, rate_hz_));
      if (!client.send(parts_[to_and_fro(n, parts_.size())])) return;
      if (Clock::now() > start + turn_of(n + 2, rate_hz_)) ++late_;
      ++sent_;
    }
  }

  const double rate_hz_;
  std::vector<std::string> parts_;
  std::atomic<bool> is_ready_ = false;
  std::atomic<std::uint64_t> sent_ = 0;
  std::atomic<std::uint64_t> late_ = 0;
  test::MjpegServer server_;  ///< last: its thread uses the others
};

double resident_mib() {
  std::ifstream stream("/proc/self/statm");
  double total = 0.0;
  double resident = 0.0;
  stream >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

double ms(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }

void print_notices(const Session& session, std::uint64_t& last) {
  for (const Notice& notice : session.notices(last)) {
    std::printf("  notice: %s\n", notice.text.c_str());
    last = notice.id;
  }
}

void print_line(double minutes, const Session& session, Session& recorder) {
  const auto health = session.snapshot(EyeSide::right).health;
  const auto view = recorder.recording().snapshot();
  std::printf(
      "%5.1f min  %8llu frames, tracked %llu, lost before %llu, queue %llu; recorded %lld, lost %lld frames "
      "%lld "
      "pictures %lld rows; total p50 %.2f p95 %.2f p99 %.2f ms; %.1f MiB\n",
      minutes, static_cast<unsigned long long>(health.frames_captured),
      static_cast<unsigned long long>(health.frames_processed),
      static_cast<unsigned long long>(health.dropped_by_source),
      static_cast<unsigned long long>(health.dropped_by_queue), static_cast<long long>(view.frames),
      static_cast<long long>(view.frames_lost), static_cast<long long>(view.pictures_lost),
      static_cast<long long>(view.rows_lost), ms(health.total.p50), ms(health.total.p95),
      ms(health.total.p99), resident_mib());
  std::fflush(stdout);
}

int run(const Wish& wish, const std::vector<cv::Mat>& pictures) {
  std::optional<MjpegCamera> camera;
  if (wish.is_mjpeg) camera.emplace(pictures, wish.rate_hz);
  const auto session = make_session(
      {}, [&](const SourceRequest& request, EyeSide eye, const SimulationUse& use, std::size_t held) {
        if (camera) return open_source(request, eye, use, held);
        OpenedSource opened;
        opened.frames = std::make_unique<PacedSource>(pictures, wish.rate_hz, eye, held);
        const auto& info = opened.frames->info();
        opened.intrinsics = CameraIntrinsics::from_focal_length(
            wish.focal_px.value_or(std::max(info.width_px, info.height_px)), info.width_px, info.height_px);
        opened.intrinsics_origin = IntrinsicsOrigin::stated_focal_length;
        return Result<OpenedSource>(std::move(opened));
      });
  SourceRequest request;
  request.kind = camera ? SourceRequest::Kind::mjpeg_stream : SourceRequest::Kind::camera;
  request.location = camera ? camera->url() : "memory";
  request.focal_px = wish.focal_px;
  session->open_source(EyeSide::right, request);
  std::uint64_t last_notice = 0;
  if (!eventually([&] { return session->snapshot(EyeSide::right).health.frames_processed > 0; })) {
    print_notices(*session, last_notice);
    return 2;
  }
  RecordingWish recording;
  recording.name = "soak";
  recording.folder = wish.session;
  session->recording().start(recording);
  if (!eventually([&] { return session->recording().snapshot().is_recording; })) {
    print_notices(*session, last_notice);
    return 2;
  }
  std::printf("%zu pictures held, %.0f Hz, %s; %s\n", pictures.size(), wish.rate_hz,
              wish.is_mjpeg ? "JPEG over loopback" : "gray from memory",
              session->recording().snapshot().codec.c_str());
  const auto start = Clock::now();
  for (int line = 0; line <= wish.minutes; ++line) {
    // The first line after five seconds: the start of learning is in it.
    const double at_min = line == 0 ? 5.0 / 60.0 : line;
    std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(
                                              std::chrono::duration<double, std::ratio<60>>(at_min)));
    print_line(at_min, *session, *session);
    print_notices(*session, last_notice);
  }
  session->recording().stop();
  if (!eventually([&] {
        const auto view = session->recording().snapshot();
        return !view.is_recording && !view.is_finishing;
      }))
    return 2;
  const auto health = session->snapshot(EyeSide::right).health;
  const auto view = session->recording().snapshot();
  if (camera) {
    std::printf("the camera sent %llu, %llu of them late\n", static_cast<unsigned long long>(camera->sent()),
                static_cast<unsigned long long>(camera->late()));
  }
  session->close_source(EyeSide::right);
  const auto recorded = RecordedSession::open(wish.session);
  if (!recorded) {
    std::printf("%s\n", recorded.error().to_text().c_str());
    return 2;
  }
  const auto gaps = recorded->gaps();
  std::printf("session: %lld frames, %zu gaps, %.1f MB\n",
              static_cast<long long>(recorded->frame_count(0).value()), gaps ? gaps->size() : 0,
              static_cast<double>(view.bytes) / 1e6);
  const auto lost = static_cast<long long>(health.dropped_by_source + health.dropped_by_queue) +
                    view.frames_lost + view.pictures_lost + view.rows_lost;
  std::printf("lost in all: %lld\n", static_cast<long long>(lost));
  return lost == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr,
                 "usage: %s PICTURES SESSION [minutes=10] [rate_hz=120] [camera=gray|mjpeg] [focal_px=F]\n",
                 argv[0]);
    return 2;
  }
  Wish wish;
  wish.pictures = argv[1];
  wish.session = argv[2];
  for (int i = 3; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto equals = argument.find('=');
    const std::string key = argument.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (key == "minutes") wish.minutes = std::atof(value.c_str());
    if (key == "rate_hz") wish.rate_hz = std::atof(value.c_str());
    if (key == "camera") wish.is_mjpeg = value == "mjpeg";
    if (key == "focal_px") wish.focal_px = std::atof(value.c_str());
  }
  if (!std::filesystem::is_directory(wish.pictures)) {
    std::fprintf(stderr, "%s: no such folder\n", wish.pictures.c_str());
    return 2;
  }
  std::vector<cv::Mat> pictures;
  for (const auto& file : pictures_in(wish.pictures)) {
    cv::Mat picture = cv::imread(file.string(), cv::IMREAD_GRAYSCALE);
    if (!picture.empty()) pictures.push_back(std::move(picture));
  }
  if (pictures.empty()) {
    std::fprintf(stderr, "%s: no pictures\n", wish.pictures.c_str());
    return 2;
  }
  return run(wish, pictures);
}
