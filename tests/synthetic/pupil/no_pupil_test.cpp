// Images without a pupil must be misses.
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::no_pupil_test {
namespace {

GrayImage image_of(const std::function<double(double, double)>& level, double noise_gray, unsigned seed) {
  GrayImage image(320, 240);
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0.0, 1.0);
  for (int y = 0; y < 240; ++y)
    for (int x = 0; x < 320; ++x)
      image.row(y)[x] =
          static_cast<std::uint8_t>(std::clamp(level(x, y) + noise_gray * noise(random), 0.0, 255.0));
  return image;
}

bool finds_a_pupil(const GrayImage& image) {
  PupilDetector detector{PupilDetectorOptions{}};
  return std::holds_alternative<PupilObservation>(detector.detect(image.view()));
}

TEST(NoPupil, FlatNoiseAndGradients) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    EXPECT_FALSE(finds_a_pupil(image_of([](double, double) { return 120.0; }, 0.0, seed)));
    EXPECT_FALSE(finds_a_pupil(image_of([](double, double) { return 120.0; }, 15.0, seed)));
    EXPECT_FALSE(finds_a_pupil(image_of([](double, double) { return 128.0; }, 80.0, seed)));
    EXPECT_FALSE(finds_a_pupil(image_of([](double x, double) { return 0.7 * x; }, 3.0, seed)));
    EXPECT_FALSE(finds_a_pupil(image_of([](double x, double y) { return 0.3 * x + 0.5 * y; }, 3.0, seed)));
  }
}

TEST(NoPupil, BarsCornersAndBrightDiscs) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    EXPECT_FALSE(finds_a_pupil(
        image_of([](double x, double y) { return std::abs(x - y) < 20.0 ? 20.0 : 150.0; }, 3.0, seed)));
    EXPECT_FALSE(finds_a_pupil(
        image_of([](double x, double y) { return x < 90.0 && y < 70.0 ? 20.0 : 150.0; }, 3.0, seed)));
    EXPECT_FALSE(finds_a_pupil(
        image_of([](double x, double y) { return std::hypot(x - 160.0, y - 120.0) < 35.0 ? 200.0 : 60.0; },
                 3.0, seed)));
    EXPECT_FALSE(finds_a_pupil(image_of(
        [](double x, double y) {
          return std::abs(x - 160.0) < 45.0 && std::abs(y - 120.0) < 18.0 ? 20.0 : 150.0;
        },
        3.0, seed)));
  }
}

TEST(NoPupil, LashesOnly) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    test::SyntheticEye eye;
    eye.pupil.reset();
    eye.lashes = 9;
    eye.seed = seed;
    EXPECT_FALSE(finds_a_pupil(test::draw(eye)));
  }
}

TEST(NoPupil, TheCheckCanFail) { EXPECT_TRUE(finds_a_pupil(test::draw(test::SyntheticEye{}))); }

}  // namespace
}  // namespace yarbus::no_pupil_test
