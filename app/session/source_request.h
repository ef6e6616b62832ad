#pragma once

#include "app/session/session.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// The capture engine's options for what the user asked for, which is no simulated eye. Errors:
/// invalid_option (unknown pixel format, bounds).
Result<SourceOptions> to_source_options(const SourceRequest& request, EyeSide eye);

/// A scenario of the simulated face is asked for.
bool is_simulated_face(const SourceRequest& request);

/// The camera behind an opened source, and how it is known.
struct SourceCamera {
  CameraIntrinsics intrinsics;
  IntrinsicsOrigin origin = IntrinsicsOrigin::assumed;
  std::string note;  ///< in words
};

/// The camera behind an opened source, turned with the image. Named by the request: from the file, the
/// library or the presets; or from the focal length. Not named, of a live source: what is saved in the
/// library under the driver's name at that resolution, else the preset, else what is saved at another
/// resolution of that shape, scaled. Else the stated default. Errors: the file's, invalid_option for a focal
/// length that is not finite and positive, or when the file is for another frame size than the source gives.
Result<SourceCamera> camera_for(const SourceRequest& request, const SourceInfo& info);

/// What the window and the reports say about an opened source.
SourceSnapshot describe_source(const SourceRequest& request, const SourceInfo& info,
                               const SourceCamera& camera);

}  // namespace yarbus
