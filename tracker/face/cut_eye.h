#pragma once

#include <memory>

#include "eyemodel/types/image.h"
#include "tracker/face/eye_frame.h"

namespace yarbus {

/// How an eye is cut out of an image.
struct EyeCut {
  int width_px = 0;   ///< of the cut
  int height_px = 0;  ///< likewise
  double width_mm = 0.0;
  bool is_mirrored = false;  ///< left and right changed, as seen in the image

  [[nodiscard]] double mm_per_px() const { return width_mm / width_px; }
  /// Between the cut's pixels and the face's millimetres about the eye.
  [[nodiscard]] Eigen::Vector2d to_mm(const Eigen::Vector2d& cut_px) const {
    const Eigen::Vector2d off = cut_px - 0.5 * Eigen::Vector2d(width_px - 1, height_px - 1);
    return mm_per_px() * Eigen::Vector2d(is_mirrored ? -off.x() : off.x(), off.y());
  }
};

/// Cuts the part of the face about an eye out of the image, upright and of a given size in millimetres of the
/// face; outside the image its border goes on. Method: bilinear; where the cut is coarser than the image, as
/// the mean of finer ones, so that nothing aliases. Frames & units: image as captured, px. Takes memory only
/// when a scratch image grows.
class EyeCutter {
 public:
  EyeCutter();
  ~EyeCutter();
  EyeCutter(EyeCutter&&) noexcept;
  EyeCutter& operator=(EyeCutter&&) noexcept;

  /// `cut` is resized to what `how` asks.
  void cut(const GrayView& image, const EyeFrame& eye, const EyeCut& how, GrayImage& cut);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace yarbus
