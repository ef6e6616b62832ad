#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <Eigen/Core>

#ifndef MSGPACK_NO_BOOST
#define MSGPACK_NO_BOOST
#endif
#include <msgpack.hpp>

namespace yarbus {

/// How values become msgpack: text as str, whole numbers as int, all others as float 64, vectors as arrays.
using Packer = msgpack::packer<msgpack::sbuffer>;

/// Always as float 64: pack_double() makes an int of 20.0, and clients in typed languages then find an int.
inline void pack_value(Packer& out, double value) {
  std::array<char, 9> bytes{'\xcb'};
  auto bits = std::bit_cast<std::uint64_t>(value);
  for (std::size_t i = 8; i > 0; --i, bits >>= 8) bytes[i] = static_cast<char>(bits & 0xFF);
  out.pack_bin_body(bytes.data(), static_cast<std::uint32_t>(bytes.size()));  // writes bytes as they are
}
inline void pack_value(Packer& out, int value) { out.pack_int(value); }
inline void pack_value(Packer& out, std::uint64_t value) { out.pack_uint64(value); }
inline void pack_value(Packer& out, std::string_view text) {
  out.pack_str(static_cast<std::uint32_t>(text.size()));
  out.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
}
template <int size>
void pack_value(Packer& out, const Eigen::Matrix<double, size, 1>& vector) {
  out.pack_array(static_cast<std::uint32_t>(vector.size()));
  for (const double value : vector) pack_value(out, value);
}

/// One entry of a map: its key and how a T fills its value.
template <class T>
struct DatumField {
  std::string_view key;
  void (*pack)(Packer& out, const T& datum);
};

/// A map of the fields of one table, or of several after one another.
template <class T, class... Tables>
void pack_map(Packer& out, const T& datum, const Tables&... tables) {
  out.pack_map(static_cast<std::uint32_t>((std::size(tables) + ...)));
  const auto pack_table = [&](const auto& table) {
    for (const DatumField<T>& field : table) {
      pack_value(out, field.key);
      field.pack(out, datum);
    }
  };
  (pack_table(tables), ...);
}

}  // namespace yarbus
