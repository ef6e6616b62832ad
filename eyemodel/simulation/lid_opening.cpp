#include "eyemodel/simulation/lid_opening.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {
constexpr double canthus_deg = 64.0;
}  // namespace

double lid_sphere_radius_mm(const EyeAnatomy& eye) {
  constexpr double clearance_mm = 0.35;
  return eye.apex_mm() + clearance_mm;
}

Eigen::Vector2d azimuth_elevation_rad(const Eigen::Vector3d& p) {
  return {std::atan2(p.x(), -p.z()), std::atan2(-p.y(), std::hypot(p.x(), p.z()))};
}

LidOpening::LidOpening(const Scene& scene)
    : radius_mm_(lid_sphere_radius_mm(scene.eye)),
      canthus_rad_(canthus_deg * rad_per_deg),
      nasal_sign_(scene.nose_at_image_right ? 1.0 : -1.0) {
  const auto [upper_deg, lower_deg] = lid_angles_deg(scene.lids, scene.pitch_deg);
  upper_mid_rad_ = upper_deg * rad_per_deg;
  lower_mid_rad_ = lower_deg * rad_per_deg;
  constexpr double lower_share = 0.12;
  constexpr double overlap_rad = 0.5 * rad_per_deg;
  const double closure = std::clamp(scene.lids.closure, 0.0, 1.0);
  for (std::size_t i = 0; i < upper_table_.size(); ++i) {
    const double azimuth = canthus_rad_ * (2.0 * static_cast<double>(i) / steps - 1.0);
    // The upper margin is highest a little to the nasal side of the middle, the lower lowest to the temporal.
    const double upper = arched_rad(azimuth, upper_mid_rad_, -0.10, 2.3, 1.10);
    const double lower = arched_rad(azimuth, lower_mid_rad_, 0.12, 2.1, 1.05);
    // The upper lid does nearly all of a blink; closed lids meet along the whole margin.
    const double meet = lower + lower_share * std::max(0.0, upper - lower);
    upper_table_[i] = std::lerp(upper, std::min(upper, meet - overlap_rad), closure);
    lower_table_[i] = std::lerp(lower, meet, closure);
  }
  lowered_rad_ = LidPosture{}.upper_rest_deg * rad_per_deg - upper_rad(0.0);
}

double LidOpening::canthal_line_rad(double azimuth_rad) const {
  // The inner canthus lies a little lower than the outer one.
  constexpr double tilt_deg = 3.0;
  return -nasal_sign_ * tilt_deg * rad_per_deg * std::clamp(azimuth_rad / canthus_rad_, -1.0, 1.0);
}

double LidOpening::arched_rad(double azimuth_rad, double mid_rad, double skew, double order,
                              double fullness) const {
  const double t = std::clamp(azimuth_rad / canthus_rad_, -1.0, 1.0);
  const double skewed = t + skew * nasal_sign_ * (1.0 - t * t);
  return canthal_line_rad(azimuth_rad) +
         mid_rad * std::pow(1.0 - std::pow(std::min(1.0, std::abs(skewed)), order), fullness);
}

double LidOpening::interpolated(const std::array<double, steps + 2>& table, double azimuth_rad) const {
  const double x = std::clamp((azimuth_rad / canthus_rad_ + 1.0) * 0.5, 0.0, 1.0) * steps;
  const auto i = static_cast<std::size_t>(x);
  return std::lerp(table[i], table[i + 1], x - static_cast<double>(i));
}

double LidOpening::upper_rad(double azimuth_rad) const { return interpolated(upper_table_, azimuth_rad); }
double LidOpening::lower_rad(double azimuth_rad) const { return interpolated(lower_table_, azimuth_rad); }

double LidOpening::depth_rad(double azimuth_rad, double elevation_rad) const {
  if (std::abs(azimuth_rad) >= canthus_rad_) return canthus_rad_ - std::abs(azimuth_rad) - 1e-6;
  return std::min(upper_rad(azimuth_rad) - elevation_rad, elevation_rad - lower_rad(azimuth_rad));
}

float LidOpening::caruncle(double azimuth_rad) const {
  constexpr double begins = 0.76;
  constexpr double full = 0.86;
  const double at = nasal_sign_ * azimuth_rad / canthus_rad_;
  const double t = std::clamp((at - begins) / (full - begins), 0.0, 1.0);
  return static_cast<float>(t * t * (3.0 - 2.0 * t));
}

Eigen::Vector3d LidOpening::point_mm(double azimuth_rad, double elevation_rad) const {
  return radius_mm_ * Eigen::Vector3d(std::sin(azimuth_rad) * std::cos(elevation_rad),
                                      -std::sin(elevation_rad),
                                      -std::cos(azimuth_rad) * std::cos(elevation_rad));
}

}  // namespace yarbus::simulation
