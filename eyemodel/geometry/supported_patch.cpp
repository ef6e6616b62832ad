#include "eyemodel/geometry/supported_patch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "eyemodel/geometry/conic.h"

namespace yarbus {
namespace {

constexpr int sectors = 48;
constexpr std::uint8_t hidden_gray = 255;

/// The sector of a direction from the centre, by the ellipse's own angle, so that all hold as much outline.
int sector_of(const Ellipse& ellipse, const Eigen::Vector2d& from_center_px) {
  const double turn = std::atan2(from_center_px.dot(ellipse.minor_axis()) / ellipse.semi_minor_px,
                                 from_center_px.dot(ellipse.major_axis()) / ellipse.semi_major_px) /
                      (2.0 * std::numbers::pi);
  const int sector = static_cast<int>(std::floor((turn + 1.0) * sectors));
  return sector % sectors;
}

}  // namespace

double keep_supported_sectors(ImagePatch& patch, const PupilObservation& observation,
                              const Eigen::Matrix<double, 6, 1>& outline, double tolerance_px,
                              double reach_px) {
  constexpr std::size_t least_edges = 6;
  if (observation.edge_points.size() < least_edges) return 1.0;
  const Ellipse& ellipse = observation.ellipse;
  const Conic conic = conic_from_coefficients(outline);
  std::array<bool, sectors> has_edge{};
  for (const EdgePoint& edge : observation.edge_points) {
    const Eigen::Vector2d at = edge.position_px.cast<double>();
    if (std::abs(sampson_distance_px(conic, at)) > tolerance_px) continue;
    has_edge[static_cast<std::size_t>(sector_of(ellipse, at - ellipse.center_px))] = true;
  }
  // A sector counts if its neighbours bear it out too: beside a lid's edge the band already holds lid.
  std::array<bool, sectors> is_kept{};
  for (std::size_t i = 0; i < sectors; ++i)
    is_kept[i] = has_edge[i] && has_edge[(i + 1) % sectors] && has_edge[(i + sectors - 1) % sectors];
  for (int row = 0; row < patch.pixels.height_px(); ++row) {
    for (int column = 0; column < patch.pixels.width_px(); ++column) {
      const Eigen::Vector2d at(column + patch.x0_px, row + patch.y0_px);
      if (std::abs(sampson_distance_px(conic, at)) > reach_px) continue;
      if (!is_kept[static_cast<std::size_t>(sector_of(ellipse, at - ellipse.center_px))])
        patch.pixels.row(row)[column] = hidden_gray;
    }
  }
  return static_cast<double>(std::count(is_kept.begin(), is_kept.end(), true)) / sectors;
}

}  // namespace yarbus
