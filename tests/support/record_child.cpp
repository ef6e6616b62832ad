// Records an example session in a process of its own, so that it can be killed or given a small disk.
// usage: record_child folder=F [counters=F] [codec=C] [frames=N] [paced=0|1] [video=0|1] [file_limit=BYTES]
//        [reserve_mib=N] [stop_free_mib=N]
// Prints what became of it as one line of JSON.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/recording/session_recorder.h"
#include "tests/support/example_jpeg.h"
#include "tests/support/example_session.h"
#include "tests/support/record_child_counters.h"

namespace {

using namespace yarbus;
using yarbus::test::RecordChildCounters;

constexpr double rate_hz = 120.0;

std::map<std::string, std::string> arguments_of(int argc, char** argv) {
  std::map<std::string, std::string> arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto equals = argument.find('=');
    if (equals != std::string::npos) arguments[argument.substr(0, equals)] = argument.substr(equals + 1);
  }
  return arguments;
}

long number_of(const std::map<std::string, std::string>& arguments, const std::string& key, long otherwise) {
  const auto found = arguments.find(key);
  return found == arguments.end() ? otherwise : std::strtol(found->second.c_str(), nullptr, 10);
}

VideoCodec codec_of(const std::string& name) {
  for (const VideoCodec codec : {VideoCodec::camera_mjpeg, VideoCodec::ffv1, VideoCodec::ut_video,
                                 VideoCodec::h264_lossless, VideoCodec::h264}) {
    if (name == to_string(codec)) return codec;
  }
  return VideoCodec::ut_video;
}

RecordChildCounters* map_counters(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR);
  if (descriptor < 0) return nullptr;
  void* memory =
      ::mmap(nullptr, sizeof(RecordChildCounters), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<RecordChildCounters*>(memory);
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = arguments_of(argc, argv);
  if (const long limit = number_of(arguments, "file_limit", 0); limit > 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit bytes{static_cast<rlim_t>(limit), static_cast<rlim_t>(limit)};
    if (::setrlimit(RLIMIT_FSIZE, &bytes) != 0) return 2;
  }
  RecordChildCounters own;
  RecordChildCounters* counters = &own;
  if (arguments.contains("counters")) counters = map_counters(arguments.at("counters"));
  if (counters == nullptr) return 2;

  auto request = test::example_request(arguments.at("folder"));
  if (arguments.contains("codec")) request.cameras[0].codec = codec_of(arguments.at("codec"));
  request.options.with_video = number_of(arguments, "video", 1) != 0;
  request.options.reserve_mib = static_cast<int>(number_of(arguments, "reserve_mib", 1));
  const long stop_free_mib = number_of(arguments, "stop_free_mib", -1);
  if (stop_free_mib >= 0) {
    request.options.stop_free_mib = static_cast<double>(stop_free_mib);
    request.options.warn_free_mib = 0.0;
    request.hooks.free_bytes = {};
  }
  auto recorder = SessionRecorder::start(request);
  if (!recorder) {
    std::fprintf(stderr, "%s\n", recorder.error().to_text().c_str());
    return 3;
  }
  const long frames = number_of(arguments, "frames", 1'000'000);
  const bool is_paced = number_of(arguments, "paced", 1) != 0;
  GrayImage image(160, 120);
  std::vector<std::uint8_t> jpeg;
  const bool gives_jpeg = request.cameras[0].codec == VideoCodec::camera_mjpeg;
  auto next = std::chrono::steady_clock::now();
  for (long frame = 0; frame < frames && (*recorder)->snapshot().is_recording; ++frame) {
    CaptureTime at = test::example_time(frame);
    if (is_paced) {
      std::this_thread::sleep_until(next);
      next += std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / rate_hz));
      at = std::chrono::steady_clock::now().time_since_epoch();
    } else {
      while ((*recorder)->snapshot().queue_rows > 50 && (*recorder)->snapshot().is_recording)
        std::this_thread::yield();
    }
    test::draw_example_frame(frame, image);
    if (gives_jpeg) jpeg = test::example_jpeg(frame, image.width_px(), image.height_px());
    (*recorder)->add_frame({0, static_cast<std::uint64_t>(frame), at, {}, image.view(), jpeg});
    counters->last_captured_ns = at.count();
    counters->frames = frame + 1;
    (*recorder)->add(test::example_pupil(0, frame, at));
    counters->pupils = frame + 1;
  }
  const auto ended = (*recorder)->finish();
  const auto figures = ended ? *ended : (*recorder)->snapshot();
  const auto& camera = figures.cameras.at(0);
  std::printf(
      "{\"ok\":%s,\"end\":\"%s\",\"submitted\":%lld,\"frames\":%lld,\"pictures\":%lld,\"frames_lost\":%lld,"
      "\"pictures_lost\":%lld,\"rows\":%lld,\"rows_lost\":%lld}\n",
      ended ? "true" : "false", std::string(to_string(figures.end)).c_str(),
      static_cast<long long>(counters->frames.load()), static_cast<long long>(camera.frames),
      static_cast<long long>(camera.pictures), static_cast<long long>(camera.frames_lost),
      static_cast<long long>(camera.pictures_lost), static_cast<long long>(figures.rows),
      static_cast<long long>(figures.rows_lost));
  return 0;
}
