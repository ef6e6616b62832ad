#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "eyemodel/types/result.h"

namespace yarbus {

/// The names within a session's folder.
namespace session_file {
constexpr const char* database = "session.db";
constexpr const char* lock = "session.lock";
constexpr const char* reserve = "session.reserve";  ///< room kept for the ending; gone when it has ended
constexpr const char* thumbnail = "thumbnail.png";
std::string video(int camera);  ///< "camera-0.mkv"
}  // namespace session_file

/// A folder's name for a session: the day and time (local) and the name without what file names cannot hold.
std::string session_folder_name(const std::string& session_name);

/// The right to write in a session's folder, held by one object at a time on this machine. A process that is
/// killed loses it. Threads: any, one at a time.
class SessionLock {
 public:
  /// Errors: device_busy (somebody else has it, and who), output_unwritable.
  static Result<SessionLock> take(const std::filesystem::path& folder);
  /// Whether somebody has it now. False too where nobody can tell.
  static bool is_taken(const std::filesystem::path& folder);
  ~SessionLock();
  SessionLock(SessionLock&& other) noexcept;
  SessionLock& operator=(SessionLock&&) = delete;
  SessionLock(const SessionLock&) = delete;
  SessionLock& operator=(const SessionLock&) = delete;

 private:
  explicit SessionLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

/// Some room on the disk that is given back when the disk is full, so that a session can still be ended well.
class DiskReserve {
 public:
  /// Takes it. Without room for it there is no reserve.
  DiskReserve(const std::filesystem::path& folder, std::int64_t bytes);
  ~DiskReserve();
  DiskReserve(const DiskReserve&) = delete;
  DiskReserve& operator=(const DiskReserve&) = delete;
  /// Gives it back. False: it was given back before, or never there.
  bool release();
  [[nodiscard]] bool is_held() const { return is_held_; }

 private:
  std::filesystem::path file_;
  bool is_held_ = false;
};

/// Whether it looks like a session's folder: a database or a camera's video is in it.
bool holds_session(const std::filesystem::path& folder);

/// Bytes of all files in a folder.
std::uintmax_t folder_bytes(const std::filesystem::path& folder);

}  // namespace yarbus
