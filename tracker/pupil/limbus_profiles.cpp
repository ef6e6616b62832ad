#include "tracker/pupil/limbus_profiles.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tracker/pupil/sample_bilinear.h"

namespace yarbus {
namespace {

constexpr int max_samples = 224;
constexpr double min_step_px = 0.5;
constexpr double min_step = 0.018;  ///< of the least radius: a fifth of a transition's width

// Windows about a step, as shares of its radius. Iris and sclera merge over about a ninth of the radius.
constexpr double inner_from = 0.84;
constexpr double inner_to = 0.90;
constexpr double outer_from = 1.06;
constexpr double outer_to = 1.11;

constexpr double iris_weight = 1.5;  ///< of the rise from the iris as a whole
// Of what lies between pupil and step.
constexpr double most_iris_change = 0.6;   ///< of the step's contrast
constexpr double most_bright_iris = 0.15;  ///< share of samples brighter than well half way up

constexpr double max_drift = 1.0 / 12.0;  ///< of the radius, while a step is being placed
constexpr int placements = 4;

constexpr std::size_t row(int ray) { return static_cast<std::size_t>(ray) * (max_samples + 1); }

}  // namespace

LimbusProfiles::LimbusProfiles()
    : raw_(row(limbus_rays)), sums_(row(limbus_rays)), broad_sums_(row(limbus_rays)) {}

Eigen::Vector2d LimbusProfiles::direction(int ray) {
  const double phi = 2.0 * std::numbers::pi * ray / limbus_rays;
  return {std::cos(phi), std::sin(phi)};
}

void LimbusProfiles::sample(GrayView image, const LimbusSearch& search) {
  iris_from_px_ = search.iris_from_px;
  first_px_ = std::min(iris_from_px_, inner_from * search.min_radius_px);
  const double last_px = outer_to * search.max_radius_px;
  step_px_ =
      std::max({min_step_px, min_step * search.min_radius_px, (last_px - first_px_) / (max_samples - 1)});
  const int wanted = std::min(max_samples, static_cast<int>((last_px - first_px_) / step_px_) + 1);
  const Eigen::Vector2f center = search.outline.center_px.cast<float>();
  for (int ray = 0; ray < limbus_rays; ++ray) {
    const Eigen::Vector2d unit = direction(ray);
    const Eigen::Vector2f along = (unit.x() * search.outline.major_axis() +
                                   search.outline.aspect_ratio() * unit.y() * search.outline.minor_axis())
                                      .cast<float>();
    float* levels = raw_.data() + row(ray);
    int count = 0;
    for (; count < wanted; ++count) {
      const Eigen::Vector2f at = center + static_cast<float>(first_px_ + count * step_px_) * along;
      const bool is_inside = at.x() >= 0.0F && at.y() >= 0.0F &&
                             at.x() < static_cast<float>(image.width_px - 1) &&
                             at.y() < static_cast<float>(image.height_px - 1);
      if (!is_inside) break;
      levels[count] = sample_bilinear_inside(image, at.x(), at.y());
    }
    counts_[static_cast<std::size_t>(ray)] = count;
  }
  const auto counts = counts_;
  for (int ray = 0; ray < limbus_rays; ++ray) {
    const int before = (ray + limbus_rays - 1) % limbus_rays;
    const int after = (ray + 1) % limbus_rays;
    const int count =
        std::min({counts[static_cast<std::size_t>(before)], counts[static_cast<std::size_t>(ray)],
                  counts[static_cast<std::size_t>(after)]});
    counts_[static_cast<std::size_t>(ray)] = count;
    const float* a = raw_.data() + row(before);
    const float* b = raw_.data() + row(ray);
    const float* c = raw_.data() + row(after);
    float* sums = sums_.data() + row(ray);
    sums[0] = 0.0F;
    for (int i = 0; i < count; ++i) sums[i + 1] = sums[i] + (a[i] + b[i] + c[i]) / 3.0F;
  }
  for (int ray = 0; ray < limbus_rays; ++ray) {
    const int before = (ray + limbus_rays - 2) % limbus_rays;
    const int after = (ray + 2) % limbus_rays;
    const int count =
        std::min({counts_[static_cast<std::size_t>(before)], counts_[static_cast<std::size_t>(ray)],
                  counts_[static_cast<std::size_t>(after)]});
    broad_counts_[static_cast<std::size_t>(ray)] = count;
    for (int i = 0; i <= count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      broad_sums_[row(ray) + at] =
          (sums_[row(before) + at] + sums_[row(ray) + at] + sums_[row(after) + at]) / 3.0F;
    }
  }
}

bool LimbusProfiles::covers(int ray, double from_px, double to_px) const {
  return from_px >= first_px_ - 0.5 * step_px_ &&
         to_px <= first_px_ + (broad_counts_[static_cast<std::size_t>(ray)] - 1) * step_px_;
}

/// Of the piecewise constant profile whose sample i covers half a step to each side.
double LimbusProfiles::mean(const Sums& all, int ray, double from_px, double to_px) const {
  const float* sums = all.data() + row(ray);
  const int last = std::max(0, broad_counts_[static_cast<std::size_t>(ray)] - 1);
  const auto sum_to = [&](double px) {
    const double at = (px - first_px_) / step_px_ + 0.5;
    const int whole = std::clamp(static_cast<int>(at), 0, last);
    return sums[whole] + (at - whole) * (sums[whole + 1] - sums[whole]);
  };
  return (sum_to(to_px) - sum_to(from_px)) * step_px_ / (to_px - from_px);
}

double LimbusProfiles::level_outside(int ray, double radius_px) const {
  return mean(sums_, ray, outer_from * radius_px, outer_to * radius_px);
}

std::optional<double> LimbusProfiles::rise(int ray, double radius_px) const {
  if (!covers(ray, inner_from * radius_px, outer_to * radius_px)) return std::nullopt;
  const double bright = mean(sums_, ray, outer_from * radius_px, outer_to * radius_px);
  const double before = mean(sums_, ray, inner_from * radius_px, inner_to * radius_px);
  if (bright <= before) return bright - before;
  const double end_px = inner_to * radius_px;
  const double iris = end_px > iris_from_px_ + step_px_ ? mean(sums_, ray, iris_from_px_, end_px) : before;
  return std::min(bright - before, iris_weight * (bright - iris));
}

double LimbusProfiles::broad_level(int ray, int sample) const {
  const float* sums = broad_sums_.data() + row(ray) + sample;
  return sums[1] - sums[0];
}

std::optional<LimbusStep> LimbusProfiles::place_step(int ray, double radius_px,
                                                     double min_contrast_gray) const {
  LimbusStep step{radius_px, 0.0};
  double dark = 0.0;
  for (int placement = 0; placement < placements; ++placement) {
    const double at = step.radius_px;
    if (!covers(ray, inner_from * at, outer_to * at)) return std::nullopt;
    dark = mean(broad_sums_, ray, inner_from * at, inner_to * at);
    step.contrast_gray = mean(broad_sums_, ray, outer_from * at, outer_to * at) - dark;
    if (step.contrast_gray < min_contrast_gray) return std::nullopt;
    const double width = (outer_from - inner_to) * at;
    const double share = (mean(broad_sums_, ray, inner_to * at, outer_from * at) - dark) / step.contrast_gray;
    step.radius_px = outer_from * at - std::clamp(share, 0.0, 1.0) * width;
    if (std::abs(step.radius_px - radius_px) > max_drift * radius_px) return std::nullopt;
  }
  if (!covers(ray, inner_from * step.radius_px, outer_to * step.radius_px)) return std::nullopt;
  // Between the two levels nothing else: a lash or a reflection in the window would move the step.
  const int first = static_cast<int>((inner_from * step.radius_px - first_px_) / step_px_);
  const int last = static_cast<int>((outer_to * step.radius_px - first_px_) / step_px_);
  const double allowed = 0.4 * step.contrast_gray + 4.0;
  for (int i = std::max(0, first); i <= last; ++i) {
    const double above = broad_level(ray, i) - dark;
    if (above < -allowed || above > step.contrast_gray + allowed) return std::nullopt;
  }
  if (!is_iris_up_to(ray, step, dark)) return std::nullopt;
  return step;
}

bool LimbusProfiles::is_iris_up_to(int ray, const LimbusStep& step, double dark_gray) const {
  const double end_px = inner_to * step.radius_px;
  if (end_px <= iris_from_px_) return true;
  if (std::abs(dark_gray - mean(broad_sums_, ray, iris_from_px_, end_px)) >
      most_iris_change * step.contrast_gray)
    return false;
  const int first = std::max(0, static_cast<int>((iris_from_px_ - first_px_) / step_px_));
  const int last = static_cast<int>((end_px - first_px_) / step_px_);
  int bright = 0;
  for (int i = first; i <= last; ++i)
    bright += broad_level(ray, i) > dark_gray + 0.6 * step.contrast_gray ? 1 : 0;
  return bright <= most_bright_iris * (last - first + 1);
}

}  // namespace yarbus
