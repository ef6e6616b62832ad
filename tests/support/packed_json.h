#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "app/stream/datum_packing.h"

namespace yarbus::test {

/// What `pack` has written, read by another msgpack library than the one that wrote it; throws on bad bytes.
inline nlohmann::json packed_json(const std::function<void(Packer&)>& pack) {
  msgpack::sbuffer buffer;
  Packer packer(buffer);
  pack(packer);
  return nlohmann::json::from_msgpack(std::string_view(buffer.data(), buffer.size()));
}

/// JSON as msgpack, written by that other library.
inline std::string packed(const nlohmann::json& json) {
  const auto bytes = nlohmann::json::to_msgpack(json);
  return {bytes.begin(), bytes.end()};
}

}  // namespace yarbus::test
