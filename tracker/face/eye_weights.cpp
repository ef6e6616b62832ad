#include "tracker/face/eye_weights.h"

// The file's bytes, between two labels; the build names the file.
__asm__(
    ".section .rodata\n"
    ".balign 16\n"
    "yarbus_eye_network_begin:\n"
    ".incbin \"" YARBUS_EYE_NETWORK_FILE
    "\"\n"
    "yarbus_eye_network_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char yarbus_eye_network_begin[] __attribute__((visibility("hidden")));
extern const char yarbus_eye_network_end[] __attribute__((visibility("hidden")));
}

namespace yarbus {

std::span<const char> eye_network_weights() {
  return {yarbus_eye_network_begin,
          static_cast<std::size_t>(yarbus_eye_network_end - yarbus_eye_network_begin)};
}

}  // namespace yarbus
