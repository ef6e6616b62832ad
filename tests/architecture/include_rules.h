#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace yarbus::architecture {

/// One `#include` that the architecture does not allow.
struct Violation {
  std::string file;  ///< relative to the project
  int line = 0;
  std::string included;  ///< as written
  std::string reason;
};

/// Checks the includes of one file's text. `file` is its path relative to the project; `own_header` the
/// header it is the source of (empty: none), which must be its first include.
std::vector<Violation> check_includes(const std::string& file, const std::string& text,
                                      const std::string& own_header = {});

/// Checks every .h and .cpp under the folders of the product.
std::vector<Violation> check_project(const std::filesystem::path& project);

}  // namespace yarbus::architecture
