#include "app/recording/video_track.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "app/recording/frame_encoder.h"
#include "app/recording/libav_owners.h"

namespace yarbus {
namespace {

constexpr int io_buffer_bytes = 1 << 16;
/// A cluster ends with the picture that comes later than this after its first.
constexpr const char* cluster_ms = "400";

int write_bytes(void* sink, std::uint8_t* bytes, int count) {
  return static_cast<FileSink*>(sink)->write({bytes, static_cast<std::size_t>(count)}) ? count : AVERROR(EIO);
}

std::int64_t seek_bytes(void* opaque, std::int64_t offset, int whence) {
  auto* sink = static_cast<FileSink*>(opaque);
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return sink->size();
    case SEEK_SET:
      sink->seek(offset);
      break;
    case SEEK_CUR:
      sink->seek(sink->position() + offset);
      break;
    case SEEK_END:
      sink->seek(sink->size() + offset);
      break;
    default:
      return AVERROR(EINVAL);
  }
  return sink->position();
}

}  // namespace

class VideoTrack::Impl {
 public:
  Impl(FileSink sink, const SessionCamera& camera) : sink_(std::move(sink)), camera_(camera) {}
  ~Impl() { release(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> open(const Surroundings& surroundings) {
    libav::silence();
    avformat_alloc_output_context2(&format_, nullptr, "matroska", nullptr);
    packet_.reset(av_packet_alloc());
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(io_buffer_bytes));
    YARBUS_CHECK(format_ != nullptr && packet_ != nullptr && buffer != nullptr);
    format_->pb = avio_alloc_context(buffer, io_buffer_bytes, 1, &sink_, nullptr, write_bytes, seek_bytes);
    YARBUS_CHECK(format_->pb != nullptr);
    stream_ = avformat_new_stream(format_, nullptr);
    YARBUS_CHECK(stream_ != nullptr);
    if (camera_.codec == VideoCodec::camera_mjpeg) {
      const bool is_on_its_side = camera_.rotate_deg % 180 != 0;
      stream_->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
      stream_->codecpar->codec_id = AV_CODEC_ID_MJPEG;
      stream_->codecpar->width = is_on_its_side ? camera_.height_px : camera_.width_px;
      stream_->codecpar->height = is_on_its_side ? camera_.width_px : camera_.height_px;
    } else {
      auto encoder = FrameEncoder::create(*camera_.codec, camera_.width_px, camera_.height_px,
                                          camera_.nominal_rate_hz, base_);
      if (!encoder) return encoder.error();
      encoder_.emplace(std::move(*encoder));
      encoder_->describe(*stream_->codecpar);
    }
    stream_->time_base = {1, 1'000'000'000};  // as fine as the container allows, which it says below
    if (camera_.nominal_rate_hz > 0.0) stream_->avg_frame_rate = av_d2q(camera_.nominal_rate_hz, 100000);
    set_tags(surroundings.started_at);
    AVDictionary* options = nullptr;
    av_dict_set(&options, "cluster_time_limit", cluster_ms, 0);
    const int failed = avformat_write_header(format_, &options);
    av_dict_free(&options);
    if (failed < 0) return refused(failed);
    is_open_ = true;
    const VideoTimeBase base{stream_->time_base.num, stream_->time_base.den};
    // The encoder counts in the same ticks; Matroska's are milliseconds.
    YARBUS_CHECK_OP(base.numerator, ==, base_.numerator);
    YARBUS_CHECK_OP(base.denominator, ==, base_.denominator);
    return flush(false);
  }

  [[nodiscard]] VideoTimeBase time_base() const { return base_; }

  Result<std::int64_t> write(const GrayView& image, std::chrono::nanoseconds since_start) {
    YARBUS_CHECK(encoder_.has_value());
    if (image.width_px != camera_.width_px || image.height_px != camera_.height_px) {
      return Error{ErrorCode::invalid_option,
                   "a picture has " + std::to_string(image.width_px) + "x" + std::to_string(image.height_px) +
                       " px instead of " + std::to_string(camera_.width_px) + "x" +
                       std::to_string(camera_.height_px),
                   camera_.video_file, "Record a camera whose image size changes as two sessions"};
    }
    const std::int64_t pts = next_pts(since_start);
    const auto written =
        encoder_->encode(image, pts, [&](AVPacket& packet) { return write_packet(packet); });
    if (!written) return written.error();
    return pts;
  }

  Result<std::int64_t> write_jpeg(std::span<const std::uint8_t> jpeg, std::chrono::nanoseconds since_start) {
    constexpr std::uint8_t marker = 0xFF;
    constexpr std::uint8_t start_of_image = 0xD8;
    if (jpeg.size() < 4 || jpeg[0] != marker || jpeg[1] != start_of_image) {
      return Error{ErrorCode::input_unreadable, "the camera gave something that is no JPEG picture",
                   camera_.video_file, "Choose another video codec"};
    }
    if (const int failed = av_new_packet(packet_.get(), static_cast<int>(jpeg.size())); failed < 0)
      return refused(failed);
    std::memcpy(packet_->data, jpeg.data(), jpeg.size());
    const std::int64_t pts = next_pts(since_start);
    packet_->pts = packet_->dts = pts;
    packet_->flags |= AV_PKT_FLAG_KEY;
    const auto written = write_packet(*packet_);
    av_packet_unref(packet_.get());
    if (!written) return written.error();
    return pts;
  }

  Result<void> flush(bool sync) {
    if (const int failed = av_write_frame(format_, nullptr); failed < 0) return refused(failed);
    avio_flush(format_->pb);
    if (sink_.error_number() != 0) return sink_.error();
    if (sync && !sink_.sync()) return sink_.error();
    return {};
  }

  Result<void> finish() {
    Result<void> ended;
    if (encoder_ && last_pts_ >= 0) {
      ended = encoder_->finish([&](AVPacket& packet) { return write_packet(packet); });
    }
    if (std::exchange(is_open_, false)) {
      if (const int failed = av_write_trailer(format_); failed < 0 && ended) ended = refused(failed);
      avio_flush(format_->pb);
    }
    if (ended && !sink_.sync()) ended = sink_.error();
    return ended;
  }

  [[nodiscard]] std::int64_t bytes() const { return sink_.size(); }

 private:
  std::int64_t next_pts(std::chrono::nanoseconds since_start) {
    last_pts_ = std::max(base_.ticks(since_start), last_pts_ + 1);
    return last_pts_;
  }

  Result<void> write_packet(AVPacket& packet) {
    packet.stream_index = 0;
    packet.duration = 0;
    const int failed = av_write_frame(format_, &packet);
    if (sink_.error_number() != 0) return sink_.error();
    if (failed < 0) return refused(failed);
    return {};
  }

  void set_tags(CaptureTime started_at) {
    const auto tag = [&](const char* key, const std::string& value) {
      av_dict_set(&format_->metadata, key, value.c_str(), 0);
    };
    tag("YARBUS_CAMERA", std::to_string(camera_.camera));
    tag("YARBUS_EYE", to_string(camera_.eye));
    tag("YARBUS_VIEW", std::string(to_string(camera_.view)));
    tag("YARBUS_CODEC", std::string(to_string(*camera_.codec)));
    tag("YARBUS_ROTATE_DEG", std::to_string(camera_.rotate_deg));
    tag("YARBUS_MIRROR", camera_.mirror ? "1" : "0");
    tag("YARBUS_STARTED_AT_NS", std::to_string(started_at.count()));
    tag("YARBUS_CAMERA_NAME", camera_.name);
  }

  Error refused(int failed) const {
    if (sink_.error_number() != 0) return sink_.error();
    return {ErrorCode::output_unwritable, "the video cannot be written: " + libav::text_of(failed),
            camera_.video_file, "Choose another video codec"};
  }

  void release() {
    if (format_ != nullptr && format_->pb != nullptr) {
      av_freep(&format_->pb->buffer);
      avio_context_free(&format_->pb);
    }
    avformat_free_context(std::exchange(format_, nullptr));
  }

  FileSink sink_;
  SessionCamera camera_;
  VideoTimeBase base_;
  AVFormatContext* format_ = nullptr;
  AVStream* stream_ = nullptr;
  libav::Packet packet_;
  std::optional<FrameEncoder> encoder_;
  std::int64_t last_pts_ = -1;
  bool is_open_ = false;
};

VideoTrack::VideoTrack(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoTrack::~VideoTrack() = default;
VideoTrack::VideoTrack(VideoTrack&&) noexcept = default;
VideoTrack& VideoTrack::operator=(VideoTrack&&) noexcept = default;

Result<VideoTrack> VideoTrack::create(const std::filesystem::path& folder, const SessionCamera& camera,
                                      const Surroundings& surroundings) {
  YARBUS_CHECK(camera.codec.has_value());
  auto sink = FileSink::create(folder / camera.video_file, surroundings.before_write, surroundings.make_room);
  if (!sink) return sink.error();
  auto impl = std::make_unique<Impl>(std::move(*sink), camera);
  if (const auto opened = impl->open(surroundings); !opened) return opened.error();
  return VideoTrack(std::move(impl));
}

VideoTimeBase VideoTrack::time_base() const { return impl_->time_base(); }
Result<std::int64_t> VideoTrack::write(const GrayView& image, std::chrono::nanoseconds since_start) {
  return impl_->write(image, since_start);
}
Result<std::int64_t> VideoTrack::write_jpeg(std::span<const std::uint8_t> jpeg,
                                            std::chrono::nanoseconds since_start) {
  return impl_->write_jpeg(jpeg, since_start);
}
Result<void> VideoTrack::flush(bool sync) { return impl_->flush(sync); }
Result<void> VideoTrack::finish() { return impl_->finish(); }
std::int64_t VideoTrack::bytes() const { return impl_->bytes(); }

}  // namespace yarbus
