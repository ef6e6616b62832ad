#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>
#include <opencv2/core.hpp>

#include "eyemodel/simulation/lid_opening.h"
#include "eyemodel/simulation/scene.h"

namespace yarbus::simulation {

/// The lashes of one subject: rooted on the lids' margins, they move with them.
/// Threads: one owner.
class Lashes {
 public:
  Lashes(std::uint64_t seed, const LashStyle& style);

  /// Adds to `coverage` (float, the camera's size, 0..1) how much of each pixel they hide.
  void draw(const Scene& scene, const LidOpening& opening, cv::Mat1f& coverage) const;

 private:
  /// A curve from its root, in the lid's own directions: out of the eye, along the margin, up.
  struct Lash {
    bool is_upper = true;
    double azimuth = 0.0;                              ///< of the root, in canthus half widths, -1..1
    double lift_rad = 0.0;                             ///< root's distance from the margin
    Eigen::Vector3d middle = Eigen::Vector3d::Zero();  ///< control point of the curve, mm from the root
    Eigen::Vector3d tip = Eigen::Vector3d::Zero();
    double thickness_mm = 0.1;
  };
  std::vector<Lash> lashes_;
};

}  // namespace yarbus::simulation
