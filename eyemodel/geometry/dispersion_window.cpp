#include "eyemodel/geometry/dispersion_window.h"

#include <algorithm>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

/// The window counts as full when it covers this share of its length.
constexpr double full_share = 0.8;
/// Where a camera is so slow that the window holds but so many, each frame stands for the time to the next.
constexpr std::size_t few_frames = 4;
/// Extent of this many standard deviations of white noise is still expected in a window.
constexpr double noise_extent = 5.0;
constexpr double largest_rise = 3.0;
/// Median length of a step between two points with normal noise in two directions, in its standard deviations
/// of one direction: sqrt(2) sqrt(2 ln 2).
constexpr double median_step = 1.6651;

}  // namespace

DispersionWindow::DispersionWindow(double length_s, double dispersion_deg)
    : length_(time_from_seconds(length_s)), dispersion_deg_(dispersion_deg), limit_deg_(dispersion_deg) {}

void DispersionWindow::clear() {
  first_ = size_ = 0;
  is_still_ = false;
}

bool DispersionWindow::push(CaptureTime at, const Eigen::Vector3d& direction) {
  if (size_ > 0 && at - entry(size_ - 1).at > length_) clear();
  if (size_ == capacity) {
    first_ = (first_ + 1) % capacity;
    --size_;
  }
  entries_[(first_ + size_) % capacity] = {at, direction};
  ++size_;
  while (at - entry(0).at > length_) {
    first_ = (first_ + 1) % capacity;
    --size_;
  }
  assess();
  return is_still_;
}

Eigen::Vector3d DispersionWindow::sum() const {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (std::size_t i = 0; i < size_; ++i) sum += entry(i).direction;
  return sum;
}

void DispersionWindow::assess() {
  is_still_ = false;
  if (size_ < 3) return;
  const double span_s = seconds_of(entry(size_ - 1).at - entry(0).at);
  const double covered_s = size_ <= few_frames ? span_s + span_s / static_cast<double>(size_ - 1) : span_s;
  if (size_ < capacity && covered_s < full_share * seconds_of(length_)) return;
  const TangentPlane plane(sum());
  Eigen::Vector2d low;
  Eigen::Vector2d high;
  for (std::size_t i = 0; i < size_; ++i) {
    const Eigen::Vector2d place = plane.project(entry(i).direction);
    if (!place.allFinite()) return;
    low = i == 0 ? place : low.cwiseMin(place);
    high = i == 0 ? place : high.cwiseMax(place);
    if (i > 0) {
      steps_deg_[i - 1] = degrees_of(angle_between_rad(entry(i).direction, entry(i - 1).direction));
    }
  }
  const auto middle = steps_deg_.begin() + static_cast<std::ptrdiff_t>((size_ - 1) / 2);
  std::nth_element(steps_deg_.begin(), middle, steps_deg_.begin() + static_cast<std::ptrdiff_t>(size_ - 1));
  const double noise_deg = *middle / median_step;
  limit_deg_ = std::clamp(noise_extent * noise_deg, dispersion_deg_, largest_rise * dispersion_deg_);
  is_still_ = degrees_of((high - low).maxCoeff()) <= limit_deg_;
}

}  // namespace yarbus
