#include "eyemodel/simulation/face/head_shape.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

/// A horizontal section of the mean head: half width, depth to the front and to the back of the axis.
struct Section {
  double y_mm;
  double width_mm;
  double front_mm;
  double back_mm;
};

constexpr std::array sections{
    Section{-130, 2, 2, 2},   Section{-124, 26, 28, 30}, Section{-112, 46, 52, 58}, Section{-92, 63, 72, 80},
    Section{-66, 72, 86, 94}, Section{-42, 75, 91, 98},  Section{-24, 75, 93, 98},  Section{-8, 74, 90, 96},
    Section{8, 72, 86, 92},   Section{26, 70, 87, 86},   Section{44, 67, 88, 78},   Section{60, 64, 88, 70},
    Section{76, 59, 88, 64},  Section{90, 53, 87, 60},   Section{102, 45, 86, 57},  Section{112, 36, 83, 55},
    Section{119, 28, 74, 54}, Section{126, 18, 50, 50},  Section{132, 8, 20, 30},
};

double at_height(double y_mm, double Section::*field) {
  if (y_mm <= sections.front().y_mm) return sections.front().*field;
  for (std::size_t i = 1; i < sections.size(); ++i) {
    if (y_mm > sections[i].y_mm) continue;
    const Section& above = sections[i - 1];
    const double t = (y_mm - above.y_mm) / (sections[i].y_mm - above.y_mm);
    return above.*field + t * (sections[i].*field - above.*field);
  }
  return sections.back().*field;
}

double bump(double offset, double sigma) { return std::exp(-0.5 * (offset / sigma) * (offset / sigma)); }

/// The larger of two, rounded where they are alike.
double soft_max(double a, double b, double softness) {
  const double t = std::clamp(0.5 + 0.5 * (a - b) / softness, 0.0, 1.0);
  return b + t * (a - b) + softness * t * (1.0 - t);
}

}  // namespace

double HeadShape::skull_radius_mm(double angle_rad, double y_mm) const {
  constexpr double exponent = 2.25;
  const double y = y_mm / person_.height_factor;
  const double jaw = 1.0 + (person_.jaw_factor - 1.0) * smooth_step(20.0, 80.0, y);
  // Averaged over a little height, so that the table's kinks are no creases.
  double width = 0.0;
  double depth = 0.0;
  const bool is_front = std::cos(angle_rad) > 0.0;
  for (const double dy : {-4.0, -2.0, 0.0, 2.0, 4.0}) {
    width += 0.2 * at_height(y + dy, &Section::width_mm);
    depth += 0.2 * at_height(y + dy, is_front ? &Section::front_mm : &Section::back_mm);
  }
  width *= person_.width_factor * jaw;
  depth *= person_.depth_factor;
  const double across = std::pow(std::abs(std::sin(angle_rad)) / width, exponent);
  const double along = std::pow(std::abs(std::cos(angle_rad)) / depth, exponent);
  return std::pow(across + along, -1.0 / exponent);
}

double HeadShape::features_mm(double x_mm, double y_mm) const {
  const double side = std::abs(x_mm);
  const double y = y_mm / person_.height_factor;
  const double half_mm = 0.5 * (person_.eye_centers_in_head_mm[1] - person_.eye_centers_in_head_mm[0]).x();
  double out = 0.0;
  // Nose: a ridge that rises and widens down to the tip, and the wings beside it.
  const double down = std::clamp((y + 4.0) / 52.0, 0.0, 1.0);
  const double ridge =
      (2.5 + 19.0 * std::pow(down, 1.25)) * smooth_step(57.0, 49.0, y) * smooth_step(-14.0, 0.0, y);
  out += person_.nose_factor * ridge * bump(x_mm, 5.2 + 3.3 * down);
  out += 8.5 * person_.nose_factor * bump(side - 12.5, 3.8) * bump(y - 48.5, 4.6);
  // Sockets under the brow ridge, cheekbones.
  out -= 8.5 * bump(side - half_mm, 13.0) * bump(y - 1.0, 9.0);
  out -= 3.0 * bump(side - 15.0, 4.5) * bump(y - 0.0, 8.0);
  out += person_.brow_ridge_mm * bump(side - 27.0, 17.0) * bump(y + person_.brow_height_mm, 6.5);
  out += person_.cheek_mm * bump(side - 45.0, 15.0) * bump(y - 27.0, 12.0);
  // Mouth and chin.
  out += 4.5 * bump(x_mm, 19.0) * bump(y - 71.0, 9.0);
  out += 2.6 * person_.lip_factor * bump(x_mm, 14.0) * (bump(y - 67.5, 2.4) + 1.2 * bump(y - 76.0, 3.0));
  out -= 2.2 * bump(x_mm, 16.0) * bump(y - 71.5, 1.3);
  out -= 2.8 * bump(x_mm, 18.0) * bump(y - 86.0, 4.2);
  out += 5.0 * bump(x_mm, 14.0) * bump(y - 102.0, 8.0);
  return out;
}

double HeadShape::skin_radius_mm(double angle_rad, double y_mm) const {
  double radius = skull_radius_mm(angle_rad, y_mm);
  const double s = std::sin(angle_rad);
  const double c = std::cos(angle_rad);
  if (c > 0.0) radius += features_mm(radius * s, y_mm) * smooth_step(0.0, 0.35, c);
  // Ears.
  const double degrees = std::abs(angle_rad) / rad_per_deg;
  const double ear =
      bump(degrees - 101.0, 7.0) * smooth_step(-24.0, -10.0, y_mm) * smooth_step(46.0, 26.0, y_mm);
  radius += 16.0 * ear * (1.0 - 0.4 * smooth_step(0.0, 40.0, y_mm));
  // Lids: spheres about the eyes, cut by the horizontal plane through this height.
  const double lid_mm = person_.lid_radius_mm() + 0.2;
  for (const Eigen::Vector3d& center : person_.eye_centers_in_head_mm) {
    const double dy = y_mm - center.y();
    const double along = center.x() * s - center.z() * c;
    const double off_sq = center.x() * center.x() + center.z() * center.z() - along * along;
    const double root = lid_mm * lid_mm - dy * dy - off_sq;
    if (root > 0.0) radius = soft_max(radius, along + std::sqrt(root), 2.0);
  }
  return radius;
}

double HeadShape::hair(double angle_rad, double y_mm) const {
  const double degrees = std::abs(angle_rad) / rad_per_deg;
  // The line below which the skin shows: forehead, temple, before the ear, behind it.
  double line = person_.hairline_mm + 7.0 * std::cos(6.0 * angle_rad + static_cast<double>(person_.seed % 7));
  line += (-34.0 - person_.hairline_mm) * smooth_step(32.0, 58.0, degrees);
  line += (person_.hair_length_mm + 34.0) * smooth_step(64.0, 88.0, degrees);
  const double ear_shows = person_.hair_length_mm < 40.0 ? bump(degrees - 100.0, 9.0) : 0.0;
  line -= 58.0 * ear_shows;
  line += 45.0 * smooth_step(110.0, 130.0, degrees);
  return smooth_step(line + 4.0, line - 4.0, y_mm);
}

double HeadShape::radius_mm(double angle_rad, double y_mm) const {
  const double skin = skin_radius_mm(angle_rad, y_mm);
  const double degrees = std::abs(angle_rad) / rad_per_deg;
  const double fullness = 0.45 + 0.55 * smooth_step(30.0, 90.0, degrees);
  const double y = y_mm / person_.height_factor;
  const double crown = smooth_step(-131.0, -104.0, y);
  return skin + person_.hair_thickness_mm * fullness * crown * hair(angle_rad, y_mm);
}

}  // namespace yarbus::simulation
