#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/optical_anatomy.h"

namespace yarbus {

/// A disc in space. Frames & units: cam, mm. The normal is a unit vector and points out of the eye.
struct Circle3 {
  Eigen::Vector3d center_in_cam_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d normal_in_cam = -Eigen::Vector3d::UnitZ();
  double radius_mm = 0.0;
};

/// The four stages of Swirski & Dodgson 2013, in the order in which each starts from the one before, and the
/// one that goes past them: the pupil seen through the cornea, with the eye's anatomy.
enum class FitStage : std::uint8_t { unprojection, unoptimised, contrast, edge, refraction };

constexpr std::string_view to_string(FitStage stage) {
  switch (stage) {
    case FitStage::unprojection:
      return "unprojection";
    case FitStage::unoptimised:
      return "unoptimised";
    case FitStage::contrast:
      return "contrast";
    case FitStage::edge:
      return "edge";
    case FitStage::refraction:
      return "refraction";
  }
  return "unknown";
}
std::optional<FitStage> fit_stage_from_string(std::string_view name);

/// Why no model came out of a fit.
enum class FitFailure : std::uint8_t {
  too_few_frames,
  one_direction,    ///< the eye did not turn enough: the rays through the pupils do not meet in a point
  all_frontal,      ///< every pupil is nearly a circle: its tilt, and so the eye's centre, is not determined
  ill_conditioned,  ///< the data leave a direction of the eye centre free
  diverged,         ///< the optimiser left the region where the model means anything
};

constexpr std::string_view to_string(FitFailure failure) {
  switch (failure) {
    case FitFailure::too_few_frames:
      return "too few frames";
    case FitFailure::one_direction:
      return "the eye looked in one direction only";
    case FitFailure::all_frontal:
      return "every pupil faced the camera";
    case FitFailure::ill_conditioned:
      return "the views do not determine the eye's position";
    case FitFailure::diverged:
      return "the optimisation did not settle";
  }
  return "unknown";
}

/// How good a fit is and what it rests on.
struct FitReport {
  bool was_run = false;  ///< false in a default-made report: the fit was not run
  FitStage stage = FitStage::unprojection;
  std::optional<FitFailure> failure;
  int frames_used = 0;
  int frames_rejected = 0;
  double rms_px =
      0.0;  ///< of distances from edge points (or ellipse outlines) to the reprojected pupils, inlier frames
  double condition = 0.0;  ///< ratio of extreme eigenvalues of the eye centre's normal matrix; large is poor
  bool converged = false;
  int iterations = 0;
  double spread_deg = 0.0;  ///< largest angle between two gaze directions among the frames used
  std::string gauge;        ///< what fixes size and depth, in words
  // Stage `refraction` only: one standard deviation each, posterior.
  Eigen::Matrix<double, 7, 1> shape_sigmas_mm = Eigen::Matrix<double, 7, 1>::Zero();  ///< as ModelCovariance
  double gaze_sigma_deg = 0.0;           ///< of the typical frame, in each direction
  double pupil_diameter_sigma_mm = 0.0;  ///< likewise
  std::vector<std::string> from_priors;  ///< directions that the frames left to the population, by name
  int slips = 0;                         ///< of the headset, noticed so far
  std::chrono::nanoseconds wall_time{};

  [[nodiscard]] bool is_usable() const { return was_run && !failure.has_value() && converged; }
  /// One line for people: "edge fit of 83 frames (4 rejected), 0.41 px rms, ...", or why there is none.
  [[nodiscard]] std::string to_text() const;
};

/// Covariance of a model's shape: eye centre (cam), then OpticalAnatomy::vector(). Units: mm^2.
using ModelCovariance = Eigen::Matrix<double, 7, 7>;

/// Where the eye's centre was at one time; a headset that slips moves it. Frames & units: cam, mm.
struct EyePlacement {
  CaptureTime at{};
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();
};

/// An immutable snapshot of the eye: the pupil disc turns about `eye_center_in_cam_mm` at
/// `eyeball_radius_mm`, normal to its arm. Stages up to `edge` see it as it is; `refraction` sees it through
/// the cornea of `anatomy`, whose pupil plane is then the arm.
struct EyeModel {
  std::uint64_t version = 0;  ///< 1, 2, ... within a session
  FitStage stage = FitStage::unprojection;
  CameraIntrinsics
      intrinsics;  ///< of the captured image; fits work on undistorted points of the same camera matrix
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();
  double eyeball_radius_mm = 12.0;  ///< from the eye's centre to the pupil's
  OpticalAnatomy anatomy;           ///< stage `refraction`: estimated; otherwise the population's
  ModelCovariance covariance_mm2 = ModelCovariance::Zero();  ///< stage `refraction` only
  /// Stage `refraction`, after a fit over a whole recording: the eye's way, by rising time. Empty: it stayed.
  std::vector<EyePlacement> placements;
  double contrast_band_px = 1.5;  ///< contrast stage: its bands' width and what it takes for a glint
  int glint_threshold_gray = 220;
  std::vector<Circle3> supporting_pupils_in_cam;  ///< the discs the fit rests on
  FitReport report;

  /// Where the eye was at that time: between the placements, linearly.
  [[nodiscard]] Eigen::Vector3d eye_center_at(CaptureTime at) const;
};
using EyeModelPtr = std::shared_ptr<const EyeModel>;

/// The circle on a sphere that a camera at the origin sees as the sphere's outline. Normal towards the
/// camera. Errors: nullopt if the camera is inside the sphere.
std::optional<Circle3> visible_outline_of_sphere(const Eigen::Vector3d& center_in_cam_mm, double radius_mm);

/// Point of a circle in space at `t_rad` of an arbitrary but fixed in-plane basis.
Eigen::Vector3d point_on_circle(const Circle3& circle, double t_rad);

/// How sure a pose is (one standard deviation each), the model's own doubt included.
struct PoseUncertainty {
  /// Of the unit gaze direction, in cam, rad^2: zero along the gaze itself.
  Eigen::Matrix3d gaze_covariance_in_cam = Eigen::Matrix3d::Zero();
  double pupil_diameter_mm = 0.0;

  /// Half-angle of a cone that holds the gaze with at least that probability (0..1), rad: as wide as the
  /// region of that share is long.
  [[nodiscard]] double gaze_cone_rad(double share) const;
  /// Squared Mahalanobis distance of another gaze direction (unit, in cam) from `gaze_dir_in_cam`.
  [[nodiscard]] double mahalanobis_squared(const Eigen::Vector3d& gaze_dir_in_cam,
                                           const Eigen::Vector3d& other_in_cam) const;
};

/// What a model says about one observation. Gaze here is the optical axis, the normal of the pupil disc.
struct EyePose {
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();
  double eyeball_radius_mm = 0.0;
  Circle3 pupil_in_cam;                ///< normal_in_cam is the gaze direction
  Ellipse reprojected_ellipse;         ///< of pupil_in_cam as the model sees it, in the undistorted image
  double reprojection_error_px = 0.0;  ///< mean distance between the observed and reprojected outlines
  std::optional<PoseUncertainty> uncertainty;  ///< stage `refraction` only
  [[nodiscard]] const Eigen::Vector3d& gaze_dir_in_cam() const { return pupil_in_cam.normal_in_cam; }
  [[nodiscard]] double pupil_diameter_mm() const { return 2.0 * pupil_in_cam.radius_mm; }
};

}  // namespace yarbus
