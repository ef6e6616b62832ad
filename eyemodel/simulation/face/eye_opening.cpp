#include "eyemodel/simulation/face/eye_opening.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

constexpr double upper_follows = 0.85;
constexpr double lower_follows = 0.45;
constexpr double corner_drop_mm = -0.5;  // the corners are a little below the rotation centre
constexpr double least_opening_mm = 0.0;
constexpr double lower_rises_mm = 0.9;  // in a blink

}  // namespace

EyeOpening::EyeOpening(const Person& person, EyeSide side, double gaze_up_deg, double closure)
    : center_in_head_mm_(person.eye_center_in_head_mm(side)),
      to_nose_sign_(side == EyeSide::right ? 1.0 : -1.0),
      radius_mm_(person.lid_radius_mm()),
      inner_mm_(person.lids.inner_mm),
      outer_mm_(person.lids.outer_mm),
      tilt_mm_(person.lids.tilt_mm) {
  const double mm_per_deg = radius_mm_ * rad_per_deg;
  const double open_upper = mm_per_deg * std::min(person.lids.upper_deg + upper_follows * gaze_up_deg, 42.0);
  const double open_lower = mm_per_deg * (person.lids.lower_deg + lower_follows * gaze_up_deg);
  lower_bottom_mm_ = open_lower + closure * lower_rises_mm;
  upper_top_mm_ = open_upper + closure * (lower_bottom_mm_ - open_upper);
  upper_top_mm_ = std::max(upper_top_mm_, lower_bottom_mm_ + least_opening_mm);
}

double EyeOpening::line_mm(double to_nose_mm) const {
  return corner_drop_mm - tilt_mm_ * to_nose_mm / (inner_mm_ + outer_mm_);
}

double EyeOpening::arch(double to_nose_mm, double exponent) const {
  const double t = std::abs(to_nose_mm) / (to_nose_mm > 0.0 ? inner_mm_ : outer_mm_);
  return t >= 1.0 ? 0.0 : 1.0 - std::pow(t, exponent);
}

double EyeOpening::upper_mm(double to_nose_mm) const {
  return line_mm(to_nose_mm) + (upper_top_mm_ - corner_drop_mm) * arch(to_nose_mm, 2.5);
}

double EyeOpening::lower_mm(double to_nose_mm) const {
  // A closed upper lid lies on the lower one all along.
  const double lower = line_mm(to_nose_mm) + (lower_bottom_mm_ - corner_drop_mm) * arch(to_nose_mm, 2.1);
  return std::min(lower, upper_mm(to_nose_mm));
}

LidPlace EyeOpening::place_of(const Eigen::Vector3d& from_center) const {
  const double length = from_center.norm();
  return {radius_mm_ * std::atan2(to_nose_sign_ * from_center.x(), -from_center.z()),
          radius_mm_ * std::asin(std::clamp(-from_center.y() / length, -1.0, 1.0))};
}

Eigen::Vector3d EyeOpening::point_in_head_mm(const LidPlace& place) const {
  const double azimuth = place.to_nose_mm / radius_mm_;
  const double elevation = place.up_mm / radius_mm_;
  return center_in_head_mm_ +
         radius_mm_ * Eigen::Vector3d(to_nose_sign_ * std::cos(elevation) * std::sin(azimuth),
                                      -std::sin(elevation), -std::cos(elevation) * std::cos(azimuth));
}

}  // namespace yarbus::simulation
