#pragma once

#include <cstdint>
#include <vector>

#include <opencv2/core.hpp>

#include "eyemodel/types/image.h"

namespace yarbus::simulation {

/// How a webcam turns light into an image.
struct WebcamSettings {
  double exposure = 1.0;
  double defocus_sigma_px = 0.7;
  double read_noise_gray = 1.0;
  double shot_noise_gray = 1.6;  ///< of white
  int jpeg_quality = 88;         ///< 0: none
  bool is_mirrored = false;
};

/// Lens and sensor: defocus, exposure, the standard display's curve (gamma 2.2), noise, 8 bits, JPEG, mirror.
/// Keeps its buffers. Threads: one owner.
class WebcamSensor {
 public:
  explicit WebcamSensor(std::uint64_t seed);
  /// `light` is linear, 1 = white; noise depends on seed and frame alone.
  void expose(const cv::Mat1f& light, const WebcamSettings& settings, std::uint64_t frame, GrayImage& image);

 private:
  static constexpr int levels = 4096;
  std::uint64_t seed_;
  std::vector<float> noise_;  ///< normal numbers, read from a place that the frame and row give
  std::vector<float> gray_of_level_;
  std::vector<float> noise_of_level_;
  cv::Mat1f blurred_;
  std::vector<unsigned char> jpeg_;
};

}  // namespace yarbus::simulation
