#pragma once

#include <vector>

#include "app/session/camera_preview_control.h"

namespace yarbus::test {

/// Previews without cameras: remembers what was wished for, shows what it was given.
class FakeCameraPreviews : public CameraPreviewControl {
 public:
  void watch(const std::vector<PreviewWish>& wished) override {
    wishes = wished;
    ++times_asked;
  }
  void forget_sharpest() override { ++times_forgotten; }
  [[nodiscard]] std::vector<CameraPreview> previews() const override { return shown; }

  std::vector<PreviewWish> wishes;
  std::vector<CameraPreview> shown;
  int times_asked = 0;
  int times_forgotten = 0;
};

/// A running preview of that source: a bright square on gray, judged as given.
inline CameraPreview running_preview(const SourceRequest& source, const PictureQuality& quality,
                                     double sharpness, double sharpest) {
  CameraPreview preview;
  preview.state = CameraPreview::State::running;
  preview.source = source;
  auto picture = std::make_shared<GrayImage>(64, 48);
  for (int y = 0; y < picture->height_px(); ++y) {
    for (int x = 0; x < picture->width_px(); ++x)
      picture->row(y)[x] = x > 20 && x < 40 && y > 12 && y < 36 ? 220 : 90;
  }
  preview.picture = picture;
  preview.pictures = 7;
  preview.quality = quality;
  preview.sharpness = sharpness;
  preview.sharpest = sharpest;
  return preview;
}

}  // namespace yarbus::test
