#pragma once

#include <cstddef>
#include <span>

namespace yarbus {

/// The eye network as an ONNX file, built into the program (tracker/face/training/eye_network.onnx).
std::span<const char> eye_network_weights();

}  // namespace yarbus
