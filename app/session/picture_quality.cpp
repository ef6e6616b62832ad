#include "app/session/picture_quality.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace yarbus {
namespace {

constexpr int least_side_px = 16;
constexpr int black_up_to_gray = 11;
constexpr int white_from_gray = 250;
/// Below this standard deviation (gray levels) a picture is a lens cap, a wall or noise.
constexpr double least_contrast_gray = 4.0;

struct PixelRect {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

PixelRect pixels_of(const GrayView& picture, const PictureArea& area) {
  const auto at = [](double share, int side) {
    return std::clamp(static_cast<int>(std::lround(share * side)), 0, side);
  };
  PixelRect rect{at(area.left, picture.width_px), at(area.top, picture.height_px), 0, 0};
  rect.width = at(area.right, picture.width_px) - rect.left;
  rect.height = at(area.bottom, picture.height_px) - rect.top;
  if (rect.width < least_side_px || rect.height < least_side_px)
    return {0, 0, picture.width_px, picture.height_px};
  return rect;
}

/// Sums of a stream of numbers, for their variance.
struct Spread {
  double count = 0.0;
  double sum = 0.0;
  double sum_of_squares = 0.0;
  void add(double value) {
    count += 1.0;
    sum += value;
    sum_of_squares += value * value;
  }
  [[nodiscard]] double variance() const {
    if (count <= 0.0) return 0.0;
    const double mean = sum / count;
    return std::max(0.0, sum_of_squares / count - mean * mean);
  }
};

/// The area smoothed by the 3x3 binomial kernel, times 16; one pixel smaller on each side.
std::vector<int> smoothed_times_16(const GrayView& picture, const PixelRect& rect) {
  const int width = rect.width - 2;
  const int height = rect.height - 2;
  std::vector<int> smoothed(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  std::size_t i = 0;
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* above = picture.row(rect.top + y) + rect.left;
    const std::uint8_t* here = picture.row(rect.top + y + 1) + rect.left;
    const std::uint8_t* below = picture.row(rect.top + y + 2) + rect.left;
    for (int x = 0; x < width; ++x) {
      const int left = above[x] + 2 * here[x] + below[x];
      const int middle = above[x + 1] + 2 * here[x + 1] + below[x + 1];
      const int right = above[x + 2] + 2 * here[x + 2] + below[x + 2];
      smoothed[i++] = left + 2 * middle + right;
    }
  }
  return smoothed;
}

void judge_focus(const GrayView& picture, const PixelRect& rect, PictureQuality& quality) {
  const std::vector<int> smoothed = smoothed_times_16(picture, rect);
  const int width = rect.width - 2;
  const int height = rect.height - 2;
  Spread gray;
  Spread laplacian;
  for (int y = 1; y + 1 < height; ++y) {
    const int* row = smoothed.data() + static_cast<std::ptrdiff_t>(y) * width;
    for (int x = 1; x + 1 < width; ++x) {
      gray.add(row[x]);
      laplacian.add(row[x - 1] + row[x + 1] + row[x - width] + row[x + width] - 4 * row[x]);
    }
  }
  quality.has_contrast = std::sqrt(gray.variance()) / 16.0 >= least_contrast_gray;
  if (quality.has_contrast) quality.sharpness = laplacian.variance() / gray.variance();
}

void judge_exposure(const GrayView& picture, const PixelRect& rect, PictureQuality& quality) {
  std::array<std::uint32_t, 256> counts{};
  for (int y = rect.top; y < rect.top + rect.height; ++y) {
    const std::uint8_t* row = picture.row(y);
    for (int x = rect.left; x < rect.left + rect.width; ++x) ++counts[row[x]];
  }
  const double all = static_cast<double>(rect.width) * rect.height;
  constexpr int grays_a_bin = 256 / static_cast<int>(PictureQuality::bins);
  double brighter = 0.0;
  int bright_gray = 0;  // the 95th percentile
  for (int level = 255; level >= 0; --level) {
    const double share = counts[static_cast<std::size_t>(level)] / all;
    quality.histogram[static_cast<std::size_t>(level / grays_a_bin)] += static_cast<float>(share);
    quality.mean_gray += share * level;
    if (level <= black_up_to_gray) quality.black_share += share;
    if (level >= white_from_gray) quality.white_share += share;
    if (brighter < 0.05) bright_gray = level;
    brighter += share;
  }
  if (quality.white_share > most_white_share) {
    quality.exposure = ExposureVerdict::overexposed;
  } else if (bright_gray < least_bright_gray) {
    quality.exposure = ExposureVerdict::too_dark;
  }
}

}  // namespace

PictureQuality judge_picture(GrayView picture, const PictureArea& area) {
  PictureQuality quality;
  if (picture.empty()) return quality;
  const PixelRect rect = pixels_of(picture, area);
  judge_exposure(picture, rect, quality);
  if (rect.width >= least_side_px && rect.height >= least_side_px) judge_focus(picture, rect, quality);
  return quality;
}

}  // namespace yarbus
