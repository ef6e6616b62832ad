#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <Eigen/Geometry>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/fit/refracted_frame.h"
#include "eyemodel/online/keyframe_gate.h"
#include "eyemodel/online/online_eye_model.h"
#include "eyemodel/simulation/gaze_motion.h"
#include "eyemodel/simulation/truth.h"
#include "eyemodel/types/angle.h"

namespace yarbus::test {

inline CaptureTime at_seconds(double time_s) {
  return std::chrono::duration_cast<CaptureTime>(std::chrono::duration<double>(time_s));
}

/// The anatomy that the refraction stage expects of a person it knows nothing of.
inline simulation::EyeAnatomy average_anatomy() {
  const OpticalAnatomy mean;
  simulation::EyeAnatomy eye;
  eye.pupil_plane_mm = mean.pupil_plane_mm;
  eye.cornea_center_mm = mean.cornea_center_mm;
  eye.cornea_radius_mm = mean.cornea_radius_mm;
  eye.limbus_radius_mm = mean.limbus_radius_mm;
  return eye;
}

inline OpticalAnatomy optical_anatomy(const simulation::EyeAnatomy& eye) {
  return {eye.pupil_plane_mm, eye.cornea_center_mm, eye.cornea_radius_mm, eye.limbus_radius_mm};
}

/// An eye before a camera 40 mm away, `off_axis_deg` below straight ahead. The lens has no distortion.
inline simulation::Scene refracted_scene(const simulation::EyeAnatomy& eye, double off_axis_deg = 20.0) {
  simulation::Scene scene;
  scene.eye = eye;
  scene.camera = CameraIntrinsics::from_focal_length(620.0, 640, 480);
  place_camera(scene, 40.0, 0.0, -off_axis_deg);
  return scene;
}

inline Eigen::Vector3d gaze_of(const simulation::Scene& scene) { return scene.cam_from_eye().col(2); }
inline EyeShape shape_of_scene(const simulation::Scene& scene) {
  return shape_of(scene.eye_center_in_cam_mm, optical_anatomy(scene.eye));
}

/// The fit's forward model of a scene, from its truth.
inline RefractedFrame true_view(const simulation::Scene& scene) {
  return {shape_of_scene(scene), PupilChart::about(gaze_of(scene)), EyeTurn(0.0, 0.0, scene.pupil_radius_mm),
          scene.camera};
}

struct NoisyOutline {
  double noise_px = 0.2;  ///< of each edge point, in each direction
  int edges = 120;
};

/// What a detector without faults would make of the scene: points of the exact outline with noise, and the
/// ellipse through them.
inline PupilObservation observe(const simulation::Scene& scene, const NoisyOutline& outline,
                                std::mt19937& random) {
  std::normal_distribution<double> normal(0.0, 1.0);
  auto points = simulation::trace_pupil_outline(scene, outline.edges);
  PupilObservation observation;
  // Noise-free points are not infinitely sure, for their weights are to be finite.
  const double sigma_px = outline.noise_px > 0.0 ? outline.noise_px : 0.1;
  for (auto& point : points) {
    point += outline.noise_px * Eigen::Vector2d(normal(random), normal(random));
    observation.edge_points.push_back({point.cast<float>(), static_cast<float>(sigma_px)});
  }
  observation.ellipse = simulation::fit_ellipse_to_outline(points).value().ellipse;
  observation.covariance_px2.diagonal().setConstant(2.0 * sigma_px * sigma_px / outline.edges);
  observation.confidence = 1.0;
  return observation;
}

/// A frame and what was true when it was taken.
struct RefractedView {
  FitFrame frame;
  Eigen::Vector3d gaze_in_cam;
  Eigen::Vector3d eye_center_in_cam_mm;
  double pupil_radius_mm = 0.0;
};

inline RefractedView view_of(const simulation::Scene& scene, std::uint64_t sequence,
                             const NoisyOutline& outline, std::mt19937& random) {
  RefractedView view;
  view.frame.sequence = sequence;
  view.frame.observation = observe(scene, outline, random);
  view.gaze_in_cam = gaze_of(scene);
  view.eye_center_in_cam_mm = scene.eye_center_in_cam_mm;
  view.pupil_radius_mm = scene.pupil_radius_mm;
  return view;
}

/// `count` views whose gaze scatters over an ellipse of `range_deg` about straight ahead. Times do not pass.
inline std::vector<RefractedView> scattered_views(simulation::Scene scene, int count, double range_deg,
                                                  const NoisyOutline& outline, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::vector<RefractedView> views;
  for (int i = 0; i < count; ++i) {
    scene.yaw_deg = range_deg * uniform(random);
    scene.pitch_deg = range_deg * uniform(random);
    scene.pupil_radius_mm = 2.0 + 0.6 * uniform(random);
    views.push_back(view_of(scene, static_cast<std::uint64_t>(i), outline, random));
  }
  return views;
}

inline std::vector<FitFrame> frames_of(std::span<const RefractedView> views) {
  std::vector<FitFrame> frames;
  for (const RefractedView& view : views) frames.push_back(view.frame);
  return frames;
}

/// At that time the headset moves by `by_in_head_mm` and tilts.
struct Slip {
  double at_s = 0.0;
  Eigen::Vector3d by_in_head_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d tilt_deg = Eigen::Vector3d::Zero();
};

/// An eye that looks about before a camera, over time: saccades, fixations, pursuit, and the headset's slips.
inline std::vector<RefractedView> recorded_views(const simulation::Scene& at_rest, double duration_s,
                                                 std::span<const Slip> slips, std::uint64_t seed,
                                                 const NoisyOutline& outline = {}, double rate_hz = 60.0) {
  simulation::GazeMotion motion(simulation::GazePlan{}, seed);
  std::mt19937 random(static_cast<unsigned>(seed));
  std::vector<RefractedView> views;
  const auto count = static_cast<std::uint64_t>(duration_s * rate_hz);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double time_s = static_cast<double>(i) / rate_hz;
    simulation::Scene scene = at_rest;
    for (const Slip& slip : slips) {
      if (time_s >= slip.at_s) slip_camera(scene, slip.by_in_head_mm, slip.tilt_deg);
    }
    const auto gaze = motion.at(time_s);
    scene.yaw_deg = gaze.gaze_deg.x();
    scene.pitch_deg = gaze.gaze_deg.y();
    scene.pupil_radius_mm = 2.0 + 0.2 * std::sin(0.7 * time_s);
    views.push_back(view_of(scene, i, outline, random));
    views.back().frame.captured_at = at_seconds(time_s);
  }
  return views;
}

/// The views that the gate lets through.
inline std::vector<RefractedView> keyframes_of(std::span<const RefractedView> views) {
  KeyframeGate gate;
  std::vector<RefractedView> kept;
  for (const RefractedView& view : views) {
    if (gate.take(view.frame.observation, view.frame.captured_at)) kept.push_back(view);
  }
  return kept;
}

/// Feeds keyframes to an online model as a session does, five times a second, and calls
/// `visit(time_s, outcome)` after each update.
template <class Visit>
void assimilate_live(OnlineEyeModel& online, std::span<const RefractedView> keyframes, Visit&& visit) {
  constexpr CaptureTime interval = std::chrono::milliseconds(200);
  std::vector<FitFrame> fresh;
  CaptureTime last{};
  for (const RefractedView& view : keyframes) {
    fresh.push_back(view.frame);
    const bool is_first = &view == keyframes.data();
    if (!is_first && view.frame.captured_at - last < interval) continue;
    last = view.frame.captured_at;
    visit(std::chrono::duration<double>(last).count(), online.assimilate(fresh));
    fresh.clear();
  }
}

}  // namespace yarbus::test
