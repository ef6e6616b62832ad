#include "tracker/face/eye_patch.h"

#include <algorithm>
#include <cmath>

namespace yarbus {
namespace {

constexpr double middle_gray = 128.0;
constexpr double spread_gray = 50.0;
constexpr double least_spread_gray = 2.0;

}  // namespace

void cut_eye_patch(const GrayView& image, const EyeFrame& eye, EyeCutter& cutter, GrayImage& scratch,
                   EyePatch& patch) {
  cutter.cut(image, eye, {eye_patch_width, eye_patch_height, eye_patch_width_mm, false}, scratch);
  const std::uint8_t* pixels = scratch.data();
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < patch.size(); ++i) {
    sum += pixels[i];
    squares += static_cast<double>(pixels[i]) * pixels[i];
  }
  const double mean = sum / static_cast<double>(patch.size());
  const double spread = std::sqrt(std::max(0.0, squares / static_cast<double>(patch.size()) - mean * mean));
  const double gain = spread_gray / std::max(least_spread_gray, spread);
  for (std::size_t i = 0; i < patch.size(); ++i) {
    const double level = middle_gray + gain * (pixels[i] - mean);
    patch[i] = static_cast<std::uint8_t>(std::clamp(std::lround(level), 0L, 255L));
  }
}

}  // namespace yarbus
