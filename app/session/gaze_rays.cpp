#include "app/session/gaze_rays.h"

#include <Eigen/Geometry>

#include "eyemodel/geometry/iris_axis.h"
#include "eyemodel/types/model_certainty.h"

namespace yarbus {
namespace {

double mean_gray_of(const GrayView& image) {
  constexpr int step_px = 8;
  long sum = 0;
  long count = 0;
  for (int y = step_px / 2; y < image.height_px; y += step_px) {
    const std::uint8_t* row = image.row(y);
    for (int x = step_px / 2; x < image.width_px; x += step_px, ++count) sum += row[x];
  }
  return count > 0 ? static_cast<double>(sum) / static_cast<double>(count) : 0.0;
}

std::optional<EyeRay> ray_of(const FaceSight& face, const EyeSight& eye) {
  EyeRay ray;
  ray.eye_center_in_cam_mm = face.head.cam_from_head.point(eye.eye_center_in_head_mm);
  const auto axis = optical_axis_through_iris(ray.eye_center_in_cam_mm, eye.iris_dir_in_cam);
  if (!axis) return std::nullopt;
  ray.optical_axis_in_cam = *axis;
  // The iris moves by what its direction errs, at that distance, and turns the axis about the centre.
  const double turn_per_rad = ray.eye_center_in_cam_mm.norm() / limbus_plane_mm;
  const Eigen::Vector3d across = Eigen::Vector3d::UnitY().cross(*axis).normalized();
  Eigen::Matrix<double, 3, 2> basis;
  basis.col(0) = -across;
  basis.col(1) = axis->cross(across);
  ray.axis_covariance_in_cam =
      basis * (turn_per_rad * turn_per_rad * eye.iris_covariance_rad2) * basis.transpose();
  ray.confidence = eye.confidence;
  return ray;
}

}  // namespace

std::optional<EyeRay> eye_ray_of(const GazeSample& sample) {
  if (!sample.pose || sample.in_blink) return std::nullopt;
  EyeRay ray;
  ray.eye_center_in_cam_mm = sample.pose->eye_center_in_cam_mm;
  if (sample.model != nullptr)
    ray.center_covariance_in_cam_mm2 = sample.model->covariance_mm2.topLeftCorner<3, 3>();
  ray.optical_axis_in_cam = sample.pose->gaze_dir_in_cam();
  if (sample.pose->uncertainty) ray.axis_covariance_in_cam = sample.pose->uncertainty->gaze_covariance_in_cam;
  ray.confidence = confidence_of(sample.pupil);
  return ray;
}

EyeStatus eye_status_of(const GazeSample& sample) {
  EyeStatus status;
  status.is_tracked = true;
  status.has_model = sample.model != nullptr;
  status.is_model_settled = sample.model != nullptr && is_settled(*sample.model);
  if (const PupilMiss* miss = sample.miss()) status.pupil_miss = miss->reason;
  status.confidence = confidence_of(sample.pupil);
  if (sample.frame != nullptr) status.mean_gray = mean_gray_of(sample.frame->gray.view());
  status.in_blink = sample.in_blink;
  return status;
}

ProcedureFrame face_frame_of(const GazeSample& sample) {
  ProcedureFrame frame;
  frame.rays.captured_at = sample.frame->captured_at;
  EyeStatus status;
  status.is_tracked = status.has_model = status.is_model_settled = true;
  status.mean_gray = mean_gray_of(sample.frame->gray.view());
  status.in_blink = sample.in_blink;
  const auto* pair = sample.face ? std::get_if<IrisPair>(&*sample.face) : nullptr;
  if (pair == nullptr) {
    const auto* miss = sample.face ? std::get_if<FaceMiss>(&*sample.face) : nullptr;
    status.face_miss = miss != nullptr ? miss->reason : FaceMissReason::no_face;
    frame.status.fill(status);
    return frame;
  }
  frame.rays.face = pair->sight;
  for (const EyeSide side : eye_sides) {
    EyeStatus& own = frame.status[index_of(side)] = status;
    if (const auto& eye = pair->sight->eye(side)) {
      frame.rays.eyes[index_of(side)] = ray_of(*pair->sight, *eye);
      own.confidence = eye->confidence;
    } else {
      own.face_miss = FaceMissReason::covered;
    }
  }
  return frame;
}

}  // namespace yarbus
