#include "app/recording/thumbnail.h"

#include <algorithm>
#include <fstream>

#include "app/recording/libav_owners.h"

namespace yarbus {
namespace {

GrayImage smaller(const GrayView& image, int factor) {
  GrayImage small(image.width_px / factor, image.height_px / factor);
  for (int y = 0; y < small.height_px(); ++y) {
    for (int x = 0; x < small.width_px(); ++x) {
      int sum = 0;
      for (int dy = 0; dy < factor; ++dy)
        for (int dx = 0; dx < factor; ++dx) sum += image.at(x * factor + dx, y * factor + dy);
      small.row(y)[x] = static_cast<std::uint8_t>(sum / (factor * factor));
    }
  }
  return small;
}

}  // namespace

Result<void> write_thumbnail(const GrayView& image, int longest_px, const std::filesystem::path& file) {
  YARBUS_CHECK(!image.empty());
  const int longest = std::max(image.width_px, image.height_px);
  const int factor =
      std::min((longest + longest_px - 1) / longest_px, std::min(image.width_px, image.height_px));
  GrayImage small = smaller(image, std::max(factor, 1));
  libav::silence();
  const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_PNG);
  const libav::Codec codec(avcodec_alloc_context3(encoder));
  const libav::Frame frame(av_frame_alloc());
  const libav::Packet packet(av_packet_alloc());
  YARBUS_CHECK(codec != nullptr && frame != nullptr && packet != nullptr);
  codec->width = frame->width = small.width_px();
  codec->height = frame->height = small.height_px();
  codec->pix_fmt = AV_PIX_FMT_GRAY8;
  codec->time_base = {1, 1};
  codec->thread_count = 1;
  frame->format = AV_PIX_FMT_GRAY8;
  frame->data[0] = small.data();
  frame->linesize[0] = small.width_px();
  const bool is_encoded = encoder != nullptr && avcodec_open2(codec.get(), encoder, nullptr) >= 0 &&
                          avcodec_send_frame(codec.get(), frame.get()) >= 0 &&
                          avcodec_receive_packet(codec.get(), packet.get()) >= 0;
  std::ofstream stream;
  if (is_encoded) {
    stream.open(file, std::ios::binary | std::ios::trunc);
    stream.write(reinterpret_cast<const char*>(packet->data), packet->size);
    stream.flush();
  }
  if (!is_encoded || !stream) {
    return Error{ErrorCode::output_unwritable, "the small picture cannot be written", file.string(),
                 "The session is whole without it"};
  }
  return {};
}

}  // namespace yarbus
