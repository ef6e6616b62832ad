#include "app/recording/session_folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace yarbus {

std::string session_file::video(int camera) { return "camera-" + std::to_string(camera) + ".mkv"; }

std::string session_folder_name(const std::string& session_name) {
  constexpr std::size_t longest = 100;
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d_%H-%M-%S", &local);
  std::string name = text.data();
  std::size_t length = std::min(longest, session_name.size());
  // Not within a character of several bytes (UTF-8).
  while (length > 0 && length < session_name.size() &&
         (static_cast<unsigned char>(session_name[length]) & 0xC0U) == 0x80U)
    --length;
  std::string words;
  for (const char c : session_name.substr(0, length)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = byte >= 0x80 || std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.';
    words += is_plain ? c : '_';
  }
  return words.empty() ? name : name + "_" + words;
}

Result<SessionLock> SessionLock::take(const std::filesystem::path& folder) {
  const auto file = folder / session_file::lock;
  SessionLock lock(::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  if (lock.descriptor_ < 0) {
    return Error{ErrorCode::output_unwritable,
                 "the session's folder cannot be written: " + std::generic_category().message(errno),
                 folder.string(), "Choose a folder that exists and that you may write to"};
  }
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    std::ifstream stream(file);
    const std::string owner{std::istreambuf_iterator<char>(stream), {}};
    return Error{ErrorCode::device_busy,
                 "the session is being written by another recording" +
                     (owner.empty() ? std::string() : " (" + owner + ")"),
                 folder.string(), "Record into another folder, or wait until that one has ended"};
  }
  const std::string owner = "process " + std::to_string(::getpid());
  if (::ftruncate(lock.descriptor_, 0) == 0)
    static_cast<void>(::pwrite(lock.descriptor_, owner.data(), owner.size(), 0) < 0);
  return lock;
}

bool SessionLock::is_taken(const std::filesystem::path& folder) {
  const int descriptor = ::open((folder / session_file::lock).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_free = ::flock(descriptor, LOCK_SH | LOCK_NB) == 0;
  const bool is_taken = !is_free && errno == EWOULDBLOCK;
  ::close(descriptor);
  return is_taken;
}

SessionLock::SessionLock(SessionLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

SessionLock::~SessionLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

DiskReserve::DiskReserve(const std::filesystem::path& folder, std::int64_t bytes)
    : file_(folder / session_file::reserve) {
  if (bytes <= 0) return;
  const int descriptor = ::open(file_.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0644);
  if (descriptor < 0) return;
  is_held_ = ::posix_fallocate(descriptor, 0, bytes) == 0;
  ::close(descriptor);
  if (!is_held_) ::unlink(file_.c_str());
}

DiskReserve::~DiskReserve() { release(); }

bool DiskReserve::release() { return std::exchange(is_held_, false) && ::unlink(file_.c_str()) == 0; }

bool holds_session(const std::filesystem::path& folder) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(folder / session_file::database, failed)) return true;
  for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const auto name = entry->path().filename().string();
    if (name.starts_with("camera-") && name.ends_with(".mkv")) return true;
  }
  return false;
}

std::uintmax_t folder_bytes(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code unknown;
    const auto size = entry->is_regular_file(unknown) ? entry->file_size(unknown) : 0;
    if (!unknown) bytes += size;
  }
  return bytes;
}

}  // namespace yarbus
