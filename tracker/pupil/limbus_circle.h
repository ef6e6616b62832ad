#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/fixed_vector.h"
#include "tracker/pupil/limbus_profiles.h"

namespace yarbus {

/// A nearly round, nearly centred outline in the coordinates of limbus rays: its radius on the ray of angle
/// phi is r + x cos phi + y sin phi + c cos 2 phi + s sin 2 phi. Units: px along the major axis.
struct LimbusCircle {
  Eigen::Matrix<double, 5, 1> terms = Eigen::Matrix<double, 5, 1>::Zero();  ///< r, x, y, c, s
  double scatter_px = 0.0;      ///< robust standard deviation of the rays' steps about it
  double contrast_gray = 0.0;   ///< the steps' median
  double roughness_gray = 0.0;  ///< just outside: median difference between neighbouring rays
  std::array<std::optional<LimbusStep>, limbus_rays> steps;  ///< those that lie on it
  int side_counts[2] = {0, 0};  ///< how many those are, on the one side and on the other

  [[nodiscard]] double radius_at(int ray) const;
  [[nodiscard]] double radius_px() const { return terms[0]; }
  /// Many steps on both sides in one line, as texture, lids and lashes hardly ever are.
  [[nodiscard]] bool is_trustworthy() const;
  [[nodiscard]] double evidence_gray() const { return contrast_gray * step_count(); }
  [[nodiscard]] int step_count() const { return side_counts[0] + side_counts[1]; }
};

/// Finds the circle that two opposite arcs brighten across.
/// Method: Daugman's integral over two arcs of +-34 degrees (1993), its rise clipped per ray so that lids and
/// reflections do not outweigh a faint limbus; each arc has its own radius, which gives centre and size. Then
/// the rays' steps and least squares with deviations from a centred circle held small (their spread in the
/// population), outliers left out. Of several such circles the one with the most steps and contrast is taken.
/// The arcs lie within 45 degrees of the image's horizontal:
/// lids are above and below. Threads: one owner. No heap once made.
class LimbusCircleFinder {
 public:
  LimbusCircleFinder();
  /// Errors: nullopt if no trustworthy circle brightens by `min_contrast_gray` on both sides.
  std::optional<LimbusCircle> find(const LimbusProfiles& profiles, const LimbusSearch& search,
                                   double min_contrast_gray);

 private:
  struct Arcs {
    int axis_ray = 0;  ///< the middle of the first arc; the second is opposite
    std::array<double, 2> radii_px{};
    double rise_gray = 0.0;
  };
  static constexpr std::size_t max_arcs = 6;
  void find_arcs(const LimbusProfiles& profiles, const LimbusSearch& search, double min_contrast_gray,
                 FixedVector<Arcs, max_arcs>& found);
  [[nodiscard]] static std::optional<LimbusCircle> fit(const LimbusProfiles& profiles, const Arcs& arcs,
                                                       double min_contrast_gray);

  std::vector<float> rises_;  ///< summed over the rays up to each, per radius
  std::vector<int> reached_;  ///< counted likewise
};

}  // namespace yarbus
