#include "app/recording/disk_watch.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <system_error>
#include <utility>

namespace yarbus {
namespace {

constexpr double bytes_a_mib = 1024.0 * 1024.0;

}  // namespace

DiskWatch::DiskWatch(std::filesystem::path folder, const RecordingOptions& options,
                     std::function<std::uintmax_t(const std::filesystem::path&)> free_bytes,
                     std::chrono::steady_clock::time_point began)
    : folder_(std::move(folder)),
      warn_free_mib_(options.warn_free_mib),
      stop_free_mib_(options.stop_free_mib),
      ask_(std::move(free_bytes)),
      began_(began) {}

bool DiskWatch::wants_look(std::uintmax_t video_bytes) const {
  const double since_look_mib = static_cast<double>(video_bytes - video_bytes_at_look_) / bytes_a_mib;
  return stop_free_mib_ > 0.0 && since_look_mib > stop_free_mib_ / 4.0;
}

std::string DiskWatch::look(std::chrono::steady_clock::time_point now, std::uintmax_t video_bytes) {
  video_bytes_at_look_ = video_bytes;
  if (ask_) {
    free_bytes_ = ask_(folder_);
  } else {
    std::error_code failed;
    const auto space = std::filesystem::space(folder_, failed);
    if (failed) return {};
    free_bytes_ = space.available;
  }
  warning_.clear();
  const double free_mib = static_cast<double>(free_bytes_) / bytes_a_mib;
  std::array<char, 160> text{};
  if (free_mib < stop_free_mib_) {
    std::snprintf(text.data(), text.size(), "only %.0f MiB were left on the disk", free_mib);
    return text.data();
  }
  if (free_mib >= warn_free_mib_) return {};
  const double written_mib = static_cast<double>(video_bytes) / bytes_a_mib;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  const double minutes = written_mib > 0.0 ? (free_mib - stop_free_mib_) / written_mib * seconds / 60.0 : 0.0;
  if (minutes > 0.0) {
    std::snprintf(text.data(), text.size(), "%.0f MiB are left on the disk: about %.0f minutes of recording",
                  free_mib, std::floor(minutes));
  } else {
    std::snprintf(text.data(), text.size(), "%.0f MiB are left on the disk", free_mib);
  }
  warning_ = text.data();
  return {};
}

}  // namespace yarbus
