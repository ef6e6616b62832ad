#pragma once

#include "eyemodel/simulation/face/face_canvas.h"
#include "eyemodel/simulation/face/person.h"
#include "eyemodel/types/face_truth.h"

namespace yarbus::simulation {

/// Lays a hand over one eye of a painted face, from the third second on for three seconds in every six; which
/// eye, the seed says. That eye is not visible then: `truth` is told. Method: palm and fingers as rounded
/// rods in a plane before the face.
void hold_hand(const Person& person, const RigidTransform& cam_from_head, const FaceLight& light,
               double time_s, FaceCanvas& canvas, FaceTruth& truth);

}  // namespace yarbus::simulation
