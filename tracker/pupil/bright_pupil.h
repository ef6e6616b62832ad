#pragma once

#include <cstdint>
#include <vector>

#include "eyemodel/types/image.h"

namespace yarbus {

/// Turns an image whose pupil is bright (the light is on the camera's axis) into one whose pupil is dark.
/// Frames & units: the coordinates stay. Method: every level is inverted. A reflection would become the
/// darkest thing of all; it is told by its saturation and its size (both its row and its column leave it
/// within 4 % of the image height) and stays bright, with a rim of two pixels, so that it is a reflection to
/// what comes next. A saturated pupil smaller than that looks the same as a reflection and is lost. Threads:
/// one owner. Cost: about 0.1 ms for 640x480; no heap once warm.
class BrightPupilInverter {
 public:
  /// The view is valid until the next call.
  GrayView invert(GrayView image);

 private:
  void mark_rows(GrayView image, int longest_px);
  void mark_columns(GrayView image, int longest_px);
  void whiten_reflections();

  GrayImage inverted_;
  GrayImage marks_;  ///< of saturated pixels in short bright rows, of pixels in short bright columns
  std::vector<std::uint8_t> has_marks_;  ///< of each row
  std::vector<int> runs_;                ///< nearly saturated pixels in each column so far
};

}  // namespace yarbus
