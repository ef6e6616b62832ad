#include "tracker/face/eye_network.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include "eyemodel/types/check.h"
#include "tracker/face/cut_eye.h"
#include "tracker/face/eye_weights.h"

namespace yarbus {
namespace {

// What the network takes and gives: tracker/face/training/README.md.
constexpr int crop_width_px = 96;
constexpr int crop_height_px = 64;
constexpr double crop_width_mm = 59.0;
constexpr double least_deviation = 4.0;  ///< added to the gray levels' standard deviation
constexpr std::size_t outputs = 31;
constexpr std::size_t iris_at = 0;
constexpr std::size_t radius_at = 2;
constexpr std::size_t inner_at = 3;
constexpr std::size_t outer_at = 5;
constexpr std::size_t upper_at = 7;
constexpr std::size_t lower_at = 17;
constexpr std::size_t openness_at = 27;
constexpr std::size_t log_sigma_at = 28;
constexpr std::size_t present_at = 30;
constexpr double laplace_sigma = 1.4142135623730951;  ///< of a Laplace distribution of scale 1

/// The network knows a right eye; a left one is its mirror image.
EyeCut crop_of(EyeSide side) { return {crop_width_px, crop_height_px, crop_width_mm, side == EyeSide::left}; }

}  // namespace

struct EyeNetwork::Engine {
  cv::dnn::Net net;
  EyeCutter cutter;
  GrayImage crop;
  cv::Mat blob{std::vector<int>{1, 1, crop_height_px, crop_width_px}, CV_32F};
};

EyeNetwork::EyeNetwork(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
EyeNetwork::~EyeNetwork() = default;
EyeNetwork::EyeNetwork(EyeNetwork&&) noexcept = default;
EyeNetwork& EyeNetwork::operator=(EyeNetwork&&) noexcept = default;

Result<EyeNetwork> EyeNetwork::create() {
  auto engine = std::make_unique<Engine>();
  const auto weights = eye_network_weights();
  try {
    engine->net = cv::dnn::readNetFromONNX(weights.data(), weights.size());
  } catch (const cv::Exception& failure) {
    return Error{ErrorCode::input_unreadable, "the eye network's weights cannot be read", failure.what(),
                 "Install OpenCV 4.6 as Debian packages it"};
  }
  return EyeNetwork(std::move(engine));
}

EyeLandmarks EyeNetwork::find(const GrayView& image, const EyePlace& place) {
  Engine& engine = *engine_;
  const EyeCut how = crop_of(place.side);
  engine.cutter.cut(image, place.frame, how, engine.crop);
  const cv::Mat gray(crop_height_px, crop_width_px, CV_8UC1, engine.crop.data());
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(gray, mean, deviation);
  const double gain = 1.0 / (deviation[0] + least_deviation);
  cv::Mat plane(crop_height_px, crop_width_px, CV_32F, engine.blob.ptr<float>());
  gray.convertTo(plane, CV_32F, gain, -mean[0] * gain);
  engine.net.setInput(engine.blob);
  const cv::Mat result = engine.net.forward();
  YARBUS_CHECK_OP(result.total(), ==, outputs);
  const float* values = result.ptr<float>();

  const auto place_of = [&](std::size_t at) {
    return place.frame.to_px(how.to_mm({values[at], values[at + 1]}));
  };
  const double px_per_crop_px = how.mm_per_px() * place.frame.scale_px_per_mm();
  EyeLandmarks eye;
  eye.iris_px = place_of(iris_at);
  eye.iris_radius_px = values[radius_at] * px_per_crop_px;
  eye.iris_sigma_px = laplace_sigma * px_per_crop_px *
                      Eigen::Vector2d(std::exp(values[log_sigma_at]), std::exp(values[log_sigma_at + 1]));
  eye.inner_corner_px = place_of(inner_at);
  eye.outer_corner_px = place_of(outer_at);
  for (std::size_t i = 0; i < lid_points; ++i) {
    eye.upper_lid_px[i] = place_of(upper_at + 2 * i);
    eye.lower_lid_px[i] = place_of(lower_at + 2 * i);
  }
  eye.openness = std::clamp(static_cast<double>(values[openness_at]), 0.0, 1.0);
  eye.eye_probability = 1.0 / (1.0 + std::exp(-static_cast<double>(values[present_at])));
  return eye;
}

EyeLandmarks EyeNetwork::search(const GrayView& image, EyePlace place, int looks) {
  EyeLandmarks eye = find(image, place);
  for (int look = 1; look < looks; ++look) {
    if (!eye.iris_px.allFinite()) break;
    place.frame.center_px = eye.iris_px;
    eye = find(image, place);
  }
  return eye;
}

}  // namespace yarbus
