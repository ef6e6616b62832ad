#include "app/session/binocular_state.h"

#include <gtest/gtest.h>

namespace yarbus::binocular_state_test {
namespace {

GazeSamplePtr looking(EyeSide eye, const Eigen::Vector3d& gaze_in_cam, std::chrono::milliseconds time) {
  auto frame = std::make_shared<Frame>();
  frame->eye = eye;
  frame->captured_at = time;
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame;
  sample->pose.emplace();
  sample->pose->pupil_in_cam.normal_in_cam = gaze_in_cam.normalized();
  return sample;
}

TEST(BinocularState, HoldsTheNewestPairWithVergenceOnceTheGeometryIsKnown) {
  using std::chrono::milliseconds;
  BinocularState state;
  EXPECT_FALSE(state.snapshot().latest.has_value());
  // Each eye at its camera's origin; the left camera 60 mm to the right: they meet 30 mm over, 300 mm away.
  const Eigen::Vector3d right_gaze(30, 0, -300);
  const Eigen::Vector3d left_gaze(-30, 0, -300);
  state.processed(EyeSide::right, looking(EyeSide::right, right_gaze, milliseconds(0)));
  state.processed(EyeSide::left, looking(EyeSide::left, left_gaze, milliseconds(2)));
  ASSERT_TRUE(state.snapshot().latest.has_value());
  EXPECT_EQ(std::get<VergenceMiss>(state.snapshot().latest->vergence), VergenceMiss::unknown_geometry);

  RigidTransform right_from_left;
  right_from_left.translation_mm = {60, 0, 0};
  state.set_geometry(right_from_left);
  state.processed(EyeSide::right, looking(EyeSide::right, right_gaze, milliseconds(16)));
  state.processed(EyeSide::left, looking(EyeSide::left, left_gaze, milliseconds(18)));
  const auto both = *state.snapshot().latest;
  ASSERT_NE(both.vergence_point(), nullptr);
  EXPECT_LT((both.vergence_point()->point_in_right_cam_mm - Eigen::Vector3d(30, 0, -300)).norm(), 1e-6);

  state.restart(EyeSide::left);  // closed
  EXPECT_FALSE(state.snapshot().latest.has_value()) << "it held a sample of the closed eye";
  state.processed(EyeSide::right, looking(EyeSide::right, right_gaze, milliseconds(20)));
  EXPECT_EQ(state.snapshot().latest->left, nullptr);
  EXPECT_EQ(std::get<VergenceMiss>(state.snapshot().latest->vergence), VergenceMiss::one_eye);
}

}  // namespace
}  // namespace yarbus::binocular_state_test
