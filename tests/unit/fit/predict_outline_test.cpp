#include "eyemodel/fit/predict_outline.h"

#include <cmath>
#include <limits>
#include <random>

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

#include "eyemodel/fit/predict.h"
#include "eyemodel/fit/pupil_outline.h"
#include "eyemodel/geometry/conic.h"
#include "eyemodel/types/angle.h"
#include "tests/support/gradient_check.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::predict_outline_test {
namespace {

using Vector5 = Eigen::Matrix<double, 5, 1>;

Vector5 vector_of(const Ellipse& ellipse) {
  const OutlineShape shape = OutlineShape::from(ellipse);
  Vector5 vector;
  vector << shape.center_px, shape.s_xx_px, shape.s_xy_px, shape.s_yy_px;
  return vector;
}

Ellipse ellipse_of(const Vector5& v) { return OutlineShape{v.head<2>(), v[2], v[3], v[4]}.to_ellipse(); }

EyeModel model_of(const test::SyntheticEye& eye, bool with_lens = false) {
  EyeModel model;
  model.stage = FitStage::edge;
  model.intrinsics = eye.intrinsics;
  if (with_lens) model.intrinsics.distortion = {-0.25, 0.08, 0.002, -0.001, 0.0};
  model.eye_center_in_cam_mm = eye.eye_center_in_cam_mm;
  model.eyeball_radius_mm = eye.eyeball_radius_mm;
  return model;
}

Circle3 disc_of(const EyeModel& model, const Eigen::Vector3d& gaze, double radius_mm) {
  return {model.eye_center_in_cam_mm + model.eyeball_radius_mm * gaze, gaze, radius_mm};
}

/// What predict() gives for a pupil that the model explains exactly.
EyePose pose_of(const EyeModel& model, const Eigen::Vector3d& gaze, double radius_mm) {
  EyePose pose;
  pose.eye_center_in_cam_mm = model.eye_center_in_cam_mm;
  pose.eyeball_radius_mm = model.eyeball_radius_mm;
  pose.pupil_in_cam = disc_of(model, gaze, radius_mm);
  pose.reprojected_ellipse = project_circle(pose.pupil_in_cam, model.intrinsics).value();
  return pose;
}

/// Mean distance of an ellipse to the disc's outline, its points seen one by one through the whole camera.
double distance_to_true_outline_px(const Ellipse& ellipse, const EyeModel& model, const Circle3& disc) {
  constexpr int points = 90;
  const Conic conic = conic_from_ellipse(ellipse);
  double sum = 0.0;
  for (int i = 0; i < points; ++i) {
    const auto point = model.intrinsics.project(point_on_circle(disc, 2.0 * std::numbers::pi * i / points));
    sum += std::abs(sampson_distance_px(conic, point));
  }
  return sum / points;
}

Eigen::Vector3d turned(const Eigen::Vector3d& gaze, double u_rad, double v_rad) {
  return PupilChart::about(gaze).gaze_at(u_rad, v_rad, 1.0);
}

class ProjectOutline : public testing::TestWithParam<bool> {};

TEST_P(ProjectOutline, FollowsTheTruePointsWhenTheEyeMoves) {
  const test::SyntheticEye eye;
  const EyeModel model = model_of(eye, GetParam());
  const Eigen::Vector3d gaze = eye.mean_gaze_in_cam.normalized();
  const auto outline = project_outline(model, gaze, 1.8);
  ASSERT_TRUE(outline.has_value());
  EXPECT_LT(distance_to_true_outline_px(outline->captured, model, disc_of(model, gaze, 1.8)), 0.02);
  const double turn = 0.5 * rad_per_deg;
  for (const Eigen::Vector3d& motion :
       {Eigen::Vector3d(turn, 0.0, 0.0), Eigen::Vector3d(0.0, -turn, 0.0), Eigen::Vector3d(0.0, 0.0, 0.08),
        Eigen::Vector3d(-turn, turn, -0.05)}) {
    const Circle3 moved = disc_of(model, turned(gaze, motion.x(), motion.y()), 1.8 + motion.z());
    const Ellipse expected = ellipse_of(vector_of(outline->captured) + outline->by_motion * motion);
    EXPECT_LT(distance_to_true_outline_px(expected, model, moved), 0.03) << motion.transpose();
    EXPECT_GT(distance_to_true_outline_px(outline->captured, model, moved), 0.4) << motion.transpose();
  }
}

TEST_P(ProjectOutline, DerivativesAgreeWithWiderDifferences) {
  test::SyntheticEye eye;
  const EyeModel model = model_of(eye, GetParam());
  const auto data = test::make_frames(eye, 10);
  for (const Circle3& pupil : data.pupils_in_cam) {
    const Eigen::Vector3d gaze = pupil.normal_in_cam;
    const auto outline = project_outline(model, gaze, pupil.radius_mm);
    ASSERT_TRUE(outline.has_value());
    const auto values = [&](const Eigen::VectorXd& at) -> Eigen::VectorXd {
      return vector_of(project_outline(model, turned(gaze, at[0], at[1]), at[2])->captured);
    };
    EXPECT_LT(test::jacobian_error(values, outline->by_motion, Eigen::Vector3d(0.0, 0.0, pupil.radius_mm),
                                   Eigen::Vector3d::Constant(2e-3)),
              1e-3);
  }
}

INSTANTIATE_TEST_SUITE_P(Lens, ProjectOutline, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "distorting" : "pinhole"; });

TEST(ProjectOutline, HasNothingForDiscsThatCannotBeSeen) {
  const test::SyntheticEye eye;
  EyeModel model = model_of(eye);
  EXPECT_FALSE(project_outline(model, Eigen::Vector3d::UnitZ(), 1.8).has_value()) << "turned away";
  EXPECT_FALSE(project_outline(model, Eigen::Vector3d::UnitX(), 1.8).has_value()) << "edge-on";
  EXPECT_FALSE(project_outline(model, -Eigen::Vector3d::UnitZ(), 0.0).has_value());
  EXPECT_FALSE(project_outline(model, -Eigen::Vector3d::UnitZ(), std::nan("")).has_value());
  model.eye_center_in_cam_mm.z() = -45.0;
  EXPECT_FALSE(project_outline(model, -Eigen::Vector3d::UnitZ(), 1.8).has_value()) << "behind the camera";
}

TEST(PredictOutline, ItsCovarianceIsThatOfTheOutlinesThatFollow) {
  const test::SyntheticEye eye;
  for (const bool with_lens : {false, true}) {
    const EyeModel model = model_of(eye, with_lens);
    const Eigen::Vector3d gaze = eye.mean_gaze_in_cam.normalized();
    constexpr double step_s = 1.0 / 30.0;
    EyePose pose = pose_of(model, gaze, 1.8);
    pose.reprojection_error_px = 0.4;
    const auto prior = predict_outline(model, pose, nullptr, step_s);
    ASSERT_TRUE(prior.has_value());

    std::mt19937 random(11);
    std::normal_distribution<double> normal(0.0, 1.0);
    const ExpectedMotion motion = expected_motion(step_s);
    const double model_error_px =
        std::hypot(0.4, 0.01 * OutlineShape::from(pose.reprojected_ellipse).mean_radius_px());
    constexpr int draws = 4000;
    const Vector5 mean = vector_of(prior->ellipse);
    OutlineCovariance scatter = OutlineCovariance::Zero();
    double squared_distance = 0.0;
    const OutlineCovariance inverse = prior->covariance_px2.inverse();
    for (int i = 0; i < draws; ++i) {
      const auto next = project_outline(
          model, turned(gaze, motion.gaze_rad * normal(random), motion.gaze_rad * normal(random)),
          1.8 * (1.0 + motion.radius_fraction * normal(random)));
      ASSERT_TRUE(next.has_value());
      Vector5 off = vector_of(next->captured) - mean;
      for (int k = 0; k < 5; ++k) off[k] += model_error_px * normal(random);
      scatter += off * off.transpose() / draws;
      squared_distance += off.dot(inverse * off) / draws;
    }
    EXPECT_LT((scatter - prior->covariance_px2).norm(), 0.06 * prior->covariance_px2.norm()) << with_lens;
    EXPECT_NEAR(squared_distance, 5.0, 0.25) << with_lens;
  }
}

TEST(PredictOutline, GivenTheCentreTheShapeIsNearlyDetermined) {
  const test::SyntheticEye eye;
  const EyeModel model = model_of(eye);
  const auto prior =
      predict_outline(model, pose_of(model, eye.mean_gaze_in_cam.normalized(), 1.8), nullptr, 1.0 / 30.0);
  ASSERT_TRUE(prior.has_value());
  const Eigen::SelfAdjointEigenSolver<OutlineCovariance> eigen(prior->covariance_px2);
  const double floor_px = 0.01 * OutlineShape::from(prior->ellipse).mean_radius_px();
  EXPECT_NEAR(std::sqrt(eigen.eigenvalues()[0]), floor_px, 0.01 * floor_px);
  EXPECT_NEAR(std::sqrt(eigen.eigenvalues()[1]), floor_px, 0.01 * floor_px) << "rank three and the floor";
  EXPECT_GT(std::sqrt(eigen.eigenvalues()[3]), 3.0 * floor_px);
  EXPECT_GT(std::sqrt(eigen.eigenvalues()[4]), 3.0 * floor_px);
}

TEST(PredictOutline, LongerStepsAllowMore) {
  const test::SyntheticEye eye;
  const EyeModel model = model_of(eye);
  const EyePose pose = pose_of(model, eye.mean_gaze_in_cam.normalized(), 1.8);
  double before = 0.0;
  for (const double rate_hz : {1000.0, 200.0, 60.0, 30.0, 10.0}) {
    const auto prior = predict_outline(model, pose, nullptr, 1.0 / rate_hz);
    ASSERT_TRUE(prior.has_value());
    const double center_px = std::sqrt(prior->covariance_px2(0, 0));
    EXPECT_GT(center_px, before) << rate_hz;
    before = center_px;
  }
  for (const double step_s : {0.0, -0.01, std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_FALSE(predict_outline(model, pose, nullptr, step_s).has_value()) << step_s;
}

TEST(PredictOutline, AnEyeThatTurnsSteadilyGoesOnAndOneThatJumpedStays) {
  const test::SyntheticEye eye;
  const EyeModel model = model_of(eye, true);
  const Eigen::Vector3d gaze = eye.mean_gaze_in_cam.normalized();
  constexpr double step_s = 1.0 / 60.0;
  for (const auto& [speed_deg_per_s, goes_on] :
       {std::pair{5.0, true}, {35.0, true}, {45.0, false}, {300.0, false}}) {
    const double turn = speed_deg_per_s * rad_per_deg * step_s;
    const EyePose before = pose_of(model, turned(gaze, -turn, 0.0), 1.8);
    const auto prior = predict_outline(model, pose_of(model, gaze, 1.8), &before, step_s);
    ASSERT_TRUE(prior.has_value());
    const Circle3 next = disc_of(model, turned(gaze, goes_on ? turn : 0.0, 0.0), 1.8);
    EXPECT_LT(distance_to_true_outline_px(prior->ellipse, model, next), 0.03) << speed_deg_per_s;
  }
  const EyePose before = pose_of(model, turned(gaze, -0.05, 0.0), 1.8);
  const auto late = predict_outline(model, pose_of(model, gaze, 1.8), &before, 0.3);
  ASSERT_TRUE(late.has_value());
  EXPECT_LT(distance_to_true_outline_px(late->ellipse, model, disc_of(model, gaze, 1.8)), 0.03)
      << "so long a step says nothing about the next";
}

TEST(PredictOutline, AWrongModelDoesNotSteer) {
  test::SyntheticEye eye;
  eye.noise_px = 0.0;
  const auto data = test::make_frames(eye, 20);
  const EyeModel right = model_of(eye);
  EyeModel wrong = right;
  wrong.eye_center_in_cam_mm += Eigen::Vector3d(5.0, -5.0, 0.0);
  int refused = 0;
  for (const FitFrame& frame : data.frames) {
    const auto pose = predict(right, frame.observation);
    ASSERT_TRUE(pose.has_value());
    EXPECT_TRUE(predict_outline(right, *pose, nullptr, 1.0 / 30.0).has_value());
    const auto wrong_pose = predict(wrong, frame.observation);
    if (!wrong_pose) continue;
    const double limit_px =
        std::max(1.0, 0.07 * OutlineShape::from(wrong_pose->reprojected_ellipse).mean_radius_px());
    const auto prior = predict_outline(wrong, *wrong_pose, nullptr, 1.0 / 30.0);
    if (wrong_pose->reprojection_error_px > 1.1 * limit_px) {
      ++refused;
      EXPECT_FALSE(prior.has_value()) << wrong_pose->reprojection_error_px;
    } else if (prior) {
      EXPECT_GE(std::sqrt(prior->covariance_px2(2, 2)), wrong_pose->reprojection_error_px)
          << "what it does not explain makes it less certain";
    }
  }
  EXPECT_GE(refused, 3);
  EyePose broken = pose_of(right, eye.mean_gaze_in_cam.normalized(), 1.8);
  broken.reprojection_error_px = std::nan("");
  EXPECT_FALSE(predict_outline(right, broken, nullptr, 1.0 / 30.0).has_value());
}

TEST(PredictOutline, TheUnprojectedDiscIsComparedWithTheModelsOwn) {
  // The unprojection stage's circle always lies on the observed outline, however wrong the model is.
  const test::SyntheticEye eye;
  EyeModel model = model_of(eye);
  model.stage = FitStage::unprojection;
  const Eigen::Vector3d gaze = eye.mean_gaze_in_cam.normalized();
  EyePose pose = pose_of(model, gaze, 1.8);
  EXPECT_TRUE(predict_outline(model, pose, nullptr, 1.0 / 30.0).has_value());
  pose.pupil_in_cam.normal_in_cam = turned(gaze, 0.8, 0.0);
  pose.reprojected_ellipse = project_circle(pose.pupil_in_cam, model.intrinsics).value();
  pose.reprojection_error_px = 0.0;
  EXPECT_FALSE(predict_outline(model, pose, nullptr, 1.0 / 30.0).has_value());
}

TEST(PredictOutline, TwoCallsGiveTheSameNumbers) {
  const test::SyntheticEye eye;
  const EyeModel model = model_of(eye, true);
  const EyePose pose = pose_of(model, eye.mean_gaze_in_cam.normalized(), 1.8);
  const auto a = predict_outline(model, pose, &pose, 0.01);
  const auto b = predict_outline(model, pose, &pose, 0.01);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(vector_of(a->ellipse), vector_of(b->ellipse));
  EXPECT_EQ(a->covariance_px2, b->covariance_px2);
}

}  // namespace
}  // namespace yarbus::predict_outline_test
