#include "app/export/video_writer.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "app/export/output_file.h"

namespace yarbus {
namespace {

/// Ticks a second of the encoder and the stream; fine enough for a microsecond-spaced camera.
constexpr int time_base_hz = 90000;

std::string text_of(int averror) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(averror, text.data(), text.size());
  return text.data();
}

}  // namespace

class VideoWriter::Impl {
 public:
  explicit Impl(OutputFile file) : file_(std::move(file)) {}
  ~Impl() { release(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> open(int width_px, int height_px, double nominal_rate_hz) {
    const std::string name = file_.path().string();
    const AVOutputFormat* container = av_guess_format(nullptr, name.c_str(), nullptr);
    if (container == nullptr || container->video_codec == AV_CODEC_ID_NONE) {
      return Error{ErrorCode::unsupported_format, "the extension names no video format", name,
                   "Use .mp4 or .mkv"};
    }
    const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_H264);
    if (encoder == nullptr) {
      return Error{ErrorCode::unsupported_format, "this libavcodec has no H.264 encoder", name,
                   "Install Debian's libavcodec, which has one"};
    }
    const std::string part = file_.part_path().string();
    avformat_alloc_output_context2(&format_, container, nullptr, part.c_str());
    codec_ = avcodec_alloc_context3(encoder);
    frame_ = av_frame_alloc();
    packet_ = av_packet_alloc();
    YARBUS_CHECK(format_ != nullptr && codec_ != nullptr && frame_ != nullptr && packet_ != nullptr);

    constexpr double usual_rate_hz = 30.0;
    frame_ticks_ = std::max<std::int64_t>(
        1, std::llround(time_base_hz / (nominal_rate_hz > 0.0 ? nominal_rate_hz : usual_rate_hz)));
    codec_->width = width_px & ~1;
    codec_->height = height_px & ~1;
    codec_->pix_fmt = AV_PIX_FMT_YUV420P;
    codec_->time_base = {1, time_base_hz};
    codec_->framerate = av_d2q(nominal_rate_hz > 0.0 ? nominal_rate_hz : 30.0, 1000000);
    codec_->gop_size = 50;
    av_opt_set(codec_->priv_data, "crf", "20", 0);
    av_opt_set(codec_->priv_data, "preset", "veryfast", 0);
    if ((container->flags & AVFMT_GLOBALHEADER) != 0) codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (const int failed = avcodec_open2(codec_, encoder, nullptr); failed < 0) {
      return Error{ErrorCode::unsupported_format, "the H.264 encoder refuses: " + text_of(failed), name,
                   "Use a frame size between 32 and 4096 pixels"};
    }
    stream_ = avformat_new_stream(format_, nullptr);
    YARBUS_CHECK(stream_ != nullptr);
    stream_->time_base = codec_->time_base;
    avcodec_parameters_from_context(stream_->codecpar, codec_);

    frame_->format = codec_->pix_fmt;
    frame_->width = codec_->width;
    frame_->height = codec_->height;
    YARBUS_CHECK(av_frame_get_buffer(frame_, 0) >= 0);
    scaler_ = sws_getContext(codec_->width, codec_->height, AV_PIX_FMT_BGRA, codec_->width, codec_->height,
                             codec_->pix_fmt, SWS_BILINEAR, nullptr, nullptr, nullptr);
    YARBUS_CHECK(scaler_ != nullptr);

    if (const int failed = avio_open(&format_->pb, part.c_str(), AVIO_FLAG_WRITE); failed < 0) {
      return unwritable(file_.path(), text_of(failed));
    }
    if (const int failed = avformat_write_header(format_, nullptr); failed < 0) {
      return unwritable(file_.path(), text_of(failed));
    }
    return {};
  }

  Result<void> write(const std::uint8_t* bgra, std::ptrdiff_t stride_bytes, std::chrono::nanoseconds time) {
    YARBUS_CHECK(av_frame_make_writable(frame_) >= 0);
    const std::array<const std::uint8_t*, 1> planes{bgra};
    const std::array<int, 1> strides{static_cast<int>(stride_bytes)};
    sws_scale(scaler_, planes.data(), strides.data(), 0, codec_->height, frame_->data, frame_->linesize);
    const auto ticks = std::llround(std::chrono::duration<double>(time).count() * time_base_hz);
    frame_->pts = std::max<std::int64_t>(ticks, last_pts_ + 1);
    last_pts_ = frame_->pts;
    return encode(frame_);
  }

  Result<std::filesystem::path> close(bool is_complete) {
    Result<void> ended;
    if (last_pts_ >= 0) ended = encode(nullptr);
    if (const int failed = av_write_trailer(format_); failed < 0 && ended)
      ended = unwritable(file_.path(), text_of(failed));
    if (const int failed = avio_closep(&format_->pb); failed < 0 && ended)
      ended = unwritable(file_.path(), text_of(failed));
    release();
    if (!ended) {
      const auto kept = file_.keep_partial();
      return ended.error();
    }
    return is_complete ? file_.commit() : file_.keep_partial();
  }

 private:
  Result<void> encode(const AVFrame* frame) {
    if (const int failed = avcodec_send_frame(codec_, frame); failed < 0)
      return unwritable(file_.path(), text_of(failed));
    while (true) {
      const int received = avcodec_receive_packet(codec_, packet_);
      if (received == AVERROR(EAGAIN) || received == AVERROR_EOF) return {};
      if (received < 0) return unwritable(file_.path(), text_of(received));
      packet_->duration = frame_ticks_;  // else the last frame would last no time
      av_packet_rescale_ts(packet_, codec_->time_base, stream_->time_base);
      packet_->stream_index = stream_->index;
      if (const int failed = av_interleaved_write_frame(format_, packet_); failed < 0) {
        return unwritable(file_.path(), text_of(failed));
      }
      if (format_->pb->error < 0) return unwritable(file_.path(), text_of(format_->pb->error));
    }
  }

  void release() {
    if (format_ != nullptr && format_->pb != nullptr) avio_closep(&format_->pb);
    sws_freeContext(std::exchange(scaler_, nullptr));
    av_packet_free(&packet_);
    av_frame_free(&frame_);
    avcodec_free_context(&codec_);
    avformat_free_context(std::exchange(format_, nullptr));
  }

  OutputFile file_;
  AVFormatContext* format_ = nullptr;
  AVCodecContext* codec_ = nullptr;
  AVStream* stream_ = nullptr;
  AVFrame* frame_ = nullptr;
  AVPacket* packet_ = nullptr;
  SwsContext* scaler_ = nullptr;
  std::int64_t last_pts_ = -1;
  std::int64_t frame_ticks_ = 1;
};

VideoWriter::VideoWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoWriter::~VideoWriter() = default;
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;

Result<VideoWriter> VideoWriter::create(const std::filesystem::path& path, int width_px, int height_px,
                                        double nominal_rate_hz) {
  av_log_set_level(AV_LOG_FATAL);  // faults come back as Errors; the encoder's chatter is not for the user
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  auto impl = std::make_unique<Impl>(std::move(*file));
  if (const auto opened = impl->open(width_px, height_px, nominal_rate_hz); !opened) return opened.error();
  return VideoWriter(std::move(impl));
}

Result<void> VideoWriter::write(const std::uint8_t* bgra, std::ptrdiff_t stride_bytes,
                                std::chrono::nanoseconds time) {
  return impl_->write(bgra, stride_bytes, time);
}

Result<std::filesystem::path> VideoWriter::close(bool is_complete) { return impl_->close(is_complete); }

}  // namespace yarbus
