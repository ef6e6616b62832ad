#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "tracker/capture/reconnecting_source.h"

namespace yarbus {

/// How long a stream may be silent before it counts as lost.
struct StreamPatience {
  std::chrono::milliseconds any_byte{5000};
  std::chrono::milliseconds whole_image{15000};
};

/// Connects to an MJPEG stream (`multipart/x-mixed-replace` over HTTP) through libcurl. The capture time of
/// an image is the moment its last byte came; an X-Timestamp is the camera's clock and is not used. Errors:
/// connection_failed (unreachable, HTTP status, stalled, endless header), permission_denied (HTTP 401, 403),
/// unsupported_format (not multipart).
Result<std::unique_ptr<LiveConnection>> open_mjpeg_stream(const std::string& url, std::stop_token stop,
                                                          const StreamPatience& patience = {});

/// `url` with its user name and password hidden, for messages.
std::string without_credentials(const std::string& url);

}  // namespace yarbus
