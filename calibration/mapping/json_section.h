#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <Eigen/Core>
#include <nlohmann/json.hpp>

/// Strict reading of a calibration's JSON: for calibration_file.cpp and calibration_record.cpp alone.
namespace yarbus::calibration_json {

using nlohmann::json;

/// What is wrong with a file; thrown while it is read, caught by load_calibration().
struct Fault {
  std::string message;
};

template <class Vector>
json numbers(const Vector& values) {
  json list = json::array();
  for (Eigen::Index i = 0; i < values.size(); ++i) list.push_back(values[i]);
  return list;
}

/// An object of the file that must have exactly these keys.
class Section {
 public:
  Section(const json& value, std::string where, std::initializer_list<std::string_view> keys)
      : value_(value), where_(std::move(where)) {
    if (!value.is_object()) throw Fault{where_ + " is not of the form {\"name\": value, ...}"};
    for (const auto& item : value.items()) {
      if (std::find(keys.begin(), keys.end(), item.key()) == keys.end())
        throw Fault{where_ + " has an unknown key \"" + item.key() + '"'};
    }
    for (const std::string_view key : keys) {
      if (!value.contains(key)) throw Fault{where_ + " has no \"" + std::string(key) + '"'};
    }
  }
  [[nodiscard]] const json& at(const char* key) const { return value_.at(key); }
  [[nodiscard]] double number(const char* key) const {
    if (!at(key).is_number()) throw Fault{named(key) + " is not a number"};
    return at(key).get<double>();
  }
  template <class Integer = int>
  [[nodiscard]] Integer whole(const char* key) const {
    if (!at(key).is_number_integer()) throw Fault{named(key) + " is not a whole number"};
    return at(key).get<Integer>();
  }
  [[nodiscard]] std::string text(const char* key) const {
    if (!at(key).is_string()) throw Fault{named(key) + " is not a text"};
    return at(key).get<std::string>();
  }
  [[nodiscard]] bool truth(const char* key) const {
    if (!at(key).is_boolean()) throw Fault{named(key) + " is not true or false"};
    return at(key).get<bool>();
  }
  /// Null is absent.
  [[nodiscard]] std::optional<double> number_if_any(const char* key) const {
    return at(key).is_null() ? std::nullopt : std::optional(number(key));
  }
  [[nodiscard]] const json& list(const char* key) const {
    if (!at(key).is_array()) throw Fault{named(key) + " is not a list"};
    return at(key);
  }
  template <int N>
  [[nodiscard]] Eigen::Matrix<double, N, 1> vector(const char* key) const {
    const json& list = at(key);
    if (!list.is_array() || list.size() != N ||
        !std::all_of(list.begin(), list.end(), [](const json& item) { return item.is_number(); }))
      throw Fault{named(key) + " is not " + std::to_string(N) + " numbers"};
    Eigen::Matrix<double, N, 1> values;
    for (int i = 0; i < N; ++i) values[i] = list.at(static_cast<std::size_t>(i)).get<double>();
    return values;
  }

 private:
  [[nodiscard]] std::string named(const char* key) const { return where_ + ": \"" + key + '"'; }
  const json& value_;
  std::string where_;
};

}  // namespace yarbus::calibration_json
