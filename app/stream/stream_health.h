#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus {

/// How the streams fare in numbers, since they were opened.
struct StreamCounters {
  bool is_serving = false;
  int request_port = 0;  ///< 0: not served
  int subscription_port = 0;
  int publication_port = 0;
  std::uint64_t items = 0;                ///< samples and events given to the publisher
  std::uint64_t items_dropped = 0;        ///< of these, dropped because later ones came before they were sent
  std::uint64_t messages = 0;             ///< published to at least one subscription
  std::uint64_t frames_held_back = 0;     ///< images not sent because slow subscribers keep too many waiting
  int connections = 0;                    ///< to all three ports
  int subscriptions = 0;                  ///< different ones
  std::uint64_t subscription_resets = 0;  ///< there were too many: everyone had to subscribe anew
  std::uint64_t requests = 0;
  std::uint64_t forwarded = 0;  ///< messages of clients passed on
  std::uint64_t malformed = 0;  ///< messages of clients refused
  std::uint64_t commands = 0;   ///< handed to the application
  std::uint64_t commands_lost = 0;
  std::uint64_t osc_packets = 0;
  std::uint64_t osc_failures = 0;  ///< nobody listens there
  std::uint64_t opentrack_packets = 0;
  std::uint64_t opentrack_failures = 0;
  std::uint64_t lsl_samples = 0;
  bool is_lsl_loaded = false;
};

/// How the streams fare. A plain value.
struct StreamHealth : StreamCounters {
  std::vector<std::string> warnings;  ///< the last ones, oldest first; at most 16
  std::optional<Error> failure;       ///< why the publisher has stopped by itself
};

}  // namespace yarbus
