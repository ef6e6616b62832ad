#pragma once

#include "calibration/camera/board_view.h"
#include "eyemodel/types/calibration_board.h"
#include "eyemodel/types/image.h"

namespace yarbus {

/// Finds the board's points to a fraction of a pixel, or says why it is not there.
/// Method: OpenCV's chessboard, circle grid and ChArUco searches on an image of at most 1000 px, then saddle
/// points (Förstner) in the full one; edge widths by contrast over the steepest gradient. All points must be
/// seen, of a ChArUco board at least 8.
/// Threads: concurrent-safe. Cost: 20 to 100 ms at VGA.
BoardSearch find_board(GrayView image, const CalibrationBoard& board);

}  // namespace yarbus
