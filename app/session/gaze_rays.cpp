#include "app/session/gaze_rays.h"

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

}  // namespace yarbus
