#include "app/stream/jpeg_encoder.h"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

namespace yarbus {
namespace {

/// libjpeg reports errors by a jump; nothing with a destructor lives between it and its target.
struct JumpingErrors {
  jpeg_error_mgr base;
  std::jmp_buf target;
};

void jump_out(j_common_ptr info) {
  std::longjmp(reinterpret_cast<JumpingErrors*>(info->err)->target, 1);  // NOLINT(cert-err52-cpp)
}

void say_nothing(j_common_ptr) {}

bool compress(const GrayView& image, int quality, unsigned char** out, unsigned long* size) {
  jpeg_compress_struct info{};
  JumpingErrors errors{};
  info.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = jump_out;
  errors.base.output_message = say_nothing;
  if (setjmp(errors.target) != 0) {  // NOLINT(cert-err52-cpp)
    jpeg_destroy_compress(&info);
    return false;
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, out, size);
  info.image_width = static_cast<JDIMENSION>(image.width_px);
  info.image_height = static_cast<JDIMENSION>(image.height_px);
  info.input_components = 1;
  info.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  info.dct_method = JDCT_IFAST;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<JSAMPROW>(image.row(static_cast<int>(info.next_scanline)));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return true;
}

}  // namespace

JpegEncoder::~JpegEncoder() { std::free(buffer_); }

std::optional<std::span<const std::uint8_t>> JpegEncoder::encode(const GrayView& image, int quality) {
  if (image.empty()) return std::nullopt;
  unsigned char* bytes = buffer_;
  unsigned long size = capacity_;
  const bool is_done = compress(image, quality, &bytes, &size);
  if (!is_done) return std::nullopt;
  if (bytes != buffer_) {  // it did not fit: libjpeg has left the old one to us
    std::free(buffer_);
    buffer_ = bytes;
    capacity_ = size;
  }
  return std::span<const std::uint8_t>(buffer_, size);
}

}  // namespace yarbus
