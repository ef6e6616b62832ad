#pragma once

#include <span>
#include <stop_token>
#include <string>

#include "app/session/session.h"
#include "eyemodel/types/frame.h"
#include "tracker/capture/frame_source.h"

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
/// The same from a source's first images: some of the first twelve, because a camera's first ones may be
/// dark. A source that can is wound back. Errors: the source's.
Result<RecognisedMode> recognise_mode(FrameSource& source, const std::stop_token& stop);

}  // namespace yarbus
