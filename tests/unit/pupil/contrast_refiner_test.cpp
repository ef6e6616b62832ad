#include "eyemodel/types/angle.h"
#include "tracker/pupil/contrast_refiner.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::contrast_refiner_test {
namespace {


/// An observation with edge points on an outline, in [first, last] of a turn of its parameter.
PupilObservation on(const Ellipse& ellipse, double first = 0.0, double last = 1.0) {
  PupilObservation observation;
  observation.ellipse = ellipse;
  observation.confidence = 0.9;
  constexpr int points = 128;
  for (int i = 0; i < points; ++i) {
    const double turn = first + (last - first) * (i + 0.5) / points;
    observation.edge_points.push_back({ellipse.point_at(two_pi * turn).cast<float>(), 0.2F});
  }
  return observation;
}

TEST(ContrastRefiner, MovesADisplacedOutlineToTheTruth) {
  test::SyntheticEye eye;
  ContrastRefiner refiner;
  for (const Eigen::Vector2d& shift : {Eigen::Vector2d(0.7, 0.0), Eigen::Vector2d(-0.4, 0.5)}) {
    for (const double growth_px : {-0.5, 0.0, 0.5}) {
      eye.seed += 1;
      const GrayImage image = test::draw(eye);
      PupilObservation observation = on(*eye.pupil);
      Ellipse& start = observation.ellipse;
      start.center_px += shift;
      start.semi_major_px += growth_px;
      start.semi_minor_px += growth_px;
      const double before_px = test::outline_distance_px(start, *eye.pupil);
      ASSERT_TRUE(refiner.refine(image.view(), observation));
      const double after_px = test::outline_distance_px(observation.ellipse, *eye.pupil);
      EXPECT_LT(after_px, 0.5 * before_px) << shift.transpose() << ' ' << growth_px;
    }
  }
}

TEST(ContrastRefiner, HasNoBiasInSizeOrPosition) {
  ContrastRefiner refiner;
  double size_px = 0.0;
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  constexpr int draws = 12;
  for (int i = 0; i < draws; ++i) {
    test::SyntheticEye eye;
    eye.seed = static_cast<unsigned>(i + 1);
    eye.noise_gray = 5.0;
    eye.pupil->center_px += Eigen::Vector2d(0.13 * i, 0.29 * i);
    PupilObservation observation = on(*eye.pupil);
    ASSERT_TRUE(refiner.refine(test::draw(eye).view(), observation));
    center_px += (observation.ellipse.center_px - eye.pupil->center_px) / draws;
    size_px += (observation.ellipse.semi_major_px + observation.ellipse.semi_minor_px -
                eye.pupil->semi_major_px - eye.pupil->semi_minor_px) /
               draws;
  }
  EXPECT_NEAR(size_px, 0.0, 0.08) << "mean diameter";
  EXPECT_LT(center_px.norm(), 0.05);
}

TEST(ContrastRefiner, WhatIsBeforeTheHiddenPartHasNoSay) {
  test::SyntheticEye eye;
  eye.pupil = Ellipse{{160.0, 120.0}, 40.0, 38.0, 0.0};
  const GrayImage open = test::draw(eye);
  eye.lid_y_px = 90.0;
  const GrayImage covered = test::draw(eye);
  // Edges from a little below the lid's edge round the lower part: parameters 0..0.5 are below the centre.
  PupilObservation a = on(*eye.pupil, -0.08, 0.58);
  a.ellipse = {{160.3, 119.8}, 40.2, 37.9, 0.0};
  PupilObservation b = a;
  ContrastRefiner refiner;
  ASSERT_TRUE(refiner.refine(open.view(), a));
  ASSERT_TRUE(refiner.refine(covered.view(), b));
  EXPECT_EQ(a.ellipse.center_px, b.ellipse.center_px);
  EXPECT_EQ(a.ellipse.semi_major_px, b.ellipse.semi_major_px);
  EXPECT_LT(test::outline_distance_px(b.ellipse, *eye.pupil), 0.4);
}

TEST(ContrastRefiner, LeavesTheOutlineWhereItCannotTell) {
  const test::SyntheticEye eye;
  const GrayImage image = test::draw(eye);
  ContrastRefiner refiner;
  const auto is_left = [&](PupilObservation observation, GrayView view) {
    const Ellipse before = observation.ellipse;
    const bool moved = refiner.refine(view, observation);
    return !moved && before.center_px == observation.ellipse.center_px &&
           before.semi_major_px == observation.ellipse.semi_major_px;
  };
  EXPECT_TRUE(is_left(on(*eye.pupil, 0.0, 0.4), image.view())) << "less than half of the outline";
  test::SyntheticEye blank;
  blank.pupil.reset();
  blank.noise_gray = 0.0;
  EXPECT_TRUE(is_left(on(*eye.pupil), test::draw(blank).view())) << "no contrast";
  PupilObservation against = on({{160.6, 119.6}, 40.0, 34.0, 0.6});
  EXPECT_TRUE(is_left(against, image.view())) << "the edges speak against it";
  EXPECT_TRUE(is_left(on({{160.0, 120.0}, 2.0, 1.5, 0.0}), image.view())) << "too few pixels";
  EXPECT_TRUE(is_left(on({{-400.0, 9000.0}, 20.0, 15.0, 0.0}), image.view())) << "off the image";
  PupilObservation broken;
  broken.ellipse = {{std::nan(""), 0.0}, 20.0, 15.0, 0.0};
  EXPECT_FALSE(refiner.refine(image.view(), broken));
}

TEST(ContrastRefiner, NothingMovesFurtherThanItsBound) {
  ContrastRefiner refiner;
  int left = 0;
  int moved = 0;
  for (const double radius_px : {5.0, 8.0, 40.0}) {
    test::SyntheticEye eye;
    eye.pupil = Ellipse{{160.0, 120.0}, radius_px, 0.95 * radius_px, 0.3};
    const GrayImage image = test::draw(eye);
    const double bound_px = std::min(2.0, 0.25 * 0.95 * radius_px);
    for (const double shift_px : {0.6, 1.0, 1.4}) {
      PupilObservation observation = on(*eye.pupil);
      observation.ellipse.center_px.x() += shift_px;
      const Ellipse start = observation.ellipse;
      const bool is_moved = refiner.refine(image.view(), observation);
      EXPECT_LE(test::outline_distance_px(observation.ellipse, start), bound_px + 1e-3)
          << radius_px << ' ' << shift_px;
      if (!is_moved) EXPECT_EQ(observation.ellipse.center_px, start.center_px);
      (is_moved ? moved : left) += 1;
    }
  }
  EXPECT_GT(left, 0) << "the small pupil's best place is beyond its bound";
  EXPECT_GT(moved, 0);
}

TEST(ContrastRefiner, TheDetectorUsesItOnlyWhenAskedTo) {
  test::SyntheticEye eye;
  eye.noise_gray = 4.0;
  const GrayImage image = test::draw(eye);
  PupilDetectorOptions options;
  PupilDetector plain(options);
  options.refine_by_contrast = true;
  PupilDetector refining(options);
  const auto a = plain.detect(image.view());
  const auto b = refining.detect(image.view());
  const auto* without = std::get_if<PupilObservation>(&a);
  const auto* with = std::get_if<PupilObservation>(&b);
  ASSERT_TRUE(without && with);
  EXPECT_NE(without->ellipse.center_px, with->ellipse.center_px);
  EXPECT_EQ(without->confidence, with->confidence);
  EXPECT_LT(test::outline_distance_px(with->ellipse, *eye.pupil), 0.3);
  PupilObservation by_hand = *without;
  ContrastRefiner refiner;
  ASSERT_TRUE(refiner.refine(image.view(), by_hand));
  EXPECT_EQ(by_hand.ellipse.center_px, with->ellipse.center_px);
}

}  // namespace
}  // namespace yarbus::contrast_refiner_test
