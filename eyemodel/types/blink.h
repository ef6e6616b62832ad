#pragma once

#include <cstdint>
#include <optional>

#include "eyemodel/types/frame.h"

namespace yarbus {

/// A blink, from the first frame of the closure to the last.
struct BlinkEvent {
  int id = 0;  ///< 0-based, in order
  CaptureTime onset{};
  CaptureTime offset{};
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
  std::optional<double> max_closure;  ///< 0..1: the most of the pupil's height that the lid covered; absent
                                      ///< where none of its frames tells
};

}  // namespace yarbus
