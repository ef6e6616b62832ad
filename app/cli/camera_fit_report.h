#pragma once

#include "app/cli/board_views.h"
#include "calibration/camera/fit_camera.h"

namespace yarbus::cli {

/// One line a picture: its error, or why it was not used. `fit` is null when there is none.
void print_views(const BoardViews& views, const CameraFit* fit);

/// Focal length, principal point and lens with one standard deviation each.
void print_camera_fit(const CameraFit& fit);

/// A picture for each view in `folder`: points found, where the fit puts them, and their difference enlarged.
/// Errors: output_unwritable.
Result<void> write_overlays(const std::string& folder, const BoardViews& views, const CameraFit* fit);

}  // namespace yarbus::cli
