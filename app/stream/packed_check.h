#pragma once

#include <cstddef>
#include <string_view>

namespace yarbus {

/// Bounds of what a client may send as msgpack.
constexpr std::size_t max_packed_depth = 16;

/// Whether bytes from outside are one whole msgpack map: keys of the map are text, all text is UTF-8, nothing
/// is nested deeper than max_packed_depth, nothing is missing and nothing follows. It believes no length:
/// memory stays small whatever the bytes claim. After it unpacking takes at most some thirty times the bytes'
/// size. Threads: concurrent-safe.
bool is_packed_map(std::string_view bytes);

}  // namespace yarbus
