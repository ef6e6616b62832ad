#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include <Eigen/Geometry>

#include "tests/support/track_run.h"

namespace yarbus::test {

/// The longest run of neighbouring rows, each with a gaze and outside blinks, whose pupil stays within
/// `reach_px` of where it was in the first: the eye fixates, and the headset keeps still.
inline std::vector<TableRow> longest_still_stretch(const std::vector<TableRow>& rows, double reach_px) {
  const auto centre_px = [](const TableRow& row) {
    return Eigen::Vector2d(std::stod(row.at("ellipse_cx_px")), std::stod(row.at("ellipse_cy_px")));
  };
  const auto is_seen = [](const TableRow& row) {
    return !row.at("gaze_x").empty() && row.at("blink_id").empty();
  };
  std::size_t best = 0;
  std::size_t best_length = 0;
  for (std::size_t first = 0; first < rows.size(); ++first) {
    std::size_t end = first;
    while (end < rows.size() && is_seen(rows[end]) &&
           (centre_px(rows[end]) - centre_px(rows[first])).norm() <= reach_px)
      ++end;
    if (end - first <= best_length) continue;
    best = first;
    best_length = end - first;
  }
  const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(best);
  return {begin, begin + static_cast<std::ptrdiff_t>(best_length)};
}

/// Root mean square angle between the rows' gaze and its mean direction, degrees; NaN without a row.
inline double gaze_dispersion_deg(const std::vector<TableRow>& rows) {
  std::vector<Eigen::Vector3d> gazes;
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (const TableRow& row : rows) {
    gazes.emplace_back(std::stod(row.at("gaze_x")), std::stod(row.at("gaze_y")), std::stod(row.at("gaze_z")));
    mean += gazes.back();
  }
  mean.normalize();
  double squares_rad2 = 0.0;
  for (const Eigen::Vector3d& gaze : gazes) {
    const double angle_rad = std::atan2(gaze.cross(mean).norm(), gaze.dot(mean));
    squares_rad2 += angle_rad * angle_rad;
  }
  return std::sqrt(squares_rad2 / static_cast<double>(gazes.size())) * 180.0 / std::numbers::pi;
}

}  // namespace yarbus::test
