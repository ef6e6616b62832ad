#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/recording/session_head.h"
#include "app/recording/session_info.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// What a recorded video file says of itself without being decoded.
struct VideoContents {
  std::vector<std::int64_t> pts;  ///< of each whole packet, rising
  VideoTimeBase time_base;
  CaptureTime started_at{};  ///< the moment of pts 0; 0 where the file does not say
  SessionCamera camera;      ///< as far as the file says
};

/// Reads every packet of a video, one that was cut off too: a packet that is not whole is left out.
/// Cost: reads the file once. Errors: input_missing, input_unreadable (not a video that Yarbus recorded).
Result<VideoContents> read_video_contents(const std::filesystem::path& file);

/// The camera as far as the video says, from its head alone. Errors: input_missing, input_unreadable.
Result<SessionCamera> read_video_camera(const std::filesystem::path& file);

/// Copies every whole packet into a new file, which gets an index and a duration. Nothing is encoded anew.
/// Returns how many. Errors: input_missing, input_unreadable, output_unwritable.
Result<std::int64_t> rewrite_video(const std::filesystem::path& file, const std::filesystem::path& new_file);

}  // namespace yarbus
