#include "eyemodel/geometry/band_contrast.h"

#include <algorithm>
#include <cmath>

namespace yarbus {
namespace {

/// Bands with less weight than this many pixels have no mean worth the name.
constexpr double min_band_weight_px = 30.0;

/// Far from the outline this many pixels at most are skipped at once; less than a band is wide.
constexpr int max_skip_px = 4;

/// A cubic step from 0 to 1 over [-width, width], and its slope.
struct SoftStep {
  double value;
  double slope;
};

SoftStep soft_step(double d, double width) {
  if (d <= -width) return {0.0, 0.0};
  if (d >= width) return {1.0, 0.0};
  const double x = d / width;
  return {0.5 + x * (0.75 - 0.25 * x * x), 0.75 * (1.0 - x * x) / width};
}

/// Weighted sum of brightness over one band with what its derivative needs.
struct Band {
  double weight = 0.0;
  double brightness = 0.0;
  Eigen::Matrix<double, 6, 1> weight_by_conic = Eigen::Matrix<double, 6, 1>::Zero();
  Eigen::Matrix<double, 6, 1> brightness_by_conic = Eigen::Matrix<double, 6, 1>::Zero();

  void add(double gray, double w, double slope, const Eigen::Matrix<double, 6, 1>& d_by_conic) {
    weight += w;
    brightness += w * gray;
    weight_by_conic.noalias() += slope * d_by_conic;
    brightness_by_conic.noalias() += (slope * gray) * d_by_conic;
  }
  [[nodiscard]] double mean() const { return brightness / weight; }
  [[nodiscard]] Eigen::Matrix<double, 6, 1> mean_by_conic() const {
    return (brightness_by_conic - mean() * weight_by_conic) / weight;
  }
};

}  // namespace

BandContrast band_contrast(const Eigen::Matrix<double, 6, 1>& conic, const ImagePatch& patch,
                           const BandContrastOptions& options) {
  const double reach_px = options.band_px + options.soft_step_px;
  const double A = conic[0];
  const double B = conic[1];
  const double C = conic[2];
  const double D = conic[3];
  const double E = conic[4];
  const double F = conic[5];
  const GrayView pixels = patch.pixels.view();
  Band inner;
  Band outer;
  for (int row = 0; row < pixels.height_px; ++row) {
    const double y = row + patch.y0_px;
    const std::uint8_t* gray = pixels.row(row);
    for (int column = 0; column < pixels.width_px; ++column) {
      const double x = column + patch.x0_px;
      const double half_gx = A * x + B * y + D;
      const double half_gy = B * x + C * y + E;
      const double f = x * half_gx + y * half_gy + D * x + E * y + F;
      const double g = 2.0 * std::sqrt(half_gx * half_gx + half_gy * half_gy);
      if (std::abs(f) >= reach_px * g) {
        const double beyond = g > 0.0 ? std::abs(f) / g - reach_px : max_skip_px;
        column += std::clamp(static_cast<int>(0.5 * std::min(beyond, 100.0)), 0, max_skip_px);
        continue;
      }
      if (gray[column] >= options.glint_threshold_gray) continue;
      const double d = f / g;
      Eigen::Matrix<double, 6, 1> d_by_conic;
      const double k = 2.0 * f / (g * g * g);  // f / g^3 times grad, whose parts are 2 half_g
      const double kx = 2.0 * k * half_gx;
      const double ky = 2.0 * k * half_gy;
      d_by_conic << x * x / g - kx * x, 2.0 * x * y / g - kx * y - ky * x, y * y / g - ky * y,
          2.0 * x / g - kx, 2.0 * y / g - ky, 1.0 / g;
      const SoftStep at_outline = soft_step(d, options.soft_step_px);
      const SoftStep at_inner = soft_step(d + options.band_px, options.soft_step_px);
      const SoftStep at_outer = soft_step(d - options.band_px, options.soft_step_px);
      inner.add(gray[column], at_inner.value - at_outline.value, at_inner.slope - at_outline.slope,
                d_by_conic);
      outer.add(gray[column], at_outline.value - at_outer.value, at_outline.slope - at_outer.slope,
                d_by_conic);
    }
  }
  BandContrast contrast;
  if (inner.weight < min_band_weight_px || outer.weight < min_band_weight_px) return contrast;
  contrast.contrast_gray = outer.mean() - inner.mean();
  contrast.by_conic = outer.mean_by_conic() - inner.mean_by_conic();
  contrast.is_valid = true;
  return contrast;
}

}  // namespace yarbus
