#include "tracker/pupil/outline_score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace yarbus {
namespace {

constexpr int interior_rings = 8;
constexpr int interior_angles = 32;
constexpr std::array<double, 2> surround_radii{1.2, 1.4};  // of the outline: still on the iris
constexpr double max_neutral_share =
    0.35;  // glints and the image border may excuse at most this share of the outline

/// 0 at `from`, 1 at `to` (either order), smooth between.
double soft_step(double value, double from, double to) {
  const double t = std::clamp((value - from) / (to - from), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}

struct Interior {
  double fill = 0.0;
  double core_gray = 0.0;
};

/// Share of a ring outside the outline that is brighter than halfway between the outline's two sides.
double read_surround(GrayView image, const OutlineShape& shape, const OutlineMeasurement& measurement) {
  const float bright_limit = 0.5F * (measurement.inside_gray + measurement.outside_gray);
  int bright = 0;
  int counted = 0;
  for (const double radius : surround_radii) {
    for (int k = 0; k < interior_angles; ++k) {
      const double angle = 2.0 * std::numbers::pi * k / interior_angles;
      const Eigen::Vector2d point = shape.point_at(radius * std::cos(angle), radius * std::sin(angle));
      const int x = static_cast<int>(std::lround(point.x()));
      const int y = static_cast<int>(std::lround(point.y()));
      if (!image.contains(x, y)) continue;
      ++counted;
      bright += static_cast<float>(image.at(x, y)) > bright_limit ? 1 : 0;
    }
  }
  return counted > 0 ? static_cast<double>(bright) / counted : 0.0;
}

/// Reads the interior on rings of equal area.
Interior read_interior(GrayView image, const OutlineShape& shape, const OutlineMeasurement& measurement) {
  const float dark_limit = 0.5F * (measurement.inside_gray + measurement.outside_gray);
  std::array<std::uint8_t, interior_rings * interior_angles> core;
  std::size_t core_count = 0;
  int dark = 0;
  int counted = 0;
  for (int ring = 0; ring < interior_rings; ++ring) {
    const double radius = 0.95 * std::sqrt((ring + 0.5) / interior_rings);
    for (int k = 0; k < interior_angles; ++k) {
      const double angle = 2.0 * std::numbers::pi * (k + 0.5 * (ring % 2)) / interior_angles;
      const Eigen::Vector2d point = shape.point_at(radius * std::cos(angle), radius * std::sin(angle));
      const int x = static_cast<int>(std::lround(point.x()));
      const int y = static_cast<int>(std::lround(point.y()));
      if (!image.contains(x, y)) continue;
      const std::uint8_t level = image.at(x, y);
      if (static_cast<float>(level) >= measurement.glint_gray) continue;
      ++counted;
      dark += static_cast<float>(level) <= dark_limit ? 1 : 0;
      if (radius < 0.7) core[core_count++] = level;
    }
  }
  Interior interior;
  interior.fill = counted > 0 ? static_cast<double>(dark) / counted : 0.0;
  if (core_count > 0) {
    const auto tail = core.begin() + static_cast<std::ptrdiff_t>(core_count / 5);
    std::nth_element(core.begin(), tail, core.begin() + static_cast<std::ptrdiff_t>(core_count));
    interior.core_gray = *tail;
  }
  return interior;
}

}  // namespace

double support_tolerance_px(double mean_radius_px) { return 0.75 + 0.02 * mean_radius_px; }

OutlineScore score_outline(GrayView image, const OutlineShape& shape, const OutlineMeasurement& measurement,
                           double noise_gray, double image_dark_gray) {
  OutlineScore score;
  const double mean_radius = 0.5 * (shape.s_xx_px + shape.s_yy_px);
  const double tolerance = support_tolerance_px(mean_radius);
  const float min_slope = 0.35F * measurement.slope_gray_per_px;
  double supported = 0.0;
  double tight = 0.0;
  double glinted = 0.0;
  double outside = 0.0;
  double square_sum = 0.0;
  for (const auto& sample : measurement.view()) {
    if (sample.kind == OutlineSample::Kind::outside_image) outside += 1.0;
    if (sample.kind == OutlineSample::Kind::glint) glinted += 1.0;
    if (sample.kind != OutlineSample::Kind::edge || sample.slope_gray_per_px < min_slope) continue;
    if (std::abs(sample.offset_px) > tolerance) continue;
    const double miss = sample.offset_px / tolerance;
    supported += 1.0;
    tight += 1.0 - miss * miss;
    square_sum += sample.offset_px * sample.offset_px;
  }
  const double count = std::max(1.0, static_cast<double>(measurement.count));
  score.support = supported / (count - std::min(glinted + 0.5 * outside, max_neutral_share * count));
  score.out_of_image = outside / count;
  score.contrast_gray = measurement.outside_gray - measurement.inside_gray;
  score.residual_px = supported > 0.0 ? std::sqrt(square_sum / supported) : tolerance;
  const Interior interior = read_interior(image, shape, measurement);
  score.fill = interior.fill;
  score.core_ratio = (measurement.inside_gray - interior.core_gray) / std::max(1.0, score.contrast_gray);
  const double darkness = (measurement.inside_gray - image_dark_gray) / std::max(1.0, score.contrast_gray);

  score.surround = read_surround(image, shape, measurement);
  const Ellipse ellipse = shape.to_ellipse();
  score.aspect_ratio = ellipse.aspect_ratio();
  score.arc_px = tight / count * 2.0 * std::numbers::pi * mean_radius;
  const double supported_arc =
      supported / count * 2.0 * std::numbers::pi * mean_radius / static_cast<double>(image.height_px);

  score.confidence = soft_step(score.support, 0.30, 0.85) *
                     soft_step(score.contrast_gray, 2.0 + 2.0 * noise_gray, 8.0 + 4.0 * noise_gray) *
                     soft_step(score.fill, 0.45, 0.85) * soft_step(score.core_ratio, 1.3, 0.6) *
                     soft_step(darkness, 2.0, 0.8) * soft_step(score.residual_px / tolerance, 0.85, 0.35) *
                     soft_step(score.surround, 0.35, 0.75) * soft_step(score.aspect_ratio, 0.25, 0.70) *
                     soft_step(supported_arc, 0.0, 0.25);
  return score;
}

}  // namespace yarbus
