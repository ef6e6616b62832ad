#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/image.h"

namespace yarbus {

/// A dark round region. Frames & units: the searched image, px.
struct DarkCandidate {
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  double radius_px = 0.0;
  double response_gray = 0.0;
};

constexpr std::size_t max_dark_candidates = 8;
using DarkCandidates = FixedVector<DarkCandidate, max_dark_candidates>;

/// Finds dark regions surrounded by brighter ones, at several sizes, best first.
/// Frames & units: the given (reduced, glint-free) image, px. Method: difference of box means on an integral
/// image over a geometric series of radii, less a penalty for centres brighter than the image's dark tail;
/// greedy non-maximum suppression. Threads: one owner (keeps scratch memory). Cost: about 0.4 ms at 160x120;
/// no heap once warm.
class CandidateSearch {
 public:
  /// `dark_gray`: what counts as dark in this image.
  void find(GrayView image, double min_radius_px, double max_radius_px, double dark_gray,
            DarkCandidates& candidates);

 private:
  [[nodiscard]] std::uint32_t box_sum(int x0, int y0, int x1, int y1) const;
  void build_integral(GrayView image);
  void collect_peaks(int radius_px, int step);

  struct Peak {
    int x;
    int y;
    int radius_px;
    float response_gray;
  };
  std::vector<std::uint32_t> integral_;
  std::vector<float> response_;
  std::vector<Peak> peaks_;
  int width_px_ = 0;
  int height_px_ = 0;
  float dark_level_ = 0.0F;
};

}  // namespace yarbus
