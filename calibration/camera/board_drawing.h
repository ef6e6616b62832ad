#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eyemodel/types/calibration_board.h"
#include "eyemodel/types/image.h"

namespace yarbus {

/// What is black on a board. Frames & units: board, mm.
struct BoardShapes {
  struct Box {
    double x_mm, y_mm, width_mm, height_mm;
  };
  struct Disc {
    double x_mm, y_mm, radius_mm;
  };
  std::vector<Box> boxes;
  std::vector<Disc> discs;
};

/// The board must be valid.
BoardShapes board_shapes(const CalibrationBoard& board);

/// White around the pattern, on each side.
double white_margin_mm(const CalibrationBoard& board);

/// Width and height on paper, margin included.
Eigen::Vector2d printed_size_mm(const CalibrationBoard& board);

/// The board as an image, margin included, edges averaged over the pixel. A point of the board is at
/// (point_mm + white_margin_mm) * px_per_mm - 0.5 in the image (px).
GrayImage board_image(const CalibrationBoard& board, double px_per_mm);

/// The board at its true size, as the text of an SVG file.
std::string board_svg(const CalibrationBoard& board);

/// Writes it for printing, as the ending says: .svg, or .png at 300 dots an inch (which it states).
/// Errors: invalid_option (board, ending), output_unwritable.
Result<void> write_board(const std::filesystem::path& path, const CalibrationBoard& board);

}  // namespace yarbus
