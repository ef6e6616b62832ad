#pragma once

#include <cstddef>
#include <string_view>

#include "app/stream/datum_packing.h"
#include "app/stream/stream_options.h"
#include "eyemodel/types/gaze_sample.h"

namespace yarbus {

constexpr std::string_view world_frame_topic = "frame.world";

/// "frame.eye.0" or "frame.eye.1"; of a webcam, whose image is of the whole face, "frame.world".
std::string_view frame_topic_of(const GazeSample& sample);

/// What goes before an image. Threads: concurrent-safe.
void pack_frame(Packer& out, const GazeSample& sample, FrameFormat format, double timestamp_s);

/// Bytes of an image that is not compressed: gray, or three times the same in blue, green and red.
std::size_t raw_frame_size(const GrayImage& image, FrameFormat format);
/// Writes them, row by row. The format is not jpeg.
void write_raw_frame(const GrayImage& image, FrameFormat format, std::byte* out);

}  // namespace yarbus
