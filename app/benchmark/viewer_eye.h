#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <Eigen/Core>

#include "app/session/simulated_viewer.h"
#include "calibration/procedure/procedure_frame.h"
#include "eyemodel/types/result.h"

namespace yarbus::benchmark {

/// One frame of a simulated viewer's eye: what was found in it, and the truth.
struct ViewerEyeFrame {
  std::optional<EyeRay> ray;  ///< with the live model
  EyeStatus status;
  Eigen::Vector3d visual_axis_in_head = -Eigen::Vector3d::UnitZ();  ///< truth
  double axis_error_deg = 0.0;  ///< of the live model's optical axis; NaN without a ray
  bool is_saccade = false;
};

/// A simulated viewer's eye before a camera, with what tracks it. Frame `index` is taken at index /
/// rate_hz(); indices rise. The online model is updated at fixed times while the frames wait. Threads: one
/// owner.
class ViewerEye {
 public:
  ViewerEye() = default;
  ViewerEye(const ViewerEye&) = delete;
  ViewerEye& operator=(const ViewerEye&) = delete;
  virtual ~ViewerEye() = default;
  [[nodiscard]] virtual double rate_hz() const = 0;
  virtual ViewerEyeFrame see(std::uint64_t index, const SimulationControls& controls) = 0;
};

/// Rendered frames (320 px wide, 30 a second), the pupil detector and the live model: everything a camera's
/// frame goes through. Errors: those of SimulatedEye::create.
Result<std::unique_ptr<ViewerEye>> make_rendered_eye(const SimulatedViewer& viewer, EyeSide side);

/// The pupil's outline with noise, and the live model: no image, no detector. 60 Hz.
std::unique_ptr<ViewerEye> make_outlined_eye(const SimulatedViewer& viewer, EyeSide side);

}  // namespace yarbus::benchmark
