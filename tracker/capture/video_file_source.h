#pragma once

#include <memory>

#include "tracker/capture/frame_source.h"

namespace yarbus {

/// Frames of a video file through OpenCV's FFmpeg backend. Times are the container's, rising strictly;
/// seeking is exact to the frame. Cost of a seek: some frames' decoding, but where the rate varies the first
/// seek into a part not read yet decodes all before it. A file that ends before the number of frames it
/// declares is an error (input_truncated) after its last frame. Errors at opening: input_missing,
/// input_empty, input_unreadable, unsupported_format (size).
Result<std::unique_ptr<FrameSource>> open_video_file(const SourceOptions& options);

}  // namespace yarbus
