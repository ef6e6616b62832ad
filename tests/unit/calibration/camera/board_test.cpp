#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "calibration/camera/board_drawing.h"
#include "calibration/camera/find_board.h"
#include "eyemodel/types/calibration_board.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::board_test {
namespace {

using testing::HasSubstr;

CalibrationBoard of(BoardKind kind, int columns, int rows) {
  CalibrationBoard board;
  board.kind = kind;
  board.columns = columns;
  board.rows = rows;
  return board;
}

TEST(CalibrationBoard, ValidationNamesEveryFault) {
  EXPECT_TRUE(CalibrationBoard{}.validate());
  CalibrationBoard board = of(BoardKind::charuco, 2, 60);
  board.square_mm = -1.0;
  board.dictionary = "9x9";
  const auto valid = board.validate();
  ASSERT_FALSE(valid);
  for (const char* words : {"columns is 2", "rows is 60", "square_mm is -1", "\"9x9\" is not known"})
    EXPECT_THAT(valid.error().message, HasSubstr(words));
  EXPECT_THAT(of(BoardKind::charuco, 20, 20).validate().error().message, HasSubstr("220 markers"));
  board = of(BoardKind::charuco, 8, 5);
  board.marker_mm = 25.0;
  EXPECT_THAT(board.validate().error().message, HasSubstr("below 0.95 squares"));
  board = of(BoardKind::circles, 8, 5);
  board.circle_mm = 25.0;
  EXPECT_THAT(board.validate().error().message, HasSubstr("must not touch"));
}

/// What is drawn is what is looked for, at its place and in its numbering.
TEST(BoardDrawing, EveryBoardIsFoundInItsOwnPicture) {
  for (const CalibrationBoard& board :
       {CalibrationBoard{}, of(BoardKind::circles, 7, 5), of(BoardKind::asymmetric_circles, 4, 9),
        of(BoardKind::charuco, 8, 5), of(BoardKind::charuco, 7, 6), of(BoardKind::charuco, 6, 6)}) {
    constexpr double px_per_mm = 2.5;
    const GrayImage image = board_image(board, px_per_mm);
    const auto found = find_board(image.view(), board);
    const auto* view = std::get_if<BoardView>(&found);
    ASSERT_NE(view, nullptr) << board.to_text() << ": " << std::get<BoardNotFound>(found).text;
    ASSERT_EQ(static_cast<int>(view->points.size()), board.point_count()) << board.to_text();
    const bool is_turned = (view->points[0].in_image_px - view->points[1].in_image_px).x() > 0.0;
    const auto on_board = board_points_mm(board);
    for (const BoardPoint& point : view->points) {
      const auto id = static_cast<std::size_t>(is_turned ? board.point_count() - 1 - point.id : point.id);
      const Eigen::Vector2d expected =
          (on_board[id] + Eigen::Vector2d::Constant(white_margin_mm(board))) * px_per_mm -
          Eigen::Vector2d(0.5, 0.5);
      EXPECT_NEAR((point.in_image_px - expected).norm(), 0.0, 0.15) << board.to_text() << ' ' << point.id;
      EXPECT_EQ(point.on_board_mm, on_board[static_cast<std::size_t>(point.id)]);
    }
    EXPECT_NEAR(view->spacing_px / px_per_mm,
                board.kind == BoardKind::asymmetric_circles ? 2.0 * board.square_mm : board.square_mm, 0.1);
  }
}

TEST(BoardDrawing, FilesAreOfTrueSize) {
  const test::TemporaryFolder folder;
  const CalibrationBoard board;
  ASSERT_TRUE(write_board(folder / "b.svg", board));
  std::stringstream svg;
  svg << std::ifstream(folder / "b.svg").rdbuf();
  EXPECT_THAT(svg.str(),
              HasSubstr("width=\"300mm\" height=\"225mm\""));  // 10 x 7 squares and a square around
  EXPECT_THAT(svg.str(), HasSubstr("the pattern is 250 mm wide"));
  ASSERT_TRUE(write_board(folder / "b.png", board));
  const cv::Mat picture = cv::imread((folder / "b.png").string(), cv::IMREAD_GRAYSCALE);
  EXPECT_NEAR(picture.cols, 300.0 / 25.4 * 300.0, 1.0);
  std::stringstream png;
  png << std::ifstream(folder / "b.png", std::ios::binary).rdbuf();
  const auto size = png.str().find("pHYs");
  ASSERT_NE(size, std::string::npos);
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(png.str()[size + 4 + i]));
  };
  EXPECT_EQ((byte(0) << 24U) + (byte(1) << 16U) + (byte(2) << 8U) + byte(3),
            11811U);  // 300 dots an inch, a metre
  EXPECT_EQ(write_board(folder / "b.pdf", board).error().code, ErrorCode::invalid_option);
  EXPECT_EQ(write_board(folder / "none" / "b.svg", board).error().code, ErrorCode::output_unwritable);
}

}  // namespace
}  // namespace yarbus::board_test
