#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "calibration/mapping/geometric_fit.h"
#include "calibration/mapping/webcam/face_frames.h"
#include "calibration/mapping/webcam/lid_model.h"

namespace yarbus {

/// What is known before anybody looked at a target (docs/calibration-mapping.md gives the sources). One
/// standard deviation each.
struct WebcamPriors {
  Eigen::Vector3d center_sigma_mm{3.0, 3.0, 5.0};  ///< of EyeSight::eye_center_in_head_mm
  double center_difference_sigma_mm = 1.5;         ///< between the eyes, down and into the head
  double radius_mm = 10.6;                         ///< rotation centre to the limbus' plane
  double radius_sigma_mm = 0.4;
  Eigen::Vector2d kappa_deg{5.0, 1.5};  ///< nasal, up
  Eigen::Vector2d kappa_sigma_deg{1.75, 1.0};
  Eigen::Vector2d head_turn_sigma_deg{3.0, 5.0};  ///< common to both eyes, across and up: the head frame's
  double scale_sigma = 0.04;
  Eigen::Vector3d camera_sigma_mm{40.0, 30.0, 25.0};  ///< along the screen's axes, from its edge's middle
  double beside_edge_mm = 10.0;                       ///< outside the screen
  Eigen::Vector3d camera_turn_sigma_deg{15.0, 10.0, 5.0};  ///< tilt, pan, roll against the screen's normal
  Eigen::Vector2d target_sigma_deg{0.4, 0.6};  ///< by how much gaze as seen misses a target, across and down
  double target_sigma_weight = 4.0;            ///< as strongly as so many targets would say it
  Eigen::Vector2d iris_extra_deg{0.2, 0.5};    ///< of each eye by itself beside its stated noise, as gaze
  double turn_doubt = 0.05;  ///< of the head away from its usual pose: share of that turn, about any axis
};

/// Of the right eye, of the left (six each), of the screen (six), the head's scale; webcam_model.h.
constexpr int webcam_parameters = 19;
using WebcamCovariance = Eigen::Matrix<double, webcam_parameters, webcam_parameters>;

/// A person before a webcam, fitted. Frames & units: head, cam, screen, mm, rad.
struct WebcamGeometry {
  std::array<bool, 2> has_eye{};                ///< by EyeSide
  std::array<std::array<double, 6>, 2> eyes{};  ///< centre in head, radius, kappa nasal, up
  std::array<double, 6> screen{};               ///< turn, middle in cam
  double head_scale = 1.0;                      ///< true over assumed
  ScreenGeometry screen_geometry;
  RigidTransform usual_cam_from_head;                         ///< mean over the calibration
  double turn_doubt = 0.05;                                   ///< as WebcamPriors'
  int edge = 0;                                               ///< the camera's: upper, lower, left, right
  WebcamCovariance covariance = WebcamCovariance::Zero();     ///< posterior; zero where an eye is absent
  Eigen::Vector2d target_sigma_mm = Eigen::Vector2d::Zero();  ///< common to both eyes, across and down
  Eigen::Vector2d iris_extra_rad = Eigen::Vector2d::Zero();   ///< as seen from the camera
  std::array<Eigen::Vector3d, 2> eyes_in_screen_mm{Eigen::Vector3d::Zero(), Eigen::Vector3d::Zero()};
  std::optional<LidModel> lids;
  std::vector<FittedParameter> parameters;
  std::vector<LeftOutTarget> left_out;
  bool converged = false;
  double rms_deg = 0.0;  ///< of gaze, over bundles and eyes

  [[nodiscard]] Eigen::Vector2d middle_mm() const {
    return 0.5 * Eigen::Vector2d(screen_geometry.width_mm, screen_geometry.height_mm);
  }
};

/// A head pose's covariance with what a face of unknown relief adds: its turn from the usual pose is seen too
/// large or too small by some share (Belhumeur, Kriegman & Yuille 1999), about a place in the face.
PoseCovariance with_turn_doubt(const WebcamGeometry& geometry, const RigidTransform& cam_from_head,
                               const PoseCovariance& covariance);

/// Fits eyes, screen and the head's scale to what a webcam saw.
/// Method: maximum a posteriori with Ceres: iris directions as predicted from the target, whitened by their
/// stated covariance, the head's pose's (common to both eyes) and a fitted rest; each target has a miss of
/// its own, whose spread is fitted (EM), with Cauchy's loss. Frames of a still head are averaged. The camera
/// is tried at every edge of the screen. `start`: a fit to begin with, whose edge and spreads are kept.
/// Deterministic. Errors: invalid_option for a screen that is none; input_empty for fewer than `min_targets`
/// targets, or none apart.
Result<WebcamGeometry> fit_webcam_geometry(std::span<const FaceTarget> targets, const ScreenGeometry& screen,
                                           const WebcamPriors& priors = {},
                                           const WebcamGeometry* start = nullptr, int min_targets = 3);

}  // namespace yarbus
