#include "app/session/next_prior.h"

#include <memory>

#include <gtest/gtest.h>

#include "eyemodel/fit/predict.h"
#include "eyemodel/geometry/conic.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::next_prior_test {
namespace {

constexpr std::chrono::milliseconds step{33};

struct Seen {
  GazeSample sample;
  Circle3 pupil_in_cam;
};

/// A sample whose observation is exact, with the pose of a model whose eye is `off_mm` beside the true one:
/// of several frames, the one that this model explains worst.
Seen seen_with(const Eigen::Vector3d& off_mm, double confidence) {
  test::SyntheticEye eye;
  eye.noise_px = 0.0;
  const auto data = test::make_frames(eye, 20);
  auto model = std::make_shared<EyeModel>();
  model->stage = FitStage::edge;
  model->intrinsics = eye.intrinsics;
  model->eye_center_in_cam_mm = eye.eye_center_in_cam_mm + off_mm;
  Seen seen;
  seen.sample.model = model;
  for (std::size_t i = 0; i < data.frames.size(); ++i) {
    PupilObservation observation = data.frames[i].observation;
    observation.confidence = confidence;
    const auto pose = predict(*model, observation);
    if (!pose) continue;
    const auto& kept = seen.sample.pose;
    if (kept && pose->reprojection_error_px < kept->reprojection_error_px) continue;
    seen.sample.pose = pose;
    seen.sample.pupil = observation;
    seen.pupil_in_cam = data.pupils_in_cam[i];
  }
  return seen;
}

TEST(NextPrior, OfATrustedObservationIsThatObservation) {
  PupilObservation observation;
  observation.ellipse = {{100.0, 80.0}, 40.0, 40.0, 0.0};
  observation.confidence = 0.7;
  const auto prior = next_prior(PupilOutcome(observation), std::nullopt);
  ASSERT_TRUE(prior.has_value());
  EXPECT_EQ(prior->ellipse.center_px, observation.ellipse.center_px);
  EXPECT_DOUBLE_EQ(prior->covariance_px2(0, 0), 100.0) << "a quarter of 40 px";
  EXPECT_DOUBLE_EQ(prior->covariance_px2(4, 4), 4.0) << "a twentieth";
  EXPECT_DOUBLE_EQ(prior->covariance_px2(0, 1), 0.0);
}

TEST(NextPrior, StaysWhileALidCoversItsPlace) {
  const PupilPrior current{{{100.0, 80.0}, 40.0, 40.0, 0.0}};
  PupilMiss miss;
  for (const double closure : {0.25, 0.45, 0.6, 1.0}) {
    miss.lid_closure = closure;
    const auto kept = next_prior(PupilOutcome(miss), current);
    ASSERT_TRUE(kept.has_value()) << closure;
    EXPECT_EQ(kept->ellipse.center_px, current.ellipse.center_px);
  }
  PupilObservation doubtful;
  doubtful.ellipse = {{150.0, 80.0}, 40.0, 40.0, 0.0};
  doubtful.confidence = 0.5;
  doubtful.lid_closure = 0.4;
  EXPECT_EQ(next_prior(PupilOutcome(doubtful), current)->ellipse.center_px, current.ellipse.center_px);
  doubtful.lid_closure = 0.0;
  EXPECT_FALSE(next_prior(PupilOutcome(doubtful), current).has_value());
  for (const auto& closure : {std::optional<double>(), std::optional(0.0), std::optional(0.1)}) {
    miss.lid_closure = closure;
    EXPECT_FALSE(next_prior(PupilOutcome(miss), current).has_value());
  }
}

TEST(NextPrior, IsAbsentAfterAMissOrADoubtfulPupil) {
  EXPECT_FALSE(next_prior(PupilOutcome(PupilMiss{}), std::nullopt).has_value());
  for (const double confidence : {0.69, 0.0, std::nan("")}) {
    EXPECT_FALSE(next_prior(seen_with({}, confidence).sample, std::nullopt, std::nullopt, step).has_value())
        << confidence;
  }
}

TEST(NextPrior, IsTheModelsPredictionWhereThatAgrees) {
  const Seen seen = seen_with(Eigen::Vector3d::Zero(), 0.9);
  ASSERT_TRUE(seen.sample.pose.has_value());
  const auto prior = next_prior(seen.sample, std::nullopt, std::nullopt, step);
  ASSERT_TRUE(prior.has_value());
  const auto truth = project_circle(seen.pupil_in_cam, seen.sample.model->intrinsics);
  EXPECT_LT(mean_outline_distance_px(prior->ellipse, *truth), 0.01);
  EXPECT_GT(std::abs(prior->covariance_px2(0, 2)), 0.0) << "centre and shape go together";
}

TEST(NextPrior, IsTheObservationWhereTheModelIsWrongAbsentOrTimeUnknown) {
  const auto expect_observation = [](const GazeSample& sample, std::chrono::nanoseconds time) {
    const auto prior = next_prior(sample, std::nullopt, std::nullopt, time);
    ASSERT_TRUE(prior.has_value());
    EXPECT_EQ(prior->ellipse.center_px, sample.observation()->ellipse.center_px);
  };
  const Seen wrong = seen_with({5.0, -5.0, 0.0}, 0.9);
  ASSERT_TRUE(wrong.sample.pose.has_value());
  ASSERT_GT(wrong.sample.pose->reprojection_error_px, 3.0);
  expect_observation(wrong.sample, step);

  Seen right = seen_with(Eigen::Vector3d::Zero(), 0.9);
  expect_observation(right.sample, std::chrono::nanoseconds(0));
  right.sample.pose.reset();
  expect_observation(right.sample, step);
  right.sample.model.reset();
  expect_observation(right.sample, step);
}

}  // namespace
}  // namespace yarbus::next_prior_test
