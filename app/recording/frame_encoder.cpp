#include "app/recording/frame_encoder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

extern "C" {
#include <libavutil/opt.h>
}

#include "app/recording/libav_owners.h"

namespace yarbus {
namespace {

constexpr int neutral_chroma = 128;
constexpr double seconds_between_key_frames = 0.5;

/// What is asked of libavcodec for a codec.
struct Encoding {
  const char* encoder = nullptr;
  AVPixelFormat format = AV_PIX_FMT_GRAY8;
  std::vector<std::pair<const char*, const char*>> options;
  bool is_intra_only = true;
};

Encoding encoding_of(VideoCodec codec, bool is_even) {
  switch (codec) {
    case VideoCodec::ffv1:
      return {"ffv1",
              AV_PIX_FMT_GRAY8,
              {{"level", "3"}, {"coder", "0"}, {"context", "0"}, {"slicecrc", "1"}, {"slices", "4"}}};
    case VideoCodec::ut_video:
      return {"utvideo", is_even ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_YUV444P, {{"pred", "median"}}};
    case VideoCodec::h264_lossless:
      return {"libx264",
              AV_PIX_FMT_GRAY8,
              {{"preset", "ultrafast"}, {"tune", "zerolatency"}, {"qp", "0"}},
              false};
    case VideoCodec::h264:
      return {"libx264",
              is_even ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_GRAY8,
              {{"preset", "superfast"}, {"tune", "zerolatency"}, {"crf", "20"}},
              false};
    case VideoCodec::camera_mjpeg:
      break;
  }
  return {};
}

}  // namespace

class FrameEncoder::Impl {
 public:
  Result<void> open(VideoCodec codec, int width_px, int height_px, double rate_hz,
                    const VideoTimeBase& time_base) {
    libav::silence();
    const std::string name(to_string(codec));
    const Encoding encoding = encoding_of(codec, width_px % 2 == 0 && height_px % 2 == 0);
    if (encoding.encoder == nullptr) {
      return Error{ErrorCode::invalid_option, "only a camera makes pictures of this kind", name,
                   "Choose ffv1, ut_video, h264_lossless or h264"};
    }
    const AVCodec* encoder = avcodec_find_encoder_by_name(encoding.encoder);
    if (encoder == nullptr) {
      return Error{ErrorCode::unsupported_format, "this libavcodec has no such encoder", name,
                   "Choose another video codec, or install Debian's libavcodec"};
    }
    codec_.reset(avcodec_alloc_context3(encoder));
    packet_.reset(av_packet_alloc());
    frame_.reset(av_frame_alloc());
    YARBUS_CHECK(codec_ != nullptr && packet_ != nullptr && frame_ != nullptr);
    codec_->width = width_px;
    codec_->height = height_px;
    codec_->pix_fmt = encoding.format;
    codec_->color_range = AVCOL_RANGE_JPEG;
    codec_->time_base = {time_base.numerator, time_base.denominator};
    const double rate = rate_hz > 0.0 ? rate_hz : 30.0;
    codec_->framerate = av_d2q(rate, 100000);
    codec_->gop_size =
        encoding.is_intra_only ? 1 : std::max(1, static_cast<int>(seconds_between_key_frames * rate));
    codec_->max_b_frames = 0;
    codec_->thread_count = 1;
    codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    for (const auto& [key, value] : encoding.options)
      av_opt_set(codec_.get(), key, value, AV_OPT_SEARCH_CHILDREN);
    if (const int failed = avcodec_open2(codec_.get(), encoder, nullptr); failed < 0) {
      return Error{ErrorCode::unsupported_format, "the encoder refuses: " + libav::text_of(failed),
                   name + ", " + std::to_string(width_px) + "x" + std::to_string(height_px) + " px",
                   "Choose another video codec or image size"};
    }
    frame_->format = codec_->pix_fmt;
    frame_->width = width_px;
    frame_->height = height_px;
    frame_->color_range = codec_->color_range;
    YARBUS_CHECK(av_frame_get_buffer(frame_.get(), 0) >= 0);
    has_chroma_ = encoding.format != AV_PIX_FMT_GRAY8;
    chroma_rows_ = encoding.format == AV_PIX_FMT_YUV420P ? height_px / 2 : height_px;
    return {};
  }

  Result<void> encode(const GrayView& image, std::int64_t pts, const TakePacket& take) {
    YARBUS_CHECK_OP(image.width_px, ==, codec_->width);
    YARBUS_CHECK_OP(image.height_px, ==, codec_->height);
    YARBUS_CHECK(av_frame_make_writable(frame_.get()) >= 0);
    for (int y = 0; y < image.height_px; ++y) {
      std::memcpy(frame_->data[0] + static_cast<std::ptrdiff_t>(y) * frame_->linesize[0], image.row(y),
                  static_cast<std::size_t>(image.width_px));
    }
    for (int plane = 1; plane < 3 && has_chroma_; ++plane) {
      std::memset(frame_->data[plane], neutral_chroma,
                  static_cast<std::size_t>(frame_->linesize[plane]) * static_cast<std::size_t>(chroma_rows_));
    }
    frame_->pts = pts;
    return send(frame_.get(), take);
  }

  Result<void> finish(const TakePacket& take) { return send(nullptr, take); }

  void describe(AVCodecParameters& parameters) const {
    avcodec_parameters_from_context(&parameters, codec_.get());
  }

 private:
  Result<void> send(const AVFrame* frame, const TakePacket& take) {
    if (const int failed = avcodec_send_frame(codec_.get(), frame); failed < 0) return refused(failed);
    while (true) {
      const int received = avcodec_receive_packet(codec_.get(), packet_.get());
      if (received == AVERROR(EAGAIN) || received == AVERROR_EOF) return {};
      if (received < 0) return refused(received);
      const auto taken = take(*packet_);
      av_packet_unref(packet_.get());
      if (!taken) return taken.error();
    }
  }

  static Error refused(int failed) {
    return {ErrorCode::internal, "a picture cannot be encoded: " + libav::text_of(failed), "video encoder",
            "Choose another video codec"};
  }

  libav::Codec codec_;
  libav::Packet packet_;
  libav::Frame frame_;
  bool has_chroma_ = false;
  int chroma_rows_ = 0;
};

FrameEncoder::FrameEncoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FrameEncoder::~FrameEncoder() = default;
FrameEncoder::FrameEncoder(FrameEncoder&&) noexcept = default;
FrameEncoder& FrameEncoder::operator=(FrameEncoder&&) noexcept = default;

Result<FrameEncoder> FrameEncoder::create(VideoCodec codec, int width_px, int height_px, double rate_hz,
                                          const VideoTimeBase& time_base) {
  auto impl = std::make_unique<Impl>();
  if (const auto opened = impl->open(codec, width_px, height_px, rate_hz, time_base); !opened)
    return opened.error();
  return FrameEncoder(std::move(impl));
}

Result<void> FrameEncoder::encode(const GrayView& image, std::int64_t pts, const TakePacket& take) {
  return impl_->encode(image, pts, take);
}
Result<void> FrameEncoder::finish(const TakePacket& take) { return impl_->finish(take); }
void FrameEncoder::describe(AVCodecParameters& parameters) const { impl_->describe(parameters); }

}  // namespace yarbus
