// Pupils of every size in images of every size, without a size setting.
#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::pupil_sizes_test {
namespace {

class PupilSizes : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(PupilSizes, FromFourPixelsToAQuarterOfTheHeight) {
  const auto [width, height] = GetParam();
  PupilDetector detector{PupilDetectorOptions{}};
  const double smallest_px = std::max(4.3, 1.08 * PupilDetectorOptions{}.min_radius_fraction * height);
  const double step = height > 480 ? 1.9 : 1.45;
  for (double radius_px = smallest_px; radius_px <= 0.25 * height; radius_px *= step) {
    test::SyntheticEye eye;
    eye.width_px = width;
    eye.height_px = height;
    eye.pupil = Ellipse{{0.47 * width + 0.31, 0.51 * height - 0.27}, radius_px, 0.93 * radius_px, 0.5};
    eye.iris_radius_factor = std::clamp(0.3 * height / radius_px, 1.6, 3.0);
    eye.noise_gray = 2.0;
    const auto outcome = detector.detect(test::draw(eye).view());
    const auto* found = std::get_if<PupilObservation>(&outcome);
    ASSERT_TRUE(found) << "radius " << radius_px << ": " << to_string(std::get<PupilMiss>(outcome).reason)
                       << ' ' << std::get<PupilMiss>(outcome).best_confidence;
    EXPECT_LT(test::outline_distance_px(found->ellipse, *eye.pupil), 0.4) << "radius " << radius_px;
  }
}

INSTANTIATE_TEST_SUITE_P(Images, PupilSizes,
                         ::testing::Values(std::pair{160, 120}, std::pair{320, 240}, std::pair{640, 480},
                                           std::pair{1280, 720}, std::pair{1920, 1200}),
                         [](const auto& info) {
                           return std::to_string(info.param.first) + "x" + std::to_string(info.param.second);
                         });

}  // namespace
}  // namespace yarbus::pupil_sizes_test
