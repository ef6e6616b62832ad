#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// Wall clock time, since 1970-01-01 00:00 UTC.
using WallTime = std::chrono::nanoseconds;

/// What a recorded camera looks at.
enum class CameraView : std::uint8_t { near_eye, webcam };

constexpr std::string_view to_string(CameraView view) {
  return view == CameraView::near_eye ? "near_eye" : "webcam";
}

/// How pictures are kept. The first four lose nothing that the camera gave; `h264` does, and is small.
enum class VideoCodec : std::uint8_t { camera_mjpeg, ffv1, ut_video, h264_lossless, h264 };

constexpr std::string_view to_string(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::camera_mjpeg:
      return "camera_mjpeg";
    case VideoCodec::ffv1:
      return "ffv1";
    case VideoCodec::ut_video:
      return "ut_video";
    case VideoCodec::h264_lossless:
      return "h264_lossless";
    case VideoCodec::h264:
      return "h264";
  }
  return "unknown";
}

/// One camera of a session.
struct SessionCamera {
  int camera = 0;  ///< its number in the session, 0-based; all rows name it
  EyeSide eye = EyeSide::right;
  CameraView view = CameraView::near_eye;
  std::string name;   ///< for people
  int width_px = 0;   ///< of the frames as tracked: after rotation
  int height_px = 0;  ///< likewise
  double nominal_rate_hz = 0.0;
  std::optional<CameraIntrinsics> intrinsics;
  /// Already done to the frames that rows speak of, and still to be done to the camera's own packets
  /// (VideoCodec::camera_mjpeg): clockwise, then left-right. Readers do it.
  int rotate_deg = 0;
  bool mirror = false;
  std::optional<VideoCodec> codec;  ///< absent: no video was recorded
  std::string video_file;           ///< name within the session's folder; empty: none
};

/// How a recording ended.
enum class SessionEnd : std::uint8_t {
  unfinished,    ///< it is still being recorded, or it was cut off and has not been repaired
  finished,      ///< stopped by the person
  disk_full,     ///< stopped by itself while there was room to finish
  write_failed,  ///< stopped by itself: the disk refused
  repaired,      ///< cut off, finished by a repair
};

constexpr std::string_view to_string(SessionEnd end) {
  switch (end) {
    case SessionEnd::unfinished:
      return "unfinished";
    case SessionEnd::finished:
      return "finished";
    case SessionEnd::disk_full:
      return "disk_full";
    case SessionEnd::write_failed:
      return "write_failed";
    case SessionEnd::repaired:
      return "repaired";
  }
  return "unknown";
}

/// How much of a session is there. Of the live results, pupils and faces alike.
struct SessionQuality {
  std::int64_t frames = 0;
  std::int64_t frames_lost = 0;    ///< by the camera, the queues or the disk
  std::int64_t results = 0;        ///< frames that were looked at
  std::int64_t results_found = 0;  ///< of these, with a pupil or with an eye of a face

  /// Share of the frames looked at that have a pupil (or eyes), 0..1; 0 where none was looked at.
  [[nodiscard]] double found_share() const {
    return results > 0 ? static_cast<double>(results_found) / static_cast<double>(results) : 0.0;
  }
};

/// What is known of a session as a whole. Times of rows are capture times (steady clock); `started_at` and
/// `started_at_wall` are one moment on both clocks.
struct SessionInfo {
  int schema_version = 0;
  std::string session_id;  ///< unique among all sessions
  std::string name;
  std::string participant;
  std::string notes;
  std::string software_version;
  CaptureTime started_at{};
  WallTime started_at_wall{};
  std::chrono::nanoseconds duration{};  ///< from the start to the last frame
  SessionEnd end = SessionEnd::unfinished;
  std::string end_note;  ///< why, in words, where it did not simply end
  std::optional<ScreenGeometry> screen;
  std::optional<SessionQuality> quality;  ///< absent: it was not finished, so nothing was counted yet
};

/// Results of looking at a session's frames: those made while recording, or those of a later analysis.
using AnalysisId = std::int64_t;
constexpr AnalysisId live_analysis = 0;

struct AnalysisInfo {
  AnalysisId analysis = live_analysis;
  std::string name;
  WallTime made_at_wall{};
  std::string software_version;
  std::string settings_json;  ///< what it was made with; "{}" when nothing is to be said
};

}  // namespace yarbus
