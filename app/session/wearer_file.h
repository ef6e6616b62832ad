#pragma once

#include <filesystem>
#include <string>

#include "app/session/model_fitter.h"
#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/frame.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// The eye of one wearer, as kept in a file from one sitting to the next. Of the model only what the file
/// holds has a meaning: stage `refraction`, eye centre, anatomy, covariance, and of the camera size, focal
/// length and principal point.
struct Wearer {
  EyeSide eye = EyeSide::right;
  EyeModel model;
};

/// Writes a model of stage `refraction` as JSON (docs/wearer-file.md); the file gets its name only when it is
/// whole. Of a model with placements the last place is kept. Errors: invalid_option if the model is of
/// another stage or its covariance is not positive definite, output_unwritable.
Result<void> save_wearer(const std::filesystem::path& path, EyeSide eye, const EyeModel& model);

/// Reads and checks such a file. Errors: input_missing, input_unreadable, naming the key and what is wrong
/// with it: not JSON, another format or version, a key that is missing or unknown, a value that is not a
/// finite number or outside what an eye can be, a covariance that is not symmetric and positive definite.
Result<Wearer> load_wearer(const std::filesystem::path& path);

/// What of a wearer's eye can be used for a source, and, if that is not all, why in words: "saved with
/// another camera (640x480 px, focal length 620 px): the eye's place is not used, its anatomy is".
struct WearerUse {
  KnownEye known;
  std::string caveat;  ///< empty: all of it is used
};
WearerUse use_of_wearer(const Wearer& wearer, EyeSide eye, const CameraIntrinsics& intrinsics);

}  // namespace yarbus
