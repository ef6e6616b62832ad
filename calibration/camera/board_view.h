#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <Eigen/Core>

namespace yarbus {

/// A point of the board as seen. Frames & units: image, px; board, mm.
struct BoardPoint {
  int id = 0;  ///< row * columns + column
  Eigen::Vector2d in_image_px;
  Eigen::Vector2d on_board_mm;
};

/// A board found in an image.
struct BoardView {
  int width_px = 0;  ///< of the image
  int height_px = 0;
  std::vector<BoardPoint> points;           ///< rising ids
  std::vector<Eigen::Vector2d> outline_px;  ///< convex hull of the points
  double spacing_px = 0.0;                  ///< median distance of neighbours
  double edge_width_px = 0.0;               ///< over which black turns to white; about 2 when sharp
  double circle_radius_mm = 0.0;            ///< the points are centres of circles of that radius; 0: corners
};

enum class BoardMiss : std::uint8_t { no_board, too_small, blurred, partly_outside, low_contrast };

/// Why there is no view.
struct BoardNotFound {
  BoardMiss reason = BoardMiss::no_board;
  std::string text;  ///< a sentence without a full stop
};

using BoardSearch = std::variant<BoardView, BoardNotFound>;

}  // namespace yarbus
