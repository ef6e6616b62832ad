#include "app/stream/packed_check.h"

#include <cstdint>

#include "app/stream/datum_packing.h"
#include "app/stream/utf8.h"

namespace yarbus {
namespace {

/// Walks over the bytes; each method says whether to go on.
class MapVisitor : public msgpack::null_visitor {
 public:
  bool visit_nil() { return scalar(); }
  bool visit_boolean(bool) { return scalar(); }
  bool visit_positive_integer(std::uint64_t) { return scalar(); }
  bool visit_negative_integer(std::int64_t) { return scalar(); }
  bool visit_float32(float) { return scalar(); }
  bool visit_float64(double) { return scalar(); }
  bool visit_str(const char* text, std::uint32_t size) {
    return depth_ > 0 && is_utf8(std::string_view(text, size));
  }
  bool visit_bin(const char*, std::uint32_t) { return scalar(); }
  bool visit_ext(const char*, std::uint32_t) { return scalar(); }
  bool start_array(std::uint32_t) { return depth_ > 0 && !is_key_ && ++depth_ <= max_packed_depth; }
  bool end_array() { return --depth_, true; }
  bool start_map(std::uint32_t) { return !is_key_ && ++depth_ <= max_packed_depth; }
  bool end_map() { return --depth_, true; }
  bool start_map_key() { return is_key_ = depth_ == 1, true; }
  bool end_map_key() { return is_key_ = false, true; }
  void parse_error(std::size_t, std::size_t) {}
  void insufficient_bytes(std::size_t, std::size_t) {}

 private:
  /// Anything but text and containers: neither the whole nor a key of the outermost map.
  [[nodiscard]] bool scalar() const { return depth_ > 0 && !is_key_; }

  std::size_t depth_ = 0;
  bool is_key_ = false;  ///< of the outermost map
};

}  // namespace

bool is_packed_map(std::string_view bytes) {
  if (bytes.empty()) return false;
  MapVisitor visitor;
  std::size_t offset = 0;
  return msgpack::parse(bytes.data(), bytes.size(), offset, visitor) && offset == bytes.size();
}

}  // namespace yarbus
