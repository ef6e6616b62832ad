#include "tracker/pupil/pupil_detector.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detection_trace.h"

namespace yarbus::pupil_detector_test {
namespace {

const PupilObservation* observation_of(const PupilOutcome& outcome) {
  return std::get_if<PupilObservation>(&outcome);
}

TEST(PupilDetectorOptions, DefaultsAreValidAndViolationsAreNamed) {
  EXPECT_TRUE(PupilDetectorOptions{}.validate());
  PupilDetectorOptions options;
  options.min_presence = std::numeric_limits<double>::quiet_NaN();
  options.seed = 0;
  const auto result = options.validate();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("min_presence"), std::string::npos);
  EXPECT_NE(result.error().message.find("seed"), std::string::npos);
  options = {};
  options.min_radius_fraction = 0.4;
  EXPECT_FALSE(options.validate());
  EXPECT_THROW(PupilDetector{options}, CheckFailure);
}

TEST(PupilDetector, SameInputGivesTheSameBytes) {
  test::SyntheticEye eye;
  eye.lashes = 5;
  eye.noise_gray = 6.0;
  const GrayImage image = test::draw(eye);
  PupilDetector first{PupilDetectorOptions{}};
  PupilDetector second{PupilDetectorOptions{}};
  second.detect(test::draw(test::SyntheticEye{}).view());  // what a detector saw before must not matter
  const auto a = first.detect(image.view());
  const auto b = second.detect(image.view());
  ASSERT_TRUE(observation_of(a));
  ASSERT_TRUE(observation_of(b));
  EXPECT_EQ(observation_of(a)->ellipse.center_px, observation_of(b)->ellipse.center_px);
  EXPECT_EQ(observation_of(a)->ellipse.semi_major_px, observation_of(b)->ellipse.semi_major_px);
  EXPECT_EQ(observation_of(a)->ellipse.angle_rad, observation_of(b)->ellipse.angle_rad);
  EXPECT_EQ(observation_of(a)->confidence, observation_of(b)->confidence);
  EXPECT_EQ(observation_of(a)->edge_points.size(), observation_of(b)->edge_points.size());
}

TEST(PupilDetector, RespectsTheRowStride) {
  const GrayImage image = test::draw(test::SyntheticEye{});
  GrayImage wide(image.width_px() + 13, image.height_px());
  for (int y = 0; y < image.height_px(); ++y) {
    std::fill_n(wide.row(y), wide.width_px(), std::uint8_t{0});
    std::copy_n(image.view().row(y), image.width_px(), wide.row(y));
  }
  PupilDetector detector{PupilDetectorOptions{}};
  const auto a = detector.detect(image.view());
  const auto b = detector.detect({wide.data(), image.width_px(), image.height_px(), wide.width_px()});
  ASSERT_TRUE(observation_of(a));
  ASSERT_TRUE(observation_of(b));
  EXPECT_EQ(observation_of(a)->ellipse.center_px, observation_of(b)->ellipse.center_px);
}

TEST(PupilDetector, EdgePointsLieOnTheOutlineAndHaveAScale) {
  test::SyntheticEye eye;
  const GrayImage image = test::draw(eye);
  PupilDetector detector{PupilDetectorOptions{}};
  const auto outcome = detector.detect(image.view());
  ASSERT_TRUE(observation_of(outcome));
  ASSERT_GT(observation_of(outcome)->edge_points.size(), 80U);
  for (const auto& edge : observation_of(outcome)->edge_points) {
    const Eigen::Vector2d offset = edge.position_px.cast<double>() - eye.pupil->center_px;
    const double u = offset.dot(eye.pupil->major_axis()) / eye.pupil->semi_major_px;
    const double v = offset.dot(eye.pupil->minor_axis()) / eye.pupil->semi_minor_px;
    EXPECT_NEAR(std::hypot(u, v), 1.0, 0.06);
    EXPECT_GT(edge.sigma_px, 0.0F);
    EXPECT_LT(edge.sigma_px, 1.0F);
  }
}

TEST(PupilDetector, TheTraceIsFilledOnlyWhenAskedForAndStartsAfresh) {
  const GrayImage image = test::draw(test::SyntheticEye{});
  PupilDetector detector{PupilDetectorOptions{}};
  PupilDetectionTrace trace;
  detector.detect(image.view(), std::nullopt, &trace);
  EXPECT_FALSE(trace.candidates.empty());
  EXPECT_FALSE(trace.ray_edges_px.empty());
  ASSERT_FALSE(trace.hypotheses.empty());
  const auto count = trace.hypotheses.size();
  detector.detect(image.view(), std::nullopt, &trace);
  EXPECT_EQ(trace.hypotheses.size(), count);
}

TEST(PupilDetector, AWrongPriorNeitherCreatesNorDisplacesAPupil) {
  test::SyntheticEye eye;
  const GrayImage image = test::draw(eye);
  PupilDetector detector{PupilDetectorOptions{}};
  for (const Ellipse& prior :
       {Ellipse{{60.0, 60.0}, 30.0, 30.0, 0.0}, Ellipse{{160.0, 120.0}, 80.0, 68.0, 0.6},
        Ellipse{{-500.0, 9000.0}, 30.0, 20.0, 0.0}, Ellipse{{std::nan(""), 0.0}, 1.0, 1.0, 0.0}}) {
    const auto outcome = detector.detect(image.view(), PupilPrior{prior});
    ASSERT_TRUE(observation_of(outcome));
    EXPECT_LT(test::outline_distance_px(observation_of(outcome)->ellipse, *eye.pupil), 0.5);
  }
  test::SyntheticEye blank;
  blank.pupil.reset();
  EXPECT_FALSE(observation_of(detector.detect(test::draw(blank).view(), PupilPrior{*eye.pupil})));
}

TEST(PupilDetector, ALidOverTheLastPupilIsABlink) {
  test::SyntheticEye eye;
  eye.lid_y_px = 175.0;
  eye.lashes = 7;
  PupilDetector detector{PupilDetectorOptions{}};
  const auto outcome = detector.detect(test::draw(eye).view(), PupilPrior{*eye.pupil});
  const auto* miss = std::get_if<PupilMiss>(&outcome);
  ASSERT_TRUE(miss);
  EXPECT_EQ(miss->reason, PupilMissReason::blink);
}

TEST(PupilDetector, SurvivesDegenerateImages) {
  PupilDetector detector{PupilDetectorOptions{}};
  EXPECT_FALSE(observation_of(detector.detect({})));
  for (const auto& [width, height] : {std::pair{1, 1},
                                      {32, 32},
                                      {24, 24},
                                      {23, 400},
                                      {400, 24},
                                      {2000, 30},
                                      {31, 1000},
                                      {640, 480},
                                      {1921, 1081}}) {
    GrayImage image(width, height);
    for (const int kind : {0, 1, 2, 3}) {
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          image.row(y)[x] = kind == 0   ? 0
                            : kind == 1 ? 255
                            : kind == 2 ? ((x + y) % 2 != 0 ? 255 : 0)
                                        : (x % 2 != 0 ? 255 : 0);
      EXPECT_FALSE(observation_of(detector.detect(image.view())))
          << width << 'x' << height << " kind " << kind;
      EXPECT_FALSE(
          observation_of(detector.detect(image.view(), PupilPrior{Ellipse{{5.0, 5.0}, 4.0, 4.0, 0.0}})));
    }
  }
}

}  // namespace
}  // namespace yarbus::pupil_detector_test
