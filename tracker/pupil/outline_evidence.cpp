#include "tracker/pupil/outline_evidence.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace yarbus {
namespace {

constexpr int interior_rings = 6;
constexpr int interior_angles = 24;
constexpr int surround_angles = 32;
constexpr std::array<double, 2> surround_radii{1.2, 1.4};  // of the outline: still on the iris
constexpr double least_side_distance_px = 2.5;             // where the two sides of a point are read
constexpr double side_distance_per_radius = 0.08;
constexpr float least_slope_share = 0.35F;  // of the median slope: a weaker edge supports nothing
constexpr double tight_tolerance_px = 0.3;
constexpr double tight_tolerance_per_radius = 0.006;
constexpr std::array<std::string_view, evidence_count> names{
    "support",       "visible_support", "covered",    "covered_pieces",  "leak",
    "leak_pieces",   "displaced",       "contrast",   "signal_to_noise", "sharpness",
    "inside_spread", "outside_spread",  "core",       "darkness",        "fill",
    "surround",      "residual",        "systematic", "aspect_ratio",    "radius",
    "arc",           "out_of_image",    "glint"};

enum class Point : std::uint8_t { neutral, supported, covered, leaking, displaced };

struct Points {
  std::array<Point, max_edge_points> kinds;
  std::size_t count = 0;

  [[nodiscard]] int number(Point kind) const {
    return static_cast<int>(
        std::count(kinds.begin(), kinds.begin() + static_cast<std::ptrdiff_t>(count), kind));
  }
  /// Longest run around the outline; neutral points neither break nor lengthen it.
  [[nodiscard]] int longest_run(Point kind) const {
    int longest = 0;
    int run = 0;
    for (std::size_t i = 0; i < 2 * count; ++i) {
      const Point here = kinds[i % count];
      if (here == Point::neutral) continue;
      run = here == kind ? run + 1 : 0;
      longest = std::max(longest, run);
    }
    return std::min(longest, number(kind));
  }
};

int gray_at(GrayView image, const Eigen::Vector2d& point_px) {
  if (!(point_px.x() > -0.5 && point_px.y() > -0.5)) return -1;
  const int x = static_cast<int>(point_px.x() + 0.5);
  const int y = static_cast<int>(point_px.y() + 0.5);
  return image.contains(x, y) ? image.at(x, y) : -1;
}

Points classify(GrayView image, const OutlineShape& shape, const OutlineMeasurement& measurement) {
  const double radius = shape.mean_radius_px();
  const double tolerance = support_tolerance_px(radius);
  const double side = std::max(least_side_distance_px, side_distance_per_radius * radius);
  const float least_slope = least_slope_share * measurement.slope_gray_per_px;
  const float middle = 0.5F * (measurement.inside_gray + measurement.outside_gray);
  Points points;
  for (const auto& sample : measurement.view()) {
    Point& kind = points.kinds[points.count++];
    kind = Point::neutral;
    if (sample.kind == OutlineSample::Kind::outside_image || sample.kind == OutlineSample::Kind::glint)
      continue;
    const Eigen::Vector2d at = shape.point_at(sample.cos_phi, sample.sin_phi);
    const Eigen::Vector2d normal = shape.normal_at(sample.cos_phi, sample.sin_phi);
    const int inner = gray_at(image, at - side * normal);
    const int outer = gray_at(image, at + side * normal);
    if (sample.kind == OutlineSample::Kind::edge && sample.slope_gray_per_px >= least_slope &&
        std::abs(sample.offset_px) <= tolerance && sample.inside_gray <= middle) {
      kind = Point::supported;
    } else if (static_cast<float>(inner) > middle) {
      kind = Point::covered;
    } else if (outer >= 0 && static_cast<float>(outer) <= middle) {
      kind = Point::leaking;
    } else {
      kind = Point::displaced;
    }
  }
  return points;
}

template <class Value>
double median_of(std::span<Value> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<double>(*middle);
}

/// Median absolute deviation of a level over the supported points.
double spread_of(const Points& points, const OutlineMeasurement& measurement, float OutlineSample::*level,
                 float center) {
  std::array<float, max_edge_points> deviations;
  std::size_t count = 0;
  for (std::size_t i = 0; i < points.count; ++i)
    if (points.kinds[i] == Point::supported)
      deviations[count++] = std::abs(measurement.samples[i].*level - center);
  return median_of(std::span(deviations.data(), count));
}

/// Points of the unit disc or beyond it, to be mapped to an outline's.
template <std::size_t Count>
using DiscPoints = std::array<Eigen::Vector2d, Count>;

constexpr std::size_t surround_points = surround_radii.size() * surround_angles;
const DiscPoints<surround_points>& surround_ring() {
  static const auto table = [] {
    DiscPoints<surround_points> points;
    std::size_t count = 0;
    for (const double radius : surround_radii) {
      for (int k = 0; k < surround_angles; ++k) {
        const double angle = 2.0 * std::numbers::pi * k / surround_angles;
        points[count++] = {radius * std::cos(angle), radius * std::sin(angle)};
      }
    }
    return points;
  }();
  return table;
}

/// Rings of equal area.
constexpr std::size_t interior_points = interior_rings * interior_angles;
const DiscPoints<interior_points>& interior_disc() {
  static const auto table = [] {
    DiscPoints<interior_points> points;
    std::size_t count = 0;
    for (int ring = 0; ring < interior_rings; ++ring) {
      const double radius = 0.93 * std::sqrt((ring + 0.5) / interior_rings);
      for (int k = 0; k < interior_angles; ++k) {
        const double angle = 2.0 * std::numbers::pi * (k + 0.5 * (ring % 2)) / interior_angles;
        points[count++] = {radius * std::cos(angle), radius * std::sin(angle)};
      }
    }
    return points;
  }();
  return table;
}

/// Share of a ring outside the outline that is brighter than halfway between the outline's two sides.
double read_surround(GrayView image, const OutlineShape& shape, double middle_gray) {
  int bright = 0;
  int counted = 0;
  for (const auto& point : surround_ring()) {
    const int level = gray_at(image, shape.point_at(point.x(), point.y()));
    if (level < 0) continue;
    ++counted;
    bright += level > middle_gray ? 1 : 0;
  }
  return counted > 0 ? static_cast<double>(bright) / counted : 0.0;
}

struct Interior {
  double fill = 0.0;
  double core_gray = 0.0;
};

Interior read_interior(GrayView image, const OutlineShape& shape, double middle_gray, double glint_gray) {
  std::array<std::uint8_t, interior_points> values;
  std::size_t counted = 0;
  int dark = 0;
  for (const auto& point : interior_disc()) {
    const int level = gray_at(image, shape.point_at(point.x(), point.y()));
    if (level < 0 || level >= glint_gray) continue;
    dark += level <= middle_gray ? 1 : 0;
    values[counted++] = static_cast<std::uint8_t>(level);
  }
  if (counted == 0) return {};
  const auto fifth = values.begin() + static_cast<std::ptrdiff_t>(counted / 5);
  std::nth_element(values.begin(), fifth, values.begin() + static_cast<std::ptrdiff_t>(counted));
  return {static_cast<double>(dark) / static_cast<double>(counted), static_cast<double>(*fifth)};
}

struct Residuals {
  double square_mean = 0.0;
  double neighbour_mean = 0.0;  ///< mean product of the offsets of points two apart
};

Residuals residuals_of(const Points& points, const OutlineMeasurement& measurement) {
  Residuals residuals;
  int single = 0;
  int pairs = 0;
  for (std::size_t i = 0; i < points.count; ++i) {
    if (points.kinds[i] != Point::supported) continue;
    const double here = measurement.samples[i].offset_px;
    residuals.square_mean += here * here;
    ++single;
    const std::size_t next = (i + 2) % points.count;
    if (points.kinds[next] != Point::supported) continue;
    residuals.neighbour_mean += here * measurement.samples[next].offset_px;
    ++pairs;
  }
  residuals.square_mean /= std::max(1, single);
  residuals.neighbour_mean /= std::max(1, pairs);
  return residuals;
}

}  // namespace

std::string_view name_of(Evidence evidence) { return names[static_cast<std::size_t>(evidence)]; }

double support_tolerance_px(double mean_radius_px) { return 0.75 + 0.02 * mean_radius_px; }

OutlineEvidence read_evidence(GrayView image, const OutlineShape& shape,
                              const OutlineMeasurement& measurement, const GrayLevels& levels) {
  OutlineEvidence evidence;
  const Points points = classify(image, shape, measurement);
  const double radius = shape.mean_radius_px();
  const double contrast = std::max(1.0, double{measurement.outside_gray} - double{measurement.inside_gray});
  const double middle = 0.5 * (double{measurement.outside_gray} + double{measurement.inside_gray});
  evidence.contrast_gray = double{measurement.outside_gray} - double{measurement.inside_gray};

  double outside = 0.0;
  double glint = 0.0;
  for (const auto& sample : measurement.view()) {
    outside += sample.kind == OutlineSample::Kind::outside_image ? 1.0 : 0.0;
    glint += sample.kind == OutlineSample::Kind::glint ? 1.0 : 0.0;
  }
  const double all = std::max(1.0, static_cast<double>(points.count));
  const double in_image = std::max(1.0, all - outside);
  const double judged = std::max(1.0, in_image - glint);
  const double supported = points.number(Point::supported);
  const double covered = points.number(Point::covered);
  const double leaking = points.number(Point::leaking);
  const double displaced = points.number(Point::displaced);
  const double covered_run = points.longest_run(Point::covered);
  const double leaking_run = points.longest_run(Point::leaking);
  evidence[Evidence::support] = supported / judged;
  evidence[Evidence::visible_support] = supported / std::max(1.0, supported + leaking + displaced);
  evidence[Evidence::covered] = covered / judged;
  evidence[Evidence::covered_pieces] = (covered - covered_run) / judged;
  evidence[Evidence::leak] = leaking_run / judged;
  evidence[Evidence::leak_pieces] = (leaking - leaking_run) / judged;
  evidence[Evidence::displaced] = displaced / judged;
  evidence[Evidence::out_of_image] = outside / all;
  evidence[Evidence::glint] = glint / in_image;

  evidence[Evidence::contrast] = std::log(contrast);
  evidence[Evidence::signal_to_noise] = std::log(contrast / levels.noise_gray);
  evidence[Evidence::sharpness] = measurement.slope_gray_per_px / contrast * std::sqrt(radius);
  evidence[Evidence::inside_spread] =
      spread_of(points, measurement, &OutlineSample::inside_gray, measurement.inside_gray) / contrast;
  evidence[Evidence::outside_spread] =
      spread_of(points, measurement, &OutlineSample::outside_gray, measurement.outside_gray) / contrast;
  const Interior interior = read_interior(image, shape, middle, measurement.glint_gray);
  evidence[Evidence::core] = (measurement.inside_gray - interior.core_gray) / contrast;
  evidence[Evidence::darkness] = (measurement.inside_gray - levels.dark_gray) / contrast;
  evidence[Evidence::fill] = interior.fill;
  evidence[Evidence::surround] = read_surround(image, shape, middle);

  const Residuals residuals = residuals_of(points, measurement);
  const double tight = tight_tolerance_px + tight_tolerance_per_radius * radius;
  evidence[Evidence::residual] = std::sqrt(residuals.square_mean) / tight;
  evidence[Evidence::systematic] = std::sqrt(std::max(0.0, residuals.neighbour_mean)) / tight;
  evidence[Evidence::aspect_ratio] = shape.to_ellipse().aspect_ratio();
  evidence[Evidence::radius] = std::log(radius / image.height_px);
  evidence[Evidence::arc] = supported / all * 2.0 * std::numbers::pi * radius / image.height_px;
  return evidence;
}

}  // namespace yarbus
