#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "calibration/mapping/gaussian_process.h"
#include "calibration/mapping/geometric_mapper.h"

namespace yarbus {

/// The geometric mapper, corrected by a Gaussian process of what it left over, eye by eye, over gaze angles.
/// Where nobody looked during calibration it is the geometric mapper. Frames & units: as GazeMapper. No heap
/// per call.
class GaussianProcessMapper final : public GazeMapper {
 public:
  /// Needs at least 5 targets of an eye to correct it; with fewer that eye is left as it is. `fitted_scale`:
  /// of the correction's variance.
  GaussianProcessMapper(std::shared_ptr<const GeometricMapper> geometric, std::span<const Fixation> fixations,
                        const GaussianProcessBounds& bounds = {}, double fitted_scale = 1.0);

  [[nodiscard]] std::string_view name() const override { return "gaussian process"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override;
  /// nullptr: that eye is not corrected.
  [[nodiscard]] const GaussianProcess* process(EyeSide side) const {
    const auto& process = processes_[static_cast<std::size_t>(side)];
    return process ? &*process : nullptr;
  }

 private:
  std::shared_ptr<const GeometricMapper> geometric_;
  std::array<std::optional<GaussianProcess>, 2> processes_;
  double fitted_scale_ = 1.0;
};

}  // namespace yarbus
