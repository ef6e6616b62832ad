// Images that are unlike a well lit eye in the middle: the right outline or a miss, never a wild one.
#include <array>
#include <functional>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/border_cut.h"
#include "tests/support/prior_after.h"
#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::hard_images_test {
namespace {

using test::outline_distance_px;
using test::SyntheticEye;

PupilOutcome detect(const GrayImage& image, const std::optional<PupilPrior>& prior = std::nullopt) {
  PupilDetector detector{PupilDetectorOptions{}};
  return detector.detect(image.view(), prior);
}

const PupilObservation* observation_of(const PupilOutcome& outcome) {
  return std::get_if<PupilObservation>(&outcome);
}

/// Distance of what is found from the outline; infinite for a miss.
double distance_px(const GrayImage& image, const Ellipse& truth,
                   const std::optional<PupilPrior>& prior = std::nullopt) {
  const auto outcome = detect(image, prior);
  return observation_of(outcome) != nullptr ? outline_distance_px(observation_of(outcome)->ellipse, truth)
                                            : std::numeric_limits<double>::infinity();
}

TEST(TwoDarkDiscs, ThePupilInItsIrisIsFoundColdAndTracked) {
  for (const double other_gray : {85.0, 110.0}) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      SyntheticEye eye;
      eye.seed = seed;
      eye.pupil = Ellipse{{105.0, 120.0}, 28.0, 24.0, 0.6};
      eye.spots = {{Ellipse{{245.0, 130.0}, 24.0, 20.0, 1.0}, other_gray, 5.0}};
      const GrayImage image = test::draw(eye);
      EXPECT_LT(distance_px(image, *eye.pupil), 0.5) << other_gray;
      EXPECT_LT(distance_px(image, *eye.pupil, test::prior_at(*eye.pupil)), 0.5) << other_gray;
    }
  }
}

TEST(TwoDarkDiscs, OfTwinsOneIsOutlinedAndThePriorsOneIsKept) {
  SyntheticEye eye;
  eye.pupil = Ellipse{{90.0, 120.0}, 26.0, 24.0, 0.6};
  eye.iris_radius_factor = 2.4;
  SyntheticEye other = eye;
  other.pupil->center_px.x() = 230.0;
  GrayImage image = test::draw(eye);
  const GrayImage right_half = test::draw(other);
  for (int y = 0; y < 240; ++y) std::copy_n(right_half.view().row(y) + 160, 160, image.row(y) + 160);
  EXPECT_LT(std::min(distance_px(image, *eye.pupil), distance_px(image, *other.pupil)), 0.5);
  EXPECT_LT(distance_px(image, *eye.pupil, test::prior_at(*eye.pupil)), 0.5);
  EXPECT_LT(distance_px(image, *other.pupil, test::prior_at(*other.pupil)), 0.5);
}

class CutByTheBorder : public ::testing::TestWithParam<std::pair<double, double>> {};

TEST_P(CutByTheBorder, AQuarterOutsideIsOutlinedColdAndTracked) {
  const Eigen::Vector2d direction(GetParam().first, GetParam().second);
  for (const double radius_px : {25.0, 40.0}) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      SyntheticEye eye = test::eye_cut_by_border(direction, radius_px, 0.25);
      eye.seed = seed;
      const GrayImage image = test::draw(eye);
      EXPECT_LT(distance_px(image, *eye.pupil), 1.0) << "cold, radius " << radius_px;
      EXPECT_LT(distance_px(image, *eye.pupil, test::prior_at(*eye.pupil)), 1.0)
          << "tracked, radius " << radius_px;
    }
  }
}

const std::array<std::string, 4> border_names{"right", "left", "bottom", "top"};

INSTANTIATE_TEST_SUITE_P(Borders, CutByTheBorder,
                         ::testing::Values(std::pair{1.0, 0.0}, std::pair{-1.0, 0.0}, std::pair{0.0, 1.0},
                                           std::pair{0.0, -1.0}),
                         [](const auto& info) { return border_names[info.index]; });

TEST(CornerPupil, APupilInACornerIsOutlined) {
  for (const auto& center : {Eigen::Vector2d(606.0, 34.0), Eigen::Vector2d(34.0, 446.0)}) {
    SyntheticEye eye;
    eye.width_px = 640;
    eye.height_px = 480;
    eye.pupil = Ellipse{center, 40.0, 37.0, 0.5};
    EXPECT_LT(distance_px(test::draw(eye), *eye.pupil), 1.0) << center.transpose();
  }
}

TEST(Exposure, OverExposedSkin) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SyntheticEye eye;
    eye.seed = seed;
    eye.sclera_gray = 300.0;  // clipped at 255
    eye.iris_gray = 140.0;
    eye.pupil_gray = 50.0;
    eye.spots = {{Ellipse{{160.0, -180.0}, 260.0, 200.0, 0.0}, 300.0, 30.0}};
    EXPECT_LT(distance_px(test::draw(eye), *eye.pupil), 0.4);
  }
}

TEST(Exposure, UnderExposed) {
  SyntheticEye eye;
  eye.pupil_gray = 6.0;
  eye.iris_gray = 22.0;
  eye.sclera_gray = 40.0;
  eye.noise_gray = 1.5;
  EXPECT_LT(distance_px(test::draw(eye), *eye.pupil), 0.6);
}

TEST(Exposure, Vignette) {
  for (const double vignette : {0.4, 0.7, 0.9}) {
    SyntheticEye eye;
    eye.vignette = vignette;
    EXPECT_LT(distance_px(test::draw(eye), *eye.pupil), 0.4) << vignette;
    eye.pupil->center_px = {105.0, 90.0};
    EXPECT_LT(distance_px(test::draw(eye), *eye.pupil), 0.5) << vignette;
  }
}

TEST(Exposure, BlackBorders) {
  for (const int border_px : {8, 20, 40}) {
    SyntheticEye eye;
    eye.black_border_px = border_px;
    eye.pupil = Ellipse{{150.0, 118.0}, 30.0, 26.0, 0.6};
    EXPECT_LT(distance_px(test::draw(eye), *eye.pupil), 0.4) << border_px;
  }
}

TEST(Exposure, BlackBordersAndVignetteAndASmallPupil) {
  SyntheticEye eye;
  eye.black_border_px = 16;
  eye.vignette = 0.6;
  eye.pupil = Ellipse{{190.0, 100.0}, 12.0, 11.0, 0.6};
  EXPECT_LT(distance_px(test::draw(eye), *eye.pupil), 0.5);
}

TEST(Interlace, DisplacedFieldsGiveTheMeanPositionOrAMiss) {
  int found = 0;
  int tried = 0;
  for (const auto& shift_px : {Eigen::Vector2d(6.0, 0.0), Eigen::Vector2d(0.0, 6.0),
                               Eigen::Vector2d(4.2, 4.2), Eigen::Vector2d(2.0, 0.0)}) {
    for (const double radius_px : {20.0, 40.0}) {
      for (unsigned seed = 1; seed <= 2; ++seed) {
        SyntheticEye even;
        even.seed = seed;
        even.pupil = Ellipse{{150.0, 115.0}, radius_px, 0.9 * radius_px, 0.4};
        SyntheticEye odd = even;
        odd.pupil->center_px += shift_px;
        Ellipse mean = *even.pupil;
        mean.center_px += 0.5 * shift_px;
        const GrayImage image = test::weave(test::draw(even), test::draw(odd));
        for (const bool tracked : {false, true}) {
          const auto outcome =
              detect(image, tracked ? std::optional(test::prior_at(*even.pupil)) : std::nullopt);
          ++tried;
          if (observation_of(outcome) == nullptr) continue;
          ++found;
          EXPECT_LT(outline_distance_px(observation_of(outcome)->ellipse, mean), 4.0)
              << shift_px.transpose() << " radius " << radius_px << " tracked " << tracked;
        }
      }
    }
  }
  EXPECT_GE(found, tried / 4);  // those displaced by 2 px at least
}

GrayImage image_of(int width_px, int height_px, const std::function<int(int, int)>& level) {
  GrayImage image(width_px, height_px);
  for (int y = 0; y < height_px; ++y)
    for (int x = 0; x < width_px; ++x) image.row(y)[x] = static_cast<std::uint8_t>(level(x, y));
  return image;
}

TEST(NoEye, UniformImages) {
  for (const int gray : {0, 1, 128, 254, 255}) {
    const auto image = image_of(640, 480, [gray](int, int) { return gray; });
    for (const bool tracked : {false, true}) {
      const auto outcome =
          detect(image, tracked ? std::optional(test::prior_at({{320.0, 240.0}, 40.0, 40.0, 0.0}))
                                : std::nullopt);
      EXPECT_EQ(observation_of(outcome), nullptr) << gray;
    }
  }
}

TEST(NoEye, Checkerboards) {
  for (const int square_px : {1, 2, 3, 5, 8, 16, 24, 32, 48, 64, 100}) {
    for (const auto& [dark, bright] : {std::pair{0, 255}, {60, 130}}) {
      const auto image = image_of(640, 480, [&, dark = dark, bright = bright](int x, int y) {
        return (x / square_px + y / square_px) % 2 != 0 ? bright : dark;
      });
      EXPECT_EQ(observation_of(detect(image)), nullptr) << square_px << " px, " << dark << " to " << bright;
    }
  }
}

TEST(SmallestImages, OfTwentyFourPixels) {
  EXPECT_EQ(observation_of(detect(image_of(24, 24, [](int x, int y) { return (x + y) % 2 * 255; }))),
            nullptr);
  EXPECT_EQ(observation_of(detect(image_of(24, 24, [](int x, int) { return 10 * x; }))), nullptr);
  // A pupil in so small an image: its outline or a miss.
  for (const double radius_px : {4.5, 6.0, 7.0}) {
    SyntheticEye eye;
    eye.width_px = 24;
    eye.height_px = 24;
    eye.pupil = Ellipse{{11.5, 12.0}, radius_px, 0.95 * radius_px, 0.3};
    const auto outcome = detect(test::draw(eye));
    if (observation_of(outcome) == nullptr) continue;
    EXPECT_LT(outline_distance_px(observation_of(outcome)->ellipse, *eye.pupil), 1.0) << radius_px;
  }
}

}  // namespace
}  // namespace yarbus::hard_images_test
