// Drawn eyes with known outlines: how near the detector comes, in px.
#include <string>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::rendered_pupil_test {
namespace {

using test::SyntheticEye;

struct Case {
  std::string name;
  SyntheticEye eye;
  double max_distance_px;
};

SyntheticEye with(void (*change)(SyntheticEye&)) {
  SyntheticEye eye;
  change(eye);
  return eye;
}

std::vector<Case> cases() {
  return {
      {"plain", {}, 0.25},
      {"small", with([](SyntheticEye& e) {
         e.pupil = Ellipse{{170.4, 100.2}, 9.0, 8.0, 1.0};
       }),
       0.4},
      {"large", with([](SyntheticEye& e) {
         e.pupil = Ellipse{{150.0, 125.0}, 62.0, 55.0, 0.2};
         e.iris_radius_factor = 1.4;
       }),
       0.3},
      {"oblique", with([](SyntheticEye& e) {
         e.pupil = Ellipse{{200.0, 120.0}, 36.0, 21.0, 1.4};
       }),
       0.3},
      {"noisy", with([](SyntheticEye& e) { e.noise_gray = 10.0; }), 0.6},
      {"blurred", with([](SyntheticEye& e) { e.blur_sigma_px = 2.5; }), 0.4},
      {"dark_iris", with([](SyntheticEye& e) { e.iris_gray = 45.0; }), 0.5},
      {"bright_pupil_background", with([](SyntheticEye& e) {
         e.pupil_gray = 60.0;
         e.iris_gray = 110.0;
       }),
       0.4},
      {"glints_on_edge", with([](SyntheticEye& e) {
         e.glints = {{{195.0, 130.0}, 7.0}, {{140.0, 148.0}, 5.0}, {{160.0, 120.0}, 5.0}};
       }),
       0.4},
      {"lashes", with([](SyntheticEye& e) { e.lashes = 5; }), 0.8},
      {"lid_cut", with([](SyntheticEye& e) {
         e.pupil = Ellipse{{160.0, 120.0}, 38.0, 36.0, 0.0};
         e.lid_y_px = 103.0;
       }),
       2.0},
      {"image_border", with([](SyntheticEye& e) {
         e.pupil = Ellipse{{300.0, 120.0}, 35.0, 30.0, 1.57};
       }),
       1.0},
  };
}

class RenderedPupil : public ::testing::TestWithParam<Case> {};

TEST_P(RenderedPupil, OutlineIsWithinTolerance) {
  const auto& [name, eye, max_distance_px] = GetParam();
  PupilDetector detector{PupilDetectorOptions{}};
  for (unsigned seed = 1; seed <= 5; ++seed) {
    SyntheticEye variant = eye;
    variant.seed = seed;
    variant.pupil->center_px += Eigen::Vector2d(0.23 * seed, -0.37 * seed);
    const auto outcome = detector.detect(test::draw(variant).view());
    const auto* found = std::get_if<PupilObservation>(&outcome);
    ASSERT_TRUE(found) << name << " seed " << seed << ": " << to_string(std::get<PupilMiss>(outcome).reason)
                       << ' ' << std::get<PupilMiss>(outcome).best_confidence;
    EXPECT_LE(test::outline_distance_px(found->ellipse, *variant.pupil), max_distance_px)
        << name << " seed " << seed;
    EXPECT_GE(found->confidence, 0.5);
    EXPECT_LE(found->confidence, 1.0);
  }
}

INSTANTIATE_TEST_SUITE_P(Eyes, RenderedPupil, ::testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

TEST(RenderedPupilSizes, ScalesWithTheImage) {
  SyntheticEye eye;
  eye.width_px = 960;
  eye.height_px = 720;
  eye.pupil = Ellipse{{500.5, 350.25}, 90.0, 80.0, 0.4};
  PupilDetector detector{PupilDetectorOptions{}};
  const auto outcome = detector.detect(test::draw(eye).view());
  const auto* found = std::get_if<PupilObservation>(&outcome);
  ASSERT_TRUE(found);
  EXPECT_LE(test::outline_distance_px(found->ellipse, *eye.pupil), 0.4);
  EXPECT_GT(found->confidence, 0.9);
}

TEST(RenderedPupilConfidence, FallsAsTheLidComesDown) {
  PupilDetector detector{PupilDetectorOptions{}};
  double previous = 1.01;
  for (const double lid_y_px : {0.0, 105.0, 125.0, 150.0}) {
    SyntheticEye eye;
    eye.lid_y_px = lid_y_px;
    const double confidence = confidence_of(detector.detect(test::draw(eye).view()));
    EXPECT_LE(confidence, previous + 0.05) << lid_y_px;
    previous = confidence;
  }
  EXPECT_LT(previous, 0.5);
}

}  // namespace
}  // namespace yarbus::rendered_pupil_test
