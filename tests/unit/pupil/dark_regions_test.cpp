#include "tracker/pupil/dark_regions.h"

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::dark_regions_test {
namespace {

test::SyntheticEye disc_eye(int width_px, int height_px, const Eigen::Vector2d& center_px,
                               double radius_px) {
  test::SyntheticEye eye;
  eye.width_px = width_px;
  eye.height_px = height_px;
  eye.pupil = Ellipse{center_px, radius_px, 0.93 * radius_px, 0.5};
  return eye;
}

/// As the detector asks, with sizes from 4 px on.
DarkRegions regions_of(const GrayImage& image, double min_radius_px, double max_radius_px) {
  GrayPyramid pyramid;
  pyramid.build(image.view());
  DarkRegionSearch search;
  search.prepare(pyramid, read_gray_levels(image.view()));
  DarkRegions regions;
  search.find(min_radius_px, max_radius_px, regions);
  return regions;
}

/// The first region whose centre lies on the disc, within 0.7 radius of its middle; -1 if there is none.
int rank_of(const DarkRegions& regions, const Ellipse& disc) {
  for (std::size_t i = 0; i < regions.size(); ++i)
    if ((regions[i].center_px - disc.center_px).norm() < 0.7 * disc.semi_major_px) return static_cast<int>(i);
  return -1;
}

class DarkRegionSizes : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(DarkRegionSizes, ADiscOfAnySizeIsFound) {
  const auto [width, height] = GetParam();
  const double smallest = std::max(4.0, 4.0 * height / 480.0);
  for (double radius = smallest; radius <= 0.25 * height; radius *= 1.35) {
    const auto eye =
        disc_eye(width, height, {0.47 * width + 0.3 * radius, 0.52 * height - 0.2 * radius}, radius);
    const auto regions = regions_of(test::draw(eye), std::max(4.0, 0.01 * height), 0.3 * height);
    const int rank = rank_of(regions, *eye.pupil);
    ASSERT_GE(rank, 0) << "radius " << radius << " at " << height;
    // A small pupil may come after its iris, which is a dark disc too.
    EXPECT_LE(rank, 1) << "radius " << radius << " at " << height;
    EXPECT_LT(regions[static_cast<std::size_t>(rank)].radius_px, 2.3 * radius + 3.0);
  }
}

INSTANTIATE_TEST_SUITE_P(Images, DarkRegionSizes,
                         ::testing::Values(std::pair{160, 120}, std::pair{320, 240}, std::pair{640, 480},
                                           std::pair{1920, 1200}),
                         [](const auto& info) { return "lines_" + std::to_string(info.param.second); });

TEST(DarkRegions, AGlintInTheMiddleDoesNotHideThePupil) {
  for (const double radius : {12.0, 25.0, 60.0}) {
    auto eye = disc_eye(640, 480, {300.0, 250.0}, radius);
    eye.glints = {{{300.0, 250.0}, std::min(6.0, 0.3 * radius)}, {{304.0 + 0.4 * radius, 250.0}, 4.0}};
    EXPECT_EQ(rank_of(regions_of(test::draw(eye), 4.8, 144.0), *eye.pupil), 0) << radius;
  }
}

TEST(DarkRegions, APupilAtTheBorderIsFound) {
  for (const auto& center : {Eigen::Vector2d(20.0, 240.0), Eigen::Vector2d(320.0, 462.0),
                             Eigen::Vector2d(605.0, 300.0), Eigen::Vector2d(590.0, 50.0)}) {
    const auto eye = disc_eye(640, 480, center, 40.0);
    EXPECT_GE(rank_of(regions_of(test::draw(eye), 4.8, 144.0), *eye.pupil), 0) << center.transpose();
  }
}

TEST(DarkRegions, TheDarkerOfTwoDiscsComesFirst) {
  auto eye = disc_eye(640, 480, {220.0, 250.0}, 35.0);
  eye.spots = {{Ellipse{{470.0, 250.0}, 35.0, 33.0, 0.0}, 90.0}};
  const auto regions = regions_of(test::draw(eye), 4.8, 144.0);
  EXPECT_EQ(rank_of(regions, *eye.pupil), 0);
  const int other = rank_of(regions, eye.spots[0].ellipse);
  ASSERT_GT(other, 0);
  EXPECT_LT(regions[static_cast<std::size_t>(other)].response_gray, regions[0].response_gray);
}

TEST(DarkRegions, AreSortedDistinctAndWithinTheSizes) {
  auto eye = disc_eye(640, 480, {220.0, 250.0}, 35.0);
  eye.spots = {{Ellipse{{470.0, 150.0}, 20.0, 15.0, 0.0}, 60.0},
               {Ellipse{{420.0, 400.0}, 60.0, 9.0, 0.0}, 40.0}};
  eye.lashes = 7;
  eye.noise_gray = 6.0;
  const auto regions = regions_of(test::draw(eye), 10.0, 60.0);
  ASSERT_FALSE(regions.empty());
  for (std::size_t i = 0; i < regions.size(); ++i) {
    EXPECT_GT(regions[i].radius_px, 7.0);
    EXPECT_LT(regions[i].radius_px, 80.0);
    if (i == 0) continue;
    EXPECT_LE(regions[i].response_gray, regions[i - 1].response_gray);
  }
}

TEST(DarkRegions, NothingIsDarkInAUniformImage) {
  for (const int gray : {0, 100, 255}) {
    GrayImage image(320, 240);
    std::fill_n(image.data(), 320 * 240, static_cast<std::uint8_t>(gray));
    EXPECT_TRUE(regions_of(image, 4.0, 72.0).empty());
  }
}

TEST(DarkRegions, ABrightDiscIsNoDarkRegion) {
  auto eye = disc_eye(320, 240, {160.0, 120.0}, 30.0);
  eye.pupil_gray = 230.0;
  eye.iris_gray = 120.0;
  eye.sclera_gray = 120.0;
  EXPECT_LT(rank_of(regions_of(test::draw(eye), 4.0, 72.0), *eye.pupil), 0);
}

TEST(DarkRegions, TheVectorisedColumnsAgreeWithTheOthers) {
  // The last columns of each row are worked out one by one; cropping the image moves that seam over the disc.
  for (int crop = 0; crop < 4; ++crop) {
    auto eye = disc_eye(164 - crop, 120, {138.0, 60.0}, 14.0);
    eye.noise_gray = 0.0;
    const auto regions = regions_of(test::draw(eye), 4.0, 36.0);
    ASSERT_FALSE(regions.empty());
    EXPECT_EQ(rank_of(regions, *eye.pupil), 0) << crop;
    EXPECT_NEAR(regions[0].center_px.x(), 138.0, 3.0) << crop;
  }
}

TEST(DarkRegions, TinyOnesAreFoundOnTheFinerLevel) {
  for (const double radius : {4.5, 5.5, 7.0}) {
    const auto eye = disc_eye(640, 480, {333.0, 211.0}, radius);
    const GrayImage image = test::draw(eye);
    GrayPyramid pyramid;
    pyramid.build(image.view());
    DarkRegionSearch search;
    search.prepare(pyramid, read_gray_levels(image.view()));
    DarkRegions regions;
    search.find_tiny(pyramid, 4.0, regions);
    EXPECT_EQ(rank_of(regions, *eye.pupil), 0) << radius;
  }
}

}  // namespace
}  // namespace yarbus::dark_regions_test
