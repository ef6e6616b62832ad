#include "tracker/pupil/candidate_search.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace yarbus {
namespace {

constexpr double radius_ratio = 1.35;    // neighbouring sizes overlap, so no pupil falls between two of them
constexpr double inner_fraction = 0.75;  // half side of the inner box: about the square inscribed in the disc
constexpr double gap_fraction = 1.15;    // the ring starts outside the outline, so blur does not count
constexpr double outer_fraction = 1.8;
constexpr float brightness_penalty = 0.35F;  // per gray level that the centre is above the image's dark tail
constexpr float min_response_gray = 3.0F;
constexpr float bright_cap_share = 0.75F;  // brighter than this share of the image adds nothing to a surround
constexpr std::size_t max_peaks = 4096;

}  // namespace

std::uint32_t CandidateSearch::box_sum(int x0, int y0, int x1, int y1) const {
  const auto stride = static_cast<std::size_t>(width_px_ + 1);
  const auto at = [&](int x, int y) {
    return integral_[static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x)];
  };
  return at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0);
}

void CandidateSearch::build_integral(GrayView image) {
  width_px_ = image.width_px;
  height_px_ = image.height_px;
  std::array<int, 256> histogram{};
  for (int y = 0; y < height_px_; ++y)
    for (int x = 0; x < width_px_; ++x) ++histogram[image.row(y)[x]];
  const double total = static_cast<double>(width_px_) * height_px_;
  int cap = 255;
  int below = 0;
  for (int level = 0; level < 256; ++level) {
    below += histogram[static_cast<std::size_t>(level)];
    if (below >= bright_cap_share * total) {
      cap = level;
      break;
    }
  }
  const auto stride = static_cast<std::size_t>(width_px_ + 1);
  integral_.resize(stride * static_cast<std::size_t>(height_px_ + 1));
  std::fill_n(integral_.begin(), stride, 0U);
  for (int y = 0; y < height_px_; ++y) {
    const std::uint8_t* in = image.row(y);
    const std::uint32_t* above = integral_.data() + static_cast<std::size_t>(y) * stride;
    std::uint32_t* out = integral_.data() + static_cast<std::size_t>(y + 1) * stride;
    std::uint32_t sum = 0;
    out[0] = 0;
    for (int x = 0; x < width_px_; ++x) {
      sum += static_cast<std::uint32_t>(std::min<int>(in[x], cap));
      out[x + 1] = above[x + 1] + sum;
    }
  }
}

void CandidateSearch::collect_peaks(int radius_px, int step) {
  const int columns = (width_px_ + step - 1) / step;
  const int rows = (height_px_ + step - 1) / step;
  response_.resize(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  const int inner = std::max(1, static_cast<int>(std::lround(inner_fraction * radius_px)));
  const int gap = std::max(inner + 1, static_cast<int>(std::lround(gap_fraction * radius_px)));
  const int outer = std::max(gap + 1, static_cast<int>(std::lround(outer_fraction * radius_px)));
  const int inner_side = 2 * inner + 1;
  const float center_scale = 1.0F / static_cast<float>(inner_side * inner_side);
  const float side_scale = 1.0F / static_cast<float>(inner_side * (outer - gap));
  // Mean of the part of a box that lies in the image; nothing of it there counts as black, that is as not
  // brighter.
  const auto mean = [&](int x0, int y0, int x1, int y1) {
    x0 = std::max(0, x0);
    y0 = std::max(0, y0);
    x1 = std::min(width_px_, x1);
    y1 = std::min(height_px_, y1);
    if (x0 >= x1 || y0 >= y1) return 0.0F;
    return static_cast<float>(box_sum(x0, y0, x1, y1)) / static_cast<float>((x1 - x0) * (y1 - y0));
  };
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const int x = column * step;
      const int y = row * step;
      float center = 0.0F;
      std::array<float, 4> sides;
      if (x >= outer && y >= outer && x + outer < width_px_ && y + outer < height_px_) {
        // Far from the border all boxes are whole: the same means, with the areas known beforehand.
        center =
            center_scale * static_cast<float>(box_sum(x - inner, y - inner, x + inner + 1, y + inner + 1));
        sides = {
            side_scale * static_cast<float>(box_sum(x - outer, y - inner, x - gap, y + inner + 1)),
            side_scale * static_cast<float>(box_sum(x + gap + 1, y - inner, x + outer + 1, y + inner + 1)),
            side_scale * static_cast<float>(box_sum(x - inner, y - outer, x + inner + 1, y - gap)),
            side_scale * static_cast<float>(box_sum(x - inner, y + gap + 1, x + inner + 1, y + outer + 1))};
      } else {
        center = mean(x - inner, y - inner, x + inner + 1, y + inner + 1);
        sides = {mean(x - outer, y - inner, x - gap, y + inner + 1),
                 mean(x + gap + 1, y - inner, x + outer + 1, y + inner + 1),
                 mean(x - inner, y - outer, x + inner + 1, y - gap),
                 mean(x - inner, y + gap + 1, x + inner + 1, y + outer + 1)};
      }
      const auto [low_a, high_a] = std::minmax(sides[0], sides[1]);
      const auto [low_b, high_b] = std::minmax(sides[2], sides[3]);
      const float second_lowest = std::min(std::max(low_a, low_b), std::min(high_a, high_b));
      const float surround = 0.25F * (sides[0] + sides[1] + sides[2] + sides[3]);
      response_[static_cast<std::size_t>(row * columns + column)] =
          std::min(surround, second_lowest) - center -
          brightness_penalty * std::max(0.0F, center - dark_level_);
    }
  }
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const float here = response_[static_cast<std::size_t>(row * columns + column)];
      if (here < min_response_gray) continue;
      bool peak = true;
      for (int dy = -1; dy <= 1 && peak; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          const int x = column + dx;
          const int y = row + dy;
          if ((dx == 0 && dy == 0) || x < 0 || y < 0 || x >= columns || y >= rows) continue;
          const float there = response_[static_cast<std::size_t>(y * columns + x)];
          const bool earlier =
              dy < 0 || (dy == 0 && dx < 0);  // of equal neighbours the first one is the peak
          if (there > here || (there == here && earlier)) {
            peak = false;
            break;
          }
        }
      }
      if (peak && peaks_.size() < max_peaks) peaks_.push_back({column * step, row * step, radius_px, here});
    }
  }
}

void CandidateSearch::find(GrayView image, double min_radius_px, double max_radius_px, double dark_gray,
                           DarkCandidates& candidates) {
  dark_level_ = static_cast<float>(dark_gray);
  candidates.clear();
  peaks_.clear();
  peaks_.reserve(max_peaks);
  build_integral(image);
  int previous = 0;
  for (double radius = std::max(2.0, min_radius_px * 1.1); radius <= max_radius_px; radius *= radius_ratio) {
    const int rounded = static_cast<int>(std::lround(radius));
    if (rounded == previous) continue;
    previous = rounded;
    collect_peaks(rounded, std::max(1, rounded / 4));
  }
  std::sort(peaks_.begin(), peaks_.end(), [](const Peak& a, const Peak& b) {
    if (a.response_gray != b.response_gray) return a.response_gray > b.response_gray;
    if (a.radius_px != b.radius_px) return a.radius_px > b.radius_px;
    return a.y != b.y ? a.y < b.y : a.x < b.x;
  });
  for (const Peak& peak : peaks_) {
    if (candidates.full()) break;
    const Eigen::Vector2d center(peak.x, peak.y);
    const bool covered = std::any_of(candidates.begin(), candidates.end(), [&](const DarkCandidate& kept) {
      const double ratio = kept.radius_px / peak.radius_px;
      const double near = 0.7 * std::max<double>(kept.radius_px, peak.radius_px);
      return ratio < 2.0 && ratio > 0.5 && (kept.center_px - center).norm() < near;
    });
    if (!covered) candidates.push_back({center, static_cast<double>(peak.radius_px), peak.response_gray});
  }
}

}  // namespace yarbus
