#pragma once

#include <cstdint>

namespace yarbus {

/// How often this process has called operator new, in any thread and any form, since it started. Only the
/// program `yarbus` counts; it replaces operator new for that. Memory that is taken from malloc directly (by
/// OpenCV, Eigen, Qt's containers, codecs) is not seen.
std::uint64_t heap_allocations_so_far();

}  // namespace yarbus
