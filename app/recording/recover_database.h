#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus {

/// What came out of one table of a damaged database.
struct RecoveredTable {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t missing = 0;  ///< at least: holes in the rows' own numbers
  bool is_whole = true;      ///< no damage was met in it
};

/// Copies every row that can still be read from a damaged database of a session into a new one of the current
/// schema. The damaged one stays as it is. Errors: input_unreadable (not even its tables can be told),
/// unsupported_format (a newer version's), output_unwritable.
Result<std::vector<RecoveredTable>> recover_database(const std::filesystem::path& damaged,
                                                     const std::filesystem::path& new_file);

}  // namespace yarbus
