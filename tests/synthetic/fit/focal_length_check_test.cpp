#include "eyemodel/fit/focal_length_check.h"

#include <gtest/gtest.h>

namespace yarbus::focal_length_check_test {
namespace {

EyeModel settled_model(double distance_mm) {
  EyeModel model;
  model.stage = FitStage::refraction;
  model.intrinsics = CameraIntrinsics::assumed_for(640, 480);
  model.eye_center_in_cam_mm = {0.0, 0.0, distance_mm};
  model.covariance_mm2.diagonal().setConstant(1.0);
  model.report.frames_used = 100;
  return model;
}

TEST(FocalLengthCheck, AnEyeTooNearSaysWhatFocalLengthWouldDo) {
  const auto doubt = doubt_focal_length(settled_model(16.0));
  ASSERT_TRUE(doubt.has_value());
  EXPECT_DOUBLE_EQ(doubt->eye_distance_mm, 16.0);
  // The image of the same eye at 25 mm is as large if the focal length grows likewise.
  EXPECT_DOUBLE_EQ(doubt->nearest_focal_px, 640.0 * 25.0 / 16.0);
  EXPECT_DOUBLE_EQ(doubt->farthest_focal_px, 640.0 * 60.0 / 16.0);
  EXPECT_NE(doubt->to_text().find("640 px"), std::string::npos) << doubt->to_text();
  EXPECT_NE(doubt->to_text().find("16 mm"), std::string::npos) << doubt->to_text();
}

TEST(FocalLengthCheck, AUsualDistanceIsNotDoubted) {
  EXPECT_FALSE(doubt_focal_length(settled_model(35.0)).has_value());
  EXPECT_TRUE(doubt_focal_length(settled_model(200.0)).has_value());
}

TEST(FocalLengthCheck, AVagueDistanceProvesNothing) {
  EyeModel vague = settled_model(16.0);
  vague.covariance_mm2(2, 2) = 25.0;
  EXPECT_FALSE(doubt_focal_length(vague).has_value());
  EyeModel young = settled_model(16.0);
  young.report.frames_used = 5;
  EXPECT_FALSE(doubt_focal_length(young).has_value());
}

TEST(FocalLengthCheck, AGivenFocalLengthIsTheUsersWord) {
  EyeModel given = settled_model(16.0);
  given.intrinsics.is_assumed = false;
  EXPECT_FALSE(doubt_focal_length(given).has_value());
}

}  // namespace
}  // namespace yarbus::focal_length_check_test
