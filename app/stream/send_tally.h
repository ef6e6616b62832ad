#pragma once

#include <cstdint>

namespace yarbus {

/// What a sender of datagrams has got rid of.
struct SendTally {
  std::uint64_t packets = 0;
  std::uint64_t failures = 0;
};

}  // namespace yarbus
