#pragma once

#include <span>
#include <vector>

#include "app/viewing/viewing_results.h"

namespace yarbus {

/// How long each part of a picture was looked at. Cells lie row by row from the picture's top left; each
/// stands for its middle.
struct HeatMap {
  int columns = 0;
  int rows = 0;
  std::vector<float> s_per_deg2;  ///< seconds of fixation per square degree
  float greatest = 0.0F;          ///< of them
  double sigma_deg = 0.0;

  [[nodiscard]] float at(int column, int row) const {
    return s_per_deg2[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                      static_cast<std::size_t>(column)];
  }
};

/// A Gaussian of that sigma (degrees, seen from the viewing distance) about each fixation, weighted by its
/// duration: over a wide picture the sum over the cells, times their area, is the time of all fixations. What
/// falls beside the picture is lost. `columns`: how fine; rows by the picture's shape. Cost: cells within
/// four sigmas, for each fixation.
HeatMap make_heat_map(const ViewingSetup& setup, std::span<const PictureFixation> fixations, double sigma_deg,
                      int columns = 160);

/// Lines on which the map has that value: pairs of end points in picture px, in no order (marching squares).
struct HeatLine {
  Eigen::Vector2d from_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d to_px = Eigen::Vector2d::Zero();
};
std::vector<HeatLine> heat_lines(const ViewingSetup& setup, const HeatMap& map, float s_per_deg2);

}  // namespace yarbus
