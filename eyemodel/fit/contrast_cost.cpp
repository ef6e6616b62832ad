#include "eyemodel/fit/contrast_cost.h"

#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/supported_patch.h"

namespace yarbus {

std::optional<ContrastFrame> make_contrast_frame(const Circle3& pupil,
                                                 const Eigen::Vector3d& eye_center_in_cam_mm,
                                                 double eyeball_radius_mm, const CameraIntrinsics& intrinsics,
                                                 const PupilObservation& observation,
                                                 const BandSettings& settings, ImagePatch& patch) {
  ContrastFrame frame{&patch, PupilChart::about(pupil.normal_in_cam), {}, eyeball_radius_mm, intrinsics};
  PupilParameters at;
  at << eye_center_in_cam_mm, 0.0, 0.0, pupil.radius_mm;
  const auto outline = pupil_outline(at, frame.chart, eyeball_radius_mm, intrinsics);
  const auto ellipse = project_circle(pupil, intrinsics);
  if (!outline || !ellipse) return std::nullopt;
  frame.bands = balanced_bands(*ellipse, settings);
  keep_supported_sectors(patch, observation, outline->conic, contrast_support_tolerance_px,
                         2.0 * settings.width_px + contrast_wander_px);
  if (!band_contrast(outline->conic, patch, frame.bands).is_valid) return std::nullopt;
  return frame;
}

std::optional<ValueAndGradient<6>> contrast_cost(const ContrastFrame& frame, const PupilParameters& at) {
  const auto outline = pupil_outline(at, frame.chart, frame.eyeball_radius_mm, frame.intrinsics);
  if (!outline) return std::nullopt;
  const BandContrast contrast = band_contrast(outline->conic, *frame.patch, frame.bands);
  if (!contrast.is_valid) return std::nullopt;
  return ValueAndGradient<6>{-contrast.contrast_gray,
                             -(outline->conic_by_parameters.transpose() * contrast.by_conic)};
}

}  // namespace yarbus
