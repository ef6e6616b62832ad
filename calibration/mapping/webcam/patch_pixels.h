#pragma once

#include <array>
#include <cstddef>

#include "eyemodel/types/face_sight.h"

namespace yarbus {

constexpr int small_patch_width = 10;
constexpr int small_patch_height = 6;
constexpr std::size_t small_patch_pixels = std::size_t{small_patch_width} * small_patch_height;
/// Gray levels, row by row.
using SmallPatch = std::array<double, small_patch_pixels>;

/// Means of 3 x 3 pixels. No heap.
SmallPatch shrink_patch(const EyePatch& patch);

/// Levels by rank, 0..255 (histogram equalisation): what is lit evenly brighter is the same. No heap.
SmallPatch equalise_patch(const SmallPatch& patch);

}  // namespace yarbus
