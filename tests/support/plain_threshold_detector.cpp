#include "tests/support/plain_threshold_detector.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numbers>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "tests/support/rotated_rect.h"

namespace yarbus::test {
namespace {

/// Shares of the image that a pupil's region may take.
constexpr double least_area_share = 0.001;
constexpr double largest_area_share = 0.2;

/// The darkest part of an image, in which the threshold is sought: a near-eye camera's pupil is a few percent
/// of the image, so that pupil and iris are both in it, and skin and sclera have no say.
constexpr double darkest_share = 0.125;

/// Otsu's threshold of the gray values up to `last`: the split with the most variance between its sides.
int otsu_up_to(const std::array<double, 256>& counts, int last) {
  double total = 0.0;
  double sum = 0.0;
  for (int gray = 0; gray <= last; ++gray) {
    total += counts[static_cast<std::size_t>(gray)];
    sum += gray * counts[static_cast<std::size_t>(gray)];
  }
  double below = 0.0;
  double sum_below = 0.0;
  double best = -1.0;
  int threshold = 0;
  for (int gray = 0; gray < last; ++gray) {
    below += counts[static_cast<std::size_t>(gray)];
    sum_below += gray * counts[static_cast<std::size_t>(gray)];
    if (below <= 0.0 || below >= total) continue;
    const double difference = sum_below / below - (sum - sum_below) / (total - below);
    const double between = below * (total - below) * difference * difference;
    if (between > best) {
      best = between;
      threshold = gray;
    }
  }
  return threshold;
}

/// Gray values that may part pupil and iris: Otsu's within the darkest part, and those below which some share
/// of the image lies.
std::vector<int> thresholds_of(const cv::Mat& image) {
  std::array<double, 256> counts{};
  for (int y = 0; y < image.rows; ++y) {
    for (int x = 0; x < image.cols; ++x) counts[image.at<std::uint8_t>(y, x)] += 1.0;
  }
  const auto gray_below_which = [&](double share) {
    double seen = 0.0;
    int gray = 0;
    while (gray < 255 &&
           seen + counts[static_cast<std::size_t>(gray)] < share * static_cast<double>(image.total())) {
      seen += counts[static_cast<std::size_t>(gray++)];
    }
    return gray;
  };
  std::vector<int> thresholds{otsu_up_to(counts, gray_below_which(darkest_share))};
  for (const double share : {0.01, 0.02, 0.03, 0.05, 0.08}) thresholds.push_back(gray_below_which(share));
  return thresholds;
}

/// The largest region below a threshold that may be a pupil, as an ellipse, and how well it fills it.
struct Region {
  Ellipse ellipse;
  double fill = 0.0;  ///< 1: the region's area is the ellipse's
};
std::optional<Region> largest_region(const cv::Mat& image, int threshold) {
  cv::Mat dark = image <= threshold;
  const int size = std::max(3, image.cols / 100 | 1);
  const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {size, size});
  cv::morphologyEx(dark, dark, cv::MORPH_CLOSE, disc);
  cv::morphologyEx(dark, dark, cv::MORPH_OPEN, disc);
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(dark, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  const double image_area = static_cast<double>(image.total());
  const std::vector<cv::Point>* largest = nullptr;
  double largest_area = least_area_share * image_area;
  for (const auto& contour : contours) {
    const cv::Rect box = cv::boundingRect(contour);
    const bool touches_border =
        box.x <= 0 || box.y <= 0 || box.x + box.width >= image.cols || box.y + box.height >= image.rows;
    const double area = cv::contourArea(contour);
    if (touches_border || area <= largest_area || area > largest_area_share * image_area) continue;
    largest_area = area;
    largest = &contour;
  }
  if (largest == nullptr || largest->size() < 5) return std::nullopt;
  Region region;
  region.ellipse = test::ellipse_from(cv::fitEllipse(*largest));
  if (!region.ellipse.is_valid()) return std::nullopt;
  const double ratio =
      largest_area / (std::numbers::pi * region.ellipse.semi_major_px * region.ellipse.semi_minor_px);
  region.fill = std::min(ratio, 1.0 / ratio) * std::min(1.0, 2.0 * region.ellipse.aspect_ratio());
  return region;
}

}  // namespace

std::optional<Ellipse> detect_by_threshold(const GrayView& view) {
  const cv::Mat captured(view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                         static_cast<std::size_t>(view.stride_bytes));
  cv::Mat image;
  cv::GaussianBlur(captured, image, {5, 5}, 0.0);
  std::optional<Region> best;
  for (const int threshold : thresholds_of(image)) {
    const auto region = largest_region(image, threshold);
    if (region && (!best || region->fill > best->fill)) best = region;
  }
  if (!best) return std::nullopt;
  return best->ellipse;
}

}  // namespace yarbus::test
