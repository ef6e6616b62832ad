#include <array>

#include "tracker/pupil/pupil_detector.h"

namespace yarbus {

std::span<const OptionField<PupilDetectorOptions>> PupilDetectorOptions::fields() {
  using Options = PupilDetectorOptions;
  static const std::array<OptionField<Options>, 6> table{{
      {"min_radius_fraction", &Options::min_radius_fraction, 0.005, 0.3,
       "smallest pupil radius, of the image height"},
      {"max_radius_fraction", &Options::max_radius_fraction, 0.02, 0.6,
       "largest pupil radius, of the image height"},
      {"min_presence", &Options::min_presence, 0.0, 1.0,
       "probability of there being a pupil below which the outcome is a miss"},
      {"seed", &Options::seed, 1.0, 2147483646.0, "of the robust fit's random draws"},
      {"refine_by_contrast", &Options::refine_by_contrast, 0.0, 1.0,
       "move the found outline to where the region contrast across it is greatest"},
      {"bright_pupil", &Options::bright_pupil, 0.0, 1.0,
       "the pupil is brighter than the iris: the light is on the camera's axis"},
  }};
  return table;
}

Result<void> PupilDetectorOptions::validate() const {
  auto result = validate_options(*this, fields(), "PupilDetectorOptions");
  if (!result) return result;
  if (min_radius_fraction < max_radius_fraction) return {};
  return Error{ErrorCode::invalid_option, "min_radius_fraction must be smaller than max_radius_fraction",
               "PupilDetectorOptions", "Give values inside the allowed ranges"};
}

}  // namespace yarbus
