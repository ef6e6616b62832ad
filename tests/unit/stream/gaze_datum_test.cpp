#include "app/stream/gaze_datum.h"

#include <cmath>

#include <Eigen/Geometry>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/packed_json.h"
#include "tests/support/streamed_eye.h"

namespace yarbus::gaze_datum_test {
namespace {

using nlohmann::json;
using test::make_streamed_gaze;
using test::make_streamed_pair;
using test::make_streamed_sample;
using test::packed_json;
using test::StreamedEye;

json packed_datum(const StreamEyes& eyes, const StreamClock& clock = {}) {
  const auto datum = gaze_datum(eyes, clock);
  if (!datum) return nullptr;
  return packed_json([&](Packer& out) { pack_value(out, *datum); });
}

std::vector<std::string> keys_of(const json& map) {
  std::vector<std::string> keys;
  for (const auto& entry : map.items()) keys.push_back(entry.key());
  return keys;
}

json vector_json(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

TEST(GazeDatum, MonocularWithAModel) {
  const auto sample = make_streamed_sample();
  const json datum = packed_datum(StreamEyes::of(sample, make_streamed_gaze()));
  EXPECT_THAT(keys_of(datum),
              testing::UnorderedElementsAre("topic", "norm_pos", "confidence", "timestamp", "base_data",
                                            "gaze_point_3d", "eye_center_3d", "gaze_normal_3d"));
  EXPECT_EQ(datum["topic"], "gaze.3d.0.") << "the trailing dot belongs to it";
  EXPECT_EQ(datum["norm_pos"], json({0.25, 0.75})) << "on the screen, from the bottom left";
  EXPECT_EQ(datum["confidence"], 0.875);
  EXPECT_EQ(datum["timestamp"], 100.0);
  ASSERT_EQ(datum["base_data"].size(), 1U);
  EXPECT_EQ(datum["base_data"][0]["topic"], "pupil.0.3d");
  EXPECT_EQ(datum["base_data"][0]["diameter_3d"], 3.5);
  const Eigen::Vector3d normal = sample->pose->gaze_dir_in_cam();
  EXPECT_EQ(datum["eye_center_3d"], json({1.0, 2.0, 50.0}));
  EXPECT_EQ(datum["gaze_normal_3d"], vector_json(normal));
  EXPECT_EQ(datum["gaze_point_3d"], vector_json(Eigen::Vector3d(1.0, 2.0, 50.0) + 500.0 * normal))
      << "at the viewing distance";
}

TEST(GazeDatum, MonocularOfTheLeftEyeWithoutAModel) {
  StreamedEye eye;
  eye.side = EyeSide::left;
  eye.has_pose = false;
  auto gaze = make_streamed_gaze(std::chrono::seconds(100), false, true);
  gaze.confidence = 0.5;
  const json datum = packed_datum(StreamEyes::of(make_streamed_sample(eye), gaze));
  EXPECT_THAT(keys_of(datum),
              testing::UnorderedElementsAre("topic", "norm_pos", "confidence", "timestamp", "base_data"));
  EXPECT_EQ(datum["topic"], "gaze.2d.1.");
  EXPECT_EQ(datum["confidence"], 0.5) << "gaze has its own";
  EXPECT_EQ(datum["base_data"][0]["topic"], "pupil.1.2d");
}

TEST(GazeDatum, BinocularIsTheMeanOfBothEyes) {
  const StreamEyes eyes = make_streamed_pair();
  const json datum = packed_datum(eyes);
  EXPECT_THAT(keys_of(datum),
              testing::UnorderedElementsAre("topic", "norm_pos", "confidence", "timestamp", "base_data",
                                            "gaze_point_3d", "eye_centers_3d", "gaze_normals_3d"));
  EXPECT_EQ(datum["topic"], "gaze.3d.01.");
  EXPECT_EQ(datum["confidence"], 0.75);
  EXPECT_NEAR(datum["timestamp"].get<double>(), 99.998, 1e-9);
  ASSERT_EQ(datum["base_data"].size(), 2U);
  EXPECT_EQ(datum["base_data"][0]["id"], 0);
  EXPECT_EQ(datum["base_data"][1]["id"], 1);
  EXPECT_EQ(datum["gaze_point_3d"], json({5.0, -30.0, -400.0})) << "where the lines of sight meet";
  EXPECT_THAT(keys_of(datum["eye_centers_3d"]), testing::UnorderedElementsAre("0", "1")) << "text as keys";
  EXPECT_EQ(datum["eye_centers_3d"]["0"], json({1.0, 2.0, 50.0}));
  EXPECT_EQ(datum["eye_centers_3d"]["1"], json({-1.0, 2.0, 55.0}))
      << "in its own camera: the way is not known";
  EXPECT_EQ(datum["gaze_normals_3d"]["1"], vector_json(eyes.pair.left->pose->gaze_dir_in_cam()));
}

TEST(GazeDatum, LeftEyeGoesToTheRightCameraWhereTheWayIsKnown) {
  StreamEyes eyes = make_streamed_pair();
  RigidTransform way;
  way.rotation = Eigen::AngleAxisd(0.3, Eigen::Vector3d::UnitY()).toRotationMatrix();
  way.translation_mm = {60.0, 0.0, 5.0};
  eyes.right_cam_from_left_cam = std::make_shared<const RigidTransform>(way);
  const json datum = packed_datum(eyes);
  EXPECT_EQ(datum["eye_centers_3d"]["1"], vector_json(way.point({-1.0, 2.0, 55.0})));
  EXPECT_EQ(datum["gaze_normals_3d"]["1"],
            vector_json(way.direction(eyes.pair.left->pose->gaze_dir_in_cam())));
  EXPECT_EQ(datum["eye_centers_3d"]["0"], json({1.0, 2.0, 50.0}));
}

TEST(GazeDatum, OfTwoSamplesUsesTheEyesThatGazeRestsOn) {
  StreamEyes eyes = make_streamed_pair();
  eyes.gaze->eyes = {false, true};
  EXPECT_EQ(packed_datum(eyes)["topic"], "gaze.3d.1.");
  eyes.gaze->eyes = {true, true};
  eyes.pair.left = nullptr;
  EXPECT_EQ(packed_datum(eyes)["topic"], "gaze.3d.0.") << "its sample has gone";
}

TEST(GazeDatum, OfAWebcamRestsOnTheIrises) {
  const auto sample = test::make_streamed_face(Eigen::Matrix3d::Identity(), {0.0, 0.0, 600.0});
  const json datum =
      packed_datum(StreamEyes::of(sample, make_streamed_gaze(std::chrono::seconds(100), true, true)));
  EXPECT_EQ(datum["topic"], "gaze.2d.01.");
  EXPECT_EQ(datum["confidence"], 0.75);
  EXPECT_EQ(datum["base_data"][1]["topic"], "iris.1.2d");
}

TEST(GazeDatum, IsAbsentWithoutGazeScreenOrEyes) {
  const auto sample = make_streamed_sample();
  EXPECT_TRUE(packed_datum(StreamEyes::of(sample)).is_null());
  auto gaze = make_streamed_gaze();
  gaze.screen.width_mm = 0.0;
  EXPECT_TRUE(packed_datum(StreamEyes::of(sample, gaze)).is_null());
  gaze = make_streamed_gaze(std::chrono::seconds(100), false, true);
  EXPECT_TRUE(packed_datum(StreamEyes::of(sample, gaze)).is_null()) << "rests on an eye that is not there";
}

TEST(GazeDatum, TimesFollowTheClientsClock) {
  StreamClock clock;
  const StreamEyes eyes = StreamEyes::of(make_streamed_sample(), make_streamed_gaze());
  const double ahead_s = 1.0e6 - clock.now_s();
  ASSERT_TRUE(clock.set_now(1.0e6));
  EXPECT_NEAR(packed_datum(eyes, clock)["timestamp"].get<double>(), 100.0 + ahead_s, 0.1);
  EXPECT_NEAR(packed_datum(eyes, clock)["base_data"][0]["timestamp"].get<double>(), 100.0 + ahead_s, 0.1);
}

TEST(OwnGaze, CarriesTheUncertainty) {
  const json own = packed_json([](Packer& out) { pack_own_gaze(out, make_streamed_gaze(), 5.0); });
  EXPECT_EQ(own, json({{"topic", "yarbus.gaze"},
                       {"timestamp", 5.0},
                       {"point_mm", {150.0, 75.0}},
                       {"covariance_mm2", {9.0, 1.0, 16.0}},
                       {"sigma_mm", 3.5},
                       {"eyes", {0}},
                       {"screen_mm", {600.0, 300.0}},
                       {"viewing_distance_mm", 500.0}}));
}

}  // namespace
}  // namespace yarbus::gaze_datum_test
