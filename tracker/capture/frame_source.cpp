#include "tracker/capture/frame_source.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <sstream>
#include <utility>

#include "tracker/capture/camera_connection.h"
#include "tracker/capture/image_folder_source.h"
#include "tracker/capture/mjpeg_stream.h"
#include "tracker/capture/reconnecting_source.h"
#include "tracker/capture/v4l2_devices.h"
#include "tracker/capture/video_file_source.h"

namespace yarbus {
namespace {

Result<std::unique_ptr<FrameSource>> open_live(const SourceOptions& options, SourceKind kind,
                                               ConnectionOpener open) {
  SourceInfo info;
  info.kind = kind;
  info.name = without_credentials(options.location);
  if (kind == SourceKind::camera) {
    if (const auto camera = find_camera(options.location, system_device_calls())) info.name = camera->name;
  }
  info.location = options.location;
  info.nominal_rate_hz = options.rate_hz.value_or(0.0);
  auto source = std::make_unique<ReconnectingSource>(options, info, std::move(open));
  if (const auto connected = source->connect(); !connected) return connected.error();
  return std::unique_ptr<FrameSource>(std::move(source));
}

}  // namespace

SourceKind detect_source_kind(const std::string& location) {
  if (location.starts_with("http://") || location.starts_with("https://")) return SourceKind::mjpeg_stream;
  const bool is_number =
      !location.empty() &&
      std::all_of(location.begin(), location.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  std::error_code ignored;
  if (location.starts_with("/dev/") || (is_number && !std::filesystem::exists(location, ignored)))
    return SourceKind::camera;
  if (std::filesystem::is_directory(location, ignored)) return SourceKind::image_folder;
  if (!std::filesystem::exists(location, ignored) && names_a_camera(location, system_device_calls()))
    return SourceKind::camera;
  return SourceKind::video_file;
}

Result<void> validate(const SourceOptions& options) {
  std::ostringstream faults;
  const auto fault = [&](const auto&... parts) {
    if (faults.tellp() > 0) faults << "; ";
    (faults << ... << parts);
  };
  const auto positive = [](double value) { return std::isfinite(value) && value > 0.0; };
  if (options.location.empty()) fault("no source is given");
  if (options.rotate_deg % 90 != 0 || options.rotate_deg < 0 || options.rotate_deg > 270) {
    fault("rotate is ", options.rotate_deg, ", allowed are 0, 90, 180 and 270 degrees");
  }
  if (options.pool_frames < 4) fault("pool_frames is ", options.pool_frames, ", must be at least 4");
  const auto check_side = [&](const char* name, const std::optional<int>& side_px) {
    if (side_px && (*side_px < min_frame_side_px || *side_px > max_frame_side_px)) {
      fault(name, " is ", *side_px, " px, must be ", min_frame_side_px, " to ", max_frame_side_px);
    }
  };
  check_side("width", options.width_px);
  check_side("height", options.height_px);
  if (options.rate_hz && !positive(*options.rate_hz))
    fault("rate is ", *options.rate_hz, " Hz, must be finite and positive");
  if (!positive(options.folder_rate_hz))
    fault("folder_rate is ", options.folder_rate_hz, " Hz, must be finite and positive");
  if (options.exposure && !std::isfinite(*options.exposure)) fault("exposure is not finite");
  if (options.gain && !std::isfinite(*options.gain)) fault("gain is not finite");
  if (options.max_reconnect_attempts < -1)
    fault("max_reconnect_attempts is ", options.max_reconnect_attempts, ", must be -1 (for ever) or more");
  if (faults.tellp() == 0) return {};
  return Error{ErrorCode::invalid_option, faults.str(), options.location, "Correct the source's options"};
}

Result<std::unique_ptr<FrameSource>> open_frame_source(const SourceOptions& options) {
  if (const auto valid = validate(options); !valid) return valid.error();
  const SourceKind kind =
      options.kind == SourceKind::automatic ? detect_source_kind(options.location) : options.kind;
  switch (kind) {
    case SourceKind::camera:
      return open_live(options, kind,
                       [options](std::stop_token stop) { return open_camera(options, std::move(stop)); });
    case SourceKind::mjpeg_stream:
      return open_live(options, kind, [url = options.location](std::stop_token stop) {
        return open_mjpeg_stream(url, std::move(stop));
      });
    case SourceKind::image_folder:
      return open_image_folder(options);
    case SourceKind::video_file:
    case SourceKind::automatic:
      break;
  }
  return open_video_file(options);
}

}  // namespace yarbus
