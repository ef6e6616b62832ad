#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace yarbus::test {

inline std::string image_path(const std::filesystem::path& folder, int index) {
  std::string name = "f";
  name += std::to_string(index) + ".png";
  return (folder / name).string();
}

/// Where a dark disc is drawn: a pinhole camera whose principal point is the image's centre.
struct DrawnPupil {
  double focal_px = 320.0;
  double eyeball_radius_mm = 12.0;
  double pupil_radius_mm = 2.0;

  /// The pupil of a cornea-less eye; a unit `gaze`. Frames & units: cam, mm.
  void draw(cv::Mat& image, const cv::Vec3d& eye_in_cam_mm, const cv::Vec3d& gaze_in_cam) const {
    const cv::Vec3d pupil_mm = eye_in_cam_mm + eyeball_radius_mm * gaze_in_cam;
    cv::Vec3d u = gaze_in_cam.cross(cv::Vec3d(0, 1, 0));
    u /= cv::norm(u);
    const cv::Vec3d v = gaze_in_cam.cross(u);
    std::vector<cv::Point> outline;
    constexpr int shift = 6;
    constexpr int corners = 120;
    for (int k = 0; k < corners; ++k) {
      const double t = 2.0 * CV_PI * k / corners;
      const cv::Vec3d p = pupil_mm + pupil_radius_mm * (std::cos(t) * u + std::sin(t) * v);
      outline.emplace_back(cvRound((focal_px * p[0] / p[2] + (image.cols - 1) / 2.0) * (1 << shift)),
                           cvRound((focal_px * p[1] / p[2] + (image.rows - 1) / 2.0) * (1 << shift)));
    }
    cv::fillPoly(image, std::vector<std::vector<cv::Point>>{outline}, cv::Scalar(25), cv::LINE_AA, shift);
  }
};

/// Writes images of a dark, slightly tilted disc that wanders as a turning eye's pupil does (a cornea-less
/// eye of radius 12 mm, 40 mm away, focal length = width), so that the eye model can be fitted. Returns the
/// folder.
inline std::filesystem::path write_synthetic_eye_folder(const std::filesystem::path& folder, int frames,
                                                        int width_px = 320, int height_px = 240) {
  std::filesystem::create_directories(folder);
  const DrawnPupil pupil{static_cast<double>(width_px)};
  for (int i = 0; i < frames; ++i) {
    const double yaw = 0.40 * std::sin(0.21 * i);
    const double pitch = 0.30 * std::cos(0.13 * i);
    const cv::Vec3d gaze(std::sin(yaw) * std::cos(pitch), std::sin(pitch), -std::cos(yaw) * std::cos(pitch));
    cv::Mat image(height_px, width_px, CV_8UC1, cv::Scalar(140));
    pupil.draw(image, {0, 0, 40}, gaze);
    cv::GaussianBlur(image, image, {5, 5}, 1.0);
    cv::imwrite(image_path(folder, i), image);
  }
  return folder;
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
