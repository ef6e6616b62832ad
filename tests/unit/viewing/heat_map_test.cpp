#include "app/viewing/heat_map.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace yarbus::heat_map_test {
namespace {

ViewingSetup wide_setup() {
  ViewingSetup setup;
  setup.picture_width_px = 1600;
  setup.picture_height_px = 800;
  setup.picture = {{0.0, 0.0}, {800.0, 400.0}};
  setup.screen = {800.0, 400.0, 1600, 800, 600.0};
  return setup;
}

PictureFixation fixation_at(const ViewingSetup& setup, double x_mm, double y_mm, double duration_s) {
  PictureFixation fixation;
  fixation.duration_s = duration_s;
  fixation.in_screen_mm = {x_mm, y_mm};
  fixation.in_picture_px = setup.picture_px(fixation.in_screen_mm);
  return fixation;
}

double seconds_in(const ViewingSetup& setup, const HeatMap& map) {
  const Eigen::Vector2d size_deg = (setup.picture.high_mm - setup.picture.low_mm) / setup.mm_per_deg();
  const double cell_deg2 = size_deg.x() * size_deg.y() / (map.columns * map.rows);
  return cell_deg2 * std::accumulate(map.s_per_deg2.begin(), map.s_per_deg2.end(), 0.0);
}

TEST(HeatMap, HoldsTheTimeOfAllFixations) {
  const ViewingSetup setup = wide_setup();
  const std::vector<PictureFixation> fixations{fixation_at(setup, 200.0, 200.0, 0.5),
                                               fixation_at(setup, 600.0, 150.0, 1.25)};
  const HeatMap map = make_heat_map(setup, fixations, 1.0, 400);
  EXPECT_EQ(map.columns, 400);
  EXPECT_EQ(map.rows, 200);
  EXPECT_NEAR(seconds_in(setup, map), 1.75, 0.01);
  // The peak of a Gaussian, and its value one sigma away.
  EXPECT_NEAR(map.greatest, 1.25 / (2.0 * M_PI), 2e-3);
  const auto value_at = [&](double x_mm, double y_mm) {
    return map.at(static_cast<int>(x_mm / 2.0), static_cast<int>(y_mm / 2.0));
  };
  const double sigma_mm = setup.mm_per_deg();
  EXPECT_NEAR(value_at(600.0 + sigma_mm, 150.0) / map.greatest, std::exp(-0.5), 0.07);
  EXPECT_EQ(value_at(400.0, 350.0), 0.0F);
}

TEST(HeatMap, WhatFallsBesideIsLost) {
  const ViewingSetup setup = wide_setup();
  const HeatMap half = make_heat_map(setup, std::vector{fixation_at(setup, 0.0, 200.0, 1.0)}, 1.0, 400);
  EXPECT_NEAR(seconds_in(setup, half), 0.5, 0.02);
  const HeatMap none = make_heat_map(setup, std::vector{fixation_at(setup, -300.0, 200.0, 1.0)}, 1.0);
  EXPECT_EQ(none.greatest, 0.0F);
  EXPECT_TRUE(heat_lines(setup, none, 0.1F).empty());
  EXPECT_EQ(make_heat_map(setup, {}, 1.0).greatest, 0.0F);
}

TEST(HeatMap, LinesRunWhereTheMapHasThatValue) {
  const ViewingSetup setup = wide_setup();
  const PictureFixation fixation = fixation_at(setup, 400.0, 200.0, 1.0);
  const HeatMap map = make_heat_map(setup, std::vector{fixation}, 2.0, 400);
  const auto lines = heat_lines(setup, map, 0.5F * map.greatest);
  ASSERT_GT(lines.size(), 20U);
  // Of a round hill: a circle of sigma times the root of 2 ln 2.
  const double radius_px = 2.0 * setup.mm_per_deg() * std::sqrt(2.0 * std::log(2.0)) * 2.0;
  double around_px = 0.0;
  for (const HeatLine& line : lines) {
    EXPECT_NEAR((line.from_px - fixation.in_picture_px).norm(), radius_px, 1.5);
    EXPECT_NEAR((line.to_px - fixation.in_picture_px).norm(), radius_px, 1.5);
    around_px += (line.from_px - line.to_px).norm();
  }
  EXPECT_NEAR(around_px, 2.0 * M_PI * radius_px, 0.02 * radius_px) << "once around, without a gap";
}

}  // namespace
}  // namespace yarbus::heat_map_test
