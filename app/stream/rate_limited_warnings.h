#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarbus {

/// What the streams warn of. Each kind speaks once a second at most.
enum class StreamWarning : std::uint8_t {
  malformed_message,
  too_many_connections,
  too_many_subscriptions,
  slow_subscriber,
  command_lost,
  no_receiver,
  other,
};
constexpr std::size_t stream_warning_count = static_cast<std::size_t>(StreamWarning::other) + 1;

/// Keeps a flood of warnings from becoming a flood of lines. One owner thread. The time comes with each.
class RateLimitedWarnings {
 public:
  /// The line to write now, with how many of the kind were swallowed before it; nullopt: it is swallowed.
  std::optional<std::string> note(StreamWarning kind, std::string_view text, std::chrono::nanoseconds now);

 private:
  struct Kind {
    std::optional<std::chrono::nanoseconds> last;
    std::uint64_t swallowed = 0;
  };
  std::array<Kind, stream_warning_count> kinds_;
};

}  // namespace yarbus
