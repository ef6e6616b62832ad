#pragma once

#include <span>

#include "calibration/mapping/gaze_mapper.h"
#include "calibration/mapping/webcam/face_frames.h"

namespace yarbus {

/// Always answers the mean of the calibration's targets: what a mapper must beat to be worth anything. Never
/// chosen.
class MeanTargetMapper final : public GazeMapper {
 public:
  MeanTargetMapper(std::span<const FaceTarget> targets, double variance_mm2) : variance_mm2_(variance_mm2) {
    for (const FaceTarget& target : targets)
      mean_mm_ += target.target_in_screen_mm / static_cast<double>(targets.size());
  }
  [[nodiscard]] std::string_view name() const override { return "mean target"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override {
    const std::array<bool, 2> eyes{eye_to_use(rays, EyeSide::right) != nullptr,
                                   eye_to_use(rays, EyeSide::left) != nullptr};
    if (!eyes[0] && !eyes[1]) return std::nullopt;
    return GazePoint{mean_mm_, variance_mm2_ * Eigen::Matrix2d::Identity(), eyes};
  }

 private:
  Eigen::Vector2d mean_mm_ = Eigen::Vector2d::Zero();
  double variance_mm2_ = 0.0;
};

}  // namespace yarbus
