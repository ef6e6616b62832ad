// Intrinsics of cameras: any bytes as the file. What is accepted must be of use: finite, with a focal length
// and a size.

#include "eyemodel/types/camera_intrinsics.h"

#include <cstdint>
#include <cstdlib>
#include <span>

#include "tests/fuzz/scratch_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const yarbus::fuzz::ScratchFolder scratch("yarbus-fuzz-intrinsics");
  const auto path = scratch.path() / "camera.json";
  yarbus::fuzz::write(path, std::span(data, size));
  if (const auto read = yarbus::read_camera_intrinsics(path)) {
    if (!read->validate()) std::abort();
  }
  return 0;
}
