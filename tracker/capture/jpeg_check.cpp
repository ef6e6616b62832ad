#include "tracker/capture/jpeg_check.h"

#include <cstddef>

namespace yarbus {
namespace {

// Markers of ITU-T T.81, table B.1, after their leading 0xFF.
constexpr std::uint8_t prefix = 0xFF;
constexpr std::uint8_t start_of_image = 0xD8;
constexpr std::uint8_t end_of_image = 0xD9;
constexpr std::uint8_t start_of_scan = 0xDA;
constexpr std::uint8_t temporary = 0x01;

/// SOF0 to SOF15 without the tables (DHT, JPG, DAC) that lie among them.
bool is_frame_header(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}
bool stands_alone(std::uint8_t marker) {
  return (marker >= 0xD0 && marker <= start_of_image) || marker == temporary;
}
bool is_padding(std::uint8_t byte) { return byte == 0 || byte == '\r' || byte == '\n' || byte == prefix; }

}  // namespace

std::optional<JpegSize> size_of_whole_jpeg(std::span<const std::uint8_t> jpeg) {
  while (!jpeg.empty() && is_padding(jpeg.back())) jpeg = jpeg.first(jpeg.size() - 1);
  const std::size_t size = jpeg.size();
  if (size < 4 || jpeg[0] != prefix || jpeg[1] != start_of_image) return std::nullopt;
  if (jpeg[size - 2] != prefix || jpeg[size - 1] != end_of_image) return std::nullopt;
  std::size_t at = 2;
  while (at + 4 <= size && jpeg[at] == prefix) {
    const std::uint8_t marker = jpeg[at + 1];
    if (marker == prefix) {  // fill byte
      ++at;
      continue;
    }
    if (stands_alone(marker)) {
      at += 2;
      continue;
    }
    if (marker == start_of_scan || marker == end_of_image) return std::nullopt;
    const auto word = [&](std::size_t i) { return jpeg[i] << 8 | jpeg[i + 1]; };
    if (is_frame_header(marker)) {
      if (at + 9 > size) return std::nullopt;
      return JpegSize{word(at + 7), word(at + 5)};
    }
    at += 2 + static_cast<std::size_t>(word(at + 2));
  }
  return std::nullopt;
}

}  // namespace yarbus
