#include "eyemodel/simulation/anatomy.h"

#include <cmath>
#include <sstream>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {

double EyeAnatomy::limbus_plane_mm() const {
  return cornea_center_mm +
         std::sqrt(cornea_radius_mm * cornea_radius_mm - limbus_radius_mm * limbus_radius_mm);
}

Result<void> EyeAnatomy::validate() const {
  std::ostringstream faults;
  const auto require = [&](bool is_good, const char* what, double value) {
    if (!is_good) faults << (faults.tellp() == 0 ? "" : "; ") << what << " (" << value << ")";
  };
  const auto positive = [](double value) { return std::isfinite(value) && value > 0.0; };
  require(positive(eyeball_radius_mm), "eyeball_radius_mm must be positive", eyeball_radius_mm);
  require(positive(cornea_radius_mm), "cornea_radius_mm must be positive", cornea_radius_mm);
  require(positive(cornea_center_mm), "cornea_center_mm must be positive", cornea_center_mm);
  require(positive(limbus_radius_mm) && limbus_radius_mm < cornea_radius_mm,
          "limbus_radius_mm must lie between 0 and cornea_radius_mm", limbus_radius_mm);
  require(positive(pupil_plane_mm) && pupil_plane_mm < apex_mm(),
          "pupil_plane_mm must lie between 0 and the corneal apex", pupil_plane_mm);
  require(refractive_index >= 1.0 && refractive_index < 2.0, "refractive_index must be in [1, 2)",
          refractive_index);
  if (faults.tellp() == 0) return {};
  return Error{ErrorCode::invalid_option, faults.str(), "simulated eye", "Correct the anatomy"};
}

EyeAnatomy sample_anatomy(std::uint64_t seed, bool with_kappa) {
  Random random(scramble(seed ^ 0xA7A70A7ULL));
  EyeAnatomy eye;
  // The iris root lies this far behind the limbus plane.
  constexpr double iris_depth_low_mm = 0.4;
  constexpr double iris_depth_high_mm = 0.6;
  do {  // about one draw in two is inside the population's ranges
    eye.eyeball_radius_mm = random.uniform(11.5, 12.5);
    eye.cornea_radius_mm = random.uniform(7.5, 8.1);
    eye.limbus_radius_mm = random.uniform(5.7, 6.1);
    const double limbus_mm = std::sqrt(eye.eyeball_radius_mm * eye.eyeball_radius_mm -
                                       eye.limbus_radius_mm * eye.limbus_radius_mm);
    eye.cornea_center_mm = limbus_mm - std::sqrt(eye.cornea_radius_mm * eye.cornea_radius_mm -
                                                 eye.limbus_radius_mm * eye.limbus_radius_mm);
    eye.pupil_plane_mm = limbus_mm - random.uniform(iris_depth_low_mm, iris_depth_high_mm);
  } while (eye.cornea_center_mm < 4.9 || eye.cornea_center_mm > 5.9 || eye.pupil_plane_mm < 9.4 ||
           eye.pupil_plane_mm > 10.5);
  if (with_kappa) {
    eye.kappa_horizontal_deg = 5.0 + random.normal();
    eye.kappa_vertical_deg = 1.5 + 0.5 * random.normal();
  }
  eye.appearance_seed = random.bits();
  return eye;
}

}  // namespace yarbus::simulation
