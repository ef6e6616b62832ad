#pragma once

#include <memory>
#include <span>
#include <vector>

#include "eyemodel/types/face_box.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/options.h"
#include "eyemodel/types/result.h"

namespace yarbus {

struct FaceFinderOptions {
  int search_width_px = 640;  ///< a wider image is reduced to this; the smallest face found is 1/8 of it,
                              ///< where none is found 1/16, every fourth time
  double least_score = -0.2;  ///< of a histogram-of-gradients face; 0 is the library's own threshold
  double dark_gray = 60.0;    ///< an image whose mean is below is searched by the cascade if nothing is found

  static std::span<const OptionField<FaceFinderOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// Finds faces that look towards the camera, without anything known of them.
/// Method: dlib's frontal detector (histograms of oriented gradients, a sliding window at all sizes; Dalal &
/// Triggs 2005, trained detector of the library) on the reduced image; in dark images OpenCV's cascade
/// (`haarcascade_frontalface_alt2`; Viola & Jones 2001) where that finds none.
/// Frames & units: image, px. Threads: one owner; some 10 to 100 ms, so not for every frame.
class FaceFinder {
 public:
  /// Errors: input_missing if the cascade's file is not installed (opencv-data); options' own.
  static Result<FaceFinder> create(const FaceFinderOptions& options = {});
  ~FaceFinder();
  FaceFinder(FaceFinder&&) noexcept;
  FaceFinder& operator=(FaceFinder&&) noexcept;

  /// Surest first. Images without pixels have none.
  std::vector<FaceBox> find(const GrayView& image);

 private:
  struct Engines;
  explicit FaceFinder(std::unique_ptr<Engines> engines);
  std::unique_ptr<Engines> engines_;
};

}  // namespace yarbus
