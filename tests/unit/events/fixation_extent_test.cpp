#include "tracker/events/fixation_extent.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "tracker/events/gaze_series.h"

namespace yarbus::fixation_extent_test {
namespace {

TEST(FixationExtent, IsTheLargestAngleBetweenTwoDirections) {
  // Each twice, so that none is a spike.
  std::vector<Eigen::Vector3d> corners;
  for (const auto& [azimuth_deg, elevation_deg] :
       {std::pair{10.0, 4.0}, {10.6, 4.0}, {10.6, 4.8}, {10.1, 4.7}}) {
    for (int i = 0; i < 2; ++i) corners.push_back(direction_from_angles_deg(azimuth_deg, elevation_deg));
  }
  const double diagonal_deg = degrees_of(angle_between_rad(corners[0], corners[4]));
  EXPECT_NEAR(diagonal_deg, 1.0, 0.01);
  EXPECT_NEAR(fixation_extent_deg(corners), diagonal_deg, 1e-9);
}

TEST(FixationExtent, OfNoiseIsThatOfComparingAllPairs) {
  std::mt19937 random(5);
  std::normal_distribution<double> noise_deg(0.0, 0.2);
  std::vector<Eigen::Vector3d> directions;
  for (int i = 0; i < 300; ++i) {
    const auto one = direction_from_angles_deg(-20.0 + noise_deg(random), 3.0 + noise_deg(random));
    for (int twice = 0; twice < 2; ++twice) directions.push_back(one);  // the median leaves pairs as they are
  }
  double largest_rad = 0.0;
  for (const auto& a : directions) {
    for (const auto& b : directions) largest_rad = std::max(largest_rad, angle_between_rad(a, b));
  }
  // Components' medians are not quite of unit length.
  EXPECT_NEAR(fixation_extent_deg(directions), degrees_of(largest_rad), 1e-3);
}

TEST(FixationExtent, ASpikeAndASingleDirectionHaveNone) {
  std::vector<Eigen::Vector3d> still(20, direction_from_angles_deg(5.0, 5.0));
  EXPECT_NEAR(fixation_extent_deg(still), 0.0, 1e-9);
  still[10] = direction_from_angles_deg(8.0, 5.0);
  EXPECT_NEAR(fixation_extent_deg(still), 0.0, 1e-9);
  EXPECT_EQ(fixation_extent_deg(std::span(still).first(1)), 0.0);
  EXPECT_EQ(fixation_extent_deg({}), 0.0);
}

}  // namespace
}  // namespace yarbus::fixation_extent_test
