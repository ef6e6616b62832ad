#pragma once

#include <cmath>

#include <Eigen/Core>
#include <ceres/jet.h>
#include <ceres/rotation.h>

#include "calibration/mapping/geometric_model.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/rigid_transform.h"

// The forward model of gaze before a webcam, for numbers and for their derivatives (ceres::Jet) alike.
// Parameters of an eye: rotation centre in head (mm, of the head as assumed), radius from there to the
// limbus' plane (mm), kappa (nasal, up; rad). Of the screen: a turn about the camera's axes in front of the
// nominal one (rad), the screen's middle in cam (mm). Of the head: scale.

namespace yarbus::webcam_model {

using geometric_model::Vector2;
using geometric_model::Vector3;

template <class T>
using Matrix3 = Eigen::Matrix<T, 3, 3>;

/// Nominally the screen faces the wearer as its camera does: a turn by 180 degrees about y.
template <class T>
Matrix3<T> cam_from_screen_rotation(const T* screen) {
  T turn[9];
  ceres::AngleAxisToRotationMatrix(screen, turn);  // column by column
  Matrix3<T> rotation;
  for (int row = 0; row < 3; ++row) {
    rotation(row, 0) = -turn[row];
    rotation(row, 1) = turn[3 + row];
    rotation(row, 2) = -turn[6 + row];
  }
  return rotation;
}

/// The visual axis in head while the optical axis points along the primary direction (0, 0, -1).
template <class T>
Vector3<T> visual_axis_at_rest(const T* kappa_rad, EyeSide side) {
  using std::cos;
  using std::sin;
  const T cos_up = cos(kappa_rad[1]);
  const T nasal = side == EyeSide::right ? T(kappa_rad[0]) : T(-kappa_rad[0]);  // head's x is to image right
  return {sin(nasal) * cos_up, -sin(kappa_rad[1]), -cos(nasal) * cos_up};
}

/// Listing's law with the head's -z as primary direction: the shortest turn from it to `optical` (unit, head)
/// carries `at_rest` along. Looking backwards has no meaning; the turn is cut off there and stays finite.
template <class T>
Vector3<T> turned_by_listing(const Vector3<T>& optical, const Vector3<T>& at_rest) {
  const Vector3<T> turn(optical[1], -optical[0], T(0.0));
  const T one_plus_cos = T(1.0) - optical[2];
  const Vector3<T> once = turn.cross(at_rest);
  return at_rest + once + turn.cross(once) / (one_plus_cos > T(1e-3) ? one_plus_cos : T(1e-3));
}

/// The optical axis whose visual axis points along `visual` (unit, head). Four rounds: to 1e-6 rad.
template <class T>
Vector3<T> optical_axis_towards(const Vector3<T>& visual, const T* kappa_rad, EyeSide side) {
  const Vector3<T> at_rest = visual_axis_at_rest(kappa_rad, side);
  Vector3<T> optical = visual;
  for (int round = 0; round < 4; ++round) {
    optical += visual - turned_by_listing(optical, at_rest);
    optical /= optical.norm();
  }
  return optical;
}

/// The eye's rotation centre in cam, mm.
template <class T>
Vector3<T> eye_center_in_cam_mm(const T* eye, const T& scale, const RigidTransform& cam_from_head) {
  const Vector3<T> in_head(eye[0], eye[1], eye[2]);
  return (cam_from_head.rotation.cast<T>() * in_head + cam_from_head.translation_mm.cast<T>()) * scale;
}

/// The optical axis in head of an eye that looks at a point of the screen (mm from its middle).
template <class T>
Vector3<T> optical_axis_at(const T* eye, const T* screen, const T& scale, const RigidTransform& cam_from_head,
                           EyeSide side, const Vector2<T>& from_middle_mm) {
  const Vector3<T> center = eye_center_in_cam_mm(eye, scale, cam_from_head);
  const Matrix3<T> turn = cam_from_screen_rotation(screen);
  const Vector3<T> point = turn.col(0) * from_middle_mm[0] + turn.col(1) * from_middle_mm[1] +
                           Vector3<T>(screen[3], screen[4], screen[5]);
  Vector3<T> visual = cam_from_head.rotation.transpose().cast<T>() * (point - center);
  visual /= visual.norm();
  return optical_axis_towards(visual, eye + 4, side);
}

/// From the camera to the middle of the limbus of an eye that looks at a point of the screen; unit, cam.
template <class T>
Vector3<T> iris_dir_in_cam(const T* eye, const T* screen, const T& scale, const RigidTransform& cam_from_head,
                           EyeSide side, const Vector2<T>& from_middle_mm) {
  const Vector3<T> optical = optical_axis_at(eye, screen, scale, cam_from_head, side, from_middle_mm);
  Vector3<T> iris =
      eye_center_in_cam_mm(eye, scale, cam_from_head) + (cam_from_head.rotation.cast<T>() * optical) * eye[3];
  iris /= iris.norm();
  return iris;
}

}  // namespace yarbus::webcam_model
