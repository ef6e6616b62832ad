#pragma once

#include <array>
#include <cstddef>

#include "eyemodel/types/check.h"

namespace yarbus {

/// A vector with its storage inside it: at most `Capacity` elements, never a heap allocation.
template <class T, std::size_t Capacity>
class FixedVector {
 public:
  using value_type = T;
  static constexpr std::size_t max_size() { return Capacity; }

  /// Adding to a full vector is a programmer error; ask `full()` first.
  void push_back(const T& value) {
    YARBUS_CHECK_OP(size_, <, Capacity);
    items_[size_++] = value;
  }
  void resize(std::size_t size) {
    YARBUS_CHECK_OP(size, <=, Capacity);
    for (std::size_t i = size_; i < size; ++i) items_[i] = T{};
    size_ = size;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] bool full() const { return size_ == Capacity; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  T* begin() { return items_.data(); }
  T* end() { return items_.data() + size_; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + size_; }
  T* data() { return items_.data(); }
  const T* data() const { return items_.data(); }

 private:
  std::array<T, Capacity> items_{};
  std::size_t size_ = 0;
};

}  // namespace yarbus
