#include "app/session/truth_errors.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace yarbus::truth_errors_test {
namespace {

/// A sample whose gaze, pupil and outline are off by known amounts.
GazeSample sample_off_by(double gaze_rad, double diameter_mm, double outline_px) {
  auto frame = std::make_shared<Frame>();
  SimulatedTruth& truth = frame->truth.emplace();
  truth.optical_axis_in_cam = -Eigen::Vector3d::UnitZ();
  truth.visual_axis_in_cam = Eigen::Vector3d::UnitX();  // not what is compared
  truth.pupil_in_cam.radius_mm = 2.0;
  truth.pupil_ellipse = {{100.0, 80.0}, 30.0, 20.0, 0.4};
  GazeSample sample;
  sample.frame = frame;
  PupilObservation observation;
  observation.ellipse = truth.pupil_ellipse;
  observation.ellipse.semi_major_px += outline_px;
  observation.ellipse.semi_minor_px += outline_px;
  sample.pupil = observation;
  EyePose pose;
  pose.pupil_in_cam.normal_in_cam = {std::sin(gaze_rad), 0.0, -std::cos(gaze_rad)};
  pose.pupil_in_cam.radius_mm = 2.0 + diameter_mm / 2.0;
  sample.pose = pose;
  return sample;
}

TEST(TruthErrors, AreWhatTheSampleIsOffBy) {
  const auto errors = compare_with_truth(sample_off_by(0.05, -0.3, 1.5));
  EXPECT_NEAR(*errors.gaze_deg, 0.05 * 180.0 / std::numbers::pi, 1e-9);
  EXPECT_NEAR(*errors.pupil_diameter_mm, -0.3, 1e-12) << "estimated minus true";
  EXPECT_NEAR(*errors.ellipse_px, 1.5, 0.01);
}

TEST(TruthErrors, SmallAndLargeAnglesAreExact) {
  for (const double angle_rad : {0.0, 1e-7, 1.0, 3.0}) {
    EXPECT_NEAR(*compare_with_truth(sample_off_by(angle_rad, 0.0, 0.0)).gaze_deg,
                angle_rad * 180.0 / std::numbers::pi, 1e-10);
  }
  EXPECT_NEAR(*compare_with_truth(sample_off_by(0.0, 0.0, 0.0)).ellipse_px, 0.0, 1e-6);
}

TEST(TruthErrors, AreAbsentWhereThereIsNothingToCompare) {
  GazeSample without_model = sample_off_by(0.1, 0.1, 0.1);
  without_model.pose.reset();
  const auto outline_only = compare_with_truth(without_model);
  EXPECT_TRUE(outline_only.ellipse_px);
  EXPECT_FALSE(outline_only.gaze_deg);
  EXPECT_FALSE(outline_only.pupil_diameter_mm);

  GazeSample missed = without_model;
  missed.pupil = PupilMiss{PupilMissReason::blink, 0.1};
  EXPECT_FALSE(compare_with_truth(missed).ellipse_px);

  GazeSample untold = sample_off_by(0.1, 0.1, 0.1);
  untold.frame = std::make_shared<Frame>();
  const auto none = compare_with_truth(untold);
  EXPECT_FALSE(none.gaze_deg || none.ellipse_px || none.pupil_diameter_mm);

  GazeSample unseen = sample_off_by(0.1, 0.1, 0.1);
  auto frame = std::make_shared<Frame>(*unseen.frame);
  frame->truth->pupil_ellipse = {};
  unseen.frame = frame;
  EXPECT_FALSE(compare_with_truth(unseen).ellipse_px);
  EXPECT_TRUE(compare_with_truth(unseen).gaze_deg);
}

}  // namespace
}  // namespace yarbus::truth_errors_test
