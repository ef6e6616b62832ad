#include "app/session/truth_errors.h"

#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

#include "eyemodel/geometry/outline_distance.h"

namespace yarbus {

TruthErrors compare_with_truth(const GazeSample& sample) {
  TruthErrors errors;
  if (sample.frame == nullptr || !sample.frame->truth) return errors;
  const SimulatedTruth& truth = *sample.frame->truth;
  if (const auto* observation = sample.observation();
      observation != nullptr && observation->ellipse.is_valid() && truth.pupil_ellipse.is_valid()) {
    errors.ellipse_px = hausdorff_distance_px(observation->ellipse, truth.pupil_ellipse);
  }
  if (sample.pose) {
    const Eigen::Vector3d gaze = sample.pose->gaze_dir_in_cam();
    const Eigen::Vector3d& true_gaze = truth.optical_axis_in_cam;
    // By sine and cosine: the arc cosine alone loses small angles.
    const double angle_rad = std::atan2(gaze.cross(true_gaze).norm(), gaze.dot(true_gaze));
    errors.gaze_deg = angle_rad * 180.0 / std::numbers::pi;
    errors.pupil_diameter_mm = sample.pose->pupil_diameter_mm() - 2.0 * truth.pupil_in_cam.radius_mm;
  }
  return errors;
}

}  // namespace yarbus
