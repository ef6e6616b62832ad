#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <random>
#include <vector>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/image.h"

namespace yarbus::test {

/// What a drawn near-eye image holds. Frames & units: image, px; levels are gray values.
struct SyntheticEye {
  int width_px = 320;
  int height_px = 240;
  std::optional<Ellipse> pupil = Ellipse{{160.0, 120.0}, 40.0, 34.0, 0.6};
  double pupil_gray = 25.0;
  double iris_gray = 95.0;
  double iris_radius_factor = 2.0;  ///< of the pupil's axes
  double sclera_gray = 190.0;
  double blur_sigma_px = 0.8;
  double noise_gray = 2.0;
  unsigned seed = 1;
  struct Glint {
    Eigen::Vector2d center_px;
    double radius_px;
  };
  std::vector<Glint> glints;
  double lid_y_px = -1.0;  ///< everything above is skin
  double lid_gray = 160.0;
  int lashes = 0;  ///< dark lines 2 px wide that hang from the top across the pupil
  /// Something else in the picture, over all but the glints.
  struct Spot {
    Ellipse ellipse;
    double gray;
    double soft_px = 0.0;  ///< its edge fades over this width
  };
  std::vector<Spot> spots;
  struct Stroke {
    Eigen::Vector2d from_px;
    Eigen::Vector2d to_px;
    double width_px;
    double gray;
  };
  std::vector<Stroke> strokes;  ///< hairs, over the spots
  double vignette = 0.0;        ///< share of the brightness that the image's corners lose
  int black_border_px = 0;
};

namespace detail {

inline bool inside(const Ellipse& ellipse, double x, double y, double factor = 1.0) {
  const Eigen::Vector2d offset = Eigen::Vector2d(x, y) - ellipse.center_px;
  const double u = offset.dot(ellipse.major_axis()) / (factor * ellipse.semi_major_px);
  const double v = offset.dot(ellipse.minor_axis()) / (factor * ellipse.semi_minor_px);
  return u * u + v * v <= 1.0;
}

inline double spot_level(const SyntheticEye::Spot& spot, double x, double y, double beneath) {
  if (spot.soft_px <= 0.0) return inside(spot.ellipse, x, y) ? spot.gray : beneath;
  const Eigen::Vector2d offset = Eigen::Vector2d(x, y) - spot.ellipse.center_px;
  const double u = offset.dot(spot.ellipse.major_axis()) / spot.ellipse.semi_major_px;
  const double v = offset.dot(spot.ellipse.minor_axis()) / spot.ellipse.semi_minor_px;
  const double beyond_px = (std::hypot(u, v) - 1.0) * spot.ellipse.semi_minor_px;
  const double share = std::clamp(0.5 + beyond_px / spot.soft_px, 0.0, 1.0);
  return spot.gray + (beneath - spot.gray) * share * share * (3.0 - 2.0 * share);
}

inline bool on_stroke(const SyntheticEye::Stroke& stroke, double x, double y) {
  const Eigen::Vector2d along = stroke.to_px - stroke.from_px;
  const Eigen::Vector2d offset = Eigen::Vector2d(x, y) - stroke.from_px;
  const double share = std::clamp(offset.dot(along) / along.squaredNorm(), 0.0, 1.0);
  return (offset - share * along).norm() <= 0.5 * stroke.width_px;
}

/// Separable Gaussian blur of a plane of doubles, border replicated.
inline void blur(std::vector<double>& plane, int width, int height, double sigma) {
  if (sigma <= 0.0) return;
  const int reach = static_cast<int>(std::ceil(4.0 * sigma));
  std::vector<double> kernel(static_cast<std::size_t>(2 * reach + 1));
  double sum = 0.0;
  for (int k = -reach; k <= reach; ++k)
    sum += kernel[static_cast<std::size_t>(k + reach)] = std::exp(-0.5 * k * k / (sigma * sigma));
  std::vector<double> other(plane.size());
  const auto pass = [&](const std::vector<double>& from, std::vector<double>& to, int dx, int dy) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        double value = 0.0;
        for (int k = -reach; k <= reach; ++k) {
          const int sx = std::clamp(x + k * dx, 0, width - 1);
          const int sy = std::clamp(y + k * dy, 0, height - 1);
          value +=
              kernel[static_cast<std::size_t>(k + reach)] * from[static_cast<std::size_t>(sy * width + sx)];
        }
        to[static_cast<std::size_t>(y * width + x)] = value / sum;
      }
    }
  };
  pass(plane, other, 1, 0);
  pass(other, plane, 0, 1);
}

}  // namespace detail

/// Draws the eye with 4x4 samples a pixel (pixel centres at whole coordinates) where its corners and its
/// middle differ, then blurs, darkens by vignette and border, and adds noise.
inline GrayImage draw(const SyntheticEye& eye) {
  constexpr int samples = 4;
  const int width = eye.width_px;
  const int height = eye.height_px;
  std::vector<double> plane(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const auto eye_level = [&](double x, double y) {
    for (int k = 0; k < eye.lashes; ++k) {
      // Evenly spread over the pupil's width, each leaning a little.
      const double center_x = eye.pupil ? eye.pupil->center_px.x() : 0.5 * width;
      const double reach = eye.pupil ? eye.pupil->semi_major_px : 0.2 * width;
      const double root_x = center_x + reach * (-1.0 + 2.0 * (k + 0.5) / eye.lashes);
      const double end_y = eye.pupil ? eye.pupil->center_px.y() : 0.5 * height;
      if (y < end_y && std::abs(x - root_x - 0.2 * (y - end_y)) <= 1.0) return eye.pupil_gray + 10.0;
    }
    if (y < eye.lid_y_px) return eye.lid_gray;
    if (eye.pupil && detail::inside(*eye.pupil, x, y)) return eye.pupil_gray;
    if (eye.pupil && detail::inside(*eye.pupil, x, y, eye.iris_radius_factor)) return eye.iris_gray;
    return eye.sclera_gray;
  };
  const auto level_at = [&](double x, double y) {
    for (const auto& glint : eye.glints)
      if ((Eigen::Vector2d(x, y) - glint.center_px).norm() <= glint.radius_px) return 255.0;
    for (const auto& stroke : eye.strokes)
      if (detail::on_stroke(stroke, x, y)) return stroke.gray;
    double level = eye_level(x, y);
    for (const auto& spot : eye.spots) level = detail::spot_level(spot, x, y, level);
    return level;
  };
  std::vector<double> corners(static_cast<std::size_t>(width + 1) * static_cast<std::size_t>(height + 1));
  for (int y = 0; y <= height; ++y)
    for (int x = 0; x <= width; ++x)
      corners[static_cast<std::size_t>(y * (width + 1) + x)] = level_at(x - 0.5, y - 0.5);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double* upper = corners.data() + y * (width + 1) + x;
      const double* lower = upper + width + 1;
      double& pixel = plane[static_cast<std::size_t>(y * width + x)];
      pixel = level_at(x, y);
      if (pixel == upper[0] && pixel == upper[1] && pixel == lower[0] && pixel == lower[1]) continue;
      double sum = 0.0;
      for (int j = 0; j < samples; ++j)
        for (int i = 0; i < samples; ++i)
          sum += level_at(x + (i + 0.5) / samples - 0.5, y + (j + 0.5) / samples - 0.5);
      pixel = sum / (samples * samples);
    }
  }
  detail::blur(plane, width, height, eye.blur_sigma_px);
  std::mt19937 random(eye.seed);
  std::normal_distribution<double> noise(0.0, 1.0);
  GrayImage image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double value = plane[static_cast<std::size_t>(y * width + x)];
      const double from_middle =
          std::hypot(2.0 * x / (width - 1) - 1.0, 2.0 * y / (height - 1) - 1.0) / std::numbers::sqrt2;
      value *= 1.0 - eye.vignette * from_middle * from_middle;
      if (std::min({x, y, width - 1 - x, height - 1 - y}) < eye.black_border_px) value = 0.0;
      value += eye.noise_gray * noise(random);
      image.row(y)[x] = static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
    }
  }
  return image;
}

/// Even lines of the one image, odd lines of the other: an interlaced frame of something that moved.
inline GrayImage weave(const GrayImage& even, const GrayImage& odd) {
  GrayImage woven(even.width_px(), even.height_px());
  for (int y = 0; y < even.height_px(); ++y)
    std::copy_n((y % 2 == 0 ? even : odd).view().row(y), even.width_px(), woven.row(y));
  return woven;
}

/// The largest distance between two outlines (both ways), px; NaN when either is not an ellipse.
inline double outline_distance_px(const Ellipse& a, const Ellipse& b) {
  if (!a.is_valid() || !b.is_valid()) return std::nan("");
  constexpr int count = 180;
  const auto one_way = [](const Ellipse& from, const Ellipse& to) {
    std::array<Eigen::Vector2d, 8 * count> points;
    for (int k = 0; k < 8 * count; ++k)
      points[static_cast<std::size_t>(k)] = to.point_at(2.0 * std::numbers::pi * k / (8 * count));
    double largest = 0.0;
    for (int i = 0; i < count; ++i) {
      const Eigen::Vector2d point = from.point_at(2.0 * std::numbers::pi * i / count);
      double nearest = 1e300;
      for (const auto& other : points) nearest = std::min(nearest, (other - point).squaredNorm());
      largest = std::max(largest, std::sqrt(nearest));
    }
    return largest;
  };
  return std::max(one_way(a, b), one_way(b, a));
}

}  // namespace yarbus::test
