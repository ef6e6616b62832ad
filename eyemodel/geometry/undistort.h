#pragma once

#include <optional>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// Captured image point (px) -> undistorted image point (px) of the same camera matrix.
/// Method: Newton on the distortion model of CameraIntrinsics. Identity without distortion. Errors: nullopt
/// if it does not converge (outside the lens model's range). Cost: < 1 us, no heap.
std::optional<Eigen::Vector2d> undistort_point(const CameraIntrinsics& intrinsics,
                                               const Eigen::Vector2d& captured_px);

/// Edge points one by one; the ellipse by undistorting its outline and fitting again (an ellipse is only
/// nearly one after the lens). The covariance stays as it is: a lens changes it by a few per cent. Returned
/// unchanged without distortion. Errors: nullopt if any outline point cannot be undistorted. No heap.
std::optional<PupilObservation> undistort(const CameraIntrinsics& intrinsics,
                                          const PupilObservation& captured);

/// The other way: where the lens puts an ellipse of the undistorted image (px), as the ellipse with the
/// outline's moments. Errors: nullopt if the lens model folds it or gives no finite ellipse. Cost: under 2
/// us, no heap.
std::optional<Ellipse> distort(const CameraIntrinsics& intrinsics, const Ellipse& undistorted);

/// A window of the undistorted image. (0,0) of `pixels` is (x0_px, y0_px) of the image.
struct ImagePatch {
  GrayImage pixels;
  int x0_px = 0;
  int y0_px = 0;
};

/// Cuts the window around `ellipse` (undistorted px) that reaches `reach` times its semi-axes (at least 8 px
/// further than the outline), clipped to the image, resampled bilinearly when the lens distorts. The patch
/// keeps its memory: no heap once it has been as large.
void cut_undistorted_patch(const CameraIntrinsics& intrinsics, GrayView captured, const Ellipse& ellipse,
                           ImagePatch& patch, double reach = 1.6);

}  // namespace yarbus
