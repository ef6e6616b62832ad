#include "tracker/pupil/gray_plane.h"

#include <algorithm>
#include <cstring>

namespace yarbus {

void GrayPlane::reduce(GrayView source, int factor) {
  YARBUS_CHECK_OP(factor, >=, 1);
  factor_ = factor;
  const int width = source.width_px / factor;
  const int height = source.height_px / factor;
  image_.resize(width, height);
  if (factor == 1) {
    for (int y = 0; y < height; ++y)
      std::memcpy(image_.row(y), source.row(y), static_cast<std::size_t>(width));
    return;
  }
  column_sums_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(factor));
  const std::uint32_t area = static_cast<std::uint32_t>(factor) * static_cast<std::uint32_t>(factor);
  for (int y = 0; y < height; ++y) {
    std::fill(column_sums_.begin(), column_sums_.end(), 0U);
    for (int k = 0; k < factor; ++k) {
      const std::uint8_t* in = source.row(y * factor + k);
      for (std::size_t x = 0; x < column_sums_.size(); ++x) column_sums_[x] += in[x];
    }
    std::uint8_t* out = image_.row(y);
    const std::uint32_t* sums = column_sums_.data();
    for (int x = 0; x < width; ++x, sums += factor) {
      std::uint32_t sum = area / 2;
      for (int k = 0; k < factor; ++k) sum += sums[k];
      out[x] = static_cast<std::uint8_t>(sum / area);
    }
  }
}

void GrayPlane::smooth() {
  const int width = image_.width_px();
  const int height = image_.height_px();
  scratch_.resize(width, height);
  column_sums_.resize(static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* above = image_.row(std::max(y - 1, 0));
    const std::uint8_t* here = image_.row(y);
    const std::uint8_t* below = image_.row(std::min(y + 1, height - 1));
    std::uint32_t* sums = column_sums_.data();
    for (int x = 0; x < width; ++x) sums[x] = above[x] + 2U * here[x] + below[x];
    std::uint8_t* out = scratch_.row(y);
    for (int x = 1; x + 1 < width; ++x)
      out[x] = static_cast<std::uint8_t>((sums[x - 1] + 2 * sums[x] + sums[x + 1] + 8) >> 4);
    out[0] = static_cast<std::uint8_t>((3 * sums[0] + sums[std::min(1, width - 1)] + 8) >> 4);
    out[width - 1] = static_cast<std::uint8_t>((3 * sums[width - 1] + sums[std::max(0, width - 2)] + 8) >> 4);
  }
  std::swap(image_, scratch_);
}

namespace {

/// Running minimum or maximum over 2 * reach + 1 neighbours along rows, then along columns.
template <class Pick>
void filter_square(GrayImage& image, GrayImage& scratch, int reach, Pick pick) {
  const int width = image.width_px();
  const int height = image.height_px();
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* in = image.row(y);
    std::uint8_t* out = scratch.row(y);
    for (int x = 0; x < width; ++x) {
      std::uint8_t value = in[x];
      for (int k = std::max(0, x - reach); k <= std::min(width - 1, x + reach); ++k)
        value = pick(value, in[k]);
      out[x] = value;
    }
  }
  for (int y = 0; y < height; ++y) {
    std::uint8_t* out = image.row(y);
    std::memcpy(out, scratch.row(y), static_cast<std::size_t>(width));
    for (int k = std::max(0, y - reach); k <= std::min(height - 1, y + reach); ++k) {
      const std::uint8_t* in = scratch.row(k);
      for (int x = 0; x < width; ++x) out[x] = pick(out[x], in[x]);
    }
  }
}

}  // namespace

void GrayPlane::suppress_bright_specks(int reach) {
  scratch_.resize(image_.width_px(), image_.height_px());
  filter_square(image_, scratch_, reach, [](std::uint8_t a, std::uint8_t b) { return a < b ? a : b; });
  filter_square(image_, scratch_, reach, [](std::uint8_t a, std::uint8_t b) { return a > b ? a : b; });
}

}  // namespace yarbus
