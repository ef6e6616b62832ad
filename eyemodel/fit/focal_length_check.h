#pragma once

#include <optional>
#include <string>

#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// Says that an assumed focal length cannot be right, from where it puts the eye. An image tells the ratio of
/// focal length and distance (the outlines fit equally well from half to twice the focal length), so the
/// eye's distance scales with the focal length, and a distance that no eye camera has shows a wrong one.
struct FocalLengthDoubt {
  double eye_distance_mm = 0.0;  ///< camera to eye centre, under the assumed focal length
  double assumed_focal_px = 0.0;
  double nearest_focal_px = 0.0;   ///< under which an eye at the least usual distance looks so ...
  double farthest_focal_px = 0.0;  ///< ... and at the greatest

  /// "the assumed focal length of 320 px puts the eye 14 mm from the camera: ..."
  [[nodiscard]] std::string to_text() const;
};

/// Errors: nullopt if the focal length was given, if the model is not of stage `refraction` (the others have
/// no distance of their own, but an assumed eyeball), if it rests on too few frames, or if nothing speaks
/// clearly against it.
std::optional<FocalLengthDoubt> doubt_focal_length(const EyeModel& model);

}  // namespace yarbus
