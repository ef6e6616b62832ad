#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/image.h"
#include "tracker/pupil/gray_levels.h"
#include "tracker/pupil/gray_pyramid.h"

namespace yarbus {

/// A dark round region. Frames & units: image (level 0 of the pyramid), px.
struct DarkRegion {
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  double radius_px = 0.0;
  double response_gray = 0.0;  ///< surround less centre, less a penalty for a bright centre
};

constexpr std::size_t max_dark_regions = 8;
using DarkRegions = FixedVector<DarkRegion, max_dark_regions>;

/// Finds dark regions surrounded by brighter ones, at sizes of a geometric series, best first.
/// Method: difference of box means on integral images of three reduced levels, so that every size is looked
/// for with boxes of about the same few pixels; bright specks (reflections) are opened away before, and what
/// is brighter than most of the image counts no more than that; beyond the border the image goes on as it
/// ends. Greedy non-maximum suppression. Threads: one owner. Cost: about 0.2 ms for 640x480; no heap once
/// warm.
class DarkRegionSearch {
 public:
  /// The reduced levels of the search. To be called once an image, before `find`.
  void prepare(const GrayPyramid& pyramid, const GrayLevels& levels);

  /// Regions of all sizes between the radii, given in px of the image.
  void find(double min_radius_px, double max_radius_px, DarkRegions& regions);
  /// Only those too small for the levels that `find` looks at: down to two pixels of the next finer level.
  void find_tiny(const GrayPyramid& pyramid, double min_radius_px, DarkRegions& regions);

 private:
  /// Sums of capped gray values over everything above and left, of an image extended past its border.
  struct Integral {
    std::vector<std::int32_t> sums;
    int width_px = 0;  ///< of the image, without the margin
    int height_px = 0;
    std::ptrdiff_t stride = 0;
    void build(GrayView image, int cap_gray);
    [[nodiscard]] const std::int32_t* at(int x, int y) const;
  };
  /// Half sides of the inner box and of the ring about it.
  struct Boxes {
    int inner, gap, outer;
    explicit Boxes(int radius_px);
  };
  struct Peak {
    DarkRegion region;
    std::size_t order = 0;
  };

  /// Centre-surround responses of row y.
  void respond(const Integral& integral, const Boxes& boxes, int y, float* out) const;
  void collect(const Integral& integral, std::size_t level, int radius_px);
  void choose(DarkRegions& regions);

  static constexpr std::size_t searched_levels = 3;
  std::size_t base_level_ = 0;
  std::size_t level_count_ = 0;
  GrayLevels gray_levels_;
  GrayImage opened_;
  GrayImage scratch_;
  std::array<GrayImage, searched_levels> reduced_;
  std::array<Integral, searched_levels> integrals_;
  Integral fine_integral_;
  std::vector<float> response_;
  std::vector<Peak> peaks_;
};

}  // namespace yarbus
