#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "app/recording/session_head.h"
#include "app/recording/session_info.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"

struct AVCodecParameters;
struct AVPacket;

namespace yarbus {

/// Encodes gray images on the calling thread alone. All codecs but `h264` keep every gray level.
/// `h264` and `h264_lossless` have a picture that stands by itself at least every half second, the others
/// have nothing else; none reorders pictures or holds one back. Threads: one owner.
class FrameEncoder {
 public:
  using TakePacket = std::function<Result<void>(AVPacket& packet)>;

  /// Errors: unsupported_format (libavcodec lacks the encoder, or it refuses the size), invalid_option
  /// (camera_mjpeg: that one is the camera's).
  static Result<FrameEncoder> create(VideoCodec codec, int width_px, int height_px, double rate_hz,
                                     const VideoTimeBase& time_base);
  ~FrameEncoder();
  FrameEncoder(FrameEncoder&&) noexcept;
  FrameEncoder& operator=(FrameEncoder&&) noexcept;

  /// `image` of the encoder's size; `pts` must rise.
  Result<void> encode(const GrayView& image, std::int64_t pts, const TakePacket& take);
  /// The end: whatever is still inside.
  Result<void> finish(const TakePacket& take);
  void describe(AVCodecParameters& parameters) const;

 private:
  class Impl;
  explicit FrameEncoder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
