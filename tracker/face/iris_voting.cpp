#include "tracker/face/iris_voting.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "tracker/face/cut_eye.h"

namespace yarbus {
namespace {

constexpr EyeCut cut_of_eye{56, 32, 42.0, false};
constexpr double blur_px = 1.2;
constexpr double strong_share = 0.25;  ///< of the steepest gradient
constexpr double least_gradient = 6.0;
constexpr int border_px = 3;

struct Gradient {
  float x;
  float y;
  float gx;
  float gy;
};

}  // namespace

std::optional<Eigen::Vector2d> vote_for_iris(const GrayView& image, const EyeFrame& place) {
  if (image.empty() || !place.is_valid()) return std::nullopt;
  EyeCutter cutter;
  GrayImage cut;
  cutter.cut(image, place, cut_of_eye, cut);
  cv::Mat gray(cut.height_px(), cut.width_px(), CV_8UC1, cut.data());
  cv::Mat smooth;
  cv::Mat gx;
  cv::Mat gy;
  cv::GaussianBlur(gray, smooth, {0, 0}, blur_px);
  cv::Sobel(smooth, gx, CV_32F, 1, 0);
  cv::Sobel(smooth, gy, CV_32F, 0, 1);
  float steepest = 0.0F;
  for (int y = border_px; y < gray.rows - border_px; ++y) {
    for (int x = border_px; x < gray.cols - border_px; ++x)
      steepest = std::max(steepest, std::hypot(gx.at<float>(y, x), gy.at<float>(y, x)));
  }
  if (steepest < least_gradient) return std::nullopt;
  std::vector<Gradient> strong;
  for (int y = border_px; y < gray.rows - border_px; ++y) {
    for (int x = border_px; x < gray.cols - border_px; ++x) {
      const float length = std::hypot(gx.at<float>(y, x), gy.at<float>(y, x));
      if (length < strong_share * steepest) continue;
      strong.push_back({static_cast<float>(x), static_cast<float>(y), gx.at<float>(y, x) / length,
                        gy.at<float>(y, x) / length});
    }
  }
  cv::Mat votes(gray.size(), CV_32F, cv::Scalar(0.0F));
  cv::Point best(border_px, border_px);
  for (int y = border_px; y < gray.rows - border_px; ++y) {
    for (int x = border_px; x < gray.cols - border_px; ++x) {
      float sum = 0.0F;
      for (const Gradient& gradient : strong) {
        const float dx = gradient.x - static_cast<float>(x);
        const float dy = gradient.y - static_cast<float>(y);
        const float along = dx * gradient.gx + dy * gradient.gy;
        if (along > 0.0F) sum += along * along / (dx * dx + dy * dy);
      }
      votes.at<float>(y, x) = sum * static_cast<float>(255 - smooth.at<std::uint8_t>(y, x));
      if (votes.at<float>(y, x) > votes.at<float>(best)) best = {x, y};
    }
  }
  const auto offset = [](float before, float at, float after) {
    const float curvature = before - 2.0F * at + after;
    return curvature < 0.0F ? std::clamp(0.5F * (before - after) / curvature, -0.5F, 0.5F) : 0.0F;
  };
  const float at = votes.at<float>(best);
  const Eigen::Vector2d found_px(static_cast<float>(best.x) + offset(votes.at<float>(best.y, best.x - 1), at,
                                                                     votes.at<float>(best.y, best.x + 1)),
                                 static_cast<float>(best.y) + offset(votes.at<float>(best.y - 1, best.x), at,
                                                                     votes.at<float>(best.y + 1, best.x)));
  return place.to_px(cut_of_eye.to_mm(found_px));
}

}  // namespace yarbus
