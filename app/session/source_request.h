#pragma once

#include "app/session/session.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// The capture engine's options for what the user asked for, which is no simulated eye. Errors:
/// invalid_option (unknown pixel format, bounds).
Result<SourceOptions> to_source_options(const SourceRequest& request, EyeSide eye);

/// The camera behind an opened source: from the file, the focal length, or the stated default, turned with
/// the image. Errors: the file's, invalid_option for a focal length that is not finite and positive, or when
/// the file is for another frame size than the source gives.
Result<CameraIntrinsics> intrinsics_for(const SourceRequest& request, const SourceInfo& info);

/// What the window and the reports say about an opened source.
SourceSnapshot describe_source(const SourceRequest& request, const SourceInfo& info,
                               const CameraIntrinsics& intrinsics);

}  // namespace yarbus
