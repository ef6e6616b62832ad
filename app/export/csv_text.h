#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yarbus {

/// Appends `value` with that many decimals; nothing (an empty field) if it is not finite. Zero has no sign,
/// so that the same number is the same bytes.
void put_number(std::string& out, double value, int decimals);

/// The fields of one line: separated by commas, spaces around them and a carriage return at the end removed.
/// A field in double quotes may hold commas; a doubled quote in it is one quote.
std::vector<std::string> split_csv_line(std::string_view line);

}  // namespace yarbus
