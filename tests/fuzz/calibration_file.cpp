// Calibrations of gaze that somebody edited, cut off or sent: any bytes as the file.

#include "calibration/mapping/calibration_file.h"

#include <cstdint>
#include <span>

#include "tests/fuzz/scratch_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const yarbus::fuzz::ScratchFolder scratch("yarbus-fuzz-calibration");
  const auto path = scratch.path() / "calibration.json";
  yarbus::fuzz::write(path, std::span(data, size));
  static_cast<void>(yarbus::load_calibration(path));
  return 0;
}
