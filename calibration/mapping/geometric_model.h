#pragma once

#include <cmath>

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <ceres/jet.h>
#include <ceres/rotation.h>

#include "eyemodel/types/frames.h"

// The forward model of the geometric mapper, for numbers and for their derivatives (ceres::Jet) alike.

namespace yarbus::geometric_model {

template <class T>
using Vector2 = Eigen::Matrix<T, 2, 1>;
template <class T>
using Vector3 = Eigen::Matrix<T, 3, 1>;

/// The visual axis in its eye's own frame (z along the optical axis, x to the screen's right, y down): turned
/// by kappa = (nasal, up), rad. Nasal is to the screen's left for the right eye and to its right for the
/// left.
template <class T>
Vector3<T> visual_axis_in_eye(const T* kappa_rad, EyeSide side) {
  using std::cos;
  using std::sin;
  const T rightwards = side == EyeSide::right ? T(-kappa_rad[0]) : T(kappa_rad[0]);
  const T cos_up = cos(kappa_rad[1]);
  return {sin(rightwards) * cos_up, -sin(kappa_rad[1]), cos(rightwards) * cos_up};
}

/// The eye turned by Listing's law from the primary direction, which is taken as the screen's normal, to
/// `optical_axis_in_screen` (unit): the shortest turn carries `in_eye` along. Looking backwards has no
/// meaning; there the turn is cut off, the result stays finite and points away from the screen.
template <class T>
Vector3<T> turned_by_listing(const Vector3<T>& optical_axis_in_screen, const Vector3<T>& in_eye) {
  const Vector3<T> turn(-optical_axis_in_screen[1], optical_axis_in_screen[0], T(0.0));
  const T one_plus_cos = T(1.0) + optical_axis_in_screen[2];
  const Vector3<T> once = turn.cross(in_eye);
  return in_eye + once + turn.cross(once) / (one_plus_cos > T(1e-3) ? one_plus_cos : T(1e-3));
}

/// Where a camera is, as a turn in front of a fixed one and the place of a fixed point of its frame.
struct CameraStart {
  Eigen::Matrix3d screen_from_cam_rotation = Eigen::Matrix3d::Identity();
  Eigen::Vector3d reference_in_cam_mm = Eigen::Vector3d::Zero();
};

template <class T>
struct LineOfSight {
  Vector3<T> origin_in_screen_mm;
  Vector3<T> direction_in_screen;
};

/// `pose`: a turn (rad, about the screen's axes) before the start's rotation, then the reference in screen,
/// mm.
template <class T>
LineOfSight<T> line_of_sight(const T* kappa_rad, const T* pose, const CameraStart& start, EyeSide side,
                             const Eigen::Vector3d& eye_center_in_cam_mm,
                             const Eigen::Vector3d& optical_axis_in_cam) {
  const Vector3<T> axis = (start.screen_from_cam_rotation * optical_axis_in_cam).cast<T>();
  const Vector3<T> arm =
      (start.screen_from_cam_rotation * (eye_center_in_cam_mm - start.reference_in_cam_mm)).cast<T>();
  Vector3<T> axis_in_screen;
  Vector3<T> arm_in_screen;
  ceres::AngleAxisRotatePoint(pose, axis.data(), axis_in_screen.data());
  ceres::AngleAxisRotatePoint(pose, arm.data(), arm_in_screen.data());
  LineOfSight<T> line;
  line.origin_in_screen_mm = Vector3<T>(pose[3], pose[4], pose[5]) + arm_in_screen;
  line.direction_in_screen = turned_by_listing(axis_in_screen, visual_axis_in_eye(kappa_rad, side));
  return line;
}

/// Two directions at right angles to `direction` (unit) and to each other: the first level with the screen's
/// rows, the second downwards. Columns.
template <class T>
Eigen::Matrix<T, 3, 2> tangents(const Vector3<T>& direction) {
  Vector3<T> across = Vector3<T>(T(1.0), T(0.0), T(0.0)) - direction * direction[0];
  across /= across.norm();
  Eigen::Matrix<T, 3, 2> basis;
  basis.col(0) = across;
  basis.col(1) = direction.cross(across);
  return basis;
}

/// The angle (rad) from `to` to `from` as a vector on the tangents of `to`; both unit. Grows with the whole
/// angle up to half a turn, so that looking the wrong way is never rewarded.
template <class T>
Vector2<T> angle_from(const Vector3<T>& to, const Vector3<T>& from) {
  using std::atan2;
  using std::sqrt;
  const Vector2<T> sine = tangents(to).transpose() * from;
  const T squared = sine.squaredNorm();
  const T cosine = to.dot(from);
  if (squared < T(1e-20) && cosine > T(0.0)) return sine;
  const T length = sqrt(squared + T(1e-30));
  return sine * (atan2(length, cosine) / length);
}

}  // namespace yarbus::geometric_model
