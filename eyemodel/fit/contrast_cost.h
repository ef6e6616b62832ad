#pragma once

#include <optional>
#include <vector>

#include "eyemodel/fit/pupil_outline.h"
#include "eyemodel/geometry/band_contrast.h"

namespace yarbus {

/// One frame of a ContrastCost.
struct ContrastFrame {
  const ImagePatch* patch = nullptr;
  PupilChart chart;
  BandContrastOptions bands;
};

/// The negative region contrast of each frame, for minimisation of their sum (Swirski & Dodgson 2013,
/// eq. 21), in gray levels. Parameters: eye centre in cam (3, mm), then a, b, radius (mm) of the frame.
/// Outside the domain of pupil_outline(), and where a band leaves its patch, there is no value, so that a
/// search shortens its step. Threads: const, concurrent-safe.
class ContrastCost {
 public:
  ContrastCost(std::vector<ContrastFrame> frames, double eyeball_radius_mm,
               const CameraIntrinsics& intrinsics);

  struct Value {
    double cost = 0.0;
    Eigen::Matrix<double, 6, 1> gradient;  ///< exact
  };
  [[nodiscard]] std::optional<Value> evaluate(std::size_t frame, const PupilParameters& parameters) const;

 private:
  std::vector<ContrastFrame> frames_;
  double eyeball_radius_mm_;
  CameraIntrinsics intrinsics_;
};

}  // namespace yarbus
