#pragma once

#include <QImage>
#include <QPaintDevice>
#include <QSize>
#include <QString>
#include <functional>

#include "eyemodel/types/result.h"

namespace yarbus::ui {

/// Writes a PNG that gets its name only when it is whole. `what` names the picture in messages ("the plot").
/// `is_small`: as few bytes as PNG can, however long that takes. Errors: output_unwritable.
Result<void> write_picture(const QImage& picture, const QString& png_path, const char* what,
                           bool is_small = false);

/// The same for an SVG, of `size` in its own units, that `paint` draws. Errors: output_unwritable.
Result<void> write_svg(const QString& svg_path, const QSize& size, const char* what,
                       const std::function<void(QPaintDevice& paper)>& paint);

}  // namespace yarbus::ui
