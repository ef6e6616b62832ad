#include "eyemodel/online/known_eye.h"

#include <array>
#include <cmath>
#include <vector>

#include <Eigen/LU>
#include <gtest/gtest.h>

#include "eyemodel/fit/predict.h"
#include "eyemodel/fit/refraction_start.h"
#include "eyemodel/online/online_eye_model.h"

namespace yarbus::known_eye_test {
namespace {

const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(620.0, 640, 480);
/// Away from the population's means by one to two of its standard deviations.
const OpticalAnatomy anatomy = OpticalAnatomy::from({10.5, 5.75, 8.1, 6.0});
const Eigen::Vector3d center_in_cam_mm(1.0, -2.0, 42.0);

Eigen::Vector3d gaze_at(double azimuth_rad, double elevation_rad) {
  return {std::sin(azimuth_rad) * std::cos(elevation_rad), -std::sin(elevation_rad),
          -std::cos(azimuth_rad) * std::cos(elevation_rad)};
}

/// The apparent pupil of that eye with exact edges.
FitFrame frame_at(const Eigen::Vector3d& gaze_dir_in_cam, int index) {
  const RefractedFrame view(shape_of(center_in_cam_mm, anatomy), PupilChart::about(gaze_dir_in_cam),
                            {0.0, 0.0, 1.8}, camera);
  FitFrame frame;
  frame.sequence = static_cast<std::uint64_t>(index);
  frame.captured_at = std::chrono::milliseconds(50 * index);
  frame.observation.ellipse = view.pupil_ellipse().value();
  frame.observation.confidence = 0.95;
  for (int i = 0; i < 48; ++i)
    frame.observation.edge_points.push_back(
        {frame.observation.ellipse.point_at(i * 0.1309).cast<float>(), 0.2F});
  return frame;
}

EyeModel known_eye() {
  EyeModel model;
  model.stage = FitStage::refraction;
  model.intrinsics = camera;
  model.eye_center_in_cam_mm = center_in_cam_mm;
  model.anatomy = anatomy;
  model.eyeball_radius_mm = anatomy.pupil_plane_mm;
  model.covariance_mm2.diagonal() << 0.01, 0.01, 0.5, 0.02, 0.02, 0.02, 0.02;
  model.covariance_mm2(2, 3) = model.covariance_mm2(3, 2) = 0.05;
  return model;
}

TEST(SameCamera, SizeFocalLengthAndPrincipalPointCount) {
  EXPECT_TRUE(is_same_camera(camera, camera));
  auto other = camera;
  other.fx_px = other.fy_px = 621.0;
  other.distortion[0] = 0.2;
  EXPECT_TRUE(is_same_camera(camera, other));
  other.fy_px = 630.0;
  EXPECT_FALSE(is_same_camera(camera, other));
  other = camera;
  other.cx_px += 3.0;
  EXPECT_FALSE(is_same_camera(camera, other));
  EXPECT_FALSE(is_same_camera(camera, CameraIntrinsics::from_focal_length(620.0, 640, 400)));
}

TEST(PriorFromKnownEye, OpensThePlaceAndKeepsTheAnatomy) {
  const FitFrame first = frame_at(gaze_at(0.1, 0.0), 0);
  const ShapePrior unknown = prior_from_first_frame(first.observation.ellipse, camera, AnatomyPrior{});
  const ShapePrior prior =
      prior_from_known_eye(known_eye(), true, unknown, first.observation.ellipse, camera, 2.5);
  EXPECT_EQ(prior.mean, shape_of(center_in_cam_mm, anatomy));
  ModelCovariance expected = known_eye().covariance_mm2;
  expected.topLeftCorner<3, 3>() += 6.25 * Eigen::Matrix3d::Identity();
  EXPECT_LT((prior.information_per_mm2.inverse() - expected).norm(), 1e-9);
}

TEST(PriorFromKnownEye, WithoutItsPlaceTheFirstFrameTellsWhereTheEyeIs) {
  const Ellipse first = frame_at(gaze_at(0.1, 0.0), 0).observation.ellipse;
  const ShapePrior unknown = prior_from_first_frame(first, camera, AnatomyPrior{});
  Ellipse elsewhere = first;
  elsewhere.center_px += Eigen::Vector2d(300.0, 200.0);  // cannot be seen from the known place
  const auto far_camera = CameraIntrinsics::from_focal_length(900.0, 640, 480);
  for (const ShapePrior& prior : {prior_from_known_eye(known_eye(), false, unknown, first, camera, 2.5),
                                  prior_from_known_eye(known_eye(), true, unknown, first, far_camera, 2.5),
                                  prior_from_known_eye(known_eye(), true, unknown, elsewhere, camera, 2.5)}) {
    EXPECT_EQ(prior.mean.head<3>(), unknown.mean.head<3>());
    EXPECT_EQ(prior.mean.tail<4>(), anatomy.vector());
    const ModelCovariance covariance_mm2 = prior.information_per_mm2.inverse();
    EXPECT_LT(
        (covariance_mm2.bottomRightCorner<4, 4>() - known_eye().covariance_mm2.bottomRightCorner<4, 4>())
            .norm(),
        1e-9);
    EXPECT_LT((covariance_mm2.topRightCorner<3, 4>()).norm(), 1e-9);
  }
}

/// Gaze error of the model after `frames` on a further one, degrees, and what it says of it.
std::array<double, 2> error_and_sigma_deg(OnlineEyeModel& online, int frames) {
  std::vector<FitFrame> seen;
  for (int i = 0; i < frames; ++i)
    seen.push_back(frame_at(gaze_at(0.3 * std::sin(i), 0.2 * std::cos(1.7 * i)), i));
  const FitOutcome outcome = online.assimilate(seen);
  EXPECT_TRUE(outcome.model.has_value());
  const Eigen::Vector3d truth = gaze_at(-0.25, 0.2);
  const auto pose = predict(*outcome.model, frame_at(truth, frames).observation);
  EXPECT_TRUE(pose.has_value() && pose->uncertainty.has_value());
  constexpr double deg_per_rad = 57.29577951308232;
  return {std::acos(std::min(1.0, pose->gaze_dir_in_cam().dot(truth))) * deg_per_rad,
          pose->uncertainty->gaze_cone_rad(0.3935) * deg_per_rad};
}

TEST(OnlineEyeModel, AKnownWearerIsSurerFromTheFirstFrameAndNearerSoon) {
  OnlineEyeModel stranger({}, camera);
  OnlineEyeModel wearer({}, camera);
  wearer.begin_with(known_eye());
  const auto [stranger_error, stranger_sigma] = error_and_sigma_deg(stranger, 1);
  const auto [wearer_error, wearer_sigma] = error_and_sigma_deg(wearer, 1);
  EXPECT_LT(wearer_sigma, 0.9 * stranger_sigma);  // of the widest direction: the place may have slipped by 2.5 mm
  EXPECT_LT(wearer_error, stranger_error);
  EXPECT_THROW(wearer.begin_with(known_eye()), CheckFailure) << "it has begun";
  OnlineEyeModel later({}, camera);
  later.begin_with(known_eye(), false);
  const auto [error, sigma] = error_and_sigma_deg(later, 20);
  EXPECT_LT(error, 0.1) << "its anatomy is known";
  EXPECT_LT(sigma, 1.0);
}

TEST(FitReport, SaysInWordsHowSureItIs) {
  FitReport report;
  report.was_run = report.converged = true;
  report.stage = FitStage::refraction;
  report.gaze_sigma_deg = 0.21;
  report.pupil_diameter_sigma_mm = 0.053;
  report.shape_sigmas_mm << 0.1, 0.1, 1.04, 0.3, 0.2, 0.2, 0.2;
  report.slips = 2;
  const std::string text = report.to_text();
  EXPECT_NE(text.find("; gaze ±0.21°, pupil ±0.05 mm, eye centre ±0.10 mm across, ±1.0 mm deep"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("; headset slipped 2 times"), std::string::npos) << text;
  report.stage = FitStage::edge;
  EXPECT_EQ(report.to_text().find("±"), std::string::npos);
}

}  // namespace
}  // namespace yarbus::known_eye_test
