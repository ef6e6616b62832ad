#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/recording/session_folder.h"
#include "app/recording/session_list.h"

namespace yarbus {
namespace {

namespace fs = std::filesystem;

/// A path as in a .trashinfo file: as in a URL, the slashes left.
std::string escaped(const std::string& path) {
  std::string text;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '/' || c == '-' || c == '_' || c == '.' || c == '~') {
      text += c;
    } else {
      std::array<char, 4> code{};
      std::snprintf(code.data(), code.size(), "%%%02X", byte);
      text += code.data();
    }
  }
  return text;
}

std::optional<dev_t> device_of(const fs::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return facts.st_dev;
}

fs::path home_trash() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
    return fs::path(data) / "Trash";
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? fs::path(home) / ".local/share/Trash" : fs::path();
}

/// The folder itself or the nearest one above it that exists.
fs::path existing(fs::path folder) {
  std::error_code failed;
  while (!fs::exists(folder, failed) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

struct Trash {
  fs::path folder;
  fs::path top;  ///< paths in it are told relative to this one; empty: whole
};

/// The trash of the file system that `session` is on.
std::optional<Trash> trash_for(const fs::path& session) {
  const auto device = device_of(session);
  if (!device) return std::nullopt;
  const auto home = home_trash();
  if (!home.empty() && device_of(existing(home)) == device) return Trash{home, {}};
  fs::path top = session.parent_path();
  while (top.has_relative_path() && device_of(top.parent_path()) == device) top = top.parent_path();
  return Trash{top / (".Trash-" + std::to_string(::getuid())), top};
}

Error no_trash(const fs::path& folder, const std::string& why) {
  return {ErrorCode::output_unwritable, "the session cannot be moved to the trash: " + why, folder.string(),
          "Move or delete the folder yourself"};
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &local);
  return text.data();
}

}  // namespace

Result<fs::path> move_session_to_trash(const fs::path& folder) {
  std::error_code failed;
  const auto session = fs::canonical(folder, failed);
  if (failed || !fs::is_directory(session, failed)) {
    return Error{ErrorCode::input_missing, "there is no such session", folder.string(),
                 "Choose the folder that a session was recorded into"};
  }
  if (!holds_session(session)) {
    return Error{ErrorCode::input_missing, "the folder holds no session: it stays where it is",
                 folder.string(), "Choose the folder that a session was recorded into"};
  }
  {
    // Whoever has the lock records, repairs or analyses.
    const auto lock = SessionLock::take(session);
    if (!lock && lock.error().code == ErrorCode::device_busy) return lock.error();
  }
  const auto trash = trash_for(session);
  if (!trash) return no_trash(session, "its disk is unknown");
  fs::create_directories(trash->folder / "files", failed);
  if (!failed) fs::create_directories(trash->folder / "info", failed);
  if (failed) return no_trash(session, failed.message());
  if (!trash->top.empty()) ::chmod(trash->folder.c_str(), S_IRWXU);
  // The name is taken by making its .trashinfo, which nobody else can then make.
  const std::string wanted = session.filename().string();
  std::string name = wanted;
  fs::path info;
  int descriptor = -1;
  for (int number = 2; descriptor < 0; ++number) {
    info = trash->folder / "info" / (name + ".trashinfo");
    descriptor = ::open(info.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno != EEXIST) return no_trash(session, "its trash cannot be written");
    if (descriptor < 0) name = wanted + "." + std::to_string(number);
  }
  ::close(descriptor);
  const std::string told =
      trash->top.empty() ? session.string() : session.lexically_relative(trash->top).string();
  std::ofstream stream(info);
  stream << "[Trash Info]\nPath=" << escaped(told) << "\nDeletionDate=" << now_text() << "\n";
  stream.close();
  const auto target = trash->folder / "files" / name;
  if (stream) {
    fs::rename(session, target, failed);
  } else {
    failed = std::make_error_code(std::errc::io_error);
  }
  if (failed) {
    std::error_code ignored;
    fs::remove(info, ignored);
    return no_trash(session, failed.message());
  }
  return target;
}

}  // namespace yarbus
