#pragma once

#include <QImage>
#include <QString>

#include "eyemodel/types/result.h"

namespace yarbus::ui {

/// Writes a PNG that gets its name only when it is whole. `what` names the picture in messages ("the plot").
/// `is_small`: as few bytes as PNG can, however long that takes. Errors: output_unwritable.
Result<void> write_picture(const QImage& picture, const QString& png_path, const char* what,
                           bool is_small = false);

}  // namespace yarbus::ui
