#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "eyemodel/types/check.h"

namespace yarbus {

/// Non-owning view of 8-bit gray pixels; (0,0) is the top-left pixel, rows `stride_bytes` apart.
struct GrayView {
  const std::uint8_t* data = nullptr;
  int width_px = 0;
  int height_px = 0;
  std::ptrdiff_t stride_bytes = 0;

  [[nodiscard]] bool empty() const { return data == nullptr || width_px <= 0 || height_px <= 0; }
  [[nodiscard]] const std::uint8_t* row(int y) const { return data + y * stride_bytes; }
  [[nodiscard]] std::uint8_t at(int x, int y) const { return row(y)[x]; }
  [[nodiscard]] bool contains(int x, int y) const {
    return x >= 0 && y >= 0 && x < width_px && y < height_px;
  }
};

/// Owning 8-bit gray image with contiguous rows (stride = width). Resizing keeps the memory it has.
class GrayImage {
 public:
  GrayImage() = default;
  GrayImage(int width_px, int height_px) { resize(width_px, height_px); }

  /// Allocates only when the image grows past what it ever held.
  void resize(int width_px, int height_px) {
    YARBUS_CHECK_OP(width_px, >=, 0);
    YARBUS_CHECK_OP(height_px, >=, 0);
    width_px_ = width_px;
    height_px_ = height_px;
    pixels_.resize(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px));
  }
  [[nodiscard]] int width_px() const { return width_px_; }
  [[nodiscard]] int height_px() const { return height_px_; }
  [[nodiscard]] std::uint8_t* data() { return pixels_.data(); }
  [[nodiscard]] const std::uint8_t* data() const { return pixels_.data(); }
  [[nodiscard]] std::uint8_t* row(int y) { return data() + static_cast<std::ptrdiff_t>(y) * width_px_; }
  [[nodiscard]] GrayView view() const { return {data(), width_px_, height_px_, width_px_}; }

 private:
  int width_px_ = 0;
  int height_px_ = 0;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace yarbus
