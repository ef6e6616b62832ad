#include "eyemodel/geometry/band_sectors.h"

#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/synthetic_eye.h"

namespace yarbus::band_sectors_test {
namespace {

const Ellipse pupil{{210.3, 140.6}, 42.0, 31.0, 0.7};

ImagePatch drawn(unsigned seed = 1) {
  std::mt19937 random(seed);
  return *test::render_patch(pupil, random);
}

double angle_of(int sector) { return 2.0 * std::numbers::pi * sector / BandSectors::count; }

TEST(BandSectors, TellWhereADisplacedOutlineShouldLie) {
  const ImagePatch patch = drawn();
  OutlineShape outline = OutlineShape::from(pupil);
  const auto bands = balanced_bands(pupil, {});
  for (const Eigen::Vector2d& off_px : {Eigen::Vector2d(0.0, 0.0), {0.3, 0.0}, {-0.2, 0.25}}) {
    OutlineShape moved = outline;
    moved.center_px += off_px;
    const auto sectors = band_sectors(moved, patch, bands);
    ASSERT_TRUE(sectors.has_value());
    EXPECT_GT(sectors->curvature_gray_per_px2, 5.0);
    double squares = 0.0;
    int count = 0;
    for (int i = 0; i < BandSectors::count; ++i) {
      const auto& displacement = sectors->displacement_px[static_cast<std::size_t>(i)];
      if (!displacement) continue;
      const Eigen::Vector2d normal = moved.normal_at(std::cos(angle_of(i)), std::sin(angle_of(i)));
      const double error = *displacement + normal.dot(off_px);
      squares += error * error;
      ++count;
    }
    EXPECT_GE(count, 20);
    EXPECT_LT(std::sqrt(squares / count), 0.12) << off_px.transpose();
  }
}

TEST(BandSectors, AWiderOutlineIsToldToShrinkAndTheCurvatureIsTheContrasts) {
  const ImagePatch patch = drawn();
  const auto bands = balanced_bands(pupil, {});
  const OutlineShape outline = OutlineShape::from(pupil);
  const auto widened = [&](double by_px) {
    OutlineShape shape = outline;
    shape.s_xx_px += by_px;
    shape.s_yy_px += by_px;
    return shape;
  };
  const auto at = band_sectors(outline, patch, bands);
  const auto wider = band_sectors(widened(0.4), patch, bands);
  ASSERT_TRUE(at && wider);
  double sum = 0.0;
  int count = 0;
  for (const auto& displacement : wider->displacement_px) {
    sum += displacement.value_or(0.0);
    count += displacement ? 1 : 0;
  }
  EXPECT_NEAR(sum / count, -0.4, 0.15);
  // Against band_contrast(), whose distances are Sampson's to another conic.
  const auto contrast = [&](double by_px) {
    const Conic conic = conic_from_ellipse(widened(by_px).to_ellipse());
    Eigen::Matrix<double, 6, 1> coefficients;
    coefficients << conic(0, 0), conic(0, 1), conic(1, 1), conic(0, 2), conic(1, 2), conic(2, 2);
    return band_contrast(coefficients, patch, bands).contrast_gray;
  };
  const double curvature = -(contrast(0.8) - 2.0 * contrast(0.0) + contrast(-0.8)) / (0.8 * 0.8);
  EXPECT_NEAR(at->curvature_gray_per_px2 / curvature, 1.0, 0.25);
}

TEST(BandSectors, HiddenSectorsAreAbsent) {
  ImagePatch patch = drawn();
  for (int y = 0; y < patch.pixels.height_px() / 2; ++y) {
    for (int x = 0; x < patch.pixels.width_px(); ++x) patch.pixels.row(y)[x] = 255;
  }
  const auto sectors = band_sectors(OutlineShape::from(pupil), patch, balanced_bands(pupil, {}));
  ASSERT_TRUE(sectors.has_value());
  int seen = 0;
  for (int i = 0; i < BandSectors::count; ++i) {
    const bool is_seen = sectors->displacement_px[static_cast<std::size_t>(i)].has_value();
    seen += is_seen ? 1 : 0;
    EXPECT_FALSE(is_seen && std::sin(angle_of(i)) < -0.5) << i;
  }
  EXPECT_GE(seen, 8);
  EXPECT_LE(seen, 14);
}

TEST(BandSectors, NoHillNoAnswer) {
  ImagePatch patch = drawn();
  const auto bands = balanced_bands(pupil, {});
  const OutlineShape outline = OutlineShape::from(pupil);
  ImagePatch inverted = patch;
  for (int y = 0; y < patch.pixels.height_px(); ++y) {
    for (int x = 0; x < patch.pixels.width_px(); ++x)
      inverted.pixels.row(y)[x] = static_cast<std::uint8_t>(200 - std::min<int>(200, patch.pixels.row(y)[x]));
  }
  EXPECT_FALSE(band_sectors(outline, inverted, bands).has_value()) << "bright inside";
  OutlineShape elsewhere = outline;
  elsewhere.center_px.x() += 1000.0;
  EXPECT_FALSE(band_sectors(elsewhere, patch, bands).has_value()) << "outside the patch";
}

}  // namespace
}  // namespace yarbus::band_sectors_test
