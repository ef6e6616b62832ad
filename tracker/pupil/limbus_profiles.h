#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/image.h"

namespace yarbus {

constexpr int limbus_rays = 128;

/// Where limbus rays are looked along: from `outline`'s centre, stretched as the outline is, so that an
/// ellipse like it has the same radius on each ray. Radii are px along the major axis.
struct LimbusSearch {
  Ellipse outline;
  double iris_from_px = 0.0;   ///< all of the pupil lies within this radius
  double min_radius_px = 0.0;  ///< of the step at the limbus
  double max_radius_px = 0.0;
};

/// A blurred step from dark to bright met on a ray.
struct LimbusStep {
  double radius_px = 0.0;  ///< where a sharp step of the same levels would stand
  double contrast_gray = 0.0;
};

/// Gray levels along rays from the pupil outwards.
/// Frames & units: image, px. Method: each ray is the mean of three neighbours. A step's place is that of the
/// sharp one with the same area under it, which neither blur nor noise moves. No heap once made.
class LimbusProfiles {
 public:
  LimbusProfiles();
  /// Samples all rays; those that leave the image end there.
  void sample(GrayView image, const LimbusSearch& search);
  /// By how much it is brighter just outside `radius_px` than just inside, with a gap between that is as wide
  /// as the transition from iris to sclera. Not above the rise from the iris as a whole, up to here, so
  /// that a step from sclera to skin is none. nullopt where the ray does not reach.
  [[nodiscard]] std::optional<double> rise(int ray, double radius_px) const;
  /// The step of the mean of seven neighbouring rays near `radius_px`. Errors: nullopt if none of at
  /// least `min_contrast_gray` is within a twelfth of the radius, the window leaves the image, or something
  /// brighter than both sides (a reflection) or darker (a lash) lies in it, or the way there from the pupil
  /// is not as dark as the step's dark side, iris all along.
  [[nodiscard]] std::optional<LimbusStep> place_step(int ray, double radius_px,
                                                     double min_contrast_gray) const;

  /// Level just outside a step at `radius_px`, of three rays; the ray must reach there.
  [[nodiscard]] double level_outside(int ray, double radius_px) const;

  [[nodiscard]] static Eigen::Vector2d direction(int ray);

 private:
  /// Which of the two averages is meant: `sums_` or `broad_sums_`.
  using Sums = std::vector<float>;
  [[nodiscard]] double mean(const Sums& sums, int ray, double from_px, double to_px) const;
  [[nodiscard]] bool covers(int ray, double from_px, double to_px) const;
  [[nodiscard]] double broad_level(int ray, int sample) const;
  [[nodiscard]] bool is_iris_up_to(int ray, const LimbusStep& step, double dark_gray) const;

  double first_px_ = 0.0;
  double step_px_ = 1.0;
  double iris_from_px_ = 0.0;
  std::array<int, limbus_rays> counts_{};  ///< samples of the mean of three rays
  std::vector<float> raw_;
  Sums sums_;        ///< of the mean of three rays, up to and without each sample
  Sums broad_sums_;  ///< likewise of seven, the middle ones weighing most
  std::array<int, limbus_rays> broad_counts_{};
};

}  // namespace yarbus
