#include "eyemodel/simulation/sensor.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {
namespace {

/// Nearly normal with deviation 1: the sum of the eight bytes of a scrambled counter.
float cheap_normal(std::uint64_t counter) {
  const std::uint64_t bits = scramble(counter);
  constexpr std::uint64_t even_bytes = 0x00FF00FF00FF00FFULL;
  const std::uint64_t pairs = (bits & even_bytes) + ((bits >> 8U) & even_bytes);
  const auto sum = static_cast<int>((pairs * 0x0001000100010001ULL) >> 48U);
  constexpr float mean = 8 * 127.5F;
  const float deviation = std::sqrt(8.0F * (256.0F * 256.0F - 1.0F) / 12.0F);
  return (static_cast<float>(sum) - mean) / deviation;
}

}  // namespace

void SensorModel::expose(cv::Mat1f& light, const Appearance& look, const Sensor& sensor,
                         std::uint64_t noise_seed, GrayImage& image) {
  constexpr double least_sigma_px = 0.05;
  if (sensor.defocus_sigma_px > least_sigma_px) {
    cv::min(light, 4.0F, light);  // a lens spreads a highlight, but no sensor's well overflows for ever
    cv::GaussianBlur(light, blurred_, {}, sensor.defocus_sigma_px, sensor.defocus_sigma_px,
                     cv::BORDER_REPLICATE);
  } else {
    light.copyTo(blurred_);
  }
  image.resize(light.cols, light.rows);
  const float slope_x =
      static_cast<float>(look.light_gradient * std::cos(look.light_direction_rad) / light.cols);
  const float slope_y =
      static_cast<float>(look.light_gradient * std::sin(look.light_direction_rad) / light.rows);
  constexpr float middle = 0.42F;  // contrast is squeezed about the gray of an iris
  const float contrast = static_cast<float>(look.contrast);
  const float exposure = static_cast<float>(look.exposure);
  const float read_variance = static_cast<float>(sensor.read_noise_gray * sensor.read_noise_gray);
  const float shot_variance = static_cast<float>(sensor.shot_noise_gray * sensor.shot_noise_gray);
  cv::parallel_for_(cv::Range(0, light.rows), [&](const cv::Range& range) {
    for (int y = range.start; y < range.end; ++y) {
      const float* from = blurred_[y];
      std::uint8_t* to = image.row(y);
      std::uint64_t counter = scramble(noise_seed ^ (static_cast<std::uint64_t>(y) << 32U));
      const float row_gain = 1.0F + slope_y * (static_cast<float>(y) - 0.5F * static_cast<float>(light.rows));
      for (int x = 0; x < light.cols; ++x) {
        const float gain =
            row_gain + slope_x * (static_cast<float>(x) - 0.5F * static_cast<float>(light.cols));
        const float value = exposure * gain * (middle + contrast * (from[x] - middle));
        const float lit = std::clamp(value, 0.0F, 1.0F);
        const float noise = std::sqrt(read_variance + shot_variance * lit) * cheap_normal(counter++);
        to[x] = static_cast<std::uint8_t>(std::clamp(255.0F * value + noise + 0.5F, 0.0F, 255.0F));
      }
    }
  });
  if (sensor.jpeg_quality > 0) {
    const cv::Mat view(image.height_px(), image.width_px(), CV_8UC1, image.data());
    cv::imencode(".jpg", view, jpeg_, {cv::IMWRITE_JPEG_QUALITY, sensor.jpeg_quality});
    cv::Mat decoded = cv::imdecode(jpeg_, cv::IMREAD_GRAYSCALE);
    decoded.copyTo(view);
  }
}

}  // namespace yarbus::simulation
