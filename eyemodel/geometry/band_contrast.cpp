#include "eyemodel/geometry/band_contrast.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yarbus {
namespace {

/// Bands with less weight than this many pixels have no mean worth the name.
constexpr double min_band_weight_px = 30.0;

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
    if (slope == 0.0) return;
    weight_by_conic.noalias() += slope * d_by_conic;
    brightness_by_conic.noalias() += (slope * gray) * d_by_conic;
  }
  [[nodiscard]] double mean() const { return brightness / weight; }
  [[nodiscard]] Eigen::Matrix<double, 6, 1> mean_by_conic() const {
    return (brightness_by_conic - mean() * weight_by_conic) / weight;
  }
};

/// The columns of one row that a ring around the outline covers: [first, second] left and right of its hole;
/// both halves touch where the row misses the hole.
struct RowSpans {
  int left_begin, left_end, right_begin, right_end;  // half-open
};

/// A ring between two ellipses with the outline's centre and shape that holds all pixels within `reach_px`.
class Ring {
 public:
  Ring(const Eigen::Matrix<double, 6, 1>& conic, double reach_px)
      : a_(conic[0]), b_(conic[1]), c_(conic[2]), d_(conic[3]), e_(conic[4]), f_(conic[5]) {
    const double determinant = a_ * c_ - b_ * b_;
    const double center_x = (b_ * e_ - c_ * d_) / determinant;
    const double center_y = (b_ * d_ - a_ * e_) / determinant;
    const double depth = -(d_ * center_x + e_ * center_y + f_);  // of the conic's value at the centre
    const double steepest = 0.5 * (a_ + c_) + std::hypot(0.5 * (a_ - c_), b_);
    is_ellipse_ = determinant > 0.0 && depth > 0.0;
    if (!is_ellipse_) return;
    // Scaling adds `reach` along the minor axis and more elsewhere; Sampson's distance needs some room.
    constexpr double room_px = 2.0;
    const double minor_px = std::sqrt(depth / steepest);
    const double grown = 1.0 + (reach_px + room_px) / minor_px;
    const double shrunk = std::max(0.0, 1.0 - (reach_px + room_px) / minor_px);
    outer_level_ = depth * (grown * grown - 1.0);
    inner_level_ = depth * (shrunk * shrunk - 1.0);
  }
  [[nodiscard]] bool is_ellipse() const { return is_ellipse_; }

  [[nodiscard]] RowSpans row(double y, int x0_px, int width_px) const {
    const double half_b = b_ * y + d_;
    const double constant = c_ * y * y + 2.0 * e_ * y + f_;
    const double middle = -half_b / a_;
    const auto half_width = [&](double level) {  // negative: the row misses that ellipse
      const double root = half_b * half_b - a_ * (constant - level);
      return root > 0.0 ? std::sqrt(root) / a_ : -1.0;
    };
    const auto column = [&](double x) {
      return static_cast<int>(std::clamp(std::ceil(x) - x0_px, 0.0, double(width_px)));
    };
    const double outer = half_width(outer_level_);
    if (outer < 0.0) return {0, 0, 0, 0};
    const double inner = half_width(inner_level_);
    const int begin = column(middle - outer);
    const int end = column(middle + outer);
    if (inner <= 0.0) return {begin, end, end, end};
    return {begin, column(middle - inner), column(middle + inner), end};
  }

 private:
  double a_, b_, c_, d_, e_, f_;
  bool is_ellipse_ = false;
  double outer_level_ = 0.0;
  double inner_level_ = 0.0;
};

}  // namespace

BandContrastOptions balanced_bands(const Ellipse& outline, const BandSettings& settings) {
  // Perimeter after Ramanujan (1914); parallel bands hold L w +- pi w^2.
  const double a = outline.semi_major_px;
  const double b = outline.semi_minor_px;
  const double perimeter_px = std::numbers::pi * (3.0 * (a + b) - std::sqrt((3.0 * a + b) * (a + 3.0 * b)));
  const double share = std::min(0.5, std::numbers::pi * settings.width_px / perimeter_px);
  BandContrastOptions options;
  options.inner_band_px = settings.width_px * (1.0 + share);
  options.outer_band_px = settings.width_px * (1.0 - share);
  options.glint_threshold_gray = settings.glint_threshold_gray;
  return options;
}

BandContrast band_contrast(const Eigen::Matrix<double, 6, 1>& conic, const ImagePatch& patch,
                           const BandContrastOptions& options) {
  const double reach_px = std::max(options.inner_band_px, options.outer_band_px) + options.soft_step_px;
  const double A = conic[0];
  const double B = conic[1];
  const double C = conic[2];
  const double D = conic[3];
  const double E = conic[4];
  const double F = conic[5];
  const GrayView pixels = patch.pixels.view();
  Band inner;
  Band outer;
  const Ring ring(conic, reach_px);
  if (!ring.is_ellipse()) return {};
  for (int row = 0; row < pixels.height_px; ++row) {
    const double y = row + patch.y0_px;
    const std::uint8_t* gray = pixels.row(row);
    const RowSpans spans = ring.row(y, patch.x0_px, pixels.width_px);
    for (int column = spans.left_begin; column < spans.right_end; ++column) {
      if (column == spans.left_end) column = spans.right_begin;
      if (column >= spans.right_end) break;
      if (gray[column] >= options.glint_threshold_gray) continue;
      const double x = column + patch.x0_px;
      const double half_gx = A * x + B * y + D;
      const double half_gy = B * x + C * y + E;
      const double f = x * half_gx + y * half_gy + D * x + E * y + F;
      const double g = 2.0 * std::sqrt(half_gx * half_gx + half_gy * half_gy);
      if (std::abs(f) >= reach_px * g) continue;
      const double d = f / g;
      Eigen::Matrix<double, 6, 1> d_by_conic;
      const double k = 2.0 * f / (g * g * g);  // f / g^3 times grad, whose parts are 2 half_g
      const double kx = 2.0 * k * half_gx;
      const double ky = 2.0 * k * half_gy;
      d_by_conic << x * x / g - kx * x, 2.0 * x * y / g - kx * y - ky * x, y * y / g - ky * y,
          2.0 * x / g - kx, 2.0 * y / g - ky, 1.0 / g;
      const SoftStep at_outline = soft_step(d, options.soft_step_px);
      const SoftStep at_inner = soft_step(d + options.inner_band_px, options.soft_step_px);
      const SoftStep at_outer = soft_step(d - options.outer_band_px, options.soft_step_px);
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
