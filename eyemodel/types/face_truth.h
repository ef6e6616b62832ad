#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus {

/// What a labelled frame is for: finding a calibration, or judging it.
enum class GazeSplit : std::uint8_t { calibration, test };
constexpr std::string_view to_string(GazeSplit split) {
  return split == GazeSplit::calibration ? "calibration" : "test";
}

/// One eye of a simulated face. Frames & units: cam, mm; image as captured, px. In a mirrored image the
/// pixels are the mirrored ones, and cam is that of the camera before mirroring.
struct FaceEyeTruth {
  Eigen::Vector3d rotation_center_in_cam_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d optical_axis_in_cam = -Eigen::Vector3d::UnitZ();  ///< unit, out of the eye
  Eigen::Vector3d visual_axis_in_cam = -Eigen::Vector3d::UnitZ();   ///< unit; from the rotation centre
  double limbus_radius_mm = 0.0;
  Ellipse limbus;  ///< the whole circle's image, lids ignored
  Eigen::Vector2d inner_corner_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d outer_corner_px = Eigen::Vector2d::Zero();
  double openness = 0.0;  ///< 0 closed .. 1 wide open
  /// The middle of the limbus is in the image, turned to the camera, and the lids are at least a third open;
  /// neither the head nor a hand nor dark glasses hide it.
  bool is_visible = false;
};

/// What the simulator knows about one frame of a face, at the middle of its exposure. Frames & units: screen,
/// cam, head (as in HeadPose), mm.
struct FaceTruth {
  double time_s = 0.0;
  bool has_face = false;  ///< there is one; it may be outside the image
  std::optional<Eigen::Vector2d> target_in_screen_mm;
  Eigen::Vector2d gaze_in_screen_mm = Eigen::Vector2d::Zero();  ///< where both visual axes meet
  GazeSplit split = GazeSplit::calibration;
  /// The target has stood there for half a second, and no blink is under way: a frame fit for a label.
  bool is_target_steady = false;
  bool in_blink = false;  ///< a blink is under way
  bool is_saccade = false;
  RigidTransform cam_from_head;
  RigidTransform screen_from_cam;
  std::array<FaceEyeTruth, 2> eyes;  ///< by EyeSide

  [[nodiscard]] const FaceEyeTruth& eye(EyeSide side) const { return eyes[static_cast<std::size_t>(side)]; }
};

}  // namespace yarbus
