#include "eyemodel/simulation/population.h"

#include <cmath>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {
namespace {

struct Normal {
  double mean_mm;
  double sigma_mm;
};
// Written here once more, not taken from what a fit starts from: the simulator has its own anatomy.
constexpr Normal pupil_plane{10.0, 0.35};
constexpr Normal cornea_center{5.45, 0.30};
constexpr Normal cornea_radius{7.8, 0.25};
constexpr Normal limbus_radius{5.85, 0.25};

double draw(Random& random, const Normal& of) { return of.mean_mm + of.sigma_mm * random.normal(); }

EyeAnatomy draw_normal(std::uint64_t seed) {
  Random random(scramble(seed ^ 0x40A3A1ULL));
  EyeAnatomy eye;
  do {  // nearly every draw is an eye: parts that do not fit together are three sigmas off
    eye.pupil_plane_mm = draw(random, pupil_plane);
    eye.cornea_center_mm = draw(random, cornea_center);
    eye.cornea_radius_mm = draw(random, cornea_radius);
    eye.limbus_radius_mm = draw(random, limbus_radius);
  } while (!eye.validate() || eye.pupil_plane_mm > eye.limbus_plane_mm() + 1.5);
  eye.eyeball_radius_mm = std::hypot(eye.limbus_radius_mm, eye.limbus_plane_mm());
  eye.appearance_seed = random.bits();
  return eye;
}

}  // namespace

EyeAnatomy draw_anatomy(Population population, std::uint64_t seed) {
  return population == Population::normal ? draw_normal(seed) : sample_anatomy(seed, true);
}

OpticalAnatomy optical_anatomy_of(const EyeAnatomy& eye) {
  return {eye.pupil_plane_mm, eye.cornea_center_mm, eye.cornea_radius_mm, eye.limbus_radius_mm};
}

}  // namespace yarbus::simulation
