#include "tracker/face/cut_eye.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

constexpr int most_oversampling = 8;

}  // namespace

struct EyeCutter::Scratch {
  cv::Mat fine;
};

EyeCutter::EyeCutter() : scratch_(std::make_unique<Scratch>()) {}
EyeCutter::~EyeCutter() = default;
EyeCutter::EyeCutter(EyeCutter&&) noexcept = default;
EyeCutter& EyeCutter::operator=(EyeCutter&&) noexcept = default;

void EyeCutter::cut(const GrayView& view, const EyeFrame& eye, const EyeCut& how, GrayImage& cut) {
  YARBUS_CHECK(how.width_px > 0 && how.height_px > 0 && how.width_mm > 0.0);
  cut.resize(how.width_px, how.height_px);
  const cv::Mat image(view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                      static_cast<std::size_t>(view.stride_bytes));
  cv::Mat out(how.height_px, how.width_px, CV_8UC1, cut.data());
  if (view.empty() || !eye.is_valid()) {
    out.setTo(0);
    return;
  }
  const double image_px_per_cut_px = eye.scale_px_per_mm() * how.mm_per_px();
  const int finer = std::clamp(static_cast<int>(std::lround(image_px_per_cut_px)), 1, most_oversampling);
  const double mm_per_fine_px = how.mm_per_px() / finer;
  Eigen::Matrix2d image_from_fine = eye.px_from_mm * mm_per_fine_px;
  if (how.is_mirrored) image_from_fine.col(0) *= -1.0;
  const Eigen::Vector2d middle = 0.5 * Eigen::Vector2d(how.width_px * finer - 1, how.height_px * finer - 1);
  const Eigen::Vector2d shift = eye.center_px - image_from_fine * middle;
  const cv::Matx23d warp(image_from_fine(0, 0), image_from_fine(0, 1), shift.x(), image_from_fine(1, 0),
                         image_from_fine(1, 1), shift.y());
  const int flags = cv::INTER_LINEAR | cv::WARP_INVERSE_MAP;
  if (finer == 1) {
    cv::warpAffine(image, out, warp, out.size(), flags, cv::BORDER_REPLICATE);
    return;
  }
  cv::warpAffine(image, scratch_->fine, warp, {how.width_px * finer, how.height_px * finer}, flags,
                 cv::BORDER_REPLICATE);
  cv::resize(scratch_->fine, out, out.size(), 0.0, 0.0, cv::INTER_AREA);
}

}  // namespace yarbus
