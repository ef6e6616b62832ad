#include "app/viewing/heat_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

constexpr double reach_sigmas = 4.0;

}  // namespace

HeatMap make_heat_map(const ViewingSetup& setup, std::span<const PictureFixation> fixations, double sigma_deg,
                      int columns) {
  YARBUS_CHECK_OP(sigma_deg, >, 0.0);
  YARBUS_CHECK_OP(columns, >, 0);
  const Eigen::Vector2d size_mm = setup.picture.high_mm - setup.picture.low_mm;
  HeatMap map;
  map.sigma_deg = sigma_deg;
  map.columns = columns;
  map.rows = std::max(1, static_cast<int>(std::lround(columns * size_mm.y() / size_mm.x())));
  map.s_per_deg2.assign(static_cast<std::size_t>(map.columns) * static_cast<std::size_t>(map.rows), 0.0F);
  const double cell_x_mm = size_mm.x() / map.columns;
  const double cell_y_mm = size_mm.y() / map.rows;
  const double sigma_mm = sigma_deg * setup.mm_per_deg();
  const double reach_mm = reach_sigmas * sigma_mm;
  const double peak = 1.0 / (2.0 * std::numbers::pi * sigma_deg * sigma_deg);
  for (const PictureFixation& fixation : fixations) {
    const Eigen::Vector2d place_mm = fixation.in_screen_mm - setup.picture.low_mm;
    const auto first = [&](double place, double cell) {
      return std::max(0, static_cast<int>(std::ceil((place - reach_mm) / cell - 0.5)));
    };
    const auto last = [&](double place, double cell, int count) {
      return std::min(count - 1, static_cast<int>(std::floor((place + reach_mm) / cell - 0.5)));
    };
    for (int row = first(place_mm.y(), cell_y_mm); row <= last(place_mm.y(), cell_y_mm, map.rows); ++row) {
      const double dy = (row + 0.5) * cell_y_mm - place_mm.y();
      for (int column = first(place_mm.x(), cell_x_mm); column <= last(place_mm.x(), cell_x_mm, map.columns);
           ++column) {
        const double dx = (column + 0.5) * cell_x_mm - place_mm.x();
        const double weight = std::exp(-0.5 * (dx * dx + dy * dy) / (sigma_mm * sigma_mm));
        map.s_per_deg2[static_cast<std::size_t>(row) * static_cast<std::size_t>(map.columns) +
                       static_cast<std::size_t>(column)] +=
            static_cast<float>(fixation.duration_s * peak * weight);
      }
    }
  }
  if (!map.s_per_deg2.empty()) map.greatest = *std::max_element(map.s_per_deg2.begin(), map.s_per_deg2.end());
  return map;
}

std::vector<HeatLine> heat_lines(const ViewingSetup& setup, const HeatMap& map, float s_per_deg2) {
  std::vector<HeatLine> lines;
  const auto place_px = [&](double column, double row) {
    return Eigen::Vector2d((column + 0.5) * setup.picture_width_px / map.columns - 0.5,
                           (row + 0.5) * setup.picture_height_px / map.rows - 0.5);
  };
  for (int row = 0; row + 1 < map.rows; ++row) {
    for (int column = 0; column + 1 < map.columns; ++column) {
      // Clockwise from the top left: the four corners, and the side that follows each.
      const std::array<Eigen::Vector2d, 4> corners{
          Eigen::Vector2d(column, row), Eigen::Vector2d(column + 1, row),
          Eigen::Vector2d(column + 1, row + 1), Eigen::Vector2d(column, row + 1)};
      std::array<Eigen::Vector2d, 4> crossings;
      std::size_t count = 0;
      for (std::size_t i = 0; i < corners.size(); ++i) {
        const Eigen::Vector2d& a = corners[i];
        const Eigen::Vector2d& b = corners[(i + 1) % corners.size()];
        const float va = map.at(static_cast<int>(a.x()), static_cast<int>(a.y()));
        const float vb = map.at(static_cast<int>(b.x()), static_cast<int>(b.y()));
        if ((va >= s_per_deg2) == (vb >= s_per_deg2)) continue;
        const double share = static_cast<double>((s_per_deg2 - va) / (vb - va));
        const Eigen::Vector2d place = a + share * (b - a);
        crossings[count++] = place_px(place.x(), place.y());
      }
      for (std::size_t i = 0; i + 1 < count; i += 2) lines.push_back({crossings[i], crossings[i + 1]});
    }
  }
  return lines;
}

}  // namespace yarbus
