#include "tracker/pupil/limbus_circle.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>

namespace yarbus {
namespace {

using Terms = Eigen::Matrix<double, 5, 1>;

constexpr int max_radii = 64;
constexpr int table_rays = limbus_rays / 2;
constexpr double radius_step = 1.026;
constexpr int max_arc_steps_apart = 8;  ///< of the two arcs' radii: the centre may be 10 % of the radius off
constexpr int half_arc = 6;             ///< table rays: 34 degrees
constexpr int axis_stride = 2;          ///< table rays between the axes that are tried
constexpr double clipped_gray = 40.0;
constexpr double least_cosine = 0.7;  ///< of an axis to the image's horizontal
// Of equal arcs the centred, level ones.
constexpr double gray_per_step_apart = 0.1;
constexpr double gray_per_tilt = 3.0;
constexpr double least_reaching = 0.6;  ///< of an arc's rays
constexpr double least_even = 0.3;      ///< rise of the weaker arc, of the stronger one's

constexpr int half_side = 18;        ///< rays that steps are looked for on: 51 degrees
constexpr double tolerance = 0.035;  ///< of the radius: a step is on the circle
constexpr double narrowest = 0.015;
// How far a limbus deviates from what the pupil's outline lets expect, as shares of the radius.
constexpr double center_sigma = 0.04;
constexpr double shape_sigma = 0.012;
// What a circle must have to be taken for the limbus.
constexpr int fewest_steps = 30;
constexpr int fewest_on_a_side = 11;
constexpr double most_scatter = 0.0065;    ///< of the radius
constexpr double most_roughness = 0.22;    ///< of the contrast: sclera is smooth, an iris's outer ring is not
constexpr double pixel_scatter_px = 0.12;  ///< and what the pixels add

constexpr double least_contrast = 0.4;  ///< of a step, of the median
constexpr double most_contrast = 2.0;

constexpr int rays_averaged = 3;

constexpr std::size_t at(int radius, int ray) {
  return static_cast<std::size_t>(radius) * (2 * table_rays + 1) + static_cast<std::size_t>(ray);
}

Terms basis(int ray) {
  const Eigen::Vector2d u = LimbusProfiles::direction(ray);
  return (Terms() << 1.0, u.x(), u.y(), u.x() * u.x() - u.y() * u.y(), 2.0 * u.x() * u.y()).finished();
}

/// Hardly more than the limit, yet rising with it: a maximum stays one.
double clipped(double rise_gray) {
  constexpr double slope_beyond = 0.1;
  const double within = std::clamp(rise_gray, -clipped_gray, clipped_gray);
  return within + slope_beyond * (rise_gray - within);
}

/// Cosine of the ray's angle to the image's horizontal, which the lids of a more or less upright image leave
/// free.
double sidewaysness(const Ellipse& outline, int ray) {
  const Eigen::Vector2d u = LimbusProfiles::direction(ray);
  const Eigen::Vector2d dir =
      u.x() * outline.major_axis() + outline.aspect_ratio() * u.y() * outline.minor_axis();
  return std::abs(dir.x()) / dir.norm();
}

double median(std::array<double, limbus_rays>& values, int count) {
  const auto middle = values.begin() + count / 2;
  std::nth_element(values.begin(), middle, values.begin() + count);
  return *middle;
}

}  // namespace

LimbusCircleFinder::LimbusCircleFinder() : rises_(at(max_radii, 0)), reached_(at(max_radii, 0)) {}

void LimbusCircleFinder::find_arcs(const LimbusProfiles& profiles, const LimbusSearch& search,
                                   double min_contrast_gray, FixedVector<Arcs, max_arcs>& found) {
  found.clear();
  std::array<double, max_radii> radii{};
  int count = 0;
  for (double radius = search.min_radius_px; radius <= search.max_radius_px && count < max_radii;
       radius *= radius_step) {
    radii[static_cast<std::size_t>(count++)] = radius;
  }
  for (int radius = 0; radius < count; ++radius) {
    rises_[at(radius, 0)] = 0.0F;
    reached_[at(radius, 0)] = 0;
    for (int ray = 0; ray < table_rays; ++ray) {
      const auto rise = profiles.rise(2 * ray, radii[static_cast<std::size_t>(radius)]);
      const double gray = rise ? clipped(*rise) : 0.0;
      rises_[at(radius, ray + 1)] = rises_[at(radius, ray)] + static_cast<float>(gray);
      reached_[at(radius, ray + 1)] = reached_[at(radius, ray)] + (rise ? 1 : 0);
    }
    for (int ray = 0; ray < table_rays; ++ray) {  // once more round, for arcs across the first ray
      rises_[at(radius, table_rays + ray + 1)] = rises_[at(radius, table_rays)] + rises_[at(radius, ray + 1)];
      reached_[at(radius, table_rays + ray + 1)] =
          reached_[at(radius, table_rays)] + reached_[at(radius, ray + 1)];
    }
  }
  // The best of each size.
  std::array<Arcs, 2 * max_radii> of_size{};
  for (int axis = 0; axis < table_rays / 2; axis += axis_stride) {
    const double cosine = sidewaysness(search.outline, 2 * axis);
    if (cosine < least_cosine) continue;
    const double tilt_gray = gray_per_tilt * (1.0 - cosine);
    std::array<std::array<double, max_radii>, 2> rise{};
    for (int side = 0; side < 2; ++side) {
      const int first = (axis + side * table_rays / 2 - half_arc + table_rays) % table_rays;
      const int end = first + 2 * half_arc + 1;
      for (int radius = 0; radius < count; ++radius) {
        const int reached = reached_[at(radius, end)] - reached_[at(radius, first)];
        rise[static_cast<std::size_t>(side)][static_cast<std::size_t>(radius)] =
            reached >= least_reaching * (2 * half_arc + 1)
                ? static_cast<double>(rises_[at(radius, end)] - rises_[at(radius, first)]) / reached
                : -clipped_gray;
      }
    }
    for (int a = 0; a < count; ++a) {
      const double rise_a = rise[0][static_cast<std::size_t>(a)];
      if (rise_a < min_contrast_gray) continue;
      const int last = std::min(count - 1, a + max_arc_steps_apart);
      for (int b = std::max(0, a - max_arc_steps_apart); b <= last; ++b) {
        const double rise_b = rise[1][static_cast<std::size_t>(b)];
        if (rise_b < min_contrast_gray) continue;
        if (std::min(rise_a, rise_b) < least_even * std::max(rise_a, rise_b)) continue;
        Arcs& best = of_size[static_cast<std::size_t>(a + b)];
        const double rise_gray = 0.5 * (rise_a + rise_b) - gray_per_step_apart * std::abs(a - b) - tilt_gray;
        if (rise_gray <= best.rise_gray) continue;
        best = Arcs{
            2 * axis, {radii[static_cast<std::size_t>(a)], radii[static_cast<std::size_t>(b)]}, rise_gray};
      }
    }
  }
  // The greatest maxima over the size.
  for (std::size_t size = 0; size < of_size.size(); ++size) {
    constexpr std::size_t reach = 4;  // half steps of the radius: 5 %
    const auto first = of_size.begin() + static_cast<std::ptrdiff_t>(size - std::min(size, reach));
    const auto last =
        of_size.begin() + static_cast<std::ptrdiff_t>(std::min(of_size.size(), size + reach + 1));
    const auto by_rise = [](const Arcs& a, const Arcs& b) { return a.rise_gray < b.rise_gray; };
    const Arcs& here = of_size[size];
    if (here.rise_gray <= 0.0 || &*std::max_element(first, last, by_rise) != &here) continue;
    if (!found.full()) {
      found.push_back(here);
    } else if (Arcs* lowest = std::min_element(found.begin(), found.end(), by_rise); by_rise(*lowest, here)) {
      *lowest = here;
    }
  }
}

bool LimbusCircle::is_trustworthy() const {
  return std::min(side_counts[0], side_counts[1]) >= fewest_on_a_side && step_count() >= fewest_steps &&
         roughness_gray <= most_roughness * contrast_gray &&
         scatter_px <= most_scatter * radius_px() + pixel_scatter_px;
}

double LimbusCircle::radius_at(int ray) const { return basis(ray).dot(terms); }

std::optional<LimbusCircle> LimbusCircleFinder::find(const LimbusProfiles& profiles,
                                                     const LimbusSearch& search, double min_contrast_gray) {
  FixedVector<Arcs, max_arcs> candidates;
  find_arcs(profiles, search, min_contrast_gray, candidates);
  std::optional<LimbusCircle> best;
  for (const Arcs& arcs : candidates) {
    const auto circle = fit(profiles, arcs, min_contrast_gray);
    if (!circle || !circle->is_trustworthy()) continue;
    if (!best || circle->evidence_gray() > best->evidence_gray()) best = circle;
  }
  return best;
}

std::optional<LimbusCircle> LimbusCircleFinder::fit(const LimbusProfiles& profiles, const Arcs& arcs,
                                                    double min_contrast_gray) {
  LimbusCircle found;
  const double off_center = 0.5 * (arcs.radii_px[0] - arcs.radii_px[1]);
  found.terms[0] = 0.5 * (arcs.radii_px[0] + arcs.radii_px[1]);
  found.terms.segment<2>(1) = off_center * LimbusProfiles::direction(arcs.axis_ray);

  std::array<std::optional<LimbusStep>, limbus_rays> steps;
  double reach = tolerance * found.radius_px();
  constexpr int rounds = 6;
  constexpr int looking_rounds = 2;  ///< in which steps are looked for anew
  constexpr int fewest = 8;
  for (int round = 0; round < rounds; ++round) {
    std::array<double, limbus_rays> values{};
    int count = 0;
    if (round < looking_rounds) {
      steps.fill(std::nullopt);
      for (int side = 0; side < 2; ++side) {
        for (int off = -half_side; off <= half_side; ++off) {
          const int ray = (arcs.axis_ray + side * limbus_rays / 2 + off + limbus_rays) % limbus_rays;
          auto& step = steps[static_cast<std::size_t>(ray)];
          step = profiles.place_step(ray, basis(ray).dot(found.terms), least_contrast * min_contrast_gray);
          if (step) values[static_cast<std::size_t>(count++)] = step->contrast_gray;
        }
      }
      if (count < fewest) return std::nullopt;
      found.contrast_gray = median(values, count);
      if (round == 0) {  // the arcs' radii are those of the windows, not of the steps
        count = 0;
        for (int ray = 0; ray < limbus_rays; ++ray) {
          if (const auto& step = steps[static_cast<std::size_t>(ray)])
            values[static_cast<std::size_t>(count++)] =
                step->radius_px - (basis(ray).dot(found.terms) - found.radius_px());
        }
        found.terms[0] = median(values, count);
      }
    }
    // The deviations count as observed to be zero, with the weight of their spread in the population against
    // that of a step.
    Eigen::Matrix<double, 5, 5> normal = Eigen::Matrix<double, 5, 5>::Zero();
    const double center_weight = std::pow(reach / (2.5 * center_sigma * found.radius_px()), 2);
    const double shape_weight = std::pow(reach / (2.5 * shape_sigma * found.radius_px()), 2);
    normal.diagonal() << 0.0, center_weight, center_weight, shape_weight, shape_weight;
    Terms right = Terms::Zero();
    const auto on_circle = [&](int ray) -> const LimbusStep* {
      const auto& step = steps[static_cast<std::size_t>(ray)];
      const bool is_like = step && step->contrast_gray >= least_contrast * found.contrast_gray &&
                           step->contrast_gray <= most_contrast * found.contrast_gray &&
                           std::abs(step->radius_px - basis(ray).dot(found.terms)) < reach;
      return is_like ? &*step : nullptr;
    };
    for (int ray = 0; ray < limbus_rays; ++ray) {
      const LimbusStep* step = on_circle(ray);
      if (step == nullptr) continue;
      const Terms row = basis(ray);
      const double off = (step->radius_px - row.dot(found.terms)) / reach;
      const double weight = std::pow(1.0 - off * off, 2);
      normal += weight * row * row.transpose();
      right += weight * step->radius_px * row;
    }
    const auto factors = normal.ldlt();
    if (factors.info() != Eigen::Success || factors.vectorD().minCoeff() <= 1e-9) return std::nullopt;
    found.terms = factors.solve(right);
    if (!(found.radius_px() > 0.0)) return std::nullopt;
    count = 0;
    for (int ray = 0; ray < limbus_rays; ++ray) {
      if (const LimbusStep* step = on_circle(ray))
        values[static_cast<std::size_t>(count++)] = std::abs(step->radius_px - basis(ray).dot(found.terms));
    }
    if (count < fewest) return std::nullopt;
    found.scatter_px = 1.4826 * median(values, count);
    reach = std::clamp(3.0 * found.scatter_px, narrowest * found.radius_px(), tolerance * found.radius_px());
    if (round + 1 < rounds) continue;
    for (int off = -half_side; off <= half_side; ++off) {
      for (int side = 0; side < 2; ++side) {
        const int ray = (arcs.axis_ray + side * limbus_rays / 2 + off + limbus_rays) % limbus_rays;
        if (const LimbusStep* step = on_circle(ray)) {
          found.steps[static_cast<std::size_t>(ray)] = *step;
          ++found.side_counts[side];
        }
      }
    }
    count = 0;
    for (int ray = 0; ray < limbus_rays; ++ray) {
      const int next = (ray + rays_averaged) % limbus_rays;
      if (!found.steps[static_cast<std::size_t>(ray)] || !found.steps[static_cast<std::size_t>(next)])
        continue;
      values[static_cast<std::size_t>(count++)] =
          std::abs(profiles.level_outside(next, found.radius_at(next)) -
                   profiles.level_outside(ray, found.radius_at(ray)));
    }
    found.roughness_gray = count > 0 ? median(values, count) : found.contrast_gray;
  }
  return found;
}

}  // namespace yarbus
