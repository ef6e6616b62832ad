#pragma once

/// The three things that are done with the columns of a row: naming them, writing them, reading them. A row's
/// columns are told once, in row_columns.h, for all three.

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <Eigen/Core>

#include "app/recording/sql_database.h"

namespace yarbus {

/// Lists the columns as in "a, b, c".
class ColumnNames {
 public:
  template <class T>
  void operator()(std::string_view name, const T& /*value*/) {
    names_ += (names_.empty() ? "" : ", ");
    names_ += prefix_;
    names_ += name;
    ++count_;
  }
  template <class E>
  void word(std::string_view name, const E& value, std::size_t /*count*/) {
    (*this)(name, value);
  }
  template <class M>
  void matrix(std::string_view name, const M& value) {
    (*this)(name, value);
  }
  template <class M>
  void symmetric(std::string_view name, const M& value) {
    (*this)(name, value);
  }
  template <class Visit>
  void part(bool /*is_there*/, const Visit& visit) {
    visit();
  }
  template <class T, class Visit>
  void optional_part(const std::optional<T>& /*value*/, const Visit& visit) {
    T empty{};
    visit(empty);
  }
  template <class Visit>
  void prefixed(std::string_view prefix, const Visit& visit) {
    prefix_ = prefix;
    visit();
    prefix_ = {};
  }

  [[nodiscard]] const std::string& names() const { return names_; }
  /// "?, ?, ?"
  [[nodiscard]] std::string placeholders() const {
    std::string text;
    for (int i = 0; i < count_; ++i) text += i == 0 ? "?" : ", ?";
    return text;
  }

 private:
  std::string names_;
  std::string_view prefix_;
  int count_ = 0;
};

/// Binds a row's values to the parameters of an INSERT.
class RowBinder {
 public:
  explicit RowBinder(SqlStatement& statement) : statement_(statement) {}

  template <class T>
  void operator()(std::string_view /*name*/, const T& value) {
    if (is_absent_) {
      statement_.bind_null(at_++);
    } else {
      bind(value);
    }
  }
  template <class E>
  void word(std::string_view name, const E& value, std::size_t /*count*/) {
    (*this)(name, to_string(value));
  }
  template <class E>
  void word(std::string_view name, const std::optional<E>& value, std::size_t /*count*/) {
    (*this)(name, value ? std::optional<std::string_view>(to_string(*value)) : std::nullopt);
  }
  /// All numbers, row by row.
  template <class M>
  void matrix(std::string_view /*name*/, const M& value) {
    std::array<double, M::SizeAtCompileTime> numbers{};
    std::size_t count = 0;
    for (Eigen::Index row = 0; row < value.rows(); ++row)
      for (Eigen::Index column = 0; column < value.cols(); ++column) numbers[count++] = value(row, column);
    bind_numbers(numbers.data(), count, false);
  }
  /// The upper triangle, row by row; all zero means that nothing is known, and is NULL.
  template <class M>
  void symmetric(std::string_view /*name*/, const M& value) {
    std::array<double, M::SizeAtCompileTime> numbers{};
    std::size_t count = 0;
    for (Eigen::Index row = 0; row < value.rows(); ++row)
      for (Eigen::Index column = row; column < value.cols(); ++column) numbers[count++] = value(row, column);
    bind_numbers(numbers.data(), count, value.isZero(0.0));
  }
  template <class Visit>
  void part(bool is_there, const Visit& visit) {
    const bool was_absent = is_absent_;
    is_absent_ = was_absent || !is_there;
    visit();
    is_absent_ = was_absent;
  }
  template <class T, class Visit>
  void optional_part(const std::optional<T>& value, const Visit& visit) {
    const T empty{};
    part(value.has_value(), [&] { visit(value ? *value : empty); });
  }
  template <class Visit>
  void prefixed(std::string_view /*prefix*/, const Visit& visit) {
    visit();
  }

 private:
  template <class T>
  void bind(const T& value) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      statement_.bind(at_++, std::string_view(value));
    } else if constexpr (std::is_floating_point_v<T>) {
      statement_.bind(at_++, static_cast<double>(value));
    } else {
      statement_.bind(at_++, static_cast<std::int64_t>(value));
    }
  }
  void bind(const std::chrono::nanoseconds& value) {
    statement_.bind(at_++, static_cast<std::int64_t>(value.count()));
  }
  template <class T>
  void bind(const std::optional<T>& value) {
    if (value) {
      bind(*value);
    } else {
      statement_.bind_null(at_++);
    }
  }
  void bind_numbers(const double* numbers, std::size_t count, bool is_unknown) {
    if (is_absent_ || is_unknown) {
      statement_.bind_null(at_++);
    } else {
      statement_.bind_blob(at_++, {reinterpret_cast<const std::byte*>(numbers), count * sizeof(double)});
    }
  }

  SqlStatement& statement_;
  int at_ = 0;
  bool is_absent_ = false;
};

/// Fills a row from the columns of a SELECT. What is NULL keeps the default of an optional part; elsewhere a
/// number that is NULL is NaN.
class RowReader {
 public:
  explicit RowReader(const SqlStatement& statement) : statement_(statement) {}

  template <class T>
  void operator()(std::string_view /*name*/, T& value) {
    read(value);
    ++at_;
  }
  template <class E>
  void word(std::string_view name, E& value, std::size_t count) {
    std::optional<E> read;
    word(name, read, count);
    if (read) {
      value = *read;
    } else {
      is_bad_ = true;
    }
  }
  template <class E>
  void word(std::string_view /*name*/, std::optional<E>& value, std::size_t count) {
    const bool is_null = statement_.is_null(at_);
    const std::string text = is_null ? std::string() : statement_.text(at_);
    ++at_;
    if (is_null) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (text == std::string_view(to_string(static_cast<E>(i)))) value = static_cast<E>(i);
    }
    if (!value) is_bad_ = true;
  }
  template <class M>
  void matrix(std::string_view /*name*/, M& value) {
    std::array<double, M::SizeAtCompileTime> numbers{};
    if (!read_numbers(numbers.data(), numbers.size())) return;
    std::size_t count = 0;
    for (Eigen::Index row = 0; row < value.rows(); ++row)
      for (Eigen::Index column = 0; column < value.cols(); ++column) value(row, column) = numbers[count++];
  }
  template <class M>
  void symmetric(std::string_view /*name*/, M& value) {
    constexpr std::size_t side = M::RowsAtCompileTime;
    std::array<double, side*(side + 1) / 2> numbers{};
    if (!read_numbers(numbers.data(), numbers.size())) return;
    std::size_t count = 0;
    for (Eigen::Index row = 0; row < value.rows(); ++row)
      for (Eigen::Index column = row; column < value.cols(); ++column)
        value(row, column) = value(column, row) = numbers[count++];
  }
  template <class Visit>
  void part(bool /*is_there*/, const Visit& visit) {
    const bool was_optional = is_optional_;
    is_optional_ = true;
    visit();
    is_optional_ = was_optional;
  }
  /// There if its first column is not NULL.
  template <class T, class Visit>
  void optional_part(std::optional<T>& value, const Visit& visit) {
    const bool is_there = !statement_.is_null(at_);
    T read{};
    part(true, [&] { visit(read); });
    if (is_there) value = std::move(read);
  }
  template <class Visit>
  void prefixed(std::string_view /*prefix*/, const Visit& visit) {
    visit();
  }
  /// A column held what it cannot: an unknown word, or a matrix of another size.
  [[nodiscard]] bool is_bad() const { return is_bad_; }
  void set_bad() { is_bad_ = true; }

 private:
  template <class T>
  void read(T& value) {
    const bool is_null = statement_.is_null(at_);
    if constexpr (std::is_same_v<T, std::string>) {
      value = statement_.text(at_);
    } else if constexpr (std::is_floating_point_v<T>) {
      if (!is_null) {
        value = statement_.real(at_);
      } else if (!is_optional_) {
        value = std::numeric_limits<T>::quiet_NaN();
      }
    } else if (!is_null) {
      value = static_cast<T>(statement_.integer(at_));
    }
  }
  template <class T>
  void read(std::optional<T>& value) {
    if (statement_.is_null(at_)) return;
    T there{};
    read(there);
    value = there;
  }
  bool read_numbers(double* numbers, std::size_t count) {
    const auto bytes = statement_.blob(at_++);
    if (bytes.empty()) return false;
    if (bytes.size() != count * sizeof(double)) {
      is_bad_ = true;
      return false;
    }
    std::memcpy(numbers, bytes.data(), bytes.size());
    return true;
  }

  const SqlStatement& statement_;
  int at_ = 0;
  bool is_optional_ = false;
  bool is_bad_ = false;
};

}  // namespace yarbus
