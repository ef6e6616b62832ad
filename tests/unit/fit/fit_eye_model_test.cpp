#include "eyemodel/fit/fit_eye_model.h"

#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/fit/contrast_cost.h"
#include "eyemodel/fit/edge_cost.h"
#include "eyemodel/fit/predict.h"
#include "eyemodel/geometry/supported_patch.h"
#include "tests/support/gradient_check.h"
#include "tests/support/synthetic_eye.h"

namespace yarbus::fit_eye_model_test {
namespace {

using test::angle_deg;
using test::make_frames;
using test::SyntheticEye;

FitOutcome fit(const test::SyntheticFrames& data, const SyntheticEye& eye, FitStage stage) {
  FitOptions options;
  options.stage = stage;
  return fit_eye_model(data.frames, eye.intrinsics, options);
}

double mean_error_deg(const FitOutcome& outcome, const test::SyntheticFrames& data) {
  double sum = 0.0;
  int count = 0;
  for (const FittedPupil& pupil : outcome.pupils) {
    if (!pupil.is_inlier) continue;
    sum += angle_deg(pupil.pupil_in_cam.normal_in_cam, data.pupils_in_cam[pupil.sequence].normal_in_cam);
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
}

class EveryStage : public testing::TestWithParam<FitStage> {};

/// The stages that rest on points and ellipses, which can be exact; rendered pixels cannot.
class EveryGeometricStage : public testing::TestWithParam<FitStage> {};

TEST_P(EveryGeometricStage, IsExactWithoutNoise) {
  SyntheticEye eye;
  eye.noise_px = 0.0;
  const auto data = make_frames(eye, 60);
  const auto outcome = fit(data, eye, GetParam());
  ASSERT_TRUE(outcome.model.has_value()) << outcome.report.to_text();
  EXPECT_NEAR((outcome.model->eye_center_in_cam_mm - eye.eye_center_in_cam_mm).norm(), 0.0, 1e-2);
  EXPECT_LT(mean_error_deg(outcome, data), 1e-3);
  EXPECT_LT(outcome.report.rms_px, 1e-3);
  EXPECT_TRUE(outcome.report.is_usable());
  EXPECT_THAT(outcome.report.gauge, testing::HasSubstr("12.0 mm"));
}

TEST_P(EveryStage, StaysCloseUnderNoiseAndOutliers) {
  SyntheticEye eye;
  eye.noise_px = 0.3;
  eye.outlier_share = 0.1;
  eye.with_patches = GetParam() == FitStage::contrast;
  const auto data = make_frames(eye, 80);
  const auto outcome = fit(data, eye, GetParam());
  ASSERT_TRUE(outcome.model.has_value()) << outcome.report.to_text();
  EXPECT_GE(outcome.report.frames_rejected, 3);
  EXPECT_LT((outcome.model->eye_center_in_cam_mm - eye.eye_center_in_cam_mm).head<2>().norm(), 0.3);
  EXPECT_LT(std::abs(outcome.model->eye_center_in_cam_mm.z() - eye.eye_center_in_cam_mm.z()), 1.5);
  // Ellipses that are only a little off stay in, and the closed-form stages take them as they are.
  const double bound_deg = GetParam() == FitStage::unprojection  ? 1.5
                           : GetParam() == FitStage::unoptimised ? 0.6
                                                                 : 0.3;
  EXPECT_LT(mean_error_deg(outcome, data), bound_deg);
}

TEST_P(EveryStage, ScalesWithTheGauge) {
  SyntheticEye eye;
  eye.with_patches = true;
  const auto data = make_frames(eye, 40);
  FitOptions options;
  options.stage = GetParam();
  const auto twelve = fit_eye_model(data.frames, eye.intrinsics, options);
  options.eyeball_radius_mm = 24.0;
  const auto twice = fit_eye_model(data.frames, eye.intrinsics, options);
  ASSERT_TRUE(twelve.model && twice.model);
  EXPECT_NEAR((2.0 * twelve.model->eye_center_in_cam_mm - twice.model->eye_center_in_cam_mm).norm() / 90.0,
              0.0, 2e-2);
}

TEST_P(EveryStage, DoesNotDependOnTheOrderOfFrames) {
  SyntheticEye eye;
  eye.with_patches = true;
  auto data = make_frames(eye, 40);
  const auto first = fit(data, eye, GetParam());
  std::mt19937 rng(3);
  std::shuffle(data.frames.begin(), data.frames.end(), rng);
  const auto second = fit(data, eye, GetParam());
  ASSERT_TRUE(first.model && second.model);
  EXPECT_EQ(first.model->eye_center_in_cam_mm, second.model->eye_center_in_cam_mm);
}

TEST_P(EveryStage, DegenerateInputIsATypedFailureWithoutAModel) {
  const auto failure_of = [&](const SyntheticEye& eye, int frames) {
    auto outcome = fit(make_frames(eye, frames), eye, GetParam());
    EXPECT_FALSE(outcome.model.has_value());
    EXPECT_FALSE(outcome.report.is_usable());
    return outcome.report.failure;
  };
  SyntheticEye eye;
  eye.with_patches = true;
  EXPECT_EQ(failure_of(eye, 5), FitFailure::too_few_frames);
  EXPECT_EQ(failure_of(eye, 0), FitFailure::too_few_frames);
  SyntheticEye staring = eye;
  staring.range_deg = 0.0;
  EXPECT_EQ(failure_of(staring, 60), FitFailure::one_direction);
  SyntheticEye frontal = eye;
  frontal.mean_gaze_in_cam = -frontal.eye_center_in_cam_mm.normalized();
  frontal.range_deg = 1.0;
  EXPECT_EQ(failure_of(frontal, 60), FitFailure::all_frontal);
}

INSTANTIATE_TEST_SUITE_P(Stages, EveryGeometricStage,
                         testing::Values(FitStage::unprojection, FitStage::unoptimised, FitStage::edge),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });
INSTANTIATE_TEST_SUITE_P(Stages, EveryStage,
                         testing::Values(FitStage::unprojection, FitStage::unoptimised, FitStage::contrast,
                                         FitStage::edge),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST(FitEyeModel, OptimisedStagesBeatTheUnoptimisedModelWhereEllipsesAreDragged) {
  // Ellipses carry an error that the edges and pixels do not: glints and lashes drag the former first.
  SyntheticEye eye;
  eye.with_patches = true;
  auto data = make_frames(eye, 60);
  std::mt19937 rng(11);
  std::normal_distribution<double> normal(0.0, 1.0);
  for (FitFrame& frame : data.frames) {
    frame.observation.ellipse.center_px += 1.2 * Eigen::Vector2d(normal(rng), normal(rng));
    frame.observation.ellipse.semi_minor_px *= 1.0 - 0.03 * std::abs(normal(rng));
  }
  const double unoptimised = mean_error_deg(fit(data, eye, FitStage::unoptimised), data);
  const double contrast = mean_error_deg(fit(data, eye, FitStage::contrast), data);
  const double edge = mean_error_deg(fit(data, eye, FitStage::edge), data);
  EXPECT_LT(contrast, 0.7 * unoptimised);
  EXPECT_LT(edge, 0.7 * unoptimised);
  EXPECT_LT(edge, 0.6);
}

TEST(FitEyeModel, NonFiniteObservationsAreRejectedAndCounted) {
  SyntheticEye eye;
  auto data = make_frames(eye, 40);
  data.frames[3].observation.ellipse.center_px.x() = std::nan("");
  data.frames[4].observation.edge_points[0].position_px.y() = std::numeric_limits<float>::infinity();
  data.frames[5].observation.ellipse.semi_minor_px = -1.0;
  const auto outcome = fit(data, eye, FitStage::edge);
  ASSERT_TRUE(outcome.model.has_value());
  EXPECT_GE(outcome.report.frames_rejected, 3);
  EXPECT_LT(mean_error_deg(outcome, data), 0.2);
}

TEST(FitEyeModel, ContrastWithoutPixelsFails) {
  const SyntheticEye eye;
  EXPECT_EQ(fit(make_frames(eye, 40), eye, FitStage::contrast).report.failure, FitFailure::too_few_frames);
}

TEST(FitEyeModel, AStopRequestEndsItWithoutAModel) {
  const SyntheticEye eye;
  std::stop_source stop;
  stop.request_stop();
  const auto outcome = fit_eye_model(make_frames(eye, 40).frames, eye.intrinsics, {}, stop.get_token());
  EXPECT_FALSE(outcome.model.has_value());
}

TEST(FitEyeModel, AReportThatWasNotRunSaysSo) {
  EXPECT_FALSE(FitReport{}.is_usable());
  EXPECT_EQ(FitReport{}.to_text(), "the fit was not run");
}

TEST(FitOptions, ReportsEveryViolation) {
  FitOptions options;
  options.eyeball_radius_mm = std::nan("");
  options.min_frames = 0;
  ASSERT_FALSE(options.validate());
  EXPECT_THAT(options.validate().error().message,
              testing::AllOf(testing::HasSubstr("eyeball_radius_mm"), testing::HasSubstr("min_frames")));
}

TEST(EdgeCost, JacobianIsExact) {
  SyntheticEye eye;
  eye.noise_px = 1.0;
  const auto data = make_frames(eye, 6);
  for (std::size_t f = 0; f < data.frames.size(); ++f) {
    std::vector<Eigen::Vector2d> edges;
    for (const EdgePoint& edge : data.frames[f].observation.edge_points)
      edges.push_back(edge.position_px.cast<double>());
    const EdgeCost cost(edges, PupilChart::about(data.pupils_in_cam[f].normal_in_cam), 12.0, eye.intrinsics,
                        1.0);
    Eigen::VectorXd at(6);
    at << eye.eye_center_in_cam_mm + Eigen::Vector3d(0.1, -0.2, 0.4), 0.3, -0.2,
        data.pupils_in_cam[f].radius_mm * 1.05;
    const auto values = [&](const Eigen::VectorXd& x) {
      Eigen::VectorXd residuals(edges.size());
      const double* blocks[] = {x.data(), x.data() + 3};
      EXPECT_TRUE(cost.Evaluate(blocks, residuals.data(), nullptr));
      return residuals;
    };
    Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor> center(edges.size(), 3);
    Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor> own(edges.size(), 3);
    Eigen::VectorXd residuals(edges.size());
    const double* blocks[] = {at.data(), at.data() + 3};
    double* jacobians[] = {center.data(), own.data()};
    ASSERT_TRUE(cost.Evaluate(blocks, residuals.data(), jacobians));
    Eigen::MatrixXd analytic(edges.size(), 6);
    analytic << center, own;
    EXPECT_LT(test::jacobian_error(values, analytic, at, Eigen::VectorXd::Constant(6, 1e-5)), 1e-6);
  }
}

TEST(EdgeCost, OutsideItsDomainItFailsInsteadOfRewarding) {
  const std::vector<Eigen::Vector2d> edges{{320, 240}, {330, 240}, {325, 250}};
  const auto intrinsics = CameraIntrinsics::from_focal_length(600, 640, 480);
  const EdgeCost cost(edges, PupilChart::about(-Eigen::Vector3d::UnitZ()), 12.0, intrinsics, 1.0);
  double residuals[3];
  const auto evaluates = [&](std::array<double, 3> center, std::array<double, 3> own) {
    const double* blocks[] = {center.data(), own.data()};
    return cost.Evaluate(blocks, residuals, nullptr);
  };
  EXPECT_TRUE(evaluates({0, 0, 40}, {0, 0, 2}));
  EXPECT_FALSE(evaluates({0, 0, -40}, {0, 0, 2})) << "behind the camera";
  EXPECT_FALSE(evaluates({0, 0, 5}, {0, 0, 2})) << "camera inside the eye";
  EXPECT_FALSE(evaluates({0, 0, 40}, {0, 0, -2})) << "negative radius";
  EXPECT_FALSE(evaluates({0, 0, 40}, {1e6, 0, 2})) << "edge-on";
  EXPECT_FALSE(evaluates({std::nan(""), 0, 40}, {0, 0, 2}));
}

TEST(ContrastCost, GradientIsExact) {
  SyntheticEye eye;
  eye.with_patches = true;
  const auto data = make_frames(eye, 4);
  for (std::size_t i = 0; i < data.frames.size(); ++i) {
    const ContrastFrame frame{data.frames[i].patch.get(),
                              PupilChart::about(data.pupils_in_cam[i].normal_in_cam),
                              {},
                              12.0,
                              eye.intrinsics};
    PupilParameters at;
    at << eye.eye_center_in_cam_mm + Eigen::Vector3d(0.05, 0.03, 0.1), 0.05, -0.03,
        data.pupils_in_cam[i].radius_mm;
    const auto here = contrast_cost(frame, at);
    ASSERT_TRUE(here.has_value());
    const auto values = [&](const Eigen::VectorXd& x) {
      const auto value = contrast_cost(frame, x);
      EXPECT_TRUE(value.has_value());
      return Eigen::VectorXd::Constant(1, value ? value->value : 0.0);
    };
    EXPECT_LT(
        test::jacobian_error(values, here->gradient.transpose(), at, Eigen::VectorXd::Constant(6, 1e-6)),
        1e-3);
    PupilParameters behind;
    behind << 0.0, 0.0, -40.0, 0.0, 0.0, 2.0;
    EXPECT_FALSE(contrast_cost(frame, behind).has_value());
  }
}

TEST(SupportedSectors, HideWhereNoEdgeBearsOutTheOutline) {
  SyntheticEye eye;
  eye.with_patches = true;
  const auto data = make_frames(eye, 1);
  const FitFrame& frame = data.frames[0];
  const PupilChart chart = PupilChart::about(data.pupils_in_cam[0].normal_in_cam);
  PupilParameters at;
  at << eye.eye_center_in_cam_mm, 0.0, 0.0, data.pupils_in_cam[0].radius_mm;
  const auto outline = pupil_outline(at, chart, eye.eyeball_radius_mm, eye.intrinsics);
  ASSERT_TRUE(outline.has_value());
  // Edges on the lower half only: the upper half of a lid-covered pupil.
  PupilObservation half = frame.observation;
  half.edge_points.clear();
  for (const EdgePoint& edge : frame.observation.edge_points) {
    if (edge.position_px.y() > half.ellipse.center_px.y()) half.edge_points.push_back(edge);
  }
  ImagePatch kept = *frame.patch;
  keep_supported_sectors(kept, half, outline->conic, 1.5, 8.0);
  const auto gray_at = [&](double t) {
    const Eigen::Vector2d point = half.ellipse.point_at(t);
    return std::pair(kept.pixels.view().at(static_cast<int>(point.x()) - kept.x0_px,
                                           static_cast<int>(point.y()) - kept.y0_px),
                     point.y() - half.ellipse.center_px.y());
  };
  int hidden = 0;
  int shown = 0;
  for (int i = 0; i < 60; ++i) {
    const auto [gray, below_px] = gray_at(2.0 * std::numbers::pi * i / 60.0);
    if (below_px < -3.0) {
      EXPECT_EQ(gray, 255) << i;
      ++hidden;
    } else if (below_px > 8.0) {
      shown += gray < 255 ? 1 : 0;
    }
  }
  EXPECT_GT(hidden, 20);
  EXPECT_GT(shown, 15);
}

}  // namespace
}  // namespace yarbus::fit_eye_model_test
