#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "eyemodel/types/result.h"

namespace yarbus {

/// Writes an H.264 video whose frames carry their capture times. The container follows the extension (.mp4,
/// .mkv). Threads: one owner.
class VideoWriter {
 public:
  /// Sides are rounded down to even numbers. Errors: output_unwritable, unsupported_format (extension,
  /// missing encoder).
  static Result<VideoWriter> create(const std::filesystem::path& path, int width_px, int height_px,
                                    double nominal_rate_hz);
  ~VideoWriter();
  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;

  /// `bgra`: 8 bits a channel, rows `stride_bytes` apart, at least the video's size. `time` must rise.
  Result<void> write(const std::uint8_t* bgra, std::ptrdiff_t stride_bytes, std::chrono::nanoseconds time);
  /// Ends the file: under its name if `is_complete`, else as "<name>.partial.<ext>". Returns the path it is
  /// at.
  Result<std::filesystem::path> close(bool is_complete);

 private:
  class Impl;
  explicit VideoWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
