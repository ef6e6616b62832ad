#include "app/export/csv_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <utility>

namespace yarbus {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

void put_number(std::string& out, double value, int decimals) {
  if (!std::isfinite(value)) return;
  std::array<char, 384> text{};  // the largest double has 309 digits before the point
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals).ptr;
  std::string_view written(text.data(), static_cast<std::size_t>(end - text.data()));
  if (written.starts_with('-') && written.find_first_not_of("-0.") == std::string_view::npos)
    written.remove_prefix(1);
  out += written;
}

std::vector<std::string> split_csv_line(std::string_view line) {
  std::vector<std::string> fields;
  line = trimmed(line);
  std::size_t at = 0;
  while (true) {
    std::string field;
    const std::size_t start = line.find_first_not_of(blanks, at);
    const bool is_quoted = start != std::string_view::npos && line[start] == '"';
    if (is_quoted) {
      for (at = start + 1; at < line.size(); ++at) {
        const bool is_doubled = line.substr(at, 2) == "\"\"";
        if (line[at] == '"' && !is_doubled) break;
        field += line[at];
        if (is_doubled) ++at;
      }
    }
    const std::size_t comma = line.find(',', at);
    const std::size_t length = comma == std::string_view::npos ? comma : comma - at;
    if (!is_quoted) field = trimmed(line.substr(at, length));
    fields.push_back(std::move(field));
    if (comma == std::string_view::npos) return fields;
    at = comma + 1;
  }
}

}  // namespace yarbus
