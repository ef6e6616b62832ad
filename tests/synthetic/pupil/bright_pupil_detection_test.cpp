// Eyes lit on the camera's axis: the pupil is the brightest part of the eye but for the reflection in it.
#include <string>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::bright_pupil_detection_test {
namespace {

using test::SyntheticEye;

SyntheticEye bright_eye() {
  SyntheticEye eye;
  eye.pupil_gray = 215.0;
  eye.iris_gray = 85.0;
  eye.sclera_gray = 130.0;
  eye.lid_gray = 120.0;
  eye.noise_gray = 3.0;
  eye.glints = {{{158.0, 117.0}, 4.0}};
  return eye;
}

struct Case {
  std::string name;
  SyntheticEye eye;
  double max_distance_px;
};

SyntheticEye with(void (*change)(SyntheticEye&)) {
  SyntheticEye eye = bright_eye();
  change(eye);
  return eye;
}

std::vector<Case> cases() {
  return {
      {"plain", bright_eye(), 0.4},
      {"without_a_glint", with([](SyntheticEye& e) { e.glints.clear(); }), 0.4},
      {"glint_on_the_edge", with([](SyntheticEye& e) {
         e.glints = {{e.pupil->point_at(0.7), 4.0}};
       }),
       0.5},
      {"two_glints_on_the_edge", with([](SyntheticEye& e) {
         e.glints = {{e.pupil->point_at(0.2), 3.0}, {e.pupil->point_at(2.5), 4.0}};
       }),
       0.5},
      {"blurred_glint_on_the_edge", with([](SyntheticEye& e) {
         e.blur_sigma_px = 1.5;
         e.glints = {{e.pupil->point_at(4.0), 4.5}};
       }),
       0.6},
      {"saturated_pupil", with([](SyntheticEye& e) {
         e.pupil_gray = 255.0;
         e.glints.clear();
       }),
       0.5},
      {"small", with([](SyntheticEye& e) {
         e.pupil = Ellipse{{170.4, 100.2}, 10.0, 9.0, 1.0};
         e.glints = {{{171.0, 98.0}, 2.0}};
       }),
       0.5},
      {"noisy", with([](SyntheticEye& e) { e.noise_gray = 9.0; }), 0.7},
      {"lid_cut", with([](SyntheticEye& e) {
         e.pupil = Ellipse{{160.0, 120.0}, 38.0, 36.0, 0.0};
         e.lid_y_px = 103.0;
       }),
       2.0},
  };
}

PupilDetectorOptions options_for_bright() {
  PupilDetectorOptions options;
  options.bright_pupil = true;
  return options;
}

class BrightPupil : public ::testing::TestWithParam<Case> {};

TEST_P(BrightPupil, OutlineIsWithinTolerance) {
  const auto& [name, eye, max_distance_px] = GetParam();
  PupilDetector detector{options_for_bright()};
  for (unsigned seed = 1; seed <= 5; ++seed) {
    SyntheticEye variant = eye;
    variant.seed = seed;
    const Eigen::Vector2d shift_px(0.23 * seed, -0.37 * seed);
    variant.pupil->center_px += shift_px;
    for (auto& glint : variant.glints) glint.center_px += shift_px;
    const auto outcome = detector.detect(test::draw(variant).view());
    const auto* found = std::get_if<PupilObservation>(&outcome);
    ASSERT_TRUE(found) << name << " seed " << seed << ": " << to_string(std::get<PupilMiss>(outcome).reason);
    EXPECT_LE(test::outline_distance_px(found->ellipse, *variant.pupil), max_distance_px)
        << name << " seed " << seed;
    for (const auto& edge : found->edge_points) {
      const Eigen::Vector2d offset = edge.position_px.cast<double>() - variant.pupil->center_px;
      const double u = offset.dot(variant.pupil->major_axis()) / variant.pupil->semi_major_px;
      const double v = offset.dot(variant.pupil->minor_axis()) / variant.pupil->semi_minor_px;
      EXPECT_NEAR(std::hypot(u, v), 1.0, 0.02 + 2.5 / variant.pupil->semi_minor_px);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Eyes, BrightPupil, ::testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

TEST(BrightPupilOption, EachKindOfPupilNeedsItsOwn) {
  const GrayImage bright = test::draw(bright_eye());
  const GrayImage dark = test::draw(SyntheticEye{});
  const auto distance_px = [](const GrayImage& image, const PupilDetectorOptions& options) {
    PupilDetector detector{options};
    const auto outcome = detector.detect(image.view());
    const auto* found = std::get_if<PupilObservation>(&outcome);
    return found != nullptr ? test::outline_distance_px(found->ellipse, *SyntheticEye{}.pupil) : 1e9;
  };
  EXPECT_LT(distance_px(bright, options_for_bright()), 0.5);
  EXPECT_LT(distance_px(dark, {}), 0.5);
  EXPECT_GT(distance_px(bright, {}), 10.0);
  EXPECT_GT(distance_px(dark, options_for_bright()), 10.0);
}

TEST(BrightPupilOption, WithoutReflectionsItIsTheInvertedImageExactly) {
  SyntheticEye eye;
  eye.noise_gray = 4.0;
  const GrayImage dark = test::draw(eye);
  GrayImage bright(dark.width_px(), dark.height_px());
  for (int k = 0; k < dark.width_px() * dark.height_px(); ++k)
    bright.data()[k] = static_cast<std::uint8_t>(255 - dark.data()[k]);
  PupilDetector detector{PupilDetectorOptions{}};
  PupilDetector bright_detector{options_for_bright()};
  const auto a = detector.detect(dark.view());
  const auto b = bright_detector.detect(bright.view());
  ASSERT_TRUE(std::holds_alternative<PupilObservation>(a) && std::holds_alternative<PupilObservation>(b));
  EXPECT_EQ(std::get<PupilObservation>(a).ellipse.center_px, std::get<PupilObservation>(b).ellipse.center_px);
  EXPECT_EQ(std::get<PupilObservation>(a).confidence, std::get<PupilObservation>(b).confidence);
}

}  // namespace
}  // namespace yarbus::bright_pupil_detection_test
