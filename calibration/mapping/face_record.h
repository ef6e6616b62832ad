#pragma once

#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "eyemodel/types/face_sight.h"

namespace yarbus {

/// What a webcam saw of a face as JSON, for calibration_file.cpp: about 4 kB, of which the patches, in
/// base64, are a third. Reading throws calibration_json::Fault, naming `where`, for what is no face.
nlohmann::json face_to_json(const FaceSight& face);
std::shared_ptr<const FaceSight> face_from(const nlohmann::json& value, const std::string& where);

}  // namespace yarbus
