#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/anatomy.h"
#include "eyemodel/types/camera_intrinsics.h"

namespace yarbus::simulation {

// The simulator's head frame: origin at the eye's rotation centre; as a camera right in front of the face
// sees it, x to image right, y down, z into the head. Straight ahead is (0, 0, -1).

/// The lids' posture. Angles are of the margins' middle above the horizontal, seen from the eye's centre.
struct LidPosture {
  double upper_rest_deg = 16.5;
  double lower_rest_deg = -22.5;
  double upper_follow = 0.85;  ///< of the gaze's elevation
  double lower_follow = 0.45;
  double squint = 0.0;   ///< 0..1: both lids narrow the fissure
  double closure = 0.0;  ///< 0..1: a blink's state
};

/// Lashes of one eye.
struct LashStyle {
  int upper_count = 76;
  int lower_count = 44;
  double length_mm = 8.0;
  double thickness_mm = 0.08;
  double droop = 0.1;     ///< 0 = curled up, 1 = hanging over the pupil
  double clumping = 0.3;  ///< 0..1
};

/// How things look in infrared. Albedos are 0..1.
struct Appearance {
  double iris_albedo = 0.42;
  double pupil_albedo = 0.035;
  double sclera_albedo = 0.66;
  double skin_albedo = 0.55;
  double contrast = 1.0;         ///< 1 = full; 0.3 squeezes all gray values towards an iris's
  double exposure = 1.45;        ///< brightness as a whole
  double light_gradient = 0.25;  ///< darkening from one image side to the other, 0..1
  double light_direction_rad = 0.6;
  double window_reflection = 0.0;  ///< gray level (0..1) that a window adds on the cornea
  double glasses = 0.0;            ///< 0..1: ghosts and haze of spectacle glass
  double iris_contrast = 1.0;      ///< of its fibres and crypts
  double gloss = 0.5;              ///< 0..1: oily sheen of the skin
  LashStyle lashes;
  int led_count = 1;
  /// Infrared LEDs beside the camera, in cam, mm.
  std::array<Eigen::Vector3d, 2> leds_in_cam_mm{Eigen::Vector3d(9, 5, -2), Eigen::Vector3d(-9, -6, -2)};
};

/// What lens and sensor do to the image.
struct Sensor {
  double defocus_sigma_px = 0.7;
  double read_noise_gray = 1.2;  ///< standard deviation, gray levels of 255
  double shot_noise_gray = 2.0;  ///< standard deviation at full white
  int jpeg_quality = 0;          ///< 1..100: the image goes through a JPEG of this quality; 0: it does not
};

/// Everything the renderer needs for one instant.
struct Scene {
  EyeAnatomy eye;
  bool nose_at_image_right = true;  ///< in a frontal image: the wearer's right eye
  LidPosture lids;
  Appearance appearance;
  Sensor sensor;
  CameraIntrinsics camera;
  Eigen::Matrix3d cam_from_head = Eigen::Matrix3d::Identity();  ///< rotation
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d(0, 0, 35);
  double yaw_deg = 0.0;    ///< of the optical axis in the head frame, positive to image right
  double pitch_deg = 0.0;  ///< positive up
  double pupil_radius_mm = 2.0;

  /// Unit, in the head frame.
  [[nodiscard]] Eigen::Vector3d optical_axis_in_head() const;
  /// Rotation by Listing's law: the shortest one that takes straight ahead to the optical axis.
  [[nodiscard]] Eigen::Matrix3d head_from_eye() const;
  [[nodiscard]] Eigen::Matrix3d cam_from_eye() const { return cam_from_head * head_from_eye(); }
};

/// Unit direction in the head frame at `azimuth_deg` to image right and `elevation_deg` above straight ahead.
Eigen::Vector3d direction_in_head(double azimuth_deg, double elevation_deg);

/// The rotation and eye position of a camera `distance_mm` from a point 6 mm in front of the eye's centre,
/// `azimuth_deg` to image right and `elevation_deg` above straight ahead, aimed at it with its image upright.
void place_camera(Scene& scene, double distance_mm, double azimuth_deg, double elevation_deg);

/// Moves the camera by `slip_mm` (head frame) and tilts it by `tilt_deg` about the axes x, y, z of the
/// camera, as a headset that slides on the face does.
void slip_camera(Scene& scene, const Eigen::Vector3d& slip_in_head_mm, const Eigen::Vector3d& tilt_deg);

/// Upper and lower lid angle (degrees, middle of the margin) that follow from posture and gaze, apart from a
/// blink's closure.
std::array<double, 2> lid_angles_deg(const LidPosture& lids, double pitch_deg);

}  // namespace yarbus::simulation
