#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/result.h"

namespace yarbus {

enum class BoardKind : std::uint8_t { chessboard, circles, asymmetric_circles, charuco };

/// A flat pattern of known size that a camera is calibrated with.
struct CalibrationBoard {
  BoardKind kind = BoardKind::chessboard;
  int columns = 9;  ///< chessboard and ChArUco: inner corners a row; circle grids: circles a row
  int rows = 6;
  /// Side of a square; circle grids: distance of neighbours in a row; asymmetric ones: half of it, which is
  /// the distance of the rows.
  double square_mm = 25.0;
  double marker_mm = 0.0;             ///< ChArUco: side of a marker, black border included; 0: 0.7 squares
  double circle_mm = 0.0;             ///< circle grids: diameter of a circle; 0: as Yarbus prints it
  std::string dictionary = "4x4_50";  ///< ChArUco: bits and number of the markers

  bool operator==(const CalibrationBoard&) const = default;
  /// Names each value out of its bounds, and a dictionary that is not known or too small.
  [[nodiscard]] Result<void> validate() const;
  [[nodiscard]] double marker_side_mm() const;
  [[nodiscard]] double circle_radius_mm() const;  ///< 0 for patterns of corners
  [[nodiscard]] int point_count() const { return columns * rows; }
  /// "chessboard of 9x6 inner corners, 25 mm squares".
  [[nodiscard]] std::string to_text() const;
};

/// "chessboard", "circles", "asymmetric-circles" or "charuco".
const char* to_string(BoardKind kind);

/// "4x4_50", ... : the marker dictionaries known, with how many markers each has.
struct MarkerDictionary {
  const char* name;
  int markers;
};
const std::vector<MarkerDictionary>& marker_dictionaries();

/// The points that are looked for, row by row: inner corners, or centres of circles.
/// Frames & units: board, mm: origin at the top left of the pattern, x right, y down.
std::vector<Eigen::Vector2d> board_points_mm(const CalibrationBoard& board);

/// Width and height of the pattern without the white around it.
Eigen::Vector2d pattern_size_mm(const CalibrationBoard& board);

}  // namespace yarbus
