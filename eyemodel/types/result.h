#pragma once

#include <string>
#include <utility>
#include <variant>

#include "eyemodel/types/check.h"

namespace yarbus {

/// What kind of thing went wrong outside the program. The command line maps each to an exit code.
enum class ErrorCode {
  invalid_option,      ///< an option's value is out of its bounds or unknown
  input_missing,       ///< the file, folder or device does not exist
  input_unreadable,    ///< exists, but is not what it should be (broken, not a video, not JSON)
  input_empty,         ///< zero bytes or zero frames
  input_truncated,     ///< ends before it should
  unsupported_format,  ///< understood, but outside what Yarbus handles (size, depth)
  size_changed,        ///< the frame size changed in mid-stream
  permission_denied,
  device_busy,
  device_lost,
  connection_failed,
  output_unwritable,
  interrupted,
  internal,
};

/// A fault of the outside world, told to the user: what happened, to what, and what to do about it.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  ///< what happened, a sentence without a full stop
  std::string context;  ///< the input, device, option or file it happened to
  std::string remedy;   ///< what the user can do, a sentence without a full stop

  /// "context: message. Remedy." on one line.
  [[nodiscard]] std::string to_text() const {
    std::string text = context.empty() ? message : context + ": " + message;
    if (!remedy.empty()) text += ". " + remedy;
    return text + '.';
  }
};

/// A value, or the Error that kept it from existing. Asking for the wrong one is a programmer error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return check_value(), std::get<0>(state_); }
  const T& value() const& { return check_value(), std::get<0>(state_); }
  T&& value() && { return check_value(), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const {
    YARBUS_CHECK(!has_value());
    return std::get<1>(state_);
  }

 private:
  void check_value() const {
    if (!has_value()) throw CheckFailure("Result has no value: " + std::get<1>(state_).to_text());
  }
  std::variant<T, Error> state_;
};

/// Success without a value, or the Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] const Error& error() const {
    YARBUS_CHECK(failed_);
    return error_;
  }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace yarbus
