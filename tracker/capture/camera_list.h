#pragma once

#include <string>
#include <vector>

namespace yarbus {

/// A pixel format with one frame size and the rates the driver offers for it.
struct CameraMode {
  std::string pixel_format;  ///< FourCC, as "MJPG" or "YUYV"
  int width_px = 0;
  int height_px = 0;
  std::vector<double> rates_hz;
};

/// A V4L2 capture device.
struct CameraInfo {
  int index = 0;            ///< N of /dev/videoN
  std::string path;         ///< /dev/videoN
  std::string name;         ///< the driver's card name
  std::string bus;          ///< tells two equal cameras apart
  bool is_readable = true;  ///< false: no permission (the user is not in the `video` group)
  std::vector<CameraMode> modes;
};

/// The capture devices present now, ordered by index. Devices without video capture (metadata nodes) are left
/// out. Errors: none; without permission the entry has no modes and is_readable is false.
std::vector<CameraInfo> list_cameras();

}  // namespace yarbus
