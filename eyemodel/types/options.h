#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "eyemodel/types/result.h"

namespace yarbus {

/// One option of a struct T: feeds validation and help texts.
template <class T>
struct OptionField {
  std::string_view name;  ///< carries the unit
  std::variant<double T::*, int T::*, bool T::*> member;
  double minimum = 0.0;  ///< inclusive; unused for bool
  double maximum = 1.0;  ///< inclusive
  std::string_view help;
};

namespace detail {
/// Untyped view of one option's value, so the text and JSON code is compiled once.
struct OptionValue {
  std::string_view name;
  std::variant<double, int, bool> value;
  double minimum;
  double maximum;
  std::string_view help;
};
Result<void> validate_values(std::span<const OptionValue> values, std::string_view struct_name);
}  // namespace detail

/// Checks every field against its bounds and reports all violations in one Error (NaN is a violation).
template <class T>
Result<void> validate_options(const T& options, std::span<const OptionField<T>> fields,
                              std::string_view struct_name) {
  std::array<detail::OptionValue, 64> values{};
  YARBUS_CHECK_OP(fields.size(), <=, values.size());
  std::size_t count = 0;
  for (const auto& field : fields) {
    auto& value = values[count++];
    value = {field.name, 0.0, field.minimum, field.maximum, field.help};
    std::visit([&](auto member) { value.value = options.*member; }, field.member);
  }
  return detail::validate_values(std::span(values.data(), count), struct_name);
}

}  // namespace yarbus
