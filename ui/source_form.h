#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "app/session/session.h"

namespace yarbus::ui {

/// One camera format out of a line like "MJPG 640x480 at 30, 60 Hz".
struct CameraFormat {
  QString pixel_format;
  int width_px = 0;
  int height_px = 0;
  std::vector<double> rates_hz;
};

/// Nullopt if the line is not of that form.
std::optional<CameraFormat> parse_camera_format(const QString& line);

/// "640x480" or "640 x 480". Nullopt otherwise.
std::optional<std::pair<int, int>> parse_size(const QString& text);

/// What the camera list shows: name and path, and for an unreadable camera that it is and what to do.
QString camera_label(const CameraChoice& camera);
/// What to do about a camera without permission.
QString permission_remedy();

}  // namespace yarbus::ui
