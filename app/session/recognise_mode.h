#pragma once

#include <span>
#include <string>

#include "app/session/session.h"
#include "eyemodel/types/frame.h"

namespace yarbus {

/// What a camera looks at, and why that is thought.
struct RecognisedMode {
  TrackingMode mode = TrackingMode::near_eye;  ///< never automatic
  bool is_sure = false;                        ///< false: neither a face nor a pupil was seen
  std::string reason;                          ///< in words
};

/// Tells an ordinary webcam from an eye camera by its first images: a face with at least one eye in it, or
/// one pupil close up. Method: FaceFinder and EyeFinder, then PupilDetector. Cost: about 0.1 s an image.
RecognisedMode recognise_mode(std::span<const FramePtr> frames);

}  // namespace yarbus
