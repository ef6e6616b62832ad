// A head that is followed: rendered ones whose pose is known, and real ones.
#include "tracker/face/head_tracker.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <Eigen/Geometry>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "eyemodel/simulation/random.h"
#include "tests/support/recordings.h"
#include "tests/support/textured_head.h"
#include "tracker/face/face_finder.h"
#include "tracker/face/fit_pose.h"

namespace yarbus {
namespace {

constexpr double rad_per_deg = std::numbers::pi / 180.0;
const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(600.0, 640, 480);

RigidTransform pose_of(double yaw_deg, double pitch_deg, double roll_deg, const Eigen::Vector3d& at_mm) {
  RigidTransform pose;
  pose.rotation = (Eigen::AngleAxisd(yaw_deg * rad_per_deg, Eigen::Vector3d::UnitY()) *
                   Eigen::AngleAxisd(pitch_deg * rad_per_deg, Eigen::Vector3d::UnitX()) *
                   Eigen::AngleAxisd(roll_deg * rad_per_deg, Eigen::Vector3d::UnitZ()))
                      .toRotationMatrix();
  pose.translation_mm = at_mm;
  return pose;
}

double between_deg(const Eigen::Matrix3d& a, const Eigen::Matrix3d& b) {
  return Eigen::AngleAxisd(a.transpose() * b).angle() / rad_per_deg;
}

/// What a face finder says of a head that looks into the camera.
FaceBox box_at(const RigidTransform& pose, double half_width_mm = 75.0) {
  FaceBox box;
  box.size_px = camera.fx_px * 2.0 * half_width_mm / pose.translation_mm.z();
  box.center_px = camera.project(pose.translation_mm) + Eigen::Vector2d(0.0, 0.2 * box.size_px);
  return box;
}

std::vector<SeenPoint> seen_points(const RigidTransform& pose, int count, double noise_px,
                                   simulation::Random& random) {
  std::vector<SeenPoint> points(static_cast<std::size_t>(count));
  for (SeenPoint& point : points) {
    point.in_head_mm = {random.uniform(-60.0, 60.0), random.uniform(-90.0, 90.0),
                        random.uniform(-95.0, -50.0)};
    point.seen_px = camera.project(pose.point(point.in_head_mm)) +
                    noise_px * Eigen::Vector2d(random.normal(), random.normal());
  }
  return points;
}

TEST(FitPose, IsExactWithoutNoiseAndIgnoresWhatDoesNotBelong) {
  simulation::Random random(1);
  const RigidTransform truth = pose_of(14.0, -8.0, 5.0, {30.0, -20.0, 620.0});
  auto points = seen_points(truth, 100, 0.0, random);
  for (std::size_t i = 0; i < 35; ++i)
    points[i].seen_px += Eigen::Vector2d(random.uniform(5.0, 40.0), random.uniform(-30.0, 30.0));
  const auto pose = fit_pose(points, camera, pose_of(8.0, 0.0, 0.0, {0.0, 0.0, 600.0}));
  ASSERT_TRUE(pose);
  EXPECT_LT(between_deg(pose->cam_from_head.rotation, truth.rotation), 1e-3);
  EXPECT_LT((pose->cam_from_head.translation_mm - truth.translation_mm).norm(), 1e-2);
  EXPECT_EQ(pose->features, 65);
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT_EQ(points[i].is_used, i >= 35) << i;
}

TEST(FitPose, StatesTheScatterOverRepetitions) {
  simulation::Random random(2);
  const RigidTransform truth = pose_of(5.0, 3.0, 0.0, {0.0, 0.0, 600.0});
  constexpr int repetitions = 400;
  Eigen::Matrix<double, 6, 1> stated = Eigen::Matrix<double, 6, 1>::Zero();
  Eigen::Matrix<double, 6, 1> scattered = Eigen::Matrix<double, 6, 1>::Zero();
  for (int i = 0; i < repetitions; ++i) {
    auto points = seen_points(truth, 80, 0.5, random);
    const auto pose = fit_pose(points, camera, truth);
    ASSERT_TRUE(pose);
    const Eigen::AngleAxisd off(pose->cam_from_head.rotation * truth.rotation.transpose());
    Eigen::Matrix<double, 6, 1> error;
    error << off.angle() * off.axis(), pose->cam_from_head.translation_mm - truth.translation_mm;
    scattered += error.cwiseAbs2();
    stated += pose->covariance.diagonal();
  }
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(std::sqrt(scattered[i] / stated[i]), 1.0, 0.15) << i;
}

TEST(FitPose, RefusesTooFewPointsAndNumbersThatAreNone) {
  simulation::Random random(3);
  const RigidTransform truth = pose_of(0.0, 0.0, 0.0, {0.0, 0.0, 600.0});
  auto few = seen_points(truth, 11, 0.1, random);
  EXPECT_FALSE(fit_pose(few, camera, truth));
  auto bad = seen_points(truth, 60, 0.1, random);
  for (std::size_t i = 0; i < 50; ++i) bad[i].seen_px.x() = std::nan("");
  EXPECT_FALSE(fit_pose(bad, camera, truth));
  auto behind = seen_points(truth, 60, 0.1, random);
  EXPECT_FALSE(fit_pose(behind, camera, pose_of(0.0, 0.0, 0.0, {0.0, 0.0, -600.0})));
}

/// Yaw, pitch, place over 90 frames: to both sides, up and down, to and fro, and back.
RigidTransform moving(int frame) {
  const double t = 2.0 * std::numbers::pi * frame / 90.0;
  return pose_of(22.0 * std::sin(t), 9.0 * std::sin(2.0 * t), 4.0 * std::sin(t),
                 {40.0 * std::sin(t), 15.0 * std::sin(2.0 * t), 600.0 + 60.0 * std::sin(t)});
}

TEST(HeadTracker, FollowsAHeadThatTurnsAndComesBack) {
  test::TexturedHead head(5);
  HeadTracker tracker(camera);
  ASSERT_TRUE(tracker.start(head.render(camera, moving(0)).view(), box_at(moving(0))));
  double worst_deg = 0.0;
  double worst_mm = 0.0;
  std::optional<HeadPose> last;
  for (int frame = 1; frame <= 90; ++frame) {
    const GrayImage image = head.render(camera, moving(frame));
    last = tracker.track(CaptureTime(frame), image.view());
    ASSERT_TRUE(last) << frame;
    EXPECT_EQ(last->at, CaptureTime(frame));
    worst_deg = std::max(worst_deg, between_deg(last->cam_from_head.rotation, moving(frame).rotation));
    worst_mm = std::max(worst_mm, (last->cam_from_head.translation_mm - moving(frame).translation_mm).norm());
  }
  std::printf("worst %.2f deg, %.1f mm; back again %.3f deg, %.2f mm; %d keyframes, %d features\n", worst_deg,
              worst_mm, between_deg(last->cam_from_head.rotation, moving(90).rotation),
              (last->cam_from_head.translation_mm - moving(90).translation_mm).norm(), tracker.keyframes(),
              last->features);
  EXPECT_LT(worst_deg, 1.5) << "of 22, followed over several keyframes";
  EXPECT_LT(worst_mm, 8.0);
  EXPECT_LT(between_deg(last->cam_from_head.rotation, moving(90).rotation), 0.15) << "errors do not add up";
  EXPECT_GT(tracker.keyframes(), 1);
}

TEST(HeadTracker, AHeadOfAnotherShapeTurnsByNearlyAsMuch) {
  test::TexturedHead head(6, {70.0, 125.0, 105.0});
  HeadTracker tracker(camera);
  ASSERT_TRUE(tracker.start(head.render(camera, moving(0)).view(), box_at(moving(0), 70.0)));
  for (int frame = 1; frame <= 90; ++frame) {
    const auto pose = tracker.track(CaptureTime(frame), head.render(camera, moving(frame)).view());
    ASSERT_TRUE(pose) << frame;
    EXPECT_LT(between_deg(pose->cam_from_head.rotation, moving(frame).rotation), 4.0) << frame;
  }
}

TEST(HeadTracker, StillHeadsScatterByAFewTenthsOfADegree) {
  test::TexturedHead head(7);
  const RigidTransform pose = pose_of(0.0, 0.0, 0.0, {0.0, 0.0, 600.0});
  HeadTracker tracker(camera);
  ASSERT_TRUE(tracker.start(head.render(camera, pose, 4.0).view(), box_at(pose)));
  double squares_deg2 = 0.0;
  double stated_deg2 = 0.0;
  constexpr int frames = 40;
  for (int frame = 1; frame <= frames; ++frame) {
    const auto found = tracker.track(CaptureTime(frame), head.render(camera, pose, 4.0).view());
    ASSERT_TRUE(found);
    squares_deg2 += std::pow(between_deg(found->cam_from_head.rotation, pose.rotation), 2.0) / frames;
    stated_deg2 += found->covariance.topLeftCorner<3, 3>().trace() / (rad_per_deg * rad_per_deg) / frames;
  }
  EXPECT_LT(std::sqrt(squares_deg2), 0.3);
  EXPECT_LT(std::sqrt(squares_deg2 / stated_deg2), 2.0) << "no surer than it is";
}

TEST(HeadTracker, LosesAHeadThatIsGoneAndWaitsForAnother) {
  test::TexturedHead head(8);
  const RigidTransform pose = pose_of(0.0, 0.0, 0.0, {0.0, 0.0, 600.0});
  HeadTracker tracker(camera);
  const GrayImage wall = [] {
    GrayImage image(640, 480);
    std::fill(image.data(), image.data() + 640 * 480, std::uint8_t{90});
    return image;
  }();
  EXPECT_FALSE(tracker.start(wall.view(), box_at(pose))) << "nothing to follow";
  EXPECT_FALSE(tracker.track(CaptureTime(1), wall.view()));
  const GrayImage seen = head.render(camera, pose);
  FaceBox nowhere = box_at(pose);
  nowhere.center_px = {5000.0, 5000.0};
  EXPECT_FALSE(tracker.start(seen.view(), nowhere));
  nowhere.size_px = std::nan("");
  EXPECT_FALSE(tracker.start(seen.view(), nowhere));
  ASSERT_TRUE(tracker.start(seen.view(), box_at(pose)));
  EXPECT_TRUE(tracker.track(CaptureTime(1), seen.view()));
  EXPECT_FALSE(tracker.track(CaptureTime(2), wall.view()));
  EXPECT_FALSE(tracker.is_tracking());
  EXPECT_FALSE(tracker.track(CaptureTime(3), seen.view())) << "only start() finds it again";
}

TEST(HeadTracker, FollowsRealHeads) {
  struct Case {
    const char* name;
    double least_deg;  ///< how far the person turns at least, and at most, by the look of it
    double most_deg;
  };
  for (const Case& person : {Case{"faces_head_turn/head-pose-face-detection-female.gif", 15.0, 60.0},
                             Case{"faces_head_turn/head-pose-face-detection-male.gif", 0.0, 12.0}}) {
    const auto path = test::recording(person.name);
    YARBUS_REQUIRE_RECORDING(path);
    cv::VideoCapture video(path.string());
    auto finder = FaceFinder::create();
    ASSERT_TRUE(finder);
    std::optional<HeadTracker> tracker;
    cv::Mat frame;
    cv::Mat gray;
    int followed = 0;
    int frames = 0;
    double farthest_deg = 0.0;
    Eigen::Matrix3d first = Eigen::Matrix3d::Identity();
    while (video.read(frame)) {
      cv::cvtColor(frame, gray, cv::COLOR_BGR2GRAY);
      const GrayView view{gray.data, gray.cols, gray.rows, static_cast<std::ptrdiff_t>(gray.step)};
      ++frames;
      if (!tracker) tracker.emplace(CameraIntrinsics::assumed_for(gray.cols, gray.rows));
      if (const auto pose = tracker->track(CaptureTime(frames), view)) {
        ++followed;
        if (followed == 1) first = pose->cam_from_head.rotation;
        farthest_deg = std::max(farthest_deg, between_deg(first, pose->cam_from_head.rotation));
        EXPECT_GT(pose->cam_from_head.translation_mm.z(), 100.0);
      } else if (const auto faces = finder->find(view); !faces.empty()) {
        (void)tracker->start(view, faces.front());
      }
    }
    std::printf("%s: followed in %d of %d frames, turned by up to %.0f deg\n", person.name, followed, frames,
                farthest_deg);
    EXPECT_GT(followed, frames * 2 / 3) << person.name;
    EXPECT_GE(farthest_deg, person.least_deg) << person.name;
    EXPECT_LE(farthest_deg, person.most_deg) << person.name;
  }
}

}  // namespace
}  // namespace yarbus
