#pragma once

/// The coordinate frames of Yarbus. Every point, direction and transform names its frame.
///
/// | frame  | unit | origin and axes                                                                    |
/// |--------|------|------------------------------------------------------------------------------------|
/// | image  | px   | (0,0) is the centre of the top-left pixel; x right, y down                         |
/// | cam    | mm   | camera's centre of projection; x right, y down, z forward                          |
/// | eye    | mm   | rotation centre; z along the optical axis out of the cornea; x, y by Listing's law |
/// | head   | mm   | fixed to the wearer's head                                                         |
/// | scene  | mm   | fixed to the room                                                                  |
/// | screen | mm   | top-left corner of the display; x right, y down                                    |
///
/// Adjacent names must match: `x_in_a = a_from_b * x_in_b`. Other conventions exist only in import and
/// export.

#include <cstdint>

namespace yarbus {

/// Which of the wearer's eyes a camera sees, from the wearer's point of view.
enum class EyeSide : std::uint8_t { right = 0, left = 1 };

constexpr const char* to_string(EyeSide side) { return side == EyeSide::right ? "right" : "left"; }

}  // namespace yarbus
