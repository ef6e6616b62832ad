#pragma once

#include <filesystem>
#include <string>

namespace yarbus::test {

/// A real recording kept beside the project, not in it. Tests skip, and say so, when it is not there.
inline std::filesystem::path recording(const std::string& name) {
  return std::filesystem::path(YARBUS_SOURCE_DIR) / "../shared/recordings" / name;
}

}  // namespace yarbus::test

/// Skips the test when a recording is absent.
#define YARBUS_REQUIRE_RECORDING(path) \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the recording " << (path) << " is not on this machine"
