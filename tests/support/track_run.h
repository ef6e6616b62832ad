#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/run_command.h"

namespace yarbus::test {

/// Runs `yarbus track INPUT --out CSV ...` of the program under test.
inline CommandOutcome track(const std::filesystem::path& input, const std::filesystem::path& csv,
                            const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{YARBUS_EXECUTABLE, "track", input.string(), "--out", csv.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_command(arguments);
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// One row of a table, by column name.
using TableRow = std::map<std::string, std::string>;

/// The rows of a table; each must have as many fields as there are names.
inline std::vector<TableRow> read_table(const std::filesystem::path& path) {
  std::istringstream lines(read_file(path));
  const auto split = [](const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream stream(line + ',');
    for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
    return fields;
  };
  std::string line;
  std::getline(lines, line);
  const auto names = split(line);
  std::vector<TableRow> rows;
  while (std::getline(lines, line)) {
    const auto fields = split(line);
    EXPECT_EQ(fields.size(), names.size()) << line;
    TableRow row;
    for (std::size_t i = 0; i < std::min(names.size(), fields.size()); ++i) row[names[i]] = fields[i];
    rows.push_back(row);
  }
  return rows;
}

/// The numbers of one column, where it is not empty.
inline std::vector<double> numbers_of(const std::vector<TableRow>& rows, const std::string& column) {
  std::vector<double> numbers;
  for (const TableRow& row : rows) {
    if (!row.at(column).empty()) numbers.push_back(std::stod(row.at(column)));
  }
  return numbers;
}

/// The value that `share` of the others lie below; NaN without values.
inline double quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto at =
      std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace yarbus::test
