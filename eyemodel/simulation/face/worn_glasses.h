#pragma once

#include "eyemodel/simulation/face/face_canvas.h"
#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/simulation/face/person.h"
#include "eyemodel/types/face_truth.h"

namespace yarbus::simulation {

/// Puts glasses on a painted face: rims, lenses that darken by the setup's transmission and mirror screen,
/// window and room (the front is a sphere of 100 mm; a lens does not bend what is seen through it). Behind
/// dark lenses no eye is visible: `truth` is told.
void wear_glasses(const Person& person, const RigidTransform& cam_from_head, const FaceSetup& setup,
                  FaceCanvas& canvas, FaceTruth& truth);

}  // namespace yarbus::simulation
