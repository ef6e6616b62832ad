#include "eyemodel/simulation/face/simulated_face.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/types/angle.h"

namespace yarbus::simulation::simulated_face_test {
namespace {


FaceSimulationOptions small_options(const std::string& scenario, std::uint64_t seed) {
  FaceSimulationOptions options;
  options.scenario = scenario;
  options.seed = seed;
  options.width_px = 320;
  options.height_px = 240;
  return options;
}

SimulatedFace make(const std::string& scenario, std::uint64_t seed) {
  return SimulatedFace::create(small_options(scenario, seed)).value();
}

bool is_same(const GrayImage& a, const GrayImage& b) {
  return a.width_px() == b.width_px() && a.height_px() == b.height_px() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.width_px() * a.height_px())) == 0;
}

/// How far a line passes by a point, mm. Frame: cam.
double distance_mm(const Eigen::Vector3d& origin_mm, const Eigen::Vector3d& direction,
                   const Eigen::Vector3d& point_mm) {
  return (point_mm - origin_mm).cross(direction).norm();
}

Eigen::Vector3d gaze_point_in_cam_mm(const FaceTruth& truth) {
  const Eigen::Vector3d point_mm(truth.gaze_in_screen_mm.x(), truth.gaze_in_screen_mm.y(), 0.0);
  return truth.screen_from_cam.rotation.transpose() * (point_mm - truth.screen_from_cam.translation_mm);
}

TEST(SimulatedFace, GivesTheSamePixelsForTheSameOptionsAndIndex) {
  SimulatedFace one = make("face-moving", 4);
  SimulatedFace other = make("face-moving", 4);
  SimulatedFace somebody_else = make("face-moving", 5);
  GrayImage image;
  GrayImage again;
  FaceTruth truth;
  other.render(7, again, truth);  // what was rendered before does not matter
  for (const std::uint64_t index : {0ULL, 40ULL, 41ULL, 12ULL}) {
    one.render(index, image, truth);
    other.render(index, again, truth);
    EXPECT_TRUE(is_same(image, again)) << index;
  }
  somebody_else.render(12, again, truth);
  EXPECT_FALSE(is_same(image, again)) << "another seed is another person";
  one.render(13, again, truth);
  EXPECT_FALSE(is_same(image, again)) << "another frame is another image";
}

TEST(SimulatedFace, RendersEveryScenarioWithTheTruthItPromises) {
  for (const ScenarioInfo& info : face_scenarios()) {
    SCOPED_TRACE(info.name);
    SimulatedFace face = make(std::string(info.name), 3);
    GrayImage image;
    FaceTruth truth;
    face.render(130, image, truth);
    ASSERT_EQ(image.width_px(), 320);
    ASSERT_EQ(image.height_px(), 240);
    const auto [low, high] = std::minmax_element(image.data(), image.data() + 320 * 240);
    EXPECT_GT(*high - *low, 20) << "nothing is to be seen";
    EXPECT_EQ(truth.has_face, info.name != "face-none");
    EXPECT_EQ(truth.target_in_screen_mm.has_value(), truth.has_face);
    if (info.name == "face-sunglasses") {
      EXPECT_FALSE(truth.eye(EyeSide::right).is_visible || truth.eye(EyeSide::left).is_visible);
    }
    if (info.name == "face-hand") {
      EXPECT_NE(truth.eye(EyeSide::right).is_visible, truth.eye(EyeSide::left).is_visible);
    }
    if (info.name == "face-leaves") {
      EXPECT_FALSE(truth.eye(EyeSide::right).is_visible);
    }
  }
}

TEST(SimulatedFace, RefusesWhatItCannotDoAndSaysWhy) {
  const auto unknown = SimulatedFace::create(small_options("face-odd", 1));
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().remedy.find("face-still"), std::string::npos);
  FaceSimulationOptions options = small_options("face-still", 1);
  options.width_px = 3;
  options.rate_hz = std::nan("");
  const auto bounds = SimulatedFace::create(options);
  ASSERT_FALSE(bounds);
  EXPECT_NE(bounds.error().message.find("width_px"), std::string::npos);
  EXPECT_NE(bounds.error().message.find("rate_hz"), std::string::npos);
}

TEST(SimulatedFace, BothVisualAxesMeetWhereThePersonLooks) {
  for (const std::uint64_t seed : {1ULL, 2ULL, 9ULL}) {
    SimulatedFace face = make("face-moving", seed);
    GrayImage image;
    FaceTruth truth;
    for (std::uint64_t index = 20; index < 900; index += 110) {
      face.render(index, image, truth);
      const Eigen::Vector3d point_mm = gaze_point_in_cam_mm(truth);
      for (const FaceEyeTruth& eye : truth.eyes) {
        EXPECT_LT(distance_mm(eye.rotation_center_in_cam_mm, eye.visual_axis_in_cam, point_mm), 1e-5);
        // The checker would see the optical axis, which is kappa off, miss it.
        EXPECT_GT(distance_mm(eye.rotation_center_in_cam_mm, eye.optical_axis_in_cam, point_mm), 20.0);
        const double kappa_deg = std::acos(eye.visual_axis_in_cam.dot(eye.optical_axis_in_cam)) * deg_per_rad;
        EXPECT_NEAR(kappa_deg, 5.2, 1.9);
      }
      // Each optical axis is turned out: the visual one is on the nose's side of it, the person's right eye
      // at image left.
      const auto outward = [&](EyeSide side) {
        const FaceEyeTruth& eye = truth.eye(side);
        const Eigen::Matrix3d head_from_cam = truth.cam_from_head.rotation.transpose();
        return (head_from_cam * (eye.optical_axis_in_cam - eye.visual_axis_in_cam)).x();
      };
      EXPECT_LT(outward(EyeSide::right), 0.0);
      EXPECT_GT(outward(EyeSide::left), 0.0);
    }
  }
}

TEST(SimulatedFace, LooksAtItsTargetsAsPeopleDo) {
  SimulatedFace face = make("face-still", 6);
  GrayImage image;
  FaceTruth truth;
  const double mm_per_deg = face.screen().viewing_distance_mm * std::tan(1.0 / deg_per_rad);
  double square_sum = 0.0;
  int steady = 0;
  int test_frames = 0;
  for (std::uint64_t index = 0; index < 900; index += 3) {
    face.render(index, image, truth);
    if (!truth.is_target_steady) continue;
    ++steady;
    if (truth.split == GazeSplit::test) ++test_frames;
    EXPECT_EQ(truth.split == GazeSplit::test, truth.time_s >= 13 * 1.2 - 1e-9);
    EXPECT_FALSE(truth.in_blink);
    square_sum += (truth.gaze_in_screen_mm - *truth.target_in_screen_mm).squaredNorm();
  }
  ASSERT_GT(steady, 100);
  EXPECT_GT(test_frames, 30);
  const double rms_deg = std::sqrt(square_sum / steady) / mm_per_deg;
  EXPECT_GT(rms_deg, 0.15);
  EXPECT_LT(rms_deg, 0.7);
}

TEST(SimulatedFace, ABlinkClosesTheLidsAndOpensThemAgain) {
  SimulatedFace face = make("face-still", 2);
  SimulatedFace photo = make("face-photo", 2);
  GrayImage image;
  FaceTruth truth;
  double least = 1.0;
  double most = 0.0;
  double least_of_photo = 1.0;
  for (std::uint64_t index = 0; index < 200; ++index) {
    face.render(index, image, truth);
    const FaceEyeTruth& eye = truth.eye(EyeSide::left);
    least = std::min(least, eye.openness);
    most = std::max(most, eye.openness);
    if (eye.openness < 0.3) {
      EXPECT_TRUE(truth.in_blink);
      EXPECT_FALSE(eye.is_visible);
    }
    photo.render(index, image, truth);
    least_of_photo = std::min(least_of_photo, truth.eye(EyeSide::left).openness);
  }
  EXPECT_LT(least, 0.2);
  EXPECT_EQ(most, 1.0);
  EXPECT_EQ(least_of_photo, 1.0) << "a photograph does not blink";
}

TEST(SimulatedFace, FollowsWhoeverSteersIt) {
  SimulatedFace face = make("face-still", 8);
  GrayImage image;
  FaceTruth truth;
  const Eigen::Vector2d target_mm(450.0, 60.0);
  face.render(0, image, truth);
  face.look_at(target_mm);
  for (std::uint64_t index = 1; index < 30; ++index) face.render(index, image, truth);
  EXPECT_LT((*truth.target_in_screen_mm - target_mm).norm(), 1e-9);
  EXPECT_LT((truth.gaze_in_screen_mm - target_mm).norm(), 15.0);
  // One that glides is followed without a saccade, a little behind.
  Eigen::Vector2d gliding_mm = target_mm;
  for (std::uint64_t index = 30; index < 90; ++index) {
    gliding_mm.x() -= 4.0;
    face.look_at(gliding_mm);
    face.render(index, image, truth);
    EXPECT_FALSE(truth.is_saccade) << index;
  }
  EXPECT_LT((truth.gaze_in_screen_mm - gliding_mm).norm(), 30.0);
  EXPECT_FALSE(truth.is_target_steady);
  face.look_at(std::nullopt);
  for (std::uint64_t index = 90; index < 120; ++index) face.render(index, image, truth);
  EXPECT_GT((*truth.target_in_screen_mm - gliding_mm).norm(), 1.0) << "its own targets again";
}

TEST(SimulatedFace, AMirroredImageIsTheOtherOneMirrored) {
  SimulatedFace face = make("face-still", 3);
  SimulatedFace mirrored = make("face-mirror", 3);
  GrayImage image;
  FaceTruth truth;
  FaceTruth of_mirrored;
  face.render(60, image, truth);
  mirrored.render(60, image, of_mirrored);
  const double last_px = image.width_px() - 1;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    EXPECT_NEAR(of_mirrored.eye(side).limbus.center_px.x(), last_px - truth.eye(side).limbus.center_px.x(),
                1e-9);
    EXPECT_NEAR(of_mirrored.eye(side).limbus.center_px.y(), truth.eye(side).limbus.center_px.y(), 1e-9);
  }
}

}  // namespace
}  // namespace yarbus::simulation::simulated_face_test
