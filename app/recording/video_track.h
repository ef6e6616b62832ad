#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "app/recording/file_sink.h"
#include "app/recording/session_head.h"
#include "app/recording/session_info.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Writes one camera's pictures into a Matroska file, each with its capture time, in clusters of at most half
/// a second. Facts that a reader needs are in the file too (tags), so that it can be read by itself.
/// Threads: one owner.
class VideoTrack {
 public:
  struct Surroundings {
    std::function<void()> before_write;  ///< as FileSink's
    std::function<bool()> make_room;
    CaptureTime started_at{};
  };
  /// `camera.codec` says how; `camera.video_file` is the name in `folder`. Errors: as FrameEncoder::create(),
  /// output_unwritable.
  static Result<VideoTrack> create(const std::filesystem::path& folder, const SessionCamera& camera,
                                   const Surroundings& surroundings);
  ~VideoTrack();
  VideoTrack(VideoTrack&&) noexcept;
  VideoTrack& operator=(VideoTrack&&) noexcept;

  [[nodiscard]] VideoTimeBase time_base() const;
  /// Encodes and writes. Returns the presentation time it got: the tick of `since_start`, or the next free
  /// one. Errors: output_unwritable (and for ever after), invalid_option (another size).
  Result<std::int64_t> write(const GrayView& image, std::chrono::nanoseconds since_start);
  /// The same for a JPEG picture of the camera's. Errors: also input_unreadable (it is no JPEG).
  Result<std::int64_t> write_jpeg(std::span<const std::uint8_t> jpeg, std::chrono::nanoseconds since_start);
  /// Hands what was written to the system; `sync`: waits until the disk has it.
  Result<void> flush(bool sync);
  /// Ends the file: its index and duration are written.
  Result<void> finish();
  [[nodiscard]] std::int64_t bytes() const;

 private:
  class Impl;
  explicit VideoTrack(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
