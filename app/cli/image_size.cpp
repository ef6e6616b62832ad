#include "app/cli/image_size.h"

#include <array>
#include <charconv>
#include <string_view>

namespace yarbus::cli {
namespace {

Error wrong_size(const std::string& size) {
  return {ErrorCode::invalid_option, "it is no image size", "--size " + size,
          "Choose 160x120, vga, 720p, 1080p, 4k, or WIDTHxHEIGHT"};
}

}  // namespace

Result<std::pair<int, int>> parse_image_size(const std::string& size) {
  constexpr std::array<std::pair<std::string_view, std::pair<int, int>>, 5> names{{{"", {1280, 720}},
                                                                                   {"vga", {640, 480}},
                                                                                   {"720p", {1280, 720}},
                                                                                   {"1080p", {1920, 1080}},
                                                                                   {"4k", {3840, 2160}}}};
  for (const auto& [name, value] : names) {
    if (size == name) return value;
  }
  const auto cross = size.find('x');
  if (cross == std::string::npos) return wrong_size(size);
  std::pair<int, int> value;
  const char* const end = size.data() + size.size();
  const auto width = std::from_chars(size.data(), size.data() + cross, value.first);
  const auto height = std::from_chars(size.data() + cross + 1, end, value.second);
  if (width.ec != std::errc{} || width.ptr != size.data() + cross || height.ec != std::errc{} ||
      height.ptr != end)
    return wrong_size(size);
  return value;
}

}  // namespace yarbus::cli
