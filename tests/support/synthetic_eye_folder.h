#pragma once

#include <cmath>
#include <filesystem>
#include <string>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace yarbus::test {

inline std::string image_path(const std::filesystem::path& folder, int index) {
  std::string name = "f";
  name += std::to_string(index) + ".png";
  return (folder / name).string();
}

/// Writes images of a dark, slightly tilted disc that wanders as a turning eye's pupil does (a cornea-less
/// eye of radius 12 mm, 40 mm away, focal length = width), so that the eye model can be fitted.
inline void write_synthetic_eye_folder(const std::filesystem::path& folder, int frames, int width_px = 320,
                                       int height_px = 240) {
  std::filesystem::create_directories(folder);
  const double focal_px = width_px;
  const cv::Point2d center_px((width_px - 1) / 2.0, (height_px - 1) / 2.0);
  for (int i = 0; i < frames; ++i) {
    const double yaw = 0.40 * std::sin(0.21 * i);
    const double pitch = 0.30 * std::cos(0.13 * i);
    const cv::Vec3d gaze(std::sin(yaw) * std::cos(pitch), std::sin(pitch), -std::cos(yaw) * std::cos(pitch));
    const cv::Vec3d pupil = cv::Vec3d(0, 0, 40) + 12.0 * gaze;
    cv::Vec3d u = gaze.cross(cv::Vec3d(0, 1, 0));
    u /= cv::norm(u);
    const cv::Vec3d v = gaze.cross(u);
    std::vector<cv::Point> outline;
    constexpr int shift = 6;
    for (int k = 0; k < 120; ++k) {
      const double t = 2.0 * CV_PI * k / 120.0;
      const cv::Vec3d p = pupil + 2.0 * (std::cos(t) * u + std::sin(t) * v);
      outline.emplace_back(cvRound((focal_px * p[0] / p[2] + center_px.x) * (1 << shift)),
                           cvRound((focal_px * p[1] / p[2] + center_px.y) * (1 << shift)));
    }
    cv::Mat image(height_px, width_px, CV_8UC1, cv::Scalar(140));
    cv::fillPoly(image, std::vector<std::vector<cv::Point>>{outline}, cv::Scalar(25), cv::LINE_AA, shift);
    cv::GaussianBlur(image, image, {5, 5}, 1.0);
    cv::imwrite(image_path(folder, i), image);
  }
}

/// Writes images of an even gray: nothing to see.
inline void write_plain_folder(const std::filesystem::path& folder, int frames, int width_px = 320,
                               int height_px = 240) {
  std::filesystem::create_directories(folder);
  for (int i = 0; i < frames; ++i) {
    cv::imwrite(image_path(folder, i), cv::Mat(height_px, width_px, CV_8UC1, cv::Scalar(140)));
  }
}

}  // namespace yarbus::test
