#pragma once

#include <string>
#include <string_view>

namespace yarbus {

/// Whether text is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// The same text with U+FFFD in place of each byte that is not part of well-formed UTF-8.
std::string to_utf8(std::string_view text);

}  // namespace yarbus
