#pragma once

#include <array>
#include <optional>

#include <Eigen/Core>

#include "app/stream/stream_item.h"

namespace yarbus {

/// A direction before the person: x to the right, y up, z forward through the screen's middle. Not a unit
/// vector: z is 1.
using ForwardDirection = Eigen::Vector3d;

/// Where a point of the screen is, seen from the viewing distance before its middle.
/// Errors: nullopt for a screen without size or distance, or a point that is not finite.
std::optional<ForwardDirection> direction_to(const Eigen::Vector2d& point_in_screen_mm,
                                             const ScreenGeometry& screen);

/// Turn to the right, rad.
double yaw_rad(const ForwardDirection& direction);
/// Turn downwards, rad.
double pitch_down_rad(const ForwardDirection& direction);

/// How far the lids are closed, 0..1, mean over the eyes that are known of; nullopt: nothing tells.
std::optional<double> mean_closure(const StreamEyes& eyes);

/// A head before a webcam, as the person has it.
/// Frames & units: to the person's right, up and away from the camera, mm; turns to the right, upwards, and
/// tilt of the head's top to the right, rad; all zero in the middle of the image, upright, facing the camera.
struct HeadTurn {
  Eigen::Vector3d position_mm = Eigen::Vector3d::Zero();
  double yaw_rad = 0.0;
  double pitch_rad = 0.0;
  double roll_rad = 0.0;
};

/// nullopt without a webcam or a face.
std::optional<HeadTurn> head_turn(const StreamEyes& eyes);

}  // namespace yarbus
