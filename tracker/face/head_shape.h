#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include <Eigen/Core>

namespace yarbus {

/// Between the middles of the eyes' corners, mm: 63 +- 4 between the pupils, which stand a little wider.
constexpr double eyes_apart_mm = 62.0;
/// Where those middles lie before the head frame's origin, mm.
constexpr double eyes_in_head_z_mm = -80.0;

/// An average face from the forehead to the chin, before anything is known of it: how far it lies before the
/// head frame's origin. Frames & units: head, mm (x to image right, y down from the eyes).
/// Method: horizontal sections are ellipses as wide as the head at the eyes (breadth 152 mm) and narrower at
/// the mouth; in the middle the face is nearly upright (nasion, subnasale, lips and chin within a
/// centimetre), the nose stands out by 18 mm. Sizes to the nearest 5 mm from Farkas 1994, "Anthropometry of
/// the Head and Face".
class HeadShape {
 public:
  static constexpr double half_width_mm = 75.0;

  [[nodiscard]] static double depth_mm(double x_mm, double y_mm) {
    const double mouthwards = rise((y_mm - 10.0) / 60.0);
    const double half_width = half_width_mm - 17.0 * rise((y_mm - 10.0) / 70.0);
    const double across = std::min(0.95, std::abs(x_mm) / half_width);
    const double middle =
        95.0 + 9.0 * mouthwards - 8.0 * rise((y_mm - 80.0) / 30.0) - 6.0 * rise((-40.0 - y_mm) / 40.0);
    const double nose_width = 8.0 + 4.0 * rise(y_mm / 40.0);
    const double nose = 18.0 * rise(y_mm / 40.0) * (1.0 - rise((y_mm - 43.0) / 12.0)) *
                        std::exp(-0.5 * x_mm * x_mm / (nose_width * nose_width));
    return middle * std::sqrt(1.0 - across * across) + nose;
  }

  /// Where a ray from before the face first meets it. nullopt: it passes by. No heap.
  [[nodiscard]] static std::optional<Eigen::Vector3d> meet(const Eigen::Vector3d& origin_mm,
                                                           const Eigen::Vector3d& direction) {
    if (!(direction.z() > 0.1)) return std::nullopt;
    // From before the nose inwards until it is under the surface, then halved.
    constexpr double step_mm = 4.0;
    double along = (-130.0 - origin_mm.z()) / direction.z();
    const auto above = [&](double at) {
      const Eigen::Vector3d place = origin_mm + at * direction;
      return -depth_mm(place.x(), place.y()) - place.z();
    };
    for (int i = 0; i < 30; ++i, along += step_mm) {
      if (above(along) > 0.0) continue;
      double outside = along - step_mm;
      double inside = along;
      for (int halving = 0; halving < 20; ++halving) {
        const double middle = 0.5 * (outside + inside);
        (above(middle) > 0.0 ? outside : inside) = middle;
      }
      const Eigen::Vector3d place = origin_mm + inside * direction;
      if (std::abs(place.x()) > 0.93 * half_width_mm || std::abs(place.y()) > 115.0) return std::nullopt;
      return place;
    }
    return std::nullopt;
  }
  /// Outward, unit length.
  [[nodiscard]] static Eigen::Vector3d normal_at(const Eigen::Vector3d& on_it_mm) {
    constexpr double step_mm = 0.5;
    const double x = on_it_mm.x();
    const double y = on_it_mm.y();
    const double along_x = (depth_mm(x + step_mm, y) - depth_mm(x - step_mm, y)) / (2.0 * step_mm);
    const double along_y = (depth_mm(x, y + step_mm) - depth_mm(x, y - step_mm)) / (2.0 * step_mm);
    return Eigen::Vector3d(-along_x, -along_y, -1.0).normalized();
  }

 private:
  /// From 0 to 1 while t goes from 0 to 1, smoothly.
  static double rise(double t) {
    const double inside = std::clamp(t, 0.0, 1.0);
    return inside * inside * (3.0 - 2.0 * inside);
  }
};

}  // namespace yarbus
