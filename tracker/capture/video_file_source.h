#pragma once

#include <memory>

#include "tracker/capture/frame_source.h"

namespace yarbus {

/// Frames of a video file through OpenCV's FFmpeg backend. Times are the container's; seeking is exact to the
/// frame. A file that ends before the number of frames it declares is an error after its last frame.
Result<std::unique_ptr<FrameSource>> open_video_file(const SourceOptions& options);

}  // namespace yarbus
