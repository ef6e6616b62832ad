#pragma once

#include <filesystem>

#include "app/recording/libav_owners.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// An opened video file and which of its streams is the video.
struct VideoInput {
  libav::Input format;
  int stream = 0;
};

/// Errors: input_missing, input_empty, input_unreadable. For the sources of this folder only.
Result<VideoInput> open_video_input(const std::filesystem::path& file);

}  // namespace yarbus
