#pragma once

#include <optional>
#include <string_view>

#include <Eigen/Core>

#include "app/stream/datum_packing.h"
#include "eyemodel/types/gaze_sample.h"

namespace yarbus {

/// An ellipse as Pupil's programs write it. Frames & units: image, px; the axes are full diameters.
struct EllipseDatum {
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d axes_px = Eigen::Vector2d::Zero();  ///< minor, major
  double angle_deg = 0.0;                             ///< from +x towards +y to the minor axis, in [0, 180)

  static EllipseDatum from(const Ellipse& ellipse);
};

/// What the eye model adds. Frames & units: the eye's camera, mm.
struct SolidPupilDatum {
  Eigen::Vector3d sphere_center_mm = Eigen::Vector3d::Zero();
  double sphere_radius_mm = 0.0;  ///< from the sphere's centre to the pupil's
  EllipseDatum projected_sphere;  ///< in the undistorted image; all zero where it is no ellipse
  Circle3 circle;                 ///< the pupil
  double diameter_mm = 0.0;
  double model_confidence = 0.0;  ///< 0..1: probability that the typical frame's gaze is within 2 degrees
  double theta_rad = 0.0;         ///< acos(n_y) of the pupil's normal n
  double phi_rad = 0.0;           ///< atan2(n_z, n_x)
};

/// One eye in one frame, as Pupil's programs name it: what `pupil.<eye>.2d` and `.3d` carry, and what gaze is
/// said to rest on. No pupil: confidence, diameter and ellipse are zero.
struct PupilDatum {
  std::string_view topic;  ///< with a lifetime of the program's
  int eye = 0;             ///< 0 right, 1 left
  std::string_view method;
  /// Of the ellipse's centre: x by the image's width; y by its height, counted from the bottom.
  Eigen::Vector2d norm_pos{0.0, 1.0};
  double diameter_px = 0.0;  ///< of the ellipse's major axis
  double confidence = 0.0;
  double timestamp_s = 0.0;
  EllipseDatum ellipse;
  std::optional<SolidPupilDatum> solid;  ///< of `.3d` only
};

/// The pupil of a near-eye camera's sample, in the image as captured. Threads: concurrent-safe. No heap.
PupilDatum pupil_datum(const GazeSample& sample, double timestamp_s);
/// The same with what the eye model says; nullopt where it says nothing.
std::optional<PupilDatum> solid_pupil_datum(const GazeSample& sample, double timestamp_s);
/// The richer of the two.
PupilDatum best_pupil_datum(const GazeSample& sample, double timestamp_s);
/// One eye of a webcam's sample: the ellipse is the iris' outline, and since no pupil is measured the
/// diameter is 0. Topic `iris.<eye>.2d`; not published by itself. nullopt if the eye is not seen.
std::optional<PupilDatum> iris_datum(const GazeSample& sample, EyeSide eye, double timestamp_s);

void pack_value(Packer& out, const EllipseDatum& ellipse);
void pack_value(Packer& out, const PupilDatum& datum);

}  // namespace yarbus
