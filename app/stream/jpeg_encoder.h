#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "eyemodel/types/image.h"

namespace yarbus {

/// Gray images as JPEG. The bytes live until the next call.
/// Errors: nullopt for an empty image or one beyond what JPEG holds (65500 px). Threads: one owner.
/// Cost: about 1 ms for 640 x 480; its memory grows to the largest image it was given and stays.
class JpegEncoder {
 public:
  JpegEncoder() = default;
  ~JpegEncoder();
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  /// `quality` 1..100.
  std::optional<std::span<const std::uint8_t>> encode(const GrayView& image, int quality);

 private:
  unsigned char* buffer_ = nullptr;  ///< malloc'd: libjpeg replaces it when it is too small
  unsigned long capacity_ = 0;
};

}  // namespace yarbus
