// Sessions on a disk that has damaged them. The first byte chooses what the rest is: the database, its
// write-ahead log beside a sound database, the video, or numbers that a sound database is changed to. Reading
// and repairing must end with a session or an error, and what a repair made must be whole.

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "app/recording/recorded_session.h"
#include "app/recording/repair_session.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_recorder.h"
#include "app/recording/sql_database.h"
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

/// Each ten bytes: a number of a table, a row, and what it becomes.
void change_numbers(const fs::path& folder, std::span<const std::uint8_t> bytes) {
  struct Place {
    const char* table;
    const char* column;
  };
  constexpr std::array<Place, 22> places{{{"session", "started_at_ns"}, {"session", "duration_ns"},
                                          {"session", "frames"},        {"session", "screen_width_px"},
                                          {"cameras", "camera"},        {"cameras", "width_px"},
                                          {"cameras", "height_px"},     {"cameras", "nominal_rate_hz"},
                                          {"cameras", "rotate_deg"},    {"cameras", "time_base_num"},
                                          {"cameras", "time_base_den"}, {"cameras", "video_file"},
                                          {"cameras", "codec"},         {"frames", "frame"},
                                          {"frames", "camera"},         {"frames", "captured_at_ns"},
                                          {"frames", "arrived_at_ns"},  {"frames", "lost_before"},
                                          {"frames", "video_pts"},      {"analyses", "analysis"},
                                          {"gaps", "frames_lost"},      {"session", "started_at_wall_ns"}}};
  auto database =
      yarbus::SqlDatabase::open(folder / yarbus::session_file::database, yarbus::SqlDatabase::Access::write);
  require(static_cast<bool>(database));
  static_cast<void>(database->execute("UPDATE session SET end = 'unfinished'"));
  for (; bytes.size() >= 10; bytes = bytes.subspan(10)) {
    const Place& place = places[bytes[0] % places.size()];
    std::int64_t value = 0;
    std::memcpy(&value, bytes.data() + 2, sizeof(value));
    // What the table does not allow it refuses.
    static_cast<void>(database->execute(std::string("UPDATE ") + place.table + " SET " + place.column +
                                        " = " + std::to_string(value) +
                                        " WHERE rowid = " + std::to_string(bytes[1] % 4)));
  }
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
  const std::span bytes = std::span(data, size).subspan(1);
  if (const int kind = data[0] % 4; kind == 3) {
    change_numbers(scratch.path(), bytes);
  } else {
    yarbus::fuzz::write(scratch.path() / names[kind], bytes);
  }
  read_all(scratch.path());
  if (yarbus::repair_session(scratch.path())) {
    require(static_cast<bool>(yarbus::RecordedSession::open(scratch.path())));
    read_all(scratch.path());
  }
  return 0;
}
