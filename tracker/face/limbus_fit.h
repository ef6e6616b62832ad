#pragma once

#include <optional>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/iris_pair.h"
#include "tracker/face/eye_landmarks.h"

namespace yarbus {

/// What is known of an iris before its edge is measured.
struct LimbusExpectation {
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();  ///< its rotation centre
  double limbus_radius_mm = 5.85;
  double limbus_radius_sigma = 0.05;  ///< share of it
};

/// The outer edge of an iris, measured.
struct LimbusFit {
  Ellipse limbus;
  /// (middle x, y, long semi-axis), px^2.
  Eigen::Matrix3d covariance_px2 = Eigen::Matrix3d::Zero();
  FixedVector<Eigen::Vector2f, max_iris_points> points_px;  ///< edges that were used
  double rms_px = 0.0;                                      ///< of those, across the edge
};

/// Measures the limbus with sub-pixel edges on the arcs that the lids leave free.
/// Method: along normals of the expected outline the steepest rise from iris to sclera (derivative of a
/// Gaussian, parabola through the three largest values); normals that end behind a lid's margin are left out;
/// a circle on the eye's globe (its shape in the image follows from where its middle is) is fitted to the
/// edges by Gauss-Newton with Tukey's weights, with the landmarks' middle and the expected radius as priors;
/// thrice, from the outline of the last. Frames & units: image as captured, px. Errors: nullopt if fewer than
/// eight edges agree. Cost: about 60 us, no heap.
std::optional<LimbusFit> fit_limbus(const GrayView& image, const CameraIntrinsics& intrinsics,
                                    const EyeLandmarks& landmarks, const LimbusExpectation& expected);

}  // namespace yarbus
