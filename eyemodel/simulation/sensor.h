#pragma once

#include <cstdint>

#include <opencv2/core.hpp>

#include "eyemodel/simulation/scene.h"
#include "eyemodel/types/image.h"

namespace yarbus::simulation {

/// Lens and sensor: uneven light, contrast, exposure, defocus, shot and read noise, 8 bits, JPEG.
/// Keeps its buffers from frame to frame. Threads: one owner; spreads its rows over the cores.
class SensorModel {
 public:
  /// `light` holds gray values (1 = white); it is changed.
  void expose(cv::Mat1f& light, const Appearance& look, const Sensor& sensor, std::uint64_t noise_seed,
              GrayImage& image);

 private:
  cv::Mat1f blurred_;
  std::vector<unsigned char> jpeg_;
};

}  // namespace yarbus::simulation
