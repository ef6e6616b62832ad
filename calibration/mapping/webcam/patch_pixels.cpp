#include "calibration/mapping/webcam/patch_pixels.h"

#include <algorithm>

namespace yarbus {

SmallPatch shrink_patch(const EyePatch& patch) {
  constexpr int share = eye_patch_width / small_patch_width;
  static_assert(share * small_patch_width == eye_patch_width &&
                share * small_patch_height == eye_patch_height);
  SmallPatch small{};
  for (int y = 0; y < eye_patch_height; ++y) {
    for (int x = 0; x < eye_patch_width; ++x)
      small[static_cast<std::size_t>(y / share * small_patch_width + x / share)] +=
          patch[static_cast<std::size_t>(y * eye_patch_width + x)] / static_cast<double>(share * share);
  }
  return small;
}

SmallPatch equalise_patch(const SmallPatch& patch) {
  SmallPatch sorted = patch;
  std::sort(sorted.begin(), sorted.end());
  SmallPatch equal{};
  for (std::size_t i = 0; i < patch.size(); ++i) {
    const auto above = std::upper_bound(sorted.begin(), sorted.end(), patch[i]) - sorted.begin();
    equal[i] = 255.0 * static_cast<double>(above) / static_cast<double>(patch.size());
  }
  return equal;
}

}  // namespace yarbus
