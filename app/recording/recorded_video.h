#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "app/recording/session_info.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// A picture that a recorded video has: which frame it is, and when.
struct VideoPicture {
  std::int64_t frame = 0;
  CaptureTime captured_at{};
  std::int64_t pts = 0;
};

/// The pictures of one camera, decoded as gray and turned as they were tracked. Seeking is exact.
/// Cost of a step: one decode; of a seek: one decode, with `h264` up to half a second of them.
/// Threads: one owner.
class RecordedVideo {
 public:
  /// `pictures` by rising pts; without any they are what the file itself says, numbered from 0 and timed from
  /// the video's own start. Errors: input_missing, input_unreadable.
  static Result<RecordedVideo> open(const std::filesystem::path& file, const SessionCamera& camera,
                                    std::vector<VideoPicture> pictures);
  ~RecordedVideo();
  RecordedVideo(RecordedVideo&&) noexcept;
  RecordedVideo& operator=(RecordedVideo&&) noexcept;

  [[nodiscard]] const std::vector<VideoPicture>& pictures() const;
  /// The place in pictures() of that frame; nullopt if it has no picture.
  [[nodiscard]] std::optional<std::size_t> find_frame(std::int64_t frame) const;
  /// The last picture at or before that time; the first one for an earlier time. Nullopt: there is none.
  [[nodiscard]] std::optional<std::size_t> find_time(CaptureTime at) const;

  /// Decodes picture `index` of pictures() into `image`, which keeps its memory. The next one is a step,
  /// any other a seek. Errors: invalid_option (no such index), input_truncated (its packet is not in the
  /// file), input_unreadable (it cannot be decoded).
  Result<void> read(std::size_t index, GrayImage& image);

 private:
  class Impl;
  explicit RecordedVideo(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
