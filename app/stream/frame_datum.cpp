#include "app/stream/frame_datum.h"

#include <array>
#include <cstring>

namespace yarbus {

std::string_view frame_topic_of(const GazeSample& sample) {
  if (sample.face) return world_frame_topic;
  return sample.frame->eye == EyeSide::right ? "frame.eye.0" : "frame.eye.1";
}

void pack_frame(Packer& out, const GazeSample& sample, FrameFormat format, double timestamp_s) {
  struct Source {
    const GazeSample& sample;
    FrameFormat format;
    double timestamp_s;
  };
  using Field = DatumField<Source>;
  static constexpr std::array fields{
      Field{"topic", [](Packer& p, const Source& s) { pack_value(p, frame_topic_of(s.sample)); }},
      Field{"width", [](Packer& p, const Source& s) { pack_value(p, s.sample.frame->gray.width_px()); }},
      Field{"height", [](Packer& p, const Source& s) { pack_value(p, s.sample.frame->gray.height_px()); }},
      Field{"index", [](Packer& p, const Source& s) { pack_value(p, s.sample.frame->sequence); }},
      Field{"timestamp", [](Packer& p, const Source& s) { pack_value(p, s.timestamp_s); }},
      Field{"format", [](Packer& p, const Source& s) { pack_value(p, to_string(s.format)); }},
  };
  pack_map(out, Source{sample, format, timestamp_s}, fields);
}

std::size_t raw_frame_size(const GrayImage& image, FrameFormat format) {
  const auto pixels =
      static_cast<std::size_t>(image.width_px()) * static_cast<std::size_t>(image.height_px());
  return format == FrameFormat::bgr ? 3 * pixels : pixels;
}

void write_raw_frame(const GrayImage& image, FrameFormat format, std::byte* out) {
  YARBUS_CHECK(format != FrameFormat::jpeg);
  const std::size_t size = raw_frame_size(image, format);
  if (format == FrameFormat::gray) {
    std::memcpy(out, image.data(), size);
    return;
  }
  for (std::size_t i = 0; i < size / 3; ++i) {
    const auto gray = static_cast<std::byte>(image.data()[i]);
    out[3 * i] = out[3 * i + 1] = out[3 * i + 2] = gray;
  }
}

}  // namespace yarbus
