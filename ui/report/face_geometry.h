#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/face_sight.h"

namespace yarbus::ui {

/// The limbus of a typical eye: its radius, and how far its plane is from the rotation centre, mm.
constexpr double typical_limbus_radius_mm = 5.85;
constexpr double typical_limbus_plane_mm = 10.6;

/// An iris below is not called followed: as the calibration's own limit for webcams.
constexpr double least_sure_confidence = 0.5;

/// An eye of a face in space. Frames & units: cam, mm; the axis is a unit vector out of the eye.
struct FaceEyeLine {
  Eigen::Vector3d center_in_cam_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d axis_in_cam = -Eigen::Vector3d::UnitZ();
};

/// The optical axis as it is drawn: through the middle of the limbus, which lies where its line of sight
/// meets a sphere about the eye's centre. Nullopt for an eye that is not seen, or if the line passes it by.
std::optional<FaceEyeLine> eye_line(const FaceSight& face, EyeSide side);

/// Where a head faces, as people say it. Azimuth positive to image right, elevation positive up; the tilt is
/// positive for a head that leans to image right.
struct HeadTurn {
  double azimuth_deg = 0.0;
  double elevation_deg = 0.0;
  double tilt_deg = 0.0;
};
HeadTurn head_turn_of(const HeadPose& head);

}  // namespace yarbus::ui
