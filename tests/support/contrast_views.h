#pragma once

#include <random>
#include <vector>

#include "tests/support/refracted_eye.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::test {

/// As scattered_views(), each frame with the pixels about its pupil: a soft-edged dark disc where the
/// refracted pupil is seen, with noise and a glint across its edge (render_patch).
inline std::vector<RefractedView> drawn_views(simulation::Scene scene, int count, double range_deg,
                                              const NoisyOutline& outline, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::vector<RefractedView> views;
  for (int i = 0; i < count; ++i) {
    scene.yaw_deg = range_deg * uniform(random);
    scene.pitch_deg = range_deg * uniform(random);
    scene.pupil_radius_mm = 2.0 + 0.6 * uniform(random);
    RefractedView view;
    view.frame.sequence = static_cast<std::uint64_t>(i);
    view.frame.observation = observe(scene, outline, random);
    view.frame.patch = render_patch(truth_of(scene).pupil_ellipse, random);
    view.gaze_in_cam = gaze_of(scene);
    view.eye_center_in_cam_mm = scene.eye_center_in_cam_mm;
    view.pupil_radius_mm = scene.pupil_radius_mm;
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace yarbus::test
