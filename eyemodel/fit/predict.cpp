#include "eyemodel/fit/predict.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>

#include "eyemodel/fit/contrast_cost.h"
#include "eyemodel/fit/fit_state.h"
#include "eyemodel/fit/predict_refraction.h"
#include "eyemodel/fit/pupil_outline.h"
#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/unproject_ellipse.h"

namespace yarbus {
namespace {

/// Edge points one prediction looks at, and the distance from which one counts less.
constexpr std::size_t max_predict_edges = 64;
constexpr double loss_scale_px = 1.0;

constexpr int max_iterations = 10;
/// A contrast step shorter than this is the last: less than a hundredth of a pixel.
constexpr double settled_mm = 5e-4;
constexpr double longest_step_mm = 0.5;

/// Gauss-Newton's normal equations of the robust edge distances in a, b and radius.
struct NormalEquations {
  Eigen::Matrix3d matrix = Eigen::Matrix3d::Zero();
  Eigen::Vector3d right = Eigen::Vector3d::Zero();
  double cost = 0.0;
};

std::optional<NormalEquations> linearise(const PupilParameters& parameters, const PupilChart& chart,
                                         const EyeModel& model, const PupilObservation& observation) {
  const auto outline = pupil_outline(parameters, chart, model.eyeball_radius_mm, model.intrinsics);
  if (!outline) return std::nullopt;
  NormalEquations equations;
  const std::size_t count = observation.edge_points.size();
  const std::size_t kept = std::min(count, max_predict_edges);
  Eigen::Matrix<double, 1, 6> row;
  for (std::size_t i = 0; i < kept; ++i) {
    const auto& edge = observation.edge_points[i * count / kept].position_px;
    const double d = outline->distance_px(edge.x(), edge.y(), row);
    const double s2 = loss_scale_px * loss_scale_px;
    const double weight = s2 * s2 / ((s2 + d * d) * (s2 + d * d));  // Geman & McClure
    const Eigen::Vector3d slope = row.tail<3>().transpose();
    equations.matrix.noalias() += weight * slope * slope.transpose();
    equations.right.noalias() -= weight * d * slope;
    equations.cost += s2 * d * d / (s2 + d * d);
  }
  return equations;
}

/// The disc tangent to the model's eyeball that fits the edge points best, from a start. Levenberg-Marquardt
/// in three parameters.
Circle3 refine_on_edges(const Circle3& start, const EyeModel& model, const PupilObservation& observation) {
  const PupilChart chart = PupilChart::about(start.normal_in_cam);
  PupilParameters parameters;
  parameters << model.eye_center_in_cam_mm, 0.0, 0.0, start.radius_mm;
  auto current = linearise(parameters, chart, model, observation);
  if (!current) return start;
  double damping = 1e-4;
  for (int i = 0; i < max_iterations; ++i) {
    Eigen::Matrix3d damped = current->matrix;
    damped.diagonal() *= 1.0 + damping;
    const Eigen::Vector3d step = damped.ldlt().solve(current->right);
    if (!step.allFinite()) break;
    PupilParameters next = parameters;
    next.tail<3>() += step;
    const auto trial = linearise(next, chart, model, observation);
    if (trial && trial->cost < current->cost) {
      const bool settled = step.norm() < 1e-5;  // mm
      parameters = next;
      current = trial;
      damping = std::max(1e-9, damping * 0.1);
      if (settled) break;
    } else {
      if (step.norm() < 1e-5) break;
      damping *= 10.0;
    }
  }
  return pupil_at(model.eye_center_in_cam_mm, model.eyeball_radius_mm, chart, parameters[3], parameters[4],
                  parameters[5]);
}

/// The disc tangent to the model's eyeball with the greatest region contrast near a start: damped Newton
/// steps in three parameters.
Circle3 refine_on_contrast(const Circle3& start, const EyeModel& model, const PupilObservation& observation,
                           ImagePatch& patch) {
  const CameraIntrinsics pinhole = model.intrinsics.pinhole();
  const BandSettings bands{model.contrast_band_px, model.glint_threshold_gray};
  const auto frame = make_contrast_frame(start, model.eye_center_in_cam_mm, model.eyeball_radius_mm, pinhole,
                                         observation, bands, patch);
  if (!frame) return start;
  const auto cost = [&](const Eigen::Vector3d& own_mm) -> std::optional<ValueAndGradient<3>> {
    PupilParameters at;
    at << model.eye_center_in_cam_mm, own_mm;
    const auto whole = contrast_cost(*frame, at);
    if (!whole) return std::nullopt;
    return ValueAndGradient<3>{whole->value, whole->gradient.tail<3>()};
  };
  const Eigen::Vector3d own_mm =
      minimise<3>(cost, Eigen::Vector3d(0.0, 0.0, start.radius_mm),
                  {contrast_difference_mm, longest_step_mm, settled_mm, max_iterations});
  return pupil_at(model.eye_center_in_cam_mm, model.eyeball_radius_mm, frame->chart, own_mm.x(), own_mm.y(),
                  own_mm.z());
}

}  // namespace

std::optional<EyePose> predict(const EyeModel& model, const PupilObservation& undistorted, ImagePatch* patch,
                               CaptureTime captured_at) {
  if (model.stage == FitStage::refraction)
    return predict_refraction(model, undistorted, model.eye_center_at(captured_at));
  const auto tangent = tangent_pupil(undistorted.ellipse, model.intrinsics, model.eye_center_in_cam_mm,
                                     model.eyeball_radius_mm);
  if (!tangent) return std::nullopt;
  EyePose pose;
  pose.eye_center_in_cam_mm = model.eye_center_in_cam_mm;
  pose.eyeball_radius_mm = model.eyeball_radius_mm;
  pose.pupil_in_cam = *tangent;
  if (model.stage == FitStage::unprojection) {
    const auto circles = unproject_ellipse(undistorted.ellipse, model.intrinsics, tangent->radius_mm);
    if (!circles) return std::nullopt;
    const auto agreement = [&](const Circle3& circle) {
      return circle.normal_in_cam.dot(tangent->normal_in_cam);
    };
    pose.pupil_in_cam = agreement((*circles)[0]) >= agreement((*circles)[1]) ? (*circles)[0] : (*circles)[1];
  } else if (model.stage == FitStage::edge && undistorted.edge_points.size() >= 6) {
    pose.pupil_in_cam = refine_on_edges(*tangent, model, undistorted);
  } else if (model.stage == FitStage::contrast && patch != nullptr) {
    pose.pupil_in_cam = refine_on_contrast(*tangent, model, undistorted, *patch);
  }
  const auto reprojected = project_circle(pose.pupil_in_cam, model.intrinsics);
  if (!reprojected) return std::nullopt;
  pose.reprojected_ellipse = *reprojected;
  pose.reprojection_error_px = mean_outline_distance_px(undistorted.ellipse, *reprojected);
  if (!pose.pupil_in_cam.center_in_cam_mm.allFinite() || !std::isfinite(pose.reprojection_error_px))
    return std::nullopt;
  return pose;
}

}  // namespace yarbus
