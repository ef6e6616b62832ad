#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "eyemodel/types/frame.h"
#include "eyemodel/types/result.h"

namespace yarbus {

enum class SourceKind : std::uint8_t { automatic, camera, video_file, image_folder, mjpeg_stream };

enum class CameraPixelFormat : std::uint8_t { automatic, mjpg, yuyv };

/// Where frames come from and how to turn them. Unset camera settings leave the driver's own.
struct SourceOptions {
  SourceKind kind = SourceKind::automatic;
  std::string location;  ///< camera index, /dev path or name; file; folder; http:// URL
  EyeSide eye = EyeSide::right;
  int camera_id = 0;
  int rotate_deg = 0;   ///< clockwise: 0, 90, 180 or 270
  bool mirror = false;  ///< left-right, after rotating
  std::size_t pool_frames = 16;
  // Cameras only.
  std::optional<int> width_px;
  std::optional<int> height_px;
  std::optional<double> rate_hz;
  CameraPixelFormat pixel_format = CameraPixelFormat::automatic;
  std::optional<double> exposure;  ///< in the driver's own unit; unset = automatic exposure
  std::optional<double> gain;      ///< in the driver's own unit
  // Folders only (images carry no time).
  double folder_rate_hz = 30.0;
  // Live sources: reconnection.
  int max_reconnect_attempts = -1;  ///< -1 = for ever
};

/// What is known about an opened source.
struct SourceInfo {
  SourceKind kind = SourceKind::automatic;
  std::string name;      ///< for people
  std::string location;  ///< as given
  int width_px = 0;      ///< after rotation
  int height_px = 0;
  double nominal_rate_hz = 0.0;              ///< 0 = unknown
  std::optional<std::uint64_t> frame_count;  ///< files and folders, as the container declares it
  bool is_live = false;                      ///< cameras and streams: frames that are not taken are lost
  bool is_seekable = false;
  bool gives_jpeg = false;  ///< frames carry the camera's own JPEG, which a recording can pass through
};

/// The state of a live connection, told to the listener whenever it changes.
struct SourceStatus {
  enum class State : std::uint8_t { running, reconnecting } state = State::running;
  Error cause;      ///< why it reconnects
  int attempt = 0;  ///< of reconnecting
};

/// Produces frames one by one. Threads: used by one capture thread; only the status listener's target is
/// shared.
class FrameSource {
 public:
  virtual ~FrameSource() = default;

  [[nodiscard]] virtual const SourceInfo& info() const = 0;

  /// Blocks until the next frame; nullptr at the end of a file or after a stop request.
  /// Errors: what ends the source for good (truncated file, changed size, camera gone and not coming back).
  /// Live sources reconnect by themselves, with back-off, inside this call.
  virtual Result<FramePtr> next(std::stop_token stop) = 0;

  /// The next `next()` returns frame `index`. Only when `info().is_seekable`; clamps to the last frame.
  virtual Result<void> seek(std::uint64_t index) = 0;

  /// Frames lost before they reached `next()` (driver gaps, exhausted pool, undecodable parts).
  [[nodiscard]] virtual std::uint64_t dropped_frames() const { return 0; }

  /// Called from inside `next()`. Set before the first `next()`.
  virtual void set_status_listener(std::function<void(const SourceStatus&)> /*listener*/) {}
};

/// Opens a source and reads enough of it to know its size. Errors name the input and the remedy.
Result<std::unique_ptr<FrameSource>> open_frame_source(const SourceOptions& options);

/// Checks rotation, sizes, rates; all violations in one Error.
Result<void> validate(const SourceOptions& options);

/// The kind that `location` means: http(s):// is a stream; digits or a path under /dev a camera; a folder;
/// else a file or a part of a camera's name.
SourceKind detect_source_kind(const std::string& location);

constexpr int min_frame_side_px = 32;
constexpr int max_frame_side_px = 4096;

}  // namespace yarbus
