#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace yarbus {

/// Where the values of a JSON text stand, for messages about it. Names are JSON pointers: "/tasks/2/seconds".
struct JsonLines {
  std::map<std::string, int> line_of;  ///< 1-based; of a key where there is one, else of the value
  std::vector<std::string> repeated;   ///< keys that an object has twice
};

/// `text` must be valid JSON. Cost: one pass.
JsonLines find_json_lines(std::string_view text);

/// The line that holds this byte, 1-based.
int line_at(std::string_view text, std::size_t byte);

}  // namespace yarbus
