#include "eyemodel/online/known_eye.h"

#include <cmath>

#include <Eigen/LU>

#include "eyemodel/fit/refraction_evidence.h"

namespace yarbus {

bool is_same_camera(const CameraIntrinsics& a, const CameraIntrinsics& b) {
  constexpr double focal_share = 0.002;
  constexpr double principal_point_px = 1.0;
  const auto is_near = [](double x, double y, double most) { return std::abs(x - y) <= most; };
  return a.width_px == b.width_px && a.height_px == b.height_px &&
         is_near(a.fx_px, b.fx_px, focal_share * b.fx_px) &&
         is_near(a.fy_px, b.fy_px, focal_share * b.fy_px) && is_near(a.cx_px, b.cx_px, principal_point_px) &&
         is_near(a.cy_px, b.cy_px, principal_point_px);
}

ShapePrior prior_from_known_eye(const EyeModel& known, bool uses_place, const ShapePrior& first_frame,
                                const Ellipse& ellipse, const CameraIntrinsics& pinhole, double slip_mm) {
  ShapePrior prior;
  prior.mean << known.eye_center_in_cam_mm, known.anatomy.vector();
  PupilChart chart;
  const bool knows_place = uses_place && is_same_camera(known.intrinsics, pinhole) &&
                           starting_turn(ellipse, prior.mean, pinhole, chart).has_value();
  if (knows_place) {
    ModelCovariance covariance_mm2 = known.covariance_mm2;
    covariance_mm2.topLeftCorner<3, 3>().diagonal().array() += slip_mm * slip_mm;
    prior.information_per_mm2 = covariance_mm2.inverse();
  } else {
    prior.mean.head<3>() = first_frame.mean.head<3>();
    prior.information_per_mm2.topLeftCorner<3, 3>() = first_frame.information_per_mm2.topLeftCorner<3, 3>();
    const Eigen::Matrix4d covariance_mm2 = known.covariance_mm2.bottomRightCorner<4, 4>();
    prior.information_per_mm2.bottomRightCorner<4, 4>() = covariance_mm2.inverse();
  }
  return prior;
}

}  // namespace yarbus
