#include "calibration/camera/find_board.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/rendered_board.h"

namespace yarbus::find_board_test {
namespace {

using test::board_pose;
using test::render_board;
using testing::HasSubstr;

const CameraIntrinsics camera = test::standard_test_camera();

CalibrationBoard charuco() {
  CalibrationBoard board;
  board.kind = BoardKind::charuco;
  board.columns = 8;
  board.rows = 5;
  return board;
}

double mean_error_px(const BoardView& view, const test::BoardPose& pose, const CalibrationBoard& board) {
  // Chessboards may be numbered from either end.
  const auto on_board = board_points_mm(board);
  double least = 1e9;
  for (const bool turned : {false, true}) {
    double sum = 0.0;
    for (const BoardPoint& point : view.points) {
      const auto id = static_cast<std::size_t>(turned ? board.point_count() - 1 - point.id : point.id);
      sum += (camera.project(pose.to_cam_mm(on_board[id])) - point.in_image_px).norm();
    }
    least = std::min(least, sum / static_cast<double>(view.points.size()));
  }
  return least;
}

BoardNotFound missed(const GrayImage& image, const CalibrationBoard& board) {
  auto found = find_board(image.view(), board);
  if (auto* miss = std::get_if<BoardNotFound>(&found)) return *miss;
  ADD_FAILURE() << "a board was found";
  return {};
}

TEST(FindBoard, CornersAreWithinAFractionOfAPixel) {
  for (const CalibrationBoard& board : {CalibrationBoard{}, charuco()}) {
    const auto pose = board_pose(board, camera, {0.45, 0.55}, 420.0, 25.0, -15.0, 10.0);
    const auto found = find_board(render_board(board, pose, camera).view(), board);
    const auto* view = std::get_if<BoardView>(&found);
    ASSERT_NE(view, nullptr) << std::get<BoardNotFound>(found).text;
    EXPECT_LT(mean_error_px(*view, pose, board), 0.1);
    EXPECT_LT(view->edge_width_px, 4.0);
    EXPECT_TRUE(std::is_sorted(view->points.begin(), view->points.end(),
                               [](const BoardPoint& a, const BoardPoint& b) { return a.id < b.id; }));
  }
}

TEST(FindBoard, ACharucoBoardMayBePartlyOutside) {
  const auto pose = board_pose(charuco(), camera, {0.85, 0.5}, 330.0, 10.0, 0.0, 0.0);
  const auto found = find_board(render_board(charuco(), pose, camera).view(), charuco());
  const auto* view = std::get_if<BoardView>(&found);
  ASSERT_NE(view, nullptr) << std::get<BoardNotFound>(found).text;
  EXPECT_LT(static_cast<int>(view->points.size()), charuco().point_count());
  EXPECT_LT(mean_error_px(*view, pose, charuco()), 0.15);
}

TEST(FindBoard, SaysWhyThereIsNone) {
  const CalibrationBoard board;
  GrayImage empty(640, 480);
  std::fill_n(empty.data(), 640 * 480, std::uint8_t{120});
  EXPECT_EQ(missed(empty, board).reason, BoardMiss::no_board);
  EXPECT_EQ(missed(empty, charuco()).reason, BoardMiss::no_board);

  const auto outside = board_pose(board, camera, {0.95, 0.5}, 330.0, 0.0, 0.0, 0.0);
  EXPECT_EQ(missed(render_board(board, outside, camera), board).reason, BoardMiss::partly_outside);

  const auto straight = board_pose(board, camera, {0.5, 0.5}, 420.0, 10.0, 0.0, 0.0);
  const auto blurred = missed(render_board(board, straight, camera, {9.0, 1.0, 1}), board);
  EXPECT_EQ(blurred.reason, BoardMiss::blurred) << blurred.text;
  EXPECT_THAT(blurred.text, HasSubstr("blurred"));

  const auto far_away = board_pose(board, camera, {0.5, 0.5}, 4200.0, 5.0, 0.0, 0.0);
  EXPECT_THAT(missed(render_board(board, far_away, camera, {0.3, 1.0, 1}), board).reason,
              testing::AnyOf(BoardMiss::too_small, BoardMiss::no_board));
}

}  // namespace
}  // namespace yarbus::find_board_test
