// A drawn iris whose middle is known to a fraction of a pixel.
#include "tracker/face/limbus_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "eyemodel/simulation/random.h"

namespace yarbus::limbus_fit_test {
namespace {

const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(1000.0, 320, 240);
constexpr double radius_px = 9.75;  // 5.85 mm at 600 mm
/// Straight before the camera, so that the limbus is a circle: the globe's middle is behind it.
const Eigen::Vector3d before_camera(0.0, 0.0, 610.6);

/// A dark disc on the sclera, blurred as by a lens, between lids at that distance above and below its middle.
GrayImage draw(const Eigen::Vector2d& middle_px, double lid_px, double noise, simulation::Random& random) {
  GrayImage image(320, 240);
  constexpr double blur_px = 0.9;
  for (int y = 0; y < 240; ++y) {
    for (int x = 0; x < 320; ++x) {
      const double out = (Eigen::Vector2d(x, y) - middle_px).norm() - radius_px;
      double gray = 55.0 + 115.0 * 0.5 * (1.0 + std::erf(out / (std::sqrt(2.0) * blur_px)));
      if (std::abs(y - 120.0) > lid_px || std::abs(x - 160.0) > 24.0) gray = 140.0;
      image.data()[y * 320 + x] =
          static_cast<std::uint8_t>(std::clamp(gray + noise * random.normal() + 0.5, 0.0, 255.0));
    }
  }
  return image;
}

EyeLandmarks landmarks_at(const Eigen::Vector2d& iris_px, double lid_px) {
  EyeLandmarks eye;
  eye.iris_px = iris_px;
  eye.iris_sigma_px = {1.5, 1.5};
  eye.iris_radius_px = radius_px * 1.04;
  eye.outer_corner_px = {136.0, 120.0};
  eye.inner_corner_px = {184.0, 120.0};
  for (std::size_t i = 0; i < lid_points; ++i) {
    const double x = 140.0 + 10.0 * static_cast<double>(i);
    eye.upper_lid_px[i] = {x, 120.0 - lid_px};
    eye.lower_lid_px[i] = {x, 120.0 + lid_px};
  }
  eye.openness = 1.0;
  eye.eye_probability = 1.0;
  return eye;
}

struct Spread {
  Eigen::Vector2d bias_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d scattered_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d stated_px = Eigen::Vector2d::Zero();
};

/// Over places within a pixel, from landmarks that are off by `off_px` (one sigma).
Spread spread(double lid_px, double noise, double off_px) {
  simulation::Random random(9);
  LimbusExpectation expected;
  expected.eye_center_in_cam_mm = before_camera;
  Spread all;
  Eigen::Vector2d squares = Eigen::Vector2d::Zero();
  constexpr int count = 200;
  for (int i = 0; i < count; ++i) {
    const Eigen::Vector2d middle(160.0 + random.uniform(-1.0, 1.0), 120.0 + random.uniform(-1.0, 1.0));
    const GrayImage image = draw(middle, lid_px, noise, random);
    const Eigen::Vector2d seen = middle + off_px * Eigen::Vector2d(random.normal(), random.normal());
    const auto fit = fit_limbus(image.view(), camera, landmarks_at(seen, lid_px), expected);
    if (!fit) {
      ADD_FAILURE() << "not found " << i;
      continue;
    }
    const Eigen::Vector2d off = fit->limbus.center_px - middle;
    all.bias_px += off / count;
    squares += off.cwiseAbs2() / count;
    all.stated_px += fit->covariance_px2.diagonal().head<2>().cwiseSqrt() / count;
  }
  all.scattered_px = (squares - all.bias_px.cwiseAbs2()).cwiseSqrt();
  std::printf("lids at %.0f px: bias %.3f %.3f, scattered %.3f %.3f, stated %.3f %.3f px\n", lid_px,
              all.bias_px.x(), all.bias_px.y(), all.scattered_px.x(), all.scattered_px.y(), all.stated_px.x(),
              all.stated_px.y());
  return all;
}

TEST(LimbusFit, AWholeIrisIsFoundToATwentiethOfAPixel) {
  const Spread found = spread(14.0, 2.0, 0.7);
  EXPECT_LT(found.bias_px.norm(), 0.03);
  EXPECT_LT(found.scattered_px.maxCoeff(), 0.08);
  // It allows for what drawings do not have: shading and a limbus that is no line.
  for (int k = 0; k < 2; ++k) EXPECT_LT(found.scattered_px[k], 1.3 * found.stated_px[k]);
}

TEST(LimbusFit, BetweenNarrowLidsItIsLessSureOfTheHeight) {
  const Spread found = spread(7.0, 2.0, 0.7);
  EXPECT_LT(found.bias_px.norm(), 0.1);
  EXPECT_LT(found.scattered_px.x(), 0.1);
  EXPECT_GT(found.stated_px.y(), found.stated_px.x());
  for (int k = 0; k < 2; ++k) EXPECT_LT(found.scattered_px[k], 1.5 * found.stated_px[k]);
}

TEST(LimbusFit, SaysWhenThereIsNoEdge) {
  GrayImage even(320, 240);
  std::fill(even.data(), even.data() + 320 * 240, std::uint8_t{120});
  LimbusExpectation expected;
  expected.eye_center_in_cam_mm = before_camera;
  EXPECT_FALSE(fit_limbus(even.view(), camera, landmarks_at({160.0, 120.0}, 14.0), expected));
}

}  // namespace
}  // namespace yarbus::limbus_fit_test
