#pragma once

#include "tracker/capture/reconnecting_source.h"

namespace yarbus {

/// Opens a V4L2 camera by index, path or name with the options' size, rate, pixel format, exposure and gain;
/// what is unset stays as the driver has it. The capture time of an image is the moment it was handed over.
/// Errors: input_missing, permission_denied, device_busy, unsupported_format; device_lost from next().
Result<std::unique_ptr<LiveConnection>> open_camera(const SourceOptions& options, std::stop_token stop);

}  // namespace yarbus
