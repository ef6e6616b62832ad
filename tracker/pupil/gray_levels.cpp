#include "tracker/pupil/gray_levels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace yarbus {
namespace {

constexpr int columns_read = 100;
constexpr int rows_read = 80;
constexpr int bar_range_gray = 16;  // a line whose levels differ less belongs to a bar
constexpr double min_noise_gray = 0.3;

struct Content {
  int x0, y0, x1, y1;
};

/// The image without uniform bars along its borders, which would falsify what "dark" means.
Content content_of(GrayView image) {
  const auto is_bar = [&](int x, int y, int dx, int dy, int count) {
    int low = 255;
    int high = 0;
    for (int k = 0; k < count; ++k, x += dx, y += dy) {
      const int level = image.at(x, y);
      low = std::min(low, level);
      high = std::max(high, level);
      if (high - low >= bar_range_gray) return false;
    }
    return true;
  };
  const int width = image.width_px;
  const int height = image.height_px;
  Content content{0, 0, width, height};
  while (content.y0 < height / 4 && is_bar(0, content.y0, 1, 0, width)) ++content.y0;
  while (content.y1 > height * 3 / 4 && is_bar(0, content.y1 - 1, 1, 0, width)) --content.y1;
  const int rows = content.y1 - content.y0;
  while (content.x0 < width / 4 && is_bar(content.x0, content.y0, 0, 1, rows)) ++content.x0;
  while (content.x1 > width * 3 / 4 && is_bar(content.x1 - 1, content.y0, 0, 1, rows)) --content.x1;
  return content;
}

using Histogram = std::array<int, 256>;

double quantile(const Histogram& histogram, int total, double share) {
  double below = 0.0;
  for (std::size_t level = 0; level < histogram.size(); ++level) {
    const double next = below + histogram[level];
    if (next >= share * total)
      return static_cast<double>(level) +
             (histogram[level] > 0 ? (share * total - below) / histogram[level] : 0.0) - 0.5;
    below = next;
  }
  return 255.0;
}

}  // namespace

GrayLevels read_gray_levels(GrayView image) {
  const Content content = content_of(image);
  const int step_x = std::max(1, (content.x1 - content.x0) / columns_read);
  const int step_y = std::max(1, (content.y1 - content.y0) / rows_read);
  Histogram levels{};
  Histogram differences{};
  int pixels = 0;
  for (int y = content.y0; y < content.y1; y += step_y) {
    const std::uint8_t* row = image.row(y);
    for (int x = content.x0 + 1; x < content.x1; x += step_x) {
      ++levels[row[x]];
      ++differences[static_cast<std::size_t>(std::abs(row[x] - row[x - 1]))];
      ++pixels;
    }
  }
  // The median of |difference| of two neighbours is 0.95 sigma for Gaussian noise.
  return {std::max(min_noise_gray, quantile(differences, pixels, 0.5) / 0.954),
          quantile(levels, pixels, 0.02), quantile(levels, pixels, 0.5), quantile(levels, pixels, 0.75)};
}

}  // namespace yarbus
