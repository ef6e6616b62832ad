#include "eyemodel/types/calibration_board.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace yarbus {
namespace {

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

}  // namespace

const char* to_string(BoardKind kind) {
  switch (kind) {
    case BoardKind::chessboard:
      return "chessboard";
    case BoardKind::circles:
      return "circles";
    case BoardKind::asymmetric_circles:
      return "asymmetric-circles";
    case BoardKind::charuco:
      return "charuco";
  }
  return "";
}

const std::vector<MarkerDictionary>& marker_dictionaries() {
  static const std::vector<MarkerDictionary> table{
      {"4x4_50", 50}, {"4x4_100", 100}, {"4x4_250", 250}, {"4x4_1000", 1000},
      {"5x5_50", 50}, {"5x5_100", 100}, {"5x5_250", 250}, {"5x5_1000", 1000},
      {"6x6_50", 50}, {"6x6_100", 100}, {"6x6_250", 250}, {"6x6_1000", 1000},
      {"7x7_50", 50}, {"7x7_100", 100}, {"7x7_250", 250}, {"7x7_1000", 1000}};
  return table;
}

double CalibrationBoard::marker_side_mm() const { return marker_mm > 0.0 ? marker_mm : 0.7 * square_mm; }

double CalibrationBoard::circle_radius_mm() const {
  if (kind == BoardKind::circles) return circle_mm > 0.0 ? 0.5 * circle_mm : 0.28 * square_mm;
  if (kind == BoardKind::asymmetric_circles) return circle_mm > 0.0 ? 0.5 * circle_mm : 0.4 * square_mm;
  return 0.0;
}

Result<void> CalibrationBoard::validate() const {
  std::ostringstream faults;
  const auto fault = [&](const std::string& text) { faults << (faults.tellp() > 0 ? "; " : "") << text; };
  const int fewest = kind == BoardKind::asymmetric_circles ? 2 : 3;
  constexpr int most = 40;
  for (const auto& [name, value] : {std::pair{"columns", columns}, {"rows", rows}}) {
    if (value < fewest || value > most)
      fault(std::string(name) + " is " + std::to_string(value) + ", must be from " + std::to_string(fewest) +
            " to " + std::to_string(most));
  }
  if (!std::isfinite(square_mm) || square_mm < 0.1 || square_mm > 1000.0)
    fault("square_mm is " + number(square_mm) + ", must be from 0.1 to 1000");
  if (kind == BoardKind::charuco) {
    const auto& known = marker_dictionaries();
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const MarkerDictionary& entry) { return entry.name == dictionary; });
    const int markers = (columns + 1) * (rows + 1) / 2;
    if (found == known.end()) {
      fault("the dictionary \"" + dictionary + "\" is not known, 4x4_50 to 7x7_1000 are");
    } else if (markers > found->markers) {
      fault("the board has " + std::to_string(markers) + " markers, the dictionary " + dictionary + " only " +
            std::to_string(found->markers));
    }
    if (!std::isfinite(marker_mm) || marker_mm < 0.0 || marker_side_mm() >= 0.95 * square_mm)
      fault("marker_mm is " + number(marker_mm) + ", must be below 0.95 squares");
  }
  const double radius_mm = circle_radius_mm();
  const double touching_mm =
      kind == BoardKind::asymmetric_circles ? std::sqrt(0.5) * square_mm : 0.5 * square_mm;
  if (!std::isfinite(circle_mm) || circle_mm < 0.0 || (radius_mm > 0.0 && radius_mm > 0.9 * touching_mm))
    fault("circle_mm is " + number(circle_mm) + ", the circles must not touch");
  if (faults.tellp() == 0) return {};
  return Error{ErrorCode::invalid_option, faults.str(), "calibration board",
               "Count the inner corners or circles of your board and measure a square"};
}

std::string CalibrationBoard::to_text() const {
  const std::string size = std::to_string(columns) + "x" + std::to_string(rows);
  const std::string mm = number(square_mm) + " mm";
  switch (kind) {
    case BoardKind::chessboard:
      return "chessboard of " + size + " inner corners, " + mm + " squares";
    case BoardKind::circles:
      return "grid of " + size + " circles, " + mm + " apart";
    case BoardKind::asymmetric_circles:
      return "asymmetric grid of " + size + " circles, rows " + mm + " apart";
    case BoardKind::charuco:
      return "ChArUco board of " + size + " inner corners, " + mm + " squares, " + number(marker_side_mm()) +
             " mm markers of " + dictionary;
  }
  return {};
}

std::vector<Eigen::Vector2d> board_points_mm(const CalibrationBoard& board) {
  std::vector<Eigen::Vector2d> points;
  points.reserve(static_cast<std::size_t>(board.point_count()));
  for (int row = 0; row < board.rows; ++row) {
    for (int column = 0; column < board.columns; ++column) {
      const bool is_asymmetric = board.kind == BoardKind::asymmetric_circles;
      const int across = is_asymmetric ? 2 * column + row % 2 : column;
      points.emplace_back(board.square_mm * (across + 1), board.square_mm * (row + 1));
    }
  }
  return points;
}

Eigen::Vector2d pattern_size_mm(const CalibrationBoard& board) {
  const bool is_asymmetric = board.kind == BoardKind::asymmetric_circles;
  const int across = is_asymmetric ? 2 * board.columns + 1 : board.columns + 1;
  return board.square_mm * Eigen::Vector2d(across, board.rows + 1);
}

}  // namespace yarbus
