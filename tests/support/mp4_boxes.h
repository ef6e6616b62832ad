#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace yarbus::test {

inline std::string big_endian(std::initializer_list<std::uint32_t> numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFFU);
  return bytes;
}

inline std::uint32_t big_endian_32(std::string_view bytes, std::size_t at) {
  if (at + 4 > bytes.size()) throw std::runtime_error("the box is shorter than that");
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8U | static_cast<std::uint8_t>(bytes[at + i]);
  return number;
}

/// New payload for a box that is no container of boxes; unchanged if it returns what it was given.
using BoxEdit = std::function<std::string(std::string_view type, std::string payload)>;

inline std::string edited_boxes(std::string_view boxes, const BoxEdit& edit) {
  static const std::set<std::string_view> containers{"moov", "trak", "edts", "mdia", "minf", "stbl"};
  std::string result;
  while (!boxes.empty()) {
    const std::size_t size = big_endian_32(boxes, 0);
    if (size < 8 || size > boxes.size()) throw std::runtime_error("not a box of a 32-bit size");
    const auto type = boxes.substr(4, 4);
    const auto payload = boxes.substr(8, size - 8);
    const std::string changed =
        containers.contains(type) ? edited_boxes(payload, edit) : edit(type, std::string(payload));
    result += big_endian({static_cast<std::uint32_t>(changed.size() + 8)});
    result += type;
    result += changed;
    boxes.remove_prefix(size);
  }
  return result;
}

/// Edits the boxes of an MP4 file whose media data come before its index, so that no offset moves.
inline void edit_mp4(const std::filesystem::path& path, const BoxEdit& edit) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (bytes.find("mdat") > bytes.find("moov")) throw std::runtime_error("the index comes first");
  const std::string changed = edited_boxes(bytes, edit);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << changed;
}

}  // namespace yarbus::test
