#pragma once

#include <random>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::test {

/// Things of a face that a detector may take for a pupil; each returns the outline that it might lock on.

/// Dark, roundish, without a sharp edge.
inline Ellipse add_nostril(SyntheticEye& eye, const Eigen::Vector2d& center_px) {
  const double unit_px = eye.height_px / 240.0;
  const Ellipse outline{center_px, 24.0 * unit_px, 17.0 * unit_px, 0.4};
  eye.spots.push_back({outline, 28.0, 12.0 * unit_px});
  return outline;
}

/// Lashes stuck together: nearly solid in the middle, frayed at the ends.
inline Ellipse add_lash_clump(SyntheticEye& eye, const Eigen::Vector2d& center_px) {
  const double unit_px = eye.height_px / 240.0;
  std::mt19937 random(11);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  for (int k = 0; k < 26; ++k) {
    const double across = uniform(random);
    const Eigen::Vector2d root =
        center_px + unit_px * Eigen::Vector2d(12.0 * across, -24.0 + 3.0 * uniform(random));
    const Eigen::Vector2d tip =
        center_px + unit_px * Eigen::Vector2d(18.0 * across, 22.0 + 8.0 * uniform(random));
    eye.strokes.push_back({root, tip, 3.0 * unit_px, 32.0});
  }
  return {center_px, 24.0 * unit_px, 16.0 * unit_px, 1.57};
}

/// A corner of the housing that the camera looks past.
inline Ellipse add_dark_corner(SyntheticEye& eye) {
  const Eigen::Vector2d corner_px(0.0, eye.height_px - 1.0);
  eye.spots.push_back({Ellipse{corner_px, 0.3 * eye.height_px, 0.3 * eye.height_px, 0.0}, 6.0, 8.0});
  return {corner_px + 0.1 * eye.height_px * Eigen::Vector2d(1.0, -1.0), 0.16 * eye.height_px,
          0.15 * eye.height_px, 0.0};
}

/// A patch of short hairs.
inline Ellipse add_eyebrow(SyntheticEye& eye, const Eigen::Vector2d& center_px) {
  const double unit_px = eye.height_px / 240.0;
  std::mt19937 random(12);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  for (int k = 0; k < 160; ++k) {
    const Eigen::Vector2d at =
        center_px + unit_px * Eigen::Vector2d(60.0 * uniform(random), 12.0 * uniform(random));
    eye.strokes.push_back({at, at + unit_px * Eigen::Vector2d(9.0, -5.0 + 3.0 * uniform(random)),
                           1.6 * unit_px, 45.0 + 15.0 * uniform(random)});
  }
  return {center_px, 20.0 * unit_px, 13.0 * unit_px, 0.0};
}

/// Rounder than the pupil, nearly as dark, with an edge that fades over `soft_px`.
inline Ellipse add_disc(SyntheticEye& eye, const Eigen::Vector2d& center_px, double radius_px, double gray,
                        double soft_px) {
  const Ellipse outline{center_px, radius_px, radius_px, 0.0};
  eye.spots.push_back({outline, gray, soft_px});
  return outline;
}

}  // namespace yarbus::test
