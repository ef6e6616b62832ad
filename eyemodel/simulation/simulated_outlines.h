#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/eye_motion.h"
#include "eyemodel/simulation/population.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scene.h"
#include "eyemodel/types/corneal_features.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/pupil_observation.h"
#include "eyemodel/types/simulated_truth.h"

namespace yarbus::simulation {

/// Bounds between which a subject's value is drawn.
struct DrawnFrom {
  double low = 0.0;
  double high = 0.0;
};

/// Whose eye before which camera, how both move, and what is seen of the outline.
struct SimulatedOutlineOptions {
  std::uint64_t seed = 1;  ///< the subject
  Population population = Population::simulated;
  std::optional<EyeAnatomy> anatomy = std::nullopt;  ///< this eye instead of one drawn
  double rate_hz = 60.0;

  int width_px = 640;
  int height_px = 480;
  DrawnFrom focal_px{580.0, 680.0};
  DrawnFrom camera_distance_mm{36.0, 44.0};
  DrawnFrom camera_azimuth_deg{-15.0, 15.0};
  DrawnFrom camera_elevation_deg{-25.0, -8.0};
  DrawnFrom pupil_radius_mm{1.5, 2.6};
  /// Of the motion everything counts but the pupil's radius, which is drawn, and the lids' swing.
  MotionPlan motion = looking_around();

  int edge_points = 64;   ///< around the whole outline; at most max_edge_points
  double sigma_px = 0.2;  ///< of the noise across the edge, as the points state it
  /// Standard deviation of each of three deformations that a subject's outlines have in common, as a
  /// detector's own errors have: larger, and longer along either of two pairs of axes.
  double bias_sigma_px = 0.0;
  double noise_factor = 1.0;     ///< of what is drawn, against what is stated; 0: exact outlines
  double lid_share = 0.0;        ///< 0..1: of the pupil's height, hidden by the upper lid
  int limbus_points = 0;         ///< 0: none are seen; at most max_limbus_points
  double limbus_sigma_px = 0.5;  ///< as sigma_px, with the same factor
  double confidence = 0.99;      ///< what each observation states

  /// Fixations of about 0.3 s all over 20 by 14 degrees, saccades between them, hippus, no blinks, no slips.
  static MotionPlan looking_around();
};

/// One frame: what a detector would have found in the undistorted image, and the truth.
struct SimulatedOutline {
  std::uint64_t sequence = 0;
  CaptureTime captured_at{};
  /// Absent while a blink covers more of the pupil's height than leaves an outline, and when the outline
  /// leaves the image.
  std::optional<PupilObservation> observation;
  CornealFeatures features;
  SimulatedTruth truth;
};

/// An eye and a headset over time without rendering: the pupil's outline through the cornea, by the
/// simulator's own optics, with noise. The camera has no distortion, so images as captured and undistorted
/// are one. Frame `index` is taken at index / rate_hz and is a function of the options and the index alone,
/// whatever was asked for before.
/// Method: the points lie at even angles of the pupil's circle; the noise is normal, along the outline's
/// normal. The ellipse is the least-squares one (Halir & Flusser 1998) after one Gauss-Newton step on the
/// distances along the normals, whose information matrix gives covariance_px2.
/// Threads: one owner. Cost: about 30 us a frame; no heap once its timeline reaches that far.
class SimulatedOutlines {
 public:
  /// Options out of their bounds are a programmer error.
  explicit SimulatedOutlines(const SimulatedOutlineOptions& options);

  [[nodiscard]] const SimulatedOutlineOptions& options() const { return options_; }
  [[nodiscard]] const CameraIntrinsics& camera() const { return scene_.camera; }
  [[nodiscard]] const EyeAnatomy& anatomy() const { return scene_.eye; }
  [[nodiscard]] double time_s(std::uint64_t index) const {
    return static_cast<double>(index) / options_.rate_hz;
  }

  [[nodiscard]] Scene scene_at(double time_s) { return scene_of(motion_.at(time_s)); }
  [[nodiscard]] Scene scene_of(const EyeMotion::State& state) const;
  /// What the eye does by itself at that time: a start for another state.
  [[nodiscard]] EyeMotion::State state_at(double time_s) { return motion_.at(time_s); }
  void make(std::uint64_t index, SimulatedOutline& outline) {
    make(index, motion_.at(time_s(index)), outline);
  }
  /// The frame of an eye that does something else.
  void make(std::uint64_t index, const EyeMotion::State& state, SimulatedOutline& outline);
  [[nodiscard]] SimulatedOutline make(std::uint64_t index);

 private:
  /// The points that a lid which covers `lid_share` of the outline's height leaves in sight.
  void note_edges(double lid_share, Random& noise, PupilObservation& observation);
  void note_limbus(const Scene& scene, Random& noise, CornealFeatures& features) const;

  SimulatedOutlineOptions options_;
  Scene scene_;                                        ///< at rest
  Eigen::Vector3d bias_px_ = Eigen::Vector3d::Zero();  ///< outward: alike, cos and sin of twice the angle
  EyeMotion motion_;
  std::vector<Eigen::Vector2d> clean_px_;   ///< the outline
  std::vector<Eigen::Vector2d> normal_px_;  ///< of it, unit, outwards
  std::vector<Eigen::Vector2d> seen_px_;    ///< with noise
};

}  // namespace yarbus::simulation
