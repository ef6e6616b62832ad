#pragma once

/// Yarbus' values in the conventions of Pupil's software. Image: norm_pos has its origin bottom-left;
/// ellipses have full axes, the minor one first, and the angle of the minor axis. Times: seconds of the
/// capture clock. Eye 0 is the right one. Space: the eye camera's frame, mm, which has the same axes as
/// Yarbus' cam.

#include <optional>
#include <string>

#include <Eigen/Core>

#include "app/recording/session_info.h"
#include "app/recording/session_rows.h"

namespace yarbus::pupil_labs {

double seconds(CaptureTime at);
inline int eye_id(EyeSide side) { return static_cast<int>(side); }

/// Of a point in an image of that size, px.
Eigen::Vector2d norm_pos(const Eigen::Vector2d& point_px, int width_px, int height_px);
/// Of a point on the screen, mm; nullopt without a screen.
std::optional<Eigen::Vector2d> norm_pos_on_screen(const Eigen::Vector2d& point_in_screen_mm,
                                                  const std::optional<ScreenGeometry>& screen);

struct PupilEllipse {
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d axes_px = Eigen::Vector2d::Zero();  ///< minor, major; full
  double angle_deg = 0.0;                             ///< of the minor axis, 0 to 180
};
PupilEllipse ellipse_of(const Ellipse& ellipse);

/// The outline of the eyeball as a pinhole camera sees it; nullopt without intrinsics, or if the camera is
/// not outside and before it. `sphere.radius` is the distance from the eye's centre to the pupil, as Pupil
/// means it. Exact for fx = fy; otherwise the axes are scaled by their mean.
std::optional<PupilEllipse> projected_sphere(const EyePose& pose,
                                             const std::optional<CameraIntrinsics>& intrinsics);

/// Polar angles of the pupil's normal, rad: theta = acos(y), phi = atan2(z, x).
struct PolarAngles {
  double theta = 0.0;
  double phi = 0.0;
};
PolarAngles polar_angles(const Eigen::Vector3d& normal);

/// What the field `method` says.
std::string method_2d(const SessionInfo& info);
std::string method_3d(const SessionInfo& info);

}  // namespace yarbus::pupil_labs
