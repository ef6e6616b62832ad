#pragma once

#include "eyemodel/types/face_sight.h"
#include "eyemodel/types/image.h"
#include "tracker/face/cut_eye.h"

namespace yarbus {

constexpr double eye_patch_width_mm = 36.0;

/// The surroundings of an eye as FaceSight keeps them. Method: a cut of the eye upright; gray levels spread
/// about 128 so that their standard deviation is 50.
void cut_eye_patch(const GrayView& image, const EyeFrame& eye, EyeCutter& cutter, GrayImage& scratch,
                   EyePatch& patch);

}  // namespace yarbus
