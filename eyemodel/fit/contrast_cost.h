#pragma once

#include <vector>

#include <ceres/first_order_function.h>

#include "eyemodel/fit/pupil_outline.h"
#include "eyemodel/geometry/band_contrast.h"

namespace yarbus {

/// One frame of a ContrastCost.
struct ContrastFrame {
  const ImagePatch* patch = nullptr;
  PupilChart chart;
};

/// The negative mean region contrast of all frames, for minimisation (Swirski & Dodgson 2013, eq. 21).
/// Parameters: eye centre in cam (3, mm), then a, b, radius (mm) of each frame. Outside the domain of
/// pupil_outline(), and where a band leaves its patch, the evaluation fails, so that the line search shortens
/// its step.
class ContrastCost final : public ceres::FirstOrderFunction {
 public:
  ContrastCost(std::vector<ContrastFrame> frames, double eyeball_radius_mm,
               const CameraIntrinsics& intrinsics, const BandContrastOptions& options);
  bool Evaluate(const double* parameters, double* cost, double* gradient) const override;
  int NumParameters() const override { return 3 + 3 * static_cast<int>(frames_.size()); }

 private:
  std::vector<ContrastFrame> frames_;
  double eyeball_radius_mm_;
  CameraIntrinsics intrinsics_;
  BandContrastOptions options_;
};

}  // namespace yarbus
