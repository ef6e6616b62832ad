#include "eyemodel/simulation/face/webcam_sensor.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {
namespace {

constexpr std::size_t noise_count = std::size_t{1} << 17U;
constexpr std::size_t longest_row = 4096;
constexpr double gamma = 1.0 / 2.2;

}  // namespace

WebcamSensor::WebcamSensor(std::uint64_t seed)
    : seed_(seed), gray_of_level_(levels), noise_of_level_(levels) {
  Random random(scramble(seed ^ 0x5E4502ULL));
  noise_.resize(noise_count + longest_row);
  for (float& value : noise_) value = static_cast<float>(random.normal());
  for (int level = 0; level < levels; ++level)
    gray_of_level_[static_cast<std::size_t>(level)] =
        static_cast<float>(255.0 * std::pow(static_cast<double>(level) / (levels - 1), gamma));
}

void WebcamSensor::expose(const cv::Mat1f& light, const WebcamSettings& settings, std::uint64_t frame,
                          GrayImage& image) {
  const cv::Mat1f* source = &light;
  constexpr double least_sigma_px = 0.2;
  if (settings.defocus_sigma_px > least_sigma_px) {
    cv::GaussianBlur(light, blurred_, {}, settings.defocus_sigma_px, settings.defocus_sigma_px,
                     cv::BORDER_REPLICATE);
    source = &blurred_;
  }
  for (int level = 0; level < levels; ++level) {
    const double lit = static_cast<double>(level) / (levels - 1);
    noise_of_level_[static_cast<std::size_t>(level)] =
        static_cast<float>(std::sqrt(settings.read_noise_gray * settings.read_noise_gray +
                                     settings.shot_noise_gray * settings.shot_noise_gray * lit));
  }
  image.resize(light.cols, light.rows);
  const auto scale = static_cast<float>(settings.exposure * (levels - 1));
  for (int y = 0; y < light.rows; ++y) {
    const float* from = (*source)[y];
    std::uint8_t* to = image.row(y);
    const std::uint64_t place =
        scramble(scramble(seed_ ^ (frame << 16U)) + static_cast<std::uint64_t>(y)) % noise_count;
    const float* noise = noise_.data() + place;
    for (int x = 0; x < light.cols; ++x) {
      const int level =
          static_cast<int>(std::clamp(scale * from[x] + 0.5F, 0.0F, static_cast<float>(levels - 1)));
      const float value = gray_of_level_[static_cast<std::size_t>(level)] +
                          noise_of_level_[static_cast<std::size_t>(level)] * noise[x];
      to[x] = static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
    }
  }
  cv::Mat view(image.height_px(), image.width_px(), CV_8UC1, image.data());
  if (settings.is_mirrored) cv::flip(view, view, 1);
  if (settings.jpeg_quality > 0) {
    cv::imencode(".jpg", view, jpeg_, {cv::IMWRITE_JPEG_QUALITY, settings.jpeg_quality});
    cv::imdecode(jpeg_, cv::IMREAD_GRAYSCALE).copyTo(view);
  }
}

}  // namespace yarbus::simulation
