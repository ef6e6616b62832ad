#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// What the simulator knows about one frame, at the middle of its exposure.
struct SimulatedTruth {
  double time_s = 0.0;
  CameraIntrinsics intrinsics;
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();  ///< rotation centre
  double eyeball_radius_mm = 12.0;
  Eigen::Vector3d optical_axis_in_cam = -Eigen::Vector3d::UnitZ();  ///< unit, out of the eye
  Eigen::Vector3d visual_axis_in_cam = -Eigen::Vector3d::UnitZ();   ///< the optical axis turned by kappa
  Circle3 pupil_in_cam;                                             ///< the pupil itself, unrefracted
  /// Fitted to the pupil's outline as the camera sees it, through the cornea and the lens, lids ignored.
  Ellipse pupil_ellipse;
  double pupil_ellipse_residual_px = 0.0;  ///< largest distance between that outline and the ellipse
  Ellipse limbus_ellipse;
  double visible_fraction = 0.0;  ///< of the pupil's area in the image: not behind lids, lashes or the border
  double closure = 0.0;           ///< of the lids: 0 open, 1 closed
  bool in_blink = false;          ///< a blink is under way and the lids are more than half closed
  bool is_saccade = false;
};

}  // namespace yarbus
