// Frames of the simulator, refracted outlines, blur and noise: what the refinement is off by, in px.
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "eyemodel/simulation/simulated_eye.h"
#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/outline_refinement.h"

namespace yarbus::simulated_outline_test {
namespace {

/// Mean errors over frames whose pupil is whole. Over many subjects, because the iris next to the pupil moves
/// all of one subject's edges alike.
struct Bias {
  double diameter_px = 0.0;
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  double distance_px = 0.0;  ///< mean of the largest distance between the outlines
  int frames = 0;
};

Bias refine_frames(const std::string& scenario, int subjects, int frames_each) {
  Bias bias;
  for (int subject = 0; subject < subjects; ++subject) {
    auto eye = simulation::SimulatedEye::create(scenario, static_cast<std::uint64_t>(501 + subject));
    EXPECT_TRUE(eye.has_value());
    GrayImage image;
    SimulatedTruth truth;
    for (int frame = 0; frame < frames_each; ++frame) {
      eye->render(static_cast<std::uint64_t>(7 * frame), image, truth);
      if (truth.visible_fraction < 0.98 || truth.is_saccade) continue;
      Ellipse start = truth.pupil_ellipse;
      const double off_px = std::min(2.0, 0.1 * start.semi_minor_px);
      start.center_px += off_px * Eigen::Vector2d(std::cos(frame), std::sin(frame));
      OutlineShape shape = OutlineShape::from(start);
      OutlineMeasurement measurement;
      EXPECT_TRUE(refine_outline(image.view(), shape, 6.0, 2, 128, 0.8F, measurement)) << scenario << subject;
      const Ellipse found = shape.to_ellipse();
      bias.diameter_px +=
          2.0 * (std::sqrt(found.semi_major_px * found.semi_minor_px) -
                 std::sqrt(truth.pupil_ellipse.semi_major_px * truth.pupil_ellipse.semi_minor_px));
      bias.center_px += found.center_px - truth.pupil_ellipse.center_px;
      bias.distance_px += test::outline_distance_px(found, truth.pupil_ellipse);
      ++bias.frames;
    }
  }
  if (bias.frames > 0) {
    bias.diameter_px /= bias.frames;
    bias.center_px /= bias.frames;
    bias.distance_px /= bias.frames;
  }
  return bias;
}

TEST(SimulatedOutline, HasNoBiasInAnyScenario) {
  struct Case {
    std::string scenario;
    int subjects;
    double max_mean_distance_px;
  };
  for (const Case& item : {Case{"easy", 6, 0.1}, Case{"low-contrast", 8, 0.25}, Case{"noisy-far", 12, 0.3}}) {
    const Bias bias = refine_frames(item.scenario, item.subjects, 4);
    ASSERT_GE(bias.frames, 15) << item.scenario;
    EXPECT_LE(std::abs(bias.diameter_px), 0.05) << item.scenario;
    EXPECT_LE(std::abs(bias.center_px.x()), 0.05) << item.scenario;
    EXPECT_LE(std::abs(bias.center_px.y()), 0.05) << item.scenario;
    EXPECT_LE(bias.distance_px, item.max_mean_distance_px) << item.scenario;
  }
}

TEST(SimulatedOutline, AForecastCompletesPupilsUnderLids) {
  // Frames of drooping lids, 40 to 80 % visible; the forecast knows the shape and is 2 px off in place.
  double guided = 0.0;
  int frames = 0;
  for (int subject = 0; subject < 3; ++subject) {
    auto eye = simulation::SimulatedEye::create("droopy", static_cast<std::uint64_t>(501 + subject));
    ASSERT_TRUE(eye.has_value());
    GrayImage image;
    SimulatedTruth truth;
    for (int frame = 0; frame < 20; ++frame) {
      eye->render(static_cast<std::uint64_t>(5 * frame), image, truth);
      if (truth.visible_fraction < 0.4 || truth.visible_fraction > 0.8 || truth.is_saccade) continue;
      PupilPrior prior;
      prior.ellipse = truth.pupil_ellipse;
      prior.ellipse.center_px += 2.0 * Eigen::Vector2d(std::cos(frame), std::sin(frame));
      prior.covariance_px2.setZero();
      prior.covariance_px2.diagonal() << 4.0, 4.0, 0.04, 0.04, 0.04;
      OutlineShape shape = OutlineShape::from(prior.ellipse);
      OutlineMeasurement measurement;
      ASSERT_TRUE(refine_outline(image.view(), shape, 7.0, 2, 128, 0.8F, measurement, &prior));
      guided += test::outline_distance_px(shape.to_ellipse(), truth.pupil_ellipse);
      ++frames;
    }
  }
  ASSERT_GE(frames, 8);
  EXPECT_LT(guided / frames, 0.4);
}

}  // namespace
}  // namespace yarbus::simulated_outline_test
