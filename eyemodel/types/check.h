#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace yarbus {

/// Thrown by YARBUS_CHECK: a programmer error, never a fault of the data.
class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

namespace detail {
template <class A, class B>
[[noreturn]] void check_failed(const char* expression, const A& left, const B& right, const char* file,
                               int line) {
  std::ostringstream text;
  text << file << ':' << line << ": check failed: " << expression << " (" << left << " vs " << right << ')';
  throw CheckFailure(text.str());
}
[[noreturn]] inline void check_failed(const char* expression, const char* file, int line) {
  throw CheckFailure(std::string(file) + ':' + std::to_string(line) + ": check failed: " + expression);
}
}  // namespace detail

}  // namespace yarbus

/// Throws CheckFailure when a programmer's assumption does not hold.
#define YARBUS_CHECK(condition)                                                       \
  do {                                                                                \
    if (!(condition)) ::yarbus::detail::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)

/// As YARBUS_CHECK for `left op right`, and prints both operands.
#define YARBUS_CHECK_OP(left, op, right)                                                            \
  do {                                                                                              \
    const auto& yarbus_left = (left);                                                               \
    const auto& yarbus_right = (right);                                                             \
    if (!(yarbus_left op yarbus_right))                                                             \
      ::yarbus::detail::check_failed(#left " " #op " " #right, yarbus_left, yarbus_right, __FILE__, \
                                     __LINE__);                                                     \
  } while (false)
