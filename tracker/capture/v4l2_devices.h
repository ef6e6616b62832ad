#pragma once

#include <string>
#include <vector>

#include "eyemodel/types/result.h"
#include "tracker/capture/camera_list.h"

namespace yarbus {

/// The few system calls on video devices, so that tests can stand in for a driver.
class DeviceCalls {
 public:
  virtual ~DeviceCalls() = default;
  /// N of every /dev/videoN.
  virtual std::vector<int> device_numbers() = 0;
  /// A descriptor, or -errno.
  virtual int open(const std::string& path) = 0;
  /// 0, or -errno.
  virtual int control(int descriptor, unsigned long request, void* argument) = 0;
  virtual void close(int descriptor) = 0;
};

/// The kernel's.
DeviceCalls& system_device_calls();

std::vector<CameraInfo> list_cameras(DeviceCalls& calls);

/// The camera meant by an index, a path (links such as those in /dev/v4l/by-id are followed), or a part of
/// its name (any case). Errors: input_missing, invalid_option (several match).
Result<CameraInfo> find_camera(const std::string& location, DeviceCalls& calls);

/// True if `location` names one camera or several by a part of their name.
bool names_a_camera(const std::string& location, DeviceCalls& calls);

/// Tells why a camera cannot be used: input_missing, permission_denied, device_busy; no error if it could be.
Result<void> probe_camera(const std::string& path, DeviceCalls& calls);

}  // namespace yarbus
