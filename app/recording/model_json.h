#pragma once

#include <optional>
#include <string>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// An eye model as JSON text: all of it but its version and stage, which are columns of their own, and its
/// supporting pupils, which are not kept. Numbers keep every bit; NaN is null.
std::string model_json_of(const EyeModel& model);
/// False, with the model half read, if the text is something else.
bool read_model_json(const std::string& text, EyeModel& model);

/// A camera's intrinsics as in `yarbus calibrate-camera`'s files, with how they are known.
std::string intrinsics_json_of(const CameraIntrinsics& intrinsics);
/// Nullopt if the text is something else.
std::optional<CameraIntrinsics> intrinsics_of_json(const std::string& text);

}  // namespace yarbus
