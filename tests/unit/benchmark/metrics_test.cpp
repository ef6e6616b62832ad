#include "app/benchmark/metrics.h"

#include <cmath>
#include <limits>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "tests/support/scored_subjects.h"

namespace yarbus::benchmark::metrics_test {
namespace {

const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(600.0, 640, 480);

FrameLabel whole_label() {
  FrameLabel label;
  label.eye_center_in_cam_mm = Eigen::Vector3d(1.0, -2.0, 40.0);
  label.gaze_dir_in_cam = Eigen::Vector3d(0.0, 0.0, -1.0);
  label.pupil_center_in_cam_mm = *label.eye_center_in_cam_mm + 10.0 * *label.gaze_dir_in_cam;
  label.pupil_radius_mm = 2.0;
  label.pupil_ellipse = Ellipse{{330.0, 200.0}, 40.0, 36.0, 0.4};
  label.visible_fraction = 1.0;
  label.in_blink = false;
  return label;
}

/// The truth itself, in a model whose eyeball is `radius_mm` where the truth has 10.
EyePose true_pose(const FrameLabel& label, double radius_mm) {
  const double scale = radius_mm / 10.0;
  EyePose pose;
  pose.eyeball_radius_mm = radius_mm;
  pose.eye_center_in_cam_mm = scale * *label.eye_center_in_cam_mm;
  pose.pupil_in_cam.center_in_cam_mm = scale * *label.pupil_center_in_cam_mm;
  pose.pupil_in_cam.normal_in_cam = *label.gaze_dir_in_cam;
  pose.pupil_in_cam.radius_mm = scale * *label.pupil_radius_mm;
  pose.reprojected_ellipse = *label.pupil_ellipse;
  return pose;
}

TEST(FrameKinds, FollowVisibilityAndBlink) {
  FrameLabel label = whole_label();
  const auto kind = [&](std::optional<double> visible, std::optional<bool> blink) {
    label.visible_fraction = visible;
    label.in_blink = blink;
    return kind_of(label);
  };
  EXPECT_EQ(kind(1.0, false), FrameKind::counted);
  EXPECT_EQ(kind(0.5, true), FrameKind::counted);
  EXPECT_EQ(kind(0.49, false), FrameKind::hidden);
  EXPECT_EQ(kind(0.049, true), FrameKind::closed);
  EXPECT_EQ(kind(0.05, true), FrameKind::hidden);
  EXPECT_EQ(kind(0.0, false), FrameKind::hidden);
  EXPECT_EQ(kind(std::nullopt, true), FrameKind::counted);
  EXPECT_EQ(kind(0.0, std::nullopt), FrameKind::hidden);
}

TEST(DetectionScore, MeasuresCentreAndOutline) {
  const FrameLabel label = whole_label();
  Ellipse moved = *label.pupil_ellipse;
  moved.center_px += Eigen::Vector2d(3.0, 4.0);
  const FrameScore score = score_detection(label, moved);
  EXPECT_TRUE(score.was_found);
  EXPECT_NEAR(*score.center_px, 5.0, 1e-12);
  EXPECT_NEAR(*score.outline_px, 5.0, 0.01);  // a shift moves the outline by as much
  const FrameScore missed = score_detection(label, std::nullopt);
  EXPECT_FALSE(missed.was_found);
  EXPECT_FALSE(missed.center_px.has_value());
}

TEST(DetectionScore, EccentricityIsTheAngleToTheCamera) {
  FrameLabel label = whole_label();
  label.gaze_dir_in_cam = -label.eye_center_in_cam_mm->normalized();
  EXPECT_NEAR(*score_detection(label, std::nullopt).eccentricity_deg, 0.0, 1e-9);
  label.gaze_dir_in_cam = label.eye_center_in_cam_mm->unitOrthogonal();
  EXPECT_NEAR(*score_detection(label, std::nullopt).eccentricity_deg, 90.0, 1e-9);
}

TEST(PoseScore, TruthInAnyGaugeHasNoError) {
  const FrameLabel label = whole_label();
  for (const double radius_mm : {10.0, 12.0, 24.0}) {
    const StageScore score = score_pose(label, true_pose(label, radius_mm), camera);
    EXPECT_TRUE(score.has_pose);
    EXPECT_NEAR(*score.gaze_deg, 0.0, 1e-9);
    EXPECT_NEAR(*score.outline_px, 0.0, 0.01);
    EXPECT_NEAR(*score.eye_center_mm, 0.0, 1e-9);
    EXPECT_NEAR(*score.pupil_diameter_mm, 0.0, 1e-9);
  }
}

TEST(PoseScore, ErrorsAreInTrueDegreesAndMillimetres) {
  const FrameLabel label = whole_label();
  EyePose pose = true_pose(label, 12.0);
  const double angle_rad = 0.05;
  pose.pupil_in_cam.normal_in_cam =
      Eigen::AngleAxisd(angle_rad, Eigen::Vector3d::UnitX()) * *label.gaze_dir_in_cam;
  pose.eye_center_in_cam_mm += Eigen::Vector3d(0.0, 0.0, 1.2);  // 1 mm in the truth's gauge
  pose.pupil_in_cam.radius_mm += 0.12;                          // 0.1 mm there, of the radius
  const StageScore score = score_pose(label, pose, camera);
  EXPECT_NEAR(*score.gaze_deg, angle_rad * 180.0 / M_PI, 1e-9);
  EXPECT_NEAR(*score.eye_center_mm, 1.0, 1e-9);
  EXPECT_NEAR(*score.pupil_diameter_mm, 0.2, 1e-9);
}

TEST(PoseScore, WithoutColumnsNothingIsMeasured) {
  const FrameLabel empty;
  const StageScore score = score_pose(empty, true_pose(whole_label(), 12.0), camera);
  EXPECT_TRUE(score.has_pose);
  EXPECT_FALSE(score.gaze_deg || score.outline_px || score.eye_center_mm || score.pupil_diameter_mm);
  EXPECT_FALSE(score_pose(whole_label(), std::nullopt, camera).gaze_deg.has_value());
}

TEST(PoseScore, AnEllipseThatIsNotFiniteIsAnErrorThatIsNotFinite) {
  const FrameLabel label = whole_label();
  EyePose pose = true_pose(label, 12.0);
  pose.reprojected_ellipse.semi_minor_px = std::numeric_limits<double>::quiet_NaN();
  pose.pupil_in_cam.normal_in_cam.x() = std::numeric_limits<double>::quiet_NaN();
  const StageScore score = score_pose(label, pose, camera);
  EXPECT_TRUE(std::isnan(*score.outline_px));
  EXPECT_TRUE(std::isnan(*score.gaze_deg));
}

TEST(PoseScore, OutlinesAreComparedWithoutTheLensDistortion) {
  CameraIntrinsics lens = camera;
  lens.distortion = {-0.2, 0.05, 0.0, 0.0, 0.0};
  FrameLabel label = whole_label();
  Ellipse undistorted{{420.0, 330.0}, 30.0, 26.0, 0.3};
  EyePose pose = true_pose(label, 12.0);
  pose.reprojected_ellipse = undistorted;
  // The same pupil as the lens shows it, near enough an ellipse at this size.
  Ellipse captured = undistorted;
  captured.center_px = lens.distort(undistorted.center_px);
  const Eigen::Vector2d tip =
      lens.distort(undistorted.point_at(0.0)) - lens.distort(undistorted.point_at(M_PI));
  const Eigen::Vector2d side =
      lens.distort(undistorted.point_at(0.5 * M_PI)) - lens.distort(undistorted.point_at(1.5 * M_PI));
  captured.semi_major_px = 0.5 * tip.norm();
  captured.semi_minor_px = 0.5 * side.norm();
  label.pupil_ellipse = captured;
  const double compared_as_they_are_px = *score_pose(label, pose, camera).outline_px;
  EXPECT_GT(compared_as_they_are_px, 2.0);
  EXPECT_LT(*score_pose(label, pose, lens).outline_px, 0.5);
}

TEST(Measurable, IsWhatTheColumnsAllow) {
  FrameLabel label;
  label.gaze_dir_in_cam = -Eigen::Vector3d::UnitZ();
  label.pupil_radius_mm = 2.0;
  const Measurable measurable = measurable_in({FrameLabel{}, label});
  EXPECT_TRUE(measurable.gaze);
  EXPECT_FALSE(measurable.outline);
  EXPECT_FALSE(measurable.pupil_diameter);  // no gauge without eye and pupil centre
  EXPECT_TRUE(measurable_in({whole_label()}).pupil_diameter);
}

TEST(Summary, PoolsFramesAndCountsWhatWasMissed) {
  auto a = test::scored_subject("a", {1.0, 3.0});
  auto b = test::scored_subject("b", {2.0, 2.0, 7.0, 9.0});
  b.scores[2].kind = FrameKind::hidden;  // its errors do not count
  b.scores[2].visible_fraction = 0.4;
  b.scores[3].kind = FrameKind::closed;
  b.scores[3].visible_fraction = 0.0;
  a.scores[0].center_px = 6.0;  // found in the wrong place
  const GroupSummary summary = summarise({&a, &b});
  EXPECT_EQ(summary.frames, 6u);
  EXPECT_EQ(summary.counted_frames, 4u);
  EXPECT_EQ(summary.closed_frames, 1u);
  EXPECT_DOUBLE_EQ(summary.gaze_deg[3]->mean, 2.0);
  EXPECT_EQ(summary.gaze_deg[3]->count, 4u);
  EXPECT_EQ(summary.detection->found, 3u);
  EXPECT_EQ(summary.detection->frames, 4u);
  EXPECT_EQ(summary.false_positives->found, 1u);
  EXPECT_EQ(summary.false_positives->frames, 1u);
  EXPECT_DOUBLE_EQ(*summary.pupil_diameter_bias_mm[0], -0.2);
  EXPECT_DOUBLE_EQ(summary.pupil_diameter_mm[0]->mean, 0.2);
  EXPECT_DOUBLE_EQ(summary.by_subject[1].gaze_deg[0]->mean, 2.0);
  ASSERT_EQ(summary.detection_by_visibility.size(), 7u);
  EXPECT_EQ(summary.detection_by_visibility[2].rate.frames, 1u);  // the hidden one
  EXPECT_EQ(summary.detection_by_visibility[6].rate.frames, 4u);
  EXPECT_EQ(summary.detection_by_visibility[6].rate.found, 3u);
}

TEST(Summary, NamesTheFitsThatFailed) {
  auto good = test::scored_subject("good", {0.5});
  auto bad = test::scored_subject("bad", {});
  bad.fits[2].report.failure = FitFailure::one_direction;
  bad.fits[2].frames_to_good.reset();
  const GroupSummary summary = summarise({&good, &bad});
  EXPECT_EQ(summary.fits[2].made, 1u);
  ASSERT_EQ(summary.fits[2].failures.size(), 1u);
  EXPECT_EQ(summary.fits[2].failures[0].subject, "bad");
  EXPECT_EQ(summary.fits[2].failures[0].reason, "the eye looked in one direction only");
  EXPECT_EQ(summary.fits[2].reached_good, 1u);
  EXPECT_DOUBLE_EQ(summary.fits[2].frames_to_good->median, 17.0);
}

TEST(Summary, WithoutColumnsRatesAreNotMeasurable) {
  auto subject = test::scored_subject("a", {1.0});
  subject.measurable = {};
  const GroupSummary summary = summarise({&subject});
  EXPECT_FALSE(summary.detection.has_value());
  EXPECT_FALSE(summary.false_positives.has_value());
  EXPECT_TRUE(summary.detection_by_visibility.empty());
}

}  // namespace
}  // namespace yarbus::benchmark::metrics_test
