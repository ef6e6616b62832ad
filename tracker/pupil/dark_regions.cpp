#include "tracker/pupil/dark_regions.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <opencv2/core/hal/intrin.hpp>

namespace yarbus {
namespace {

constexpr int base_height_px = 180;      // the finest searched level is the first one lower than this
constexpr int speck_reach_px = 2;        // reflections up to 5 px wide at that level vanish
constexpr double inner_fraction = 0.75;  // half side of the inner box: about the square inscribed in the disc
constexpr double gap_fraction = 1.15;    // the ring starts outside the outline, so blur does not count
constexpr double outer_fraction = 1.8;
constexpr int smallest_box_radius_px = 2;
constexpr int small_box_radius_px = 3;  // on reduced levels: smaller sizes belong to the level below
constexpr int large_box_radius_px = 5;  // larger sizes belong to the level above, but on the last one
constexpr int largest_box_radius_px = 12;
constexpr int margin_px = 24;                // holds the largest outer box
constexpr float brightness_penalty = 0.35F;  // per gray level that the centre is above the image's dark tail
constexpr float min_response_gray = 3.0F;
constexpr std::size_t max_peaks = 2048;

/// Running minimum or maximum over a square, along rows and then along columns.
template <class Pick>
void filter_square(GrayView in, GrayImage& out, GrayImage& scratch, int reach, Pick pick) {
  const int width = in.width_px;
  const int height = in.height_px;
  scratch.resize(width, height);
  out.resize(width, height);
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = in.row(y);
    std::uint8_t* to = scratch.row(y);
    std::memcpy(to, from, static_cast<std::size_t>(width));
    for (int k = 1; k <= reach; ++k) {
      for (int x = 0; x < width - k; ++x) to[x] = pick(to[x], from[x + k]);
      for (int x = k; x < width; ++x) to[x] = pick(to[x], from[x - k]);
    }
  }
  for (int y = 0; y < height; ++y) {
    std::uint8_t* to = out.row(y);
    std::memcpy(to, scratch.row(y), static_cast<std::size_t>(width));
    for (int k = std::max(0, y - reach); k <= std::min(height - 1, y + reach); ++k) {
      const std::uint8_t* from = scratch.row(k);
      for (int x = 0; x < width; ++x) to[x] = pick(to[x], from[x]);
    }
  }
}

std::uint8_t smaller(std::uint8_t a, std::uint8_t b) { return a < b ? a : b; }
std::uint8_t larger(std::uint8_t a, std::uint8_t b) { return a > b ? a : b; }

}  // namespace

DarkRegionSearch::Boxes::Boxes(int radius_px)
    : inner(std::max(1, static_cast<int>(std::lround(inner_fraction * radius_px)))),
      gap(std::max(inner + 1, static_cast<int>(std::lround(gap_fraction * radius_px)))),
      outer(std::max(gap + 1, static_cast<int>(std::lround(outer_fraction * radius_px)))) {}

void DarkRegionSearch::Integral::build(GrayView image, int cap_gray) {
  width_px = image.width_px;
  height_px = image.height_px;
  stride = width_px + 2 * margin_px + 1;
  const int rows = height_px + 2 * margin_px;
  sums.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(rows + 1));
  std::fill_n(sums.begin(), stride, 0);
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t* in = image.row(std::clamp(row - margin_px, 0, height_px - 1));
    const std::int32_t* above = sums.data() + row * stride;
    std::int32_t* out = sums.data() + (row + 1) * stride;
    std::int32_t sum = 0;
    *out++ = 0;
    ++above;
    const auto extend = [&](int level) {
      for (int x = 0; x < margin_px; ++x) {
        sum += level;
        *out++ = *above++ + sum;
      }
    };
    extend(std::min<int>(in[0], cap_gray));
    for (int x = 0; x < width_px; ++x) {
      sum += std::min<int>(in[x], cap_gray);
      *out++ = *above++ + sum;
    }
    extend(std::min<int>(in[width_px - 1], cap_gray));
  }
}

const std::int32_t* DarkRegionSearch::Integral::at(int x, int y) const {
  return sums.data() + (y + margin_px) * stride + x + margin_px;
}

void DarkRegionSearch::prepare(const GrayPyramid& pyramid, const GrayLevels& levels) {
  gray_levels_ = levels;
  base_level_ = 0;
  while (base_level_ + 1 < pyramid.level_count() && pyramid.level(base_level_).height_px >= base_height_px)
    ++base_level_;
  level_count_ = 1;
  filter_square(pyramid.level(base_level_), reduced_[0], scratch_, speck_reach_px, smaller);
  std::swap(reduced_[0], opened_);
  filter_square(opened_.view(), reduced_[0], scratch_, speck_reach_px, larger);
  while (level_count_ < searched_levels && base_level_ + level_count_ < pyramid.level_count()) {
    halve_image(reduced_[level_count_ - 1].view(), reduced_[level_count_]);
    ++level_count_;
  }
  // Memory for the finer level too, so that the first image without a pupil does not have to ask for it.
  if (base_level_ > 0) {
    const GrayView fine = pyramid.level(base_level_ - 1);
    const auto padded = [](int side) { return static_cast<std::size_t>(side + 2 * margin_px + 1); };
    fine_integral_.sums.reserve(padded(fine.width_px) * padded(fine.height_px));
    response_.reserve(static_cast<std::size_t>(fine.width_px) * static_cast<std::size_t>(fine.height_px));
  }
  const int cap = static_cast<int>(levels.bright_gray);
  for (std::size_t k = 0; k < level_count_; ++k) integrals_[k].build(reduced_[k].view(), cap);
}

void DarkRegionSearch::respond(const Integral& integral, const Boxes& boxes, int y, float* out) const {
  const int side = 2 * boxes.inner + 1;
  const float center_scale = 1.0F / static_cast<float>(side * side);
  const float side_scale = 1.0F / static_cast<float>(side * (boxes.outer - boxes.gap));
  const auto dark = static_cast<float>(gray_levels_.dark_gray);
  const int i0 = -boxes.inner;
  const int i1 = boxes.inner + 1;
  const std::int32_t* top_0 = integral.at(0, y - boxes.outer);
  const std::int32_t* top_1 = integral.at(0, y - boxes.gap);
  const std::int32_t* in_0 = integral.at(0, y + i0);
  const std::int32_t* in_1 = integral.at(0, y + i1);
  const std::int32_t* low_0 = integral.at(0, y + boxes.gap + 1);
  const std::int32_t* low_1 = integral.at(0, y + boxes.outer + 1);
  // One side may be as dark as the centre (a lid's shadow, lashes, the nose), not two: the surround is the
  // mean of the four sides, but no more than the second darkest.
  const auto response = [&](auto box, auto constant, auto smaller, auto larger) {
    const auto center = box(in_0, in_1, i0, i1) * constant(center_scale);
    const auto left = box(in_0, in_1, -boxes.outer, -boxes.gap) * constant(side_scale);
    const auto right = box(in_0, in_1, boxes.gap + 1, boxes.outer + 1) * constant(side_scale);
    const auto above = box(top_0, top_1, i0, i1) * constant(side_scale);
    const auto below = box(low_0, low_1, i0, i1) * constant(side_scale);
    const auto second_darkest = smaller(larger(smaller(left, right), smaller(above, below)),
                                        smaller(larger(left, right), larger(above, below)));
    const auto mean = (left + right + above + below) * constant(0.25F);
    const auto brightness = larger(center - constant(dark), constant(0.0F));
    return smaller(mean, second_darkest) - center - brightness * constant(brightness_penalty);
  };
  int x = 0;
#if CV_SIMD128
  for (; x + 4 <= integral.width_px; x += 4) {
    cv::v_store(out + x,
                response(
                    [x](const std::int32_t* upper, const std::int32_t* lower, int from, int to) {
                      return cv::v_cvt_f32(cv::v_load(lower + x + to) - cv::v_load(lower + x + from) -
                                           cv::v_load(upper + x + to) + cv::v_load(upper + x + from));
                    },
                    [](float value) { return cv::v_setall_f32(value); },
                    [](const auto& a, const auto& b) { return cv::v_min(a, b); },
                    [](const auto& a, const auto& b) { return cv::v_max(a, b); }));
  }
#endif
  for (; x < integral.width_px; ++x) {
    out[x] = response(
        [x](const std::int32_t* upper, const std::int32_t* lower, int from, int to) {
          return static_cast<float>(lower[x + to] - lower[x + from] - upper[x + to] + upper[x + from]);
        },
        [](float value) { return value; }, [](float a, float b) { return std::min(a, b); },
        [](float a, float b) { return std::max(a, b); });
  }
}

void DarkRegionSearch::collect(const Integral& integral, std::size_t level, int radius_px) {
  const Boxes boxes(radius_px);
  const int width = integral.width_px;
  const int step_y = radius_px < small_box_radius_px ? 1 : 2;
  const int rows = (integral.height_px + step_y - 1) / step_y;
  response_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row)
    respond(integral, boxes, row * step_y, response_.data() + static_cast<std::ptrdiff_t>(row) * width);
  const double scale = GrayPyramid::scale(level);
  for (int row = 0; row < rows; ++row) {
    const float* here = response_.data() + static_cast<std::ptrdiff_t>(row) * width;
    const float* up = row > 0 ? here - width : nullptr;
    const float* down = row + 1 < rows ? here + width : nullptr;
    for (int x = 0; x < width; ++x) {
      const float value = here[x];
      if (value < min_response_gray) continue;
      // Of equal neighbours the first one is the peak.
      if ((x > 0 && here[x - 1] >= value) || (x + 1 < width && here[x + 1] > value)) continue;
      const int from = std::max(0, x - 1);
      const int to = std::min(width - 1, x + 1);
      bool peak = true;
      for (int k = from; k <= to && peak; ++k)
        peak = (up == nullptr || up[k] < value) && (down == nullptr || down[k] <= value);
      if (!peak || peaks_.size() >= max_peaks) continue;
      peaks_.push_back({{{GrayPyramid::to_source(x, level), GrayPyramid::to_source(row * step_y, level)},
                         scale * radius_px,
                         value},
                        peaks_.size()});
    }
  }
}

void DarkRegionSearch::choose(DarkRegions& regions) {
  std::sort(peaks_.begin(), peaks_.end(), [](const Peak& a, const Peak& b) {
    if (a.region.response_gray != b.region.response_gray)
      return a.region.response_gray > b.region.response_gray;
    return a.order < b.order;
  });
  for (const auto& [region, order] : peaks_) {
    if (regions.full()) break;
    const bool covered = std::any_of(regions.begin(), regions.end(), [&](const DarkRegion& kept) {
      const double ratio = kept.radius_px / region.radius_px;
      const double near = 0.7 * std::max(kept.radius_px, region.radius_px);
      return ratio < 2.0 && ratio > 0.5 && (kept.center_px - region.center_px).norm() < near;
    });
    if (!covered) regions.push_back(region);
  }
}

void DarkRegionSearch::find(double min_radius_px, double max_radius_px, DarkRegions& regions) {
  regions.clear();
  peaks_.clear();
  peaks_.reserve(max_peaks);
  for (std::size_t k = 0; k < level_count_; ++k) {
    const double scale = GrayPyramid::scale(base_level_ + k);
    const int smallest = k == 0 ? smallest_box_radius_px : small_box_radius_px;
    const int largest = k + 1 == level_count_ ? largest_box_radius_px : large_box_radius_px;
    for (int radius = smallest; radius <= largest; ++radius) {
      if (scale * (radius + 0.5) < min_radius_px || scale * (radius - 0.5) > max_radius_px) continue;
      collect(integrals_[k], base_level_ + k, radius);
    }
  }
  choose(regions);
}

void DarkRegionSearch::find_tiny(const GrayPyramid& pyramid, double min_radius_px, DarkRegions& regions) {
  regions.clear();
  peaks_.clear();
  peaks_.reserve(max_peaks);
  if (base_level_ == 0) return;
  const std::size_t level = base_level_ - 1;
  fine_integral_.build(pyramid.level(level), static_cast<int>(gray_levels_.bright_gray));
  for (int radius = smallest_box_radius_px; radius <= small_box_radius_px; ++radius)
    if (GrayPyramid::scale(level) * (radius + 0.5) >= min_radius_px) collect(fine_integral_, level, radius);
  choose(regions);
}

}  // namespace yarbus
