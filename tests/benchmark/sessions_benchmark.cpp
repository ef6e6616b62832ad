// What recording costs on this machine: each codec a 640 x 480 frame, the database a row, and the queue while
// frames come at 120 a second. Prints tables.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "app/recording/codec_choice.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_recorder.h"
#include "app/recording/session_writer.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace yarbus;
using namespace std::chrono_literals;

double ms(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }

void measure_codecs() {
  std::printf("codec            write ms   read ms   kB/frame   (640x480, one core; median of 100)\n");
  for (const VideoCodec codec :
       {VideoCodec::ffv1, VideoCodec::h264_lossless, VideoCodec::ut_video, VideoCodec::h264}) {
    const auto cost = measure_codec(codec, 640, 480, 120.0, 100);
    if (!cost) continue;
    std::printf("%-16s %8.2f %9.2f %10.1f\n", std::string(to_string(codec)).c_str(), ms(cost->encoding),
                ms(cost->decoding), cost->bytes_per_frame / 1000.0);
  }
  for (const double rate : {30.0, 60.0, 120.0, 200.0}) {
    const auto start = std::chrono::steady_clock::now();
    const auto choice = choose_lossless_codec(640, 480, rate, 1);
    if (choice) {
      std::printf("at %3.0f Hz: %s (measured in %.0f ms)\n", rate, choice->reason.c_str(),
                  ms(std::chrono::steady_clock::now() - start));
    }
  }
}

void measure_rows() {
  const test::TemporaryFolder folder;
  auto writer = SessionWriter::create(folder / session_file::database);
  if (!writer) return;
  const auto measure = [&](const char* name, const auto& make) {
    constexpr int rows_each = 200;
    constexpr int transactions = 100;
    std::vector<SessionRow> rows;
    const auto start = std::chrono::steady_clock::now();
    std::chrono::nanoseconds longest{};
    for (int i = 0; i < transactions; ++i) {
      rows.clear();
      for (int j = 0; j < rows_each; ++j) rows.push_back(make(i * rows_each + j));
      const auto begun = std::chrono::steady_clock::now();
      if (!writer->insert_all(rows)) return;
      longest = std::max(longest, std::chrono::nanoseconds(std::chrono::steady_clock::now() - begun));
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%-8s %9.0f rows/s   longest transaction of %d rows %.1f ms\n", name,
                transactions * rows_each / seconds, rows_each, ms(longest));
  };
  std::printf("\ndatabase, synced with every transaction\n");
  measure("frames", [](int i) {
    return FrameRow{0, i, test::example_time(i), {}, test::example_time(i), test::example_time(i), 0, i};
  });
  measure("pupils", [](int i) { return test::example_pupil(0, i, test::example_time(i)); });
  measure("poses", [](int i) {
    PoseRow row;
    row.frame = i;
    row.captured_at = test::example_time(i);
    row.pose.uncertainty.emplace();
    return row;
  });
  measure("faces", [](int i) {
    FaceRow row;
    row.frame = i;
    row.captured_at = test::example_time(i);
    row.head.emplace();
    row.eyes = {FaceEyeRow{}, FaceEyeRow{}};
    return row;
  });
  measure("gaze", [](int i) {
    GazeRow row;
    row.frame = i;
    row.captured_at = test::example_time(i);
    return row;
  });
}

void measure_recording(VideoCodec codec, double seconds) {
  constexpr double rate_hz = 120.0;
  const test::TemporaryFolder folder;
  auto request = test::example_request(folder / "s");
  request.cameras[0] = test::example_camera(640, 480);
  request.cameras[0].codec = codec;
  auto recorder = SessionRecorder::start(request);
  if (!recorder) return;
  std::vector<GrayImage> images(16, GrayImage(640, 480));
  for (std::size_t i = 0; i < images.size(); ++i) draw_probe_image(static_cast<int>(i), images[i]);
  const auto start = std::chrono::steady_clock::now();
  const auto frames = static_cast<std::int64_t>(seconds * rate_hz);
  std::vector<std::chrono::nanoseconds> costs;
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    std::this_thread::sleep_until(start +
                                  std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 * frame / rate_hz)));
    const CaptureTime at = std::chrono::steady_clock::now().time_since_epoch();
    const auto before = std::chrono::steady_clock::now();
    (*recorder)->add_frame({0,
                            static_cast<std::uint64_t>(frame),
                            at,
                            {},
                            images[static_cast<std::size_t>(frame) % images.size()].view(),
                            {}});
    costs.emplace_back(std::chrono::steady_clock::now() - before);
    (*recorder)->add(test::example_pupil(0, frame, at));
    PoseRow pose;
    pose.frame = frame;
    pose.captured_at = at;
    (*recorder)->add(pose);
  }
  const auto closing = std::chrono::steady_clock::now();
  const auto ended = (*recorder)->finish();
  if (!ended) return;
  std::sort(costs.begin(), costs.end());
  const auto& camera = ended->cameras[0];
  std::printf(
      "%-16s most pictures waiting %zu of %zu, most rows %zu; lost %lld frames, %lld pictures; add_frame "
      "%.3f ms "
      "median, %.3f ms p99; %.1f MB; ended in %.0f ms\n",
      std::string(to_string(codec)).c_str(), ended->most_queue_pictures, ended->queue_pictures_capacity,
      ended->most_queue_rows, static_cast<long long>(camera.frames_lost),
      static_cast<long long>(camera.pictures_lost), ms(costs[costs.size() / 2]),
      ms(costs[costs.size() * 99 / 100]), static_cast<double>(ended->bytes) / 1e6,
      ms(std::chrono::steady_clock::now() - closing));
}

}  // namespace

int main() {
  measure_codecs();
  measure_rows();
  std::printf("\nrecording 640x480 at 120 Hz for 20 s\n");
  for (const VideoCodec codec :
       {VideoCodec::ffv1, VideoCodec::h264_lossless, VideoCodec::ut_video, VideoCodec::h264})
    measure_recording(codec, 20.0);
  return 0;
}
