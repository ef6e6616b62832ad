#include "app/cli/number_checks.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <system_error>

namespace yarbus::cli {
namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

/// Digits only: no sign, no base but ten, nothing behind them; nullopt also when it does not fit.
std::optional<std::uint64_t> decimal(const std::string& text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

std::string range_text(std::uint64_t least, std::uint64_t most) {
  if (most == no_limit && least > 0) return "above " + std::to_string(least - 1);
  return "from " + std::to_string(least) + " to " + std::to_string(most);
}

bool is_all_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return CLI::Validator(
      [least, most](std::string& text) -> std::string {
        const auto value = decimal(text);
        if (!value && is_all_digits(text)) return "must be at most " + std::to_string(most) + ", not " + text;
        if (!value || *value < least || *value > most)
          return "must be a whole number " + range_text(least, most) + ", not " + text;
        text = std::to_string(*value);  // CLI11 would read a leading 0 as octal
        return {};
      },
      "");
}

CLI::Validator number_above_zero(const char* unit) {
  return CLI::Validator(
      [](std::string& text) -> std::string {
        double value = 0.0;
        if (!CLI::detail::lexical_cast(text, value) || !std::isfinite(value) || value <= 0.0) {
          return "must be a finite number above 0, not " + text;
        }
        return {};
      },
      std::string(unit) + ">0");
}

}  // namespace yarbus::cli
