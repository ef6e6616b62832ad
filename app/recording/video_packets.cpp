#include "app/recording/video_packets.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "app/recording/libav_owners.h"
#include "app/recording/open_video_input.h"

namespace yarbus {
namespace {

std::string tag_of(const AVFormatContext& format, const char* key) {
  const AVDictionaryEntry* entry = av_dict_get(format.metadata, key, nullptr, 0);
  return entry != nullptr ? entry->value : "";
}

std::int64_t number_of(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

SessionCamera camera_of(const AVFormatContext& format, const AVCodecParameters& parameters) {
  SessionCamera camera;
  camera.camera = static_cast<int>(number_of(tag_of(format, "YARBUS_CAMERA")));
  camera.eye = tag_of(format, "YARBUS_EYE") == to_string(EyeSide::left) ? EyeSide::left : EyeSide::right;
  camera.view = tag_of(format, "YARBUS_VIEW") == to_string(CameraView::webcam) ? CameraView::webcam
                                                                               : CameraView::near_eye;
  camera.name = tag_of(format, "YARBUS_CAMERA_NAME");
  camera.codec = VideoCodec::ffv1;
  for (const VideoCodec codec : {VideoCodec::camera_mjpeg, VideoCodec::ffv1, VideoCodec::ut_video,
                                 VideoCodec::h264_lossless, VideoCodec::h264}) {
    if (tag_of(format, "YARBUS_CODEC") == to_string(codec)) camera.codec = codec;
  }
  camera.width_px = parameters.width;
  camera.height_px = parameters.height;
  if (camera.codec == VideoCodec::camera_mjpeg) {
    camera.rotate_deg = static_cast<int>(number_of(tag_of(format, "YARBUS_ROTATE_DEG")));
    camera.mirror = tag_of(format, "YARBUS_MIRROR") == "1";
    if (camera.rotate_deg % 180 != 0) std::swap(camera.width_px, camera.height_px);
  }
  return camera;
}

/// Ends an output whether it went well or not.
class Output {
 public:
  ~Output() {
    if (format_ != nullptr) avio_closep(&format_->pb);
    avformat_free_context(format_);
  }
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Result<void> open(const std::filesystem::path& file, const AVFormatContext& like, const AVStream& stream) {
    file_ = file.string();
    avformat_alloc_output_context2(&format_, nullptr, "matroska", nullptr);
    YARBUS_CHECK(format_ != nullptr);
    stream_ = avformat_new_stream(format_, nullptr);
    YARBUS_CHECK(stream_ != nullptr);
    avcodec_parameters_copy(stream_->codecpar, stream.codecpar);
    // Ut Video's layout of colours is in its tag alone, so that a tag the container knows is kept.
    if (av_codec_get_id(format_->oformat->codec_tag, stream.codecpar->codec_tag) != stream.codecpar->codec_id)
      stream_->codecpar->codec_tag = 0;
    stream_->time_base = stream.time_base;
    stream_->avg_frame_rate = stream.avg_frame_rate;
    av_dict_copy(&format_->metadata, like.metadata, 0);
    if (const int failed = avio_open(&format_->pb, file_.c_str(), AVIO_FLAG_WRITE); failed < 0)
      return refused(failed);
    AVDictionary* options = nullptr;
    av_dict_set(&options, "cluster_time_limit", "400", 0);
    const int failed = avformat_write_header(format_, &options);
    av_dict_free(&options);
    if (failed < 0) return refused(failed);
    return {};
  }
  [[nodiscard]] AVRational time_base() const { return stream_->time_base; }
  Result<void> write(AVPacket& packet) {
    packet.stream_index = 0;
    if (const int failed = av_write_frame(format_, &packet); failed < 0) return refused(failed);
    return {};
  }
  Result<void> finish() {
    if (const int failed = av_write_trailer(format_); failed < 0) return refused(failed);
    if (const int failed = avio_closep(&format_->pb); failed < 0) return refused(failed);
    return {};
  }

 private:
  [[nodiscard]] Error refused(int failed) const {
    return {ErrorCode::output_unwritable, "cannot be written: " + libav::text_of(failed), file_,
            "Make room on the disk: a repair copies the video once"};
  }
  AVFormatContext* format_ = nullptr;
  AVStream* stream_ = nullptr;
  std::string file_;
};

}  // namespace

Result<SessionCamera> read_video_camera(const std::filesystem::path& file) {
  const auto input = open_video_input(file);
  if (!input) return input.error();
  return camera_of(*input->format, *input->format->streams[input->stream]->codecpar);
}

Result<VideoContents> read_video_contents(const std::filesystem::path& file) {
  auto input = open_video_input(file);
  if (!input) return input.error();
  AVFormatContext& format = *input->format;
  const AVStream& stream = *format.streams[input->stream];
  VideoContents contents;
  contents.time_base = {stream.time_base.num, stream.time_base.den};
  contents.started_at = CaptureTime(number_of(tag_of(format, "YARBUS_STARTED_AT_NS")));
  contents.camera = camera_of(format, *stream.codecpar);
  contents.camera.video_file = file.filename().string();
  contents.camera.nominal_rate_hz = av_q2d(stream.avg_frame_rate);
  const libav::Packet packet(av_packet_alloc());
  while (av_read_frame(&format, packet.get()) >= 0) {
    if (packet->stream_index == input->stream && (packet->flags & AV_PKT_FLAG_CORRUPT) == 0)
      contents.pts.push_back(packet->pts);
    av_packet_unref(packet.get());
  }
  std::sort(contents.pts.begin(), contents.pts.end());
  return contents;
}

Result<std::int64_t> rewrite_video(const std::filesystem::path& file, const std::filesystem::path& new_file) {
  auto input = open_video_input(file);
  if (!input) return input.error();
  AVFormatContext& format = *input->format;
  const AVStream& stream = *format.streams[input->stream];
  Output output;
  if (const auto opened = output.open(new_file, format, stream); !opened) return opened.error();
  const libav::Packet packet(av_packet_alloc());
  std::int64_t count = 0;
  while (av_read_frame(&format, packet.get()) >= 0) {
    const bool is_wanted =
        packet->stream_index == input->stream && (packet->flags & AV_PKT_FLAG_CORRUPT) == 0;
    Result<void> written;
    if (is_wanted) {
      av_packet_rescale_ts(packet.get(), stream.time_base, output.time_base());
      packet->duration = 0;
      written = output.write(*packet);
      ++count;
    }
    av_packet_unref(packet.get());
    if (!written) return written.error();
  }
  if (const auto finished = output.finish(); !finished) return finished.error();
  return count;
}

}  // namespace yarbus
