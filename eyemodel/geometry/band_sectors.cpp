#include "eyemodel/geometry/band_sectors.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/LU>

#include "eyemodel/geometry/conic.h"

namespace yarbus {
namespace {

/// The curvature is the slopes' difference over this much either way: a soft step's half.
constexpr double difference_px = 0.5;
constexpr double least_share_seen = 1.0 / 3.0;

/// A cubic step from 0 to 1 over [-width, width], and its slope, as band_contrast() weighs with.
double soft_step_value(double d, double width) {
  if (d <= -width) return 0.0;
  if (d >= width) return 1.0;
  const double x = d / width;
  return 0.5 + x * (0.75 - 0.25 * x * x);
}
double soft_slope(double d, double width) {
  const double x = d / width;
  return std::abs(x) < 1.0 ? 0.75 * (1.0 - x * x) / width : 0.0;
}

/// Weighted brightness of one band, and how both change as the outline moves outward.
struct SectorBand {
  double weight = 0.0;
  double brightness = 0.0;
  double weight_slope = 0.0;
  double brightness_slope = 0.0;

  void add(double gray, double w, double slope) {
    weight += w;
    brightness += w * gray;
    weight_slope += slope;
    brightness_slope += slope * gray;
  }
  [[nodiscard]] double mean_slope() const {
    return (brightness_slope - brightness / weight * weight_slope) / weight;
  }
};

struct Bands {
  SectorBand inner;
  SectorBand outer;

  void add(double gray, double d, const BandContrastOptions& options) {
    const double width = options.soft_step_px;
    const double at = soft_step_value(d, width);
    const double slope = soft_slope(d, width);
    inner.add(gray, soft_step_value(d + options.inner_band_px, width) - at,
              slope - soft_slope(d + options.inner_band_px, width));
    outer.add(gray, at - soft_step_value(d - options.outer_band_px, width),
              soft_slope(d - options.outer_band_px, width) - slope);
  }
  [[nodiscard]] bool is_empty() const { return !(inner.weight > 0.0) || !(outer.weight > 0.0); }
  [[nodiscard]] double slope_gray_per_px() const { return outer.mean_slope() - inner.mean_slope(); }
};

double perimeter_px(const OutlineShape& outline) {
  constexpr int steps = 4 * BandSectors::count;
  double sum = 0.0;
  for (int i = 0; i < steps; ++i) {
    const double at = 2.0 * std::numbers::pi * i / steps;
    const double next = 2.0 * std::numbers::pi * (i + 1) / steps;
    sum += (outline.point_at(std::cos(next), std::sin(next)) - outline.point_at(std::cos(at), std::sin(at)))
               .norm();
  }
  return sum;
}

}  // namespace

std::optional<BandSectors> band_sectors(const OutlineShape& outline, const ImagePatch& patch,
                                        const BandContrastOptions& options) {
  constexpr int count = BandSectors::count;
  Eigen::Matrix2d s;
  s << outline.s_xx_px, outline.s_xy_px, outline.s_xy_px, outline.s_yy_px;
  const Eigen::Matrix2d to_unit = s.inverse();
  const Conic conic = conic_from_ellipse(outline.to_ellipse());
  const double reach_px =
      std::max(options.inner_band_px, options.outer_band_px) + options.soft_step_px + difference_px;
  std::array<Bands, count> sectors;
  Bands nearer;
  Bands further;
  const GrayView pixels = patch.pixels.view();
  for (int row = 0; row < pixels.height_px; ++row) {
    const std::uint8_t* gray = pixels.row(row);
    for (int column = 0; column < pixels.width_px; ++column) {
      if (gray[column] >= options.glint_threshold_gray) continue;
      const Eigen::Vector2d at(column + patch.x0_px, row + patch.y0_px);
      const double d = sampson_distance_px(conic, at);
      if (!(std::abs(d) < reach_px)) continue;
      const Eigen::Vector2d on_unit = to_unit * (at - outline.center_px);
      const double turn = std::atan2(on_unit.y(), on_unit.x()) / (2.0 * std::numbers::pi);
      const auto sector = static_cast<std::size_t>(std::lround((turn + 1.0) * count) % count);
      sectors[sector].add(gray[column], d, options);
      nearer.add(gray[column], d + difference_px, options);
      further.add(gray[column], d - difference_px, options);
    }
  }
  if (nearer.is_empty() || further.is_empty()) return std::nullopt;
  BandSectors out;
  out.curvature_gray_per_px2 =
      (nearer.slope_gray_per_px() - further.slope_gray_per_px()) / (2.0 * difference_px);
  if (!(out.curvature_gray_per_px2 > 0.0)) return std::nullopt;
  const double least_length_px = least_share_seen * perimeter_px(outline) / count;
  for (std::size_t i = 0; i < sectors.size(); ++i) {
    const Bands& bands = sectors[i];
    if (bands.inner.weight < least_length_px * options.inner_band_px ||
        bands.outer.weight < least_length_px * options.outer_band_px)
      continue;
    out.displacement_px[i] = bands.slope_gray_per_px() / out.curvature_gray_per_px2;
  }
  return out;
}

}  // namespace yarbus
