#include "eyemodel/types/options.h"

#include <cmath>
#include <sstream>

namespace yarbus::detail {

Result<void> validate_values(std::span<const OptionValue> values, std::string_view struct_name) {
  std::ostringstream violations;
  for (const OptionValue& option : values) {
    if (std::holds_alternative<bool>(option.value)) continue;
    const double value = std::holds_alternative<int>(option.value) ? std::get<int>(option.value)
                                                                   : std::get<double>(option.value);
    if (std::isfinite(value) && value >= option.minimum && value <= option.maximum) continue;
    if (violations.tellp() > 0) violations << "; ";
    violations << option.name << " is " << value << ", allowed are " << option.minimum << " to "
               << option.maximum;
  }
  if (violations.tellp() == 0) return {};
  return Error{ErrorCode::invalid_option, violations.str(), std::string(struct_name),
               "Give values inside the allowed ranges"};
}

}  // namespace yarbus::detail
