// A head that is followed: simulated ones whose pose is known, and real ones.
#include "eyemodel/types/angle.h"
#include "tracker/face/head_tracker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Geometry>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "eyemodel/simulation/face/simulated_face.h"
#include "eyemodel/simulation/random.h"
#include "tests/support/recordings.h"
#include "tracker/face/face_finder.h"
#include "tracker/face/fit_pose.h"

namespace yarbus::head_tracker_test {
namespace {

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

/// Where they may be in the square of a face.
std::array<Eigen::Vector2d, 2> eyes_in(const FaceBox& box) {
  return {box.center_px + box.size_px * Eigen::Vector2d(-0.2, -0.18),
          box.center_px + box.size_px * Eigen::Vector2d(0.2, -0.18)};
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

/// A simulated face at VGA, with the places of its eyes as FaceFinder and EyeFinder would give them.
class Film {
 public:
  Film(const char* scenario, std::uint64_t seed) : face_(make(scenario, seed)) {}

  GrayView at(std::uint64_t frame) {
    face_.render(frame, image_, truth_);
    return image_.view();
  }
  [[nodiscard]] const CameraIntrinsics& intrinsics() const { return face_.camera(); }
  [[nodiscard]] const RigidTransform& pose() const { return truth_.cam_from_head; }
  /// Of the last frame.
  [[nodiscard]] std::array<Eigen::Vector2d, 2> eyes_px() const {
    std::array<Eigen::Vector2d, 2> middles;
    for (std::size_t i = 0; i < 2; ++i)
      middles[i] = 0.5 * (truth_.eyes[i].inner_corner_px + truth_.eyes[i].outer_corner_px);
    return middles;
  }

 private:
  static simulation::SimulatedFace make(const char* scenario, std::uint64_t seed) {
    simulation::FaceSimulationOptions options;
    options.scenario = scenario;
    options.seed = seed;
    options.width_px = 640;
    options.height_px = 480;
    return std::move(*simulation::SimulatedFace::create(options));
  }
  simulation::SimulatedFace face_;
  GrayImage image_;
  FaceTruth truth_;
};

/// What a tracked rotation is to the true one: constant for a tracker without error, whose head frame is its
/// own.
Eigen::Matrix3d own_frame(const RigidTransform& tracked, const RigidTransform& truth) {
  return truth.rotation.transpose() * tracked.rotation;
}

TEST(HeadTracker, FollowsHeadsThatMoveForTenSeconds) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Film film("face-moving", seed);
    HeadTracker tracker(film.intrinsics());
    const GrayView first = film.at(0);
    ASSERT_TRUE(tracker.start(first, film.eyes_px()));
    const Eigen::Matrix3d start = film.pose().rotation;
    std::vector<Eigen::Matrix3d> frames;
    double farthest_deg = 0.0;
    for (std::uint64_t i = 1; i <= 300; ++i) {
      const GrayView image = film.at(i);
      const auto pose = tracker.track(CaptureTime(i), image);
      ASSERT_TRUE(pose) << "seed " << seed << ", frame " << i;
      EXPECT_EQ(pose->at, CaptureTime(i));
      farthest_deg = std::max(farthest_deg, between_deg(start, film.pose().rotation));
      if (i >= 90) frames.push_back(own_frame(pose->cam_from_head, film.pose()));
    }
    Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
    for (const Eigen::Matrix3d& frame : frames) sum += frame;
    const Eigen::JacobiSVD<Eigen::Matrix3d> svd(sum, Eigen::ComputeFullU | Eigen::ComputeFullV);
    const Eigen::Matrix3d mean = svd.matrixU() * svd.matrixV().transpose();
    double squares_deg2 = 0.0;
    for (const Eigen::Matrix3d& frame : frames)
      squares_deg2 += std::pow(between_deg(frame, mean), 2.0) / static_cast<double>(frames.size());
    std::printf("seed %d: turned by up to %.1f deg, off by %.2f deg rms, %d keyframes\n",
                static_cast<int>(seed), farthest_deg, std::sqrt(squares_deg2), tracker.keyframes());
    EXPECT_GT(farthest_deg, 6.0);
    EXPECT_LT(std::sqrt(squares_deg2), 1.5) << "seed " << seed;
    EXPECT_EQ(tracker.head_number(), 1);
  }
}

TEST(HeadTracker, StillHeadsScatterByLessThanAFifthOfADegree) {
  Film film("face-still", 5);
  HeadTracker tracker(film.intrinsics());
  const GrayView first = film.at(0);
  ASSERT_TRUE(tracker.start(first, film.eyes_px()));
  double before_deg2 = 0.0;
  double stated_deg2 = 0.0;
  constexpr int frames = 60;
  Eigen::Matrix3d last = Eigen::Matrix3d::Identity();
  for (int i = 1; i <= frames; ++i) {
    const GrayView image = film.at(static_cast<std::uint64_t>(i));
    const auto pose = tracker.track(CaptureTime(i), image);
    ASSERT_TRUE(pose);
    const Eigen::Matrix3d now = own_frame(pose->cam_from_head, film.pose());
    // Of a difference of two.
    if (i > 1) before_deg2 += 0.5 * std::pow(between_deg(last, now), 2.0) / (frames - 1);
    last = now;
    stated_deg2 += pose->covariance.topLeftCorner<3, 3>().trace() / (rad_per_deg * rad_per_deg) / frames;
  }
  std::printf("still: scatters by %.3f deg, states %.3f\n", std::sqrt(before_deg2), std::sqrt(stated_deg2));
  EXPECT_LT(std::sqrt(before_deg2), 0.2);
  EXPECT_LT(before_deg2, 2.0 * stated_deg2) << "no surer than it is";
}

TEST(HeadTracker, LosesAHeadThatIsGoneAndWaitsForAnother) {
  Film film("face-still", 1);
  HeadTracker tracker(film.intrinsics());
  GrayImage wall(640, 480);
  std::fill(wall.data(), wall.data() + 640 * 480, std::uint8_t{90});
  const GrayView seen = film.at(0);
  EXPECT_FALSE(tracker.start(wall.view(), film.eyes_px())) << "nothing to follow";
  EXPECT_FALSE(tracker.track(CaptureTime(1), wall.view()));
  auto nowhere = film.eyes_px();
  for (Eigen::Vector2d& eye : nowhere) eye += Eigen::Vector2d(5000.0, 5000.0);
  EXPECT_FALSE(tracker.start(seen, nowhere));
  nowhere[0].x() = std::nan("");
  EXPECT_FALSE(tracker.start(seen, nowhere));
  ASSERT_TRUE(tracker.start(seen, film.eyes_px()));
  EXPECT_TRUE(tracker.track(CaptureTime(1), seen));
  EXPECT_FALSE(tracker.track(CaptureTime(2), wall.view()));
  EXPECT_FALSE(tracker.is_tracking());
  EXPECT_FALSE(tracker.track(CaptureTime(3), seen)) << "only start() finds it again";
  EXPECT_EQ(tracker.head_number(), 1);
}

TEST(HeadTracker, TakesUpTheFrameOfAHeadThatComesBackTurned) {
  Film film("face-moving", 1);
  HeadTracker tracker(film.intrinsics());
  const GrayView first = film.at(0);
  ASSERT_TRUE(tracker.start(first, film.eyes_px()));
  Eigen::Matrix3d frame;
  std::uint64_t i = 1;
  for (; i <= 60; ++i) {
    const GrayView image = film.at(i);
    const auto pose = tracker.track(CaptureTime(i), image);
    ASSERT_TRUE(pose);
    frame = own_frame(pose->cam_from_head, film.pose());
  }
  tracker.lose();
  ASSERT_FALSE(tracker.is_tracking());
  const GrayView later = film.at(90);
  ASSERT_TRUE(tracker.start(later, film.eyes_px()));
  const auto found = tracker.track(CaptureTime(90), later);
  ASSERT_TRUE(found);
  EXPECT_EQ(tracker.head_number(), 1) << "the same head";
  EXPECT_LT(between_deg(own_frame(found->cam_from_head, film.pose()), frame), 1.5)
      << "it is not taken for one that looks into the camera";
  // Another head is not taken for it, nor this one after forget().
  Film other("face-moving", 2);
  const GrayView stranger = other.at(0);
  ASSERT_TRUE(tracker.start(stranger, other.eyes_px()));
  EXPECT_EQ(tracker.head_number(), 2);
  tracker.forget();
  ASSERT_TRUE(tracker.start(stranger, other.eyes_px()));
  EXPECT_EQ(tracker.head_number(), 3);
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
        (void)tracker->start(view, eyes_in(faces.front()));
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
}  // namespace yarbus::head_tracker_test
