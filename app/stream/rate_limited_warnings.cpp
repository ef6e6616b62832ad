#include "app/stream/rate_limited_warnings.h"

namespace yarbus {

std::optional<std::string> RateLimitedWarnings::note(StreamWarning warning, std::string_view text,
                                                     std::chrono::nanoseconds now) {
  constexpr std::chrono::seconds between_lines(1);
  Kind& kind = kinds_[static_cast<std::size_t>(warning)];
  if (kind.last && now - *kind.last < between_lines) {
    ++kind.swallowed;
    return std::nullopt;
  }
  std::string line(text);
  if (kind.swallowed > 0) line += " (and " + std::to_string(kind.swallowed) + " more of the kind before)";
  kind.last = now;
  kind.swallowed = 0;
  return line;
}

}  // namespace yarbus
