#include "eyemodel/fit/contrast_cost.h"

#include <algorithm>
#include <utility>

namespace yarbus {

ContrastCost::ContrastCost(std::vector<ContrastFrame> frames, double eyeball_radius_mm,
                           const CameraIntrinsics& intrinsics, const BandContrastOptions& options)
    : frames_(std::move(frames)),
      eyeball_radius_mm_(eyeball_radius_mm),
      intrinsics_(intrinsics),
      options_(options) {}

bool ContrastCost::Evaluate(const double* parameters, double* cost, double* gradient) const {
  *cost = 0.0;
  if (gradient != nullptr) std::fill_n(gradient, NumParameters(), 0.0);
  const double share = 1.0 / static_cast<double>(frames_.size());
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    const double* own = parameters + 3 + 3 * i;
    PupilParameters all;
    all << parameters[0], parameters[1], parameters[2], own[0], own[1], own[2];
    const auto outline = pupil_outline(all, frames_[i].chart, eyeball_radius_mm_, intrinsics_);
    if (!outline) return false;
    const BandContrast contrast = band_contrast(outline->conic, *frames_[i].patch, options_);
    if (!contrast.is_valid) return false;
    *cost -= share * contrast.contrast_gray;
    if (gradient == nullptr) continue;
    const Eigen::Matrix<double, 6, 1> slope =
        -share * (outline->conic_by_parameters.transpose() * contrast.by_conic);
    for (int k = 0; k < 3; ++k) {
      gradient[k] += slope[k];
      gradient[3 + 3 * i + static_cast<std::size_t>(k)] = slope[3 + k];
    }
  }
  return true;
}

}  // namespace yarbus
