// Sessions on a disk that has damaged them. The first byte chooses the file that the rest is: the database,
// its write-ahead log beside a sound database, or the video. Reading and repairing must end with a session or
// an error, and what a repair made must be whole.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "app/recording/recorded_session.h"
#include "app/recording/repair_session.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_recorder.h"
#include "tests/fuzz/scratch_file.h"

namespace {

namespace fs = std::filesystem;

void require(bool condition) {
  if (!condition) std::abort();
}

/// A short session with three pictures, made once.
fs::path make_session() {
  static const yarbus::fuzz::ScratchFolder scratch("yarbus-fuzz-sound");
  yarbus::RecordingRequest request;
  request.folder = scratch.path() / "s";
  request.name = "sound";
  request.options.reserve_mib = 0;
  request.options.stop_free_mib = 0.0;
  yarbus::SessionCamera camera;
  camera.width_px = 32;
  camera.height_px = 24;
  camera.nominal_rate_hz = 60.0;
  camera.codec = yarbus::VideoCodec::ffv1;
  request.cameras = {camera};
  auto recorder = yarbus::SessionRecorder::start(request);
  require(static_cast<bool>(recorder));
  const std::vector<std::uint8_t> pixels(32 * 24, 90);
  for (std::uint64_t i = 0; i < 3; ++i) {
    yarbus::FrameToRecord frame;
    frame.sequence = i;
    frame.captured_at = yarbus::CaptureTime(std::chrono::milliseconds(16 * static_cast<int>(i)));
    frame.gray = yarbus::GrayView{pixels.data(), 32, 24, 32};
    (*recorder)->add_frame(frame);
  }
  require(static_cast<bool>((*recorder)->finish()));
  return request.folder;
}

void read_all(const fs::path& folder) {
  const auto session = yarbus::RecordedSession::open(folder);
  if (!session) return;
  static_cast<void>(session->analyses());
  static_cast<void>(session->gaps());
  static_cast<void>(session->calibrations());
  static_cast<void>(session->annotations());
  static_cast<void>(session->settings());
  static_cast<void>(session->count_quality());
  const auto any = [](const auto&) { return true; };
  static_cast<void>(session->read_frames({}, any));
  static_cast<void>(session->read_pupils({}, any));
  static_cast<void>(session->read_poses({}, any));
  static_cast<void>(session->read_faces({}, any));
  static_cast<void>(session->read_gaze({}, any));
  static_cast<void>(session->read_models({}, any));
  static_cast<void>(session->read_events({}, any));
  for (std::size_t i = 0; i < session->cameras().size() && i < 4; ++i)
    static_cast<void>(session->open_video(session->cameras()[i].camera));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const fs::path sound = make_session();
  static const yarbus::fuzz::ScratchFolder scratch("yarbus-fuzz-session");
  scratch.empty();
  fs::copy(sound, scratch.path(), fs::copy_options::recursive);
  const std::string database = yarbus::session_file::database;
  const std::string names[] = {database, database + "-wal", yarbus::session_file::video(0)};
  yarbus::fuzz::write(scratch.path() / names[data[0] % 3], std::span(data, size).subspan(1));
  read_all(scratch.path());
  if (yarbus::repair_session(scratch.path())) {
    require(static_cast<bool>(yarbus::RecordedSession::open(scratch.path())));
    read_all(scratch.path());
  }
  return 0;
}
