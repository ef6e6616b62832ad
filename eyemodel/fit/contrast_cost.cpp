#include "eyemodel/fit/contrast_cost.h"

#include <utility>

namespace yarbus {

ContrastCost::ContrastCost(std::vector<ContrastFrame> frames, double eyeball_radius_mm,
                           const CameraIntrinsics& intrinsics)
    : frames_(std::move(frames)), eyeball_radius_mm_(eyeball_radius_mm), intrinsics_(intrinsics) {}

std::optional<ContrastCost::Value> ContrastCost::evaluate(std::size_t frame,
                                                          const PupilParameters& parameters) const {
  const ContrastFrame& own = frames_[frame];
  const auto outline = pupil_outline(parameters, own.chart, eyeball_radius_mm_, intrinsics_);
  if (!outline) return std::nullopt;
  const BandContrast contrast = band_contrast(outline->conic, *own.patch, own.bands);
  if (!contrast.is_valid) return std::nullopt;
  return Value{-contrast.contrast_gray, -(outline->conic_by_parameters.transpose() * contrast.by_conic)};
}

}  // namespace yarbus
