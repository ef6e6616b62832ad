#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "calibration/mapping/gaze_mapper.h"
#include "calibration/mapping/webcam/face_frames.h"
#include "calibration/mapping/webcam/tangent_distance.h"

namespace yarbus {

/// The classical baseline: the mean of the targets of the calibration's nearest frames by tangent distance,
/// weighted by its inverse. It reaches no further than the targets. Frames & units: as GazeMapper. No heap
/// per call, about 0.1 ms.
class TangentDistanceMapper final : public GazeMapper {
 public:
  static constexpr std::size_t most_frames = 192;
  static constexpr std::size_t neighbours = 5;
  /// `variance_mm2`: stated of every point.
  static TangentDistanceMapper fit(std::span<const FaceTarget> targets, double variance_mm2);

  [[nodiscard]] TangentDistanceMapper scaled(double scale) const {
    TangentDistanceMapper copy = *this;
    copy.variance_mm2_ *= scale;
    return copy;
  }
  [[nodiscard]] std::string_view name() const override { return "tangent distance"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override;

 private:
  struct Example {
    Eigen::Vector2d target_in_screen_mm;
    std::array<std::optional<FeatureTangentPlane>, 2> eyes;
  };
  std::vector<Example> examples_;
  double variance_mm2_ = 0.0;
};

}  // namespace yarbus
