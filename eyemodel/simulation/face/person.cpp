#include "eyemodel/simulation/face/person.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {
namespace {

constexpr double eye_depth_mm = 67.0;  // rotation centres in front of the skull's middle
constexpr double iris_behind_limbus_mm = 0.5;
constexpr double lid_clearance_mm = 0.3;

double bounded_normal(Random& random, double mean, double sigma, double most_sigmas = 2.0) {
  return mean + sigma * std::clamp(random.normal(), -most_sigmas, most_sigmas);
}

}  // namespace

double Person::lid_radius_mm() const {
  return std::max(eyes[0].apex_mm(), eyes[1].apex_mm()) + lid_clearance_mm;
}

Person draw_person(std::uint64_t seed) {
  Random random(scramble(seed ^ 0xFACE0001ULL));
  Person person;
  person.seed = seed;
  person.width_factor = bounded_normal(random, 1.0, 0.035);
  person.height_factor = bounded_normal(random, 1.0, 0.035);
  person.depth_factor = bounded_normal(random, 1.0, 0.02);
  person.jaw_factor = bounded_normal(random, 1.0, 0.06);
  person.nose_factor = bounded_normal(random, 1.0, 0.12);
  person.brow_ridge_mm = random.uniform(2.5, 5.5);
  person.cheek_mm = random.uniform(2.5, 6.0);
  person.lip_factor = random.uniform(0.75, 1.3);
  person.hairline_mm = random.uniform(-76.0, -54.0);
  person.hair_thickness_mm = random.uniform(4.0, 14.0);
  person.hair_length_mm = random.uniform() < 0.45 ? random.uniform(60.0, 110.0) : random.uniform(5.0, 25.0);
  const double tone = random.uniform();
  person.skin_albedo = 0.16 + 0.40 * std::sqrt(tone);
  person.skin_contrast = random.uniform(0.7, 1.3);
  person.freckles = static_cast<int>(random.uniform(60.0, 320.0));
  // Dark hair goes with every skin, light hair with light skin only.
  person.hair_albedo =
      0.02 + (tone > 0.5 ? 0.16 * random.uniform() * random.uniform() : 0.02 * random.uniform());
  person.brow_albedo = 0.03 + 0.6 * person.hair_albedo;
  person.brow_strength = random.uniform(0.65, 0.95);
  person.brow_height_mm = random.uniform(19.0, 24.0);
  person.stubble = random.uniform() < 0.35 ? random.uniform(0.1, 0.45) : 0.0;
  person.clothes_albedo = random.uniform(0.04, 0.6);
  person.iris_albedo = tone > 0.4 ? random.uniform(0.03, 0.13) : random.uniform(0.018, 0.045);
  person.pupil_radius_mm = random.uniform(1.4, 2.3);

  const double between_mm = bounded_normal(random, 63.0, 2.0);
  const double eyeball_mm = random.uniform(11.5, 12.5);
  const double cornea_mm = random.uniform(7.5, 8.1);
  const double limbus_mm = bounded_normal(random, 5.85, 0.125);
  const double kappa_nasal_deg = bounded_normal(random, 5.0, 0.5);
  const double kappa_up_deg = bounded_normal(random, 1.5, 0.25);
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    EyeAnatomy& eye = person.eyes[static_cast<std::size_t>(side)];
    const double to_nose = side == EyeSide::right ? 1.0 : -1.0;  // in image x
    eye.eyeball_radius_mm = eyeball_mm + 0.05 * random.normal();
    eye.cornea_radius_mm = cornea_mm + 0.03 * random.normal();
    eye.limbus_radius_mm = limbus_mm + 0.02 * random.normal();
    const double limbus_sq = eye.limbus_radius_mm * eye.limbus_radius_mm;
    const double limbus_plane_mm = std::sqrt(eye.eyeball_radius_mm * eye.eyeball_radius_mm - limbus_sq);
    eye.cornea_center_mm =
        limbus_plane_mm - std::sqrt(eye.cornea_radius_mm * eye.cornea_radius_mm - limbus_sq);
    eye.pupil_plane_mm = limbus_plane_mm - iris_behind_limbus_mm;
    eye.kappa_horizontal_deg = to_nose * bounded_normal(random, kappa_nasal_deg, 0.4);
    eye.kappa_vertical_deg = bounded_normal(random, kappa_up_deg, 0.2);
    eye.appearance_seed = scramble(seed * 2 + static_cast<std::uint64_t>(side) + 77);
    person.eye_centers_in_head_mm[static_cast<std::size_t>(side)] = {
        -to_nose * (0.5 * between_mm + 0.3 * random.normal()), 0.3 * random.normal(),
        -eye_depth_mm * person.depth_factor + 0.3 * random.normal()};
  }

  LidShape& lids = person.lids;
  lids.upper_deg = random.uniform(17.0, 24.0);
  lids.lower_deg = random.uniform(-28.0, -23.5);
  lids.inner_mm = random.uniform(12.0, 13.2);
  lids.outer_mm = random.uniform(12.4, 13.6);
  lids.tilt_mm = random.uniform(-0.3, 1.8);
  lids.lash_strength = random.uniform(0.35, 0.9);
  lids.crease_mm = random.uniform(2.4, 5.0);

  person.fixation_sigma_deg = random.uniform(0.2, 0.4);
  person.latency_s = random.uniform(0.17, 0.23);
  person.blink_interval_s = random.uniform(3.0, 5.0);
  return person;
}

}  // namespace yarbus::simulation
