#pragma once

#include <array>

#include <Eigen/Core>

#include "eyemodel/types/frames.h"

namespace yarbus {

constexpr std::size_t lid_points = 5;

/// The parts of an eye in an image, before its limbus is measured. Frames & units: image as captured, px.
struct EyeLandmarks {
  Eigen::Vector2d iris_px = Eigen::Vector2d::Zero();
  /// Standard deviations along the eye frame's axes, px.
  Eigen::Vector2d iris_sigma_px = Eigen::Vector2d::Zero();
  double iris_radius_px = 0.0;  ///< long semi-axis of the limbus
  Eigen::Vector2d inner_corner_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d outer_corner_px = Eigen::Vector2d::Zero();
  std::array<Eigen::Vector2d, lid_points> upper_lid_px{};  ///< margins, from the outer to the inner corner
  std::array<Eigen::Vector2d, lid_points> lower_lid_px{};
  double openness = 0.0;         ///< 0 closed .. 1 wide open
  double eye_probability = 0.0;  ///< that there is an eye at all, 0..1

  [[nodiscard]] Eigen::Vector2d corners_middle_px() const {
    return 0.5 * (inner_corner_px + outer_corner_px);
  }
};

}  // namespace yarbus
