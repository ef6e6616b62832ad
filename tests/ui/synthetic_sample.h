#pragma once

#include "app/session/session.h"

namespace yarbus::test {

/// A drawn eye: gray skin, brighter eyeball, dark pupil disc turned to the gaze angles; observation, pose and
/// model agree with it.
struct SyntheticEye {
  int width_px = 320;
  int height_px = 240;
  double focal_px = 320.0;
  Eigen::Vector3d eye_center_in_cam_mm{2.0, -1.0, 38.0};
  double eyeball_radius_mm = 12.0;
  double pupil_radius_mm = 1.8;

  [[nodiscard]] CameraIntrinsics intrinsics() const;
  /// Optical axis at azimuth and elevation as in TracePoint.
  [[nodiscard]] static Eigen::Vector3d gaze_at(double azimuth_deg, double elevation_deg);
  [[nodiscard]] Circle3 pupil_at(double azimuth_deg, double elevation_deg) const;
  /// A settled model that rests on `discs` pupils.
  [[nodiscard]] EyeModelPtr model(int discs = 40) const;
  /// A model of stage `refraction` that knows the gaze to `gaze_sigma_deg`.
  [[nodiscard]] std::shared_ptr<EyeModel> refraction_model(double gaze_sigma_deg) const;
  /// Found pupil with a pose as sure as that model says.
  [[nodiscard]] std::shared_ptr<GazeSample> unsure_sample(std::uint64_t sequence, double azimuth_deg,
                                                          double elevation_deg, double gaze_sigma_deg) const;
  [[nodiscard]] FramePtr frame(std::uint64_t sequence, double azimuth_deg, double elevation_deg,
                               bool open = true) const;
  /// Found pupil with pose if `model` is given.
  [[nodiscard]] std::shared_ptr<GazeSample> sample(std::uint64_t sequence, double azimuth_deg,
                                                   double elevation_deg, EyeModelPtr model) const;
  /// A closed eye.
  [[nodiscard]] std::shared_ptr<GazeSample> blink(std::uint64_t sequence, EyeModelPtr model) const;
  /// The same found pupil in a frame that carries the truth, which is `off_deg` further to the right.
  [[nodiscard]] std::shared_ptr<GazeSample> simulated_sample(std::uint64_t sequence, double azimuth_deg,
                                                             double elevation_deg, EyeModelPtr model,
                                                             double off_deg = 0.0) const;
  /// The ellipse of the projected pupil.
  [[nodiscard]] Ellipse ellipse_of(const Circle3& pupil) const;
};

/// A file being played, with the sample as the latest.
EyeSnapshot playing_file(const std::string& name, GazeSamplePtr latest, std::uint64_t frame_count = 2000);

/// A simulated eye that runs with `controls`, with the sample as the latest.
EyeSnapshot running_simulation(const std::string& scenario, GazeSamplePtr latest,
                               const SimulationControls& controls = {});

}  // namespace yarbus::test
