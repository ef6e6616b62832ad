#include "calibration/camera/view_collector.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/rendered_board.h"

namespace yarbus::view_collector_test {
namespace {

using std::chrono::milliseconds;
using test::board_pose;
using testing::HasSubstr;

const CameraIntrinsics camera = test::standard_test_camera();
const CalibrationBoard board;

BoardView view_at(double x, double y, double distance_mm, double turn_deg, double nod_deg) {
  return test::exact_view(board, board_pose(board, camera, {x, y}, distance_mm, turn_deg, nod_deg, 0.0),
                          camera, 0.0, 1);
}

TEST(ViewPlace, TellsTiltSizeAndPlace) {
  const auto left_away = ViewPlace::of(view_at(0.5, 0.5, 450.0, 25.0, 0.0));
  const auto right_away = ViewPlace::of(view_at(0.5, 0.5, 450.0, -25.0, 0.0));
  const auto upper = ViewPlace::of(view_at(0.5, 0.5, 450.0, 0.0, 25.0));
  // The test's turn about y by +25 degrees moves the left edge (x < 0) to z > 0: away.
  EXPECT_GT(test::board_pose(board, camera, {0.5, 0.5}, 450.0, 25.0, 0.0, 0.0).to_cam_mm({0.0, 80.0}).z(),
            450.0);
  EXPECT_NEAR(left_away.turn_deg, 25.0, 8.0);
  EXPECT_NEAR(right_away.turn_deg, -25.0, 8.0);
  EXPECT_NEAR(std::abs(upper.nod_deg), 25.0, 8.0);
  EXPECT_NEAR(left_away.center.x(), 0.5, 0.05);
  EXPECT_GT(ViewPlace::of(view_at(0.5, 0.5, 350.0, 0.0, 0.0)).size,
            ViewPlace::of(view_at(0.5, 0.5, 600.0, 0.0, 0.0)).size);
  const auto far_up = test::board_pose(board, camera, {0.5, 0.5}, 450.0, 0.0, 25.0, 0.0);
  const bool upper_is_away = far_up.to_cam_mm({125.0, 0.0}).z() > far_up.to_cam_mm({125.0, 175.0}).z();
  EXPECT_EQ(upper.nod_deg > 0.0, upper_is_away);
}

TEST(ViewCollector, KeepsStillSharpAndDifferentViewsOnly) {
  ViewCollector collector;
  const BoardView first = view_at(0.5, 0.5, 500.0, 0.0, 0.0);
  EXPECT_THAT(collector.offer(first, milliseconds(0)).text, HasSubstr("hold the board still"));
  EXPECT_TRUE(collector.offer(first, milliseconds(100)).kept_id);
  EXPECT_THAT(collector.offer(first, milliseconds(200)).text, HasSubstr("like this before"));

  const BoardView second = view_at(0.3, 0.4, 500.0, 20.0, 0.0);
  EXPECT_THAT(collector.offer(second, milliseconds(300)).text, HasSubstr("still")) << "it has moved";
  BoardView soft = second;
  soft.edge_width_px = 9.0;
  EXPECT_THAT(collector.offer(soft, milliseconds(400)).text, HasSubstr("less sharp"));
  EXPECT_TRUE(collector.offer(second, milliseconds(500)).kept_id);
  EXPECT_EQ(collector.views().size(), 2U);

  collector.lost();
  const BoardView third = view_at(0.7, 0.6, 500.0, -20.0, 0.0);
  EXPECT_FALSE(collector.offer(third, milliseconds(600)).kept_id) << "nothing to compare it with";
  EXPECT_FALSE(collector.offer(third, milliseconds(5000)).kept_id) << "too long ago to say that it is still";
  EXPECT_TRUE(collector.offer(third, milliseconds(5100)).kept_id);
}

TEST(ViewCollector, PersonsTakeWhatTheyLikeAndRemoveIt) {
  ViewCollector collector;
  const BoardView view = view_at(0.5, 0.5, 500.0, 0.0, 0.0);
  const auto one = collector.take(view);
  const auto two = collector.take(view);
  ASSERT_TRUE(one.kept_id && two.kept_id);
  EXPECT_TRUE(collector.remove(*one.kept_id));
  EXPECT_FALSE(collector.remove(*one.kept_id));
  EXPECT_GT(*collector.take(view).kept_id, *two.kept_id) << "ids are not used again";
  BoardView other_size = view;
  other_size.width_px = 320;
  EXPECT_THAT(collector.take(other_size).text, HasSubstr("another size"));
}

TEST(ViewCollector, GuidesToWhatIsMissing) {
  ViewCollector collector;
  EXPECT_EQ(collector.guide().progress, 0.0);
  EXPECT_EQ(collector.guide().regions_covered, 0);
  (void)collector.take(view_at(0.25, 0.25, 700.0, 0.0, 0.0));
  const CoverageGuide started = collector.guide();
  EXPECT_GT(started.progress, 0.0);
  EXPECT_THAT(started.missing, testing::Contains("show the board at the lower right"));
  EXPECT_THAT(started.missing, testing::Not(testing::Contains("show the board at the upper left")));
  EXPECT_THAT(started.missing, testing::Contains(HasSubstr("left edge away")));
  EXPECT_EQ(started.text, started.missing.front());
  EXPECT_GT(started.points_in_cell[1 * CoverageGuide::columns + 1], 0);

  for (const auto& pose : test::careful_poses(board, camera, 30, 35.0, 2))
    (void)collector.take(test::exact_view(board, pose, camera, 0.0, 1));
  for (const double x : {0.2, 0.5, 0.8}) {
    for (const double y : {0.2, 0.5, 0.8}) (void)collector.take(view_at(x, y, 800.0, 0.0, 0.0));
  }
  (void)collector.take(view_at(0.5, 0.5, 270.0, 0.0, 0.0));
  const CoverageGuide done = collector.guide();
  EXPECT_THAT(done.missing, testing::IsEmpty());
  EXPECT_EQ(done.progress, 1.0);
  EXPECT_EQ(done.tilts_covered, 4);
  EXPECT_THAT(done.text, HasSubstr("compute"));
}

}  // namespace
}  // namespace yarbus::view_collector_test
