#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "app/recording/session_recorder.h"

namespace yarbus {

/// Room on the disk that a session is written to: warns when it gets little, and says when to end.
/// Threads: one owner.
class DiskWatch {
 public:
  /// `free_bytes`: how it is asked for; empty: of the file system.
  DiskWatch(std::filesystem::path folder, const RecordingOptions& options,
            std::function<std::uintmax_t(const std::filesystem::path&)> free_bytes,
            std::chrono::steady_clock::time_point began);

  /// Whether so much was written since the last look that the least room could soon be used up: a disk may
  /// fill faster than commits come by the clock.
  [[nodiscard]] bool wants_look(std::uintmax_t video_bytes) const;
  /// Asks for the room. Returns why the recording must end; empty: it need not.
  std::string look(std::chrono::steady_clock::time_point now, std::uintmax_t video_bytes);

  [[nodiscard]] std::uintmax_t free_bytes() const { return free_bytes_; }  ///< at the last look
  [[nodiscard]] const std::string& warning() const { return warning_; }    ///< in words; empty: room enough

 private:
  std::filesystem::path folder_;
  double warn_free_mib_;
  double stop_free_mib_;
  std::function<std::uintmax_t(const std::filesystem::path&)> ask_;
  std::chrono::steady_clock::time_point began_;
  std::uintmax_t free_bytes_ = 0;
  std::uintmax_t video_bytes_at_look_ = 0;
  std::string warning_;
};

}  // namespace yarbus
