#pragma once

#include "tracker/capture/reconnecting_source.h"

namespace yarbus {

/// Connects to an MJPEG stream (`multipart/x-mixed-replace` over HTTP) through libcurl. The capture time of
/// an image is the moment its last byte came. Errors: connection_failed (unreachable, HTTP status, stalled),
/// unsupported_format (not multipart).
Result<std::unique_ptr<LiveConnection>> open_mjpeg_stream(const std::string& url, std::stop_token stop);

/// A stream without a byte for this long is lost.
constexpr std::chrono::seconds stream_stall_limit{5};

}  // namespace yarbus
