#pragma once

#include <QString>

#include "app/session/camera_calibration_control.h"

namespace yarbus::ui {

/// Writes the board at its true size on the smallest paper from A4 to A1 that it fits, in its middle; a
/// larger one on a page of its own size. Errors: output_unwritable.
Result<void> write_board_pdf(const BoardDrawing& drawing, const QString& path);

}  // namespace yarbus::ui
