#include "app/recording/recorded_video.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include "app/recording/camera_jpeg.h"
#include "app/recording/open_video_input.h"
#include "app/recording/safe_time.h"
#include "app/recording/video_packets.h"

namespace yarbus {
namespace {

constexpr int decoder_threads = 2;

/// Whether the first plane of that format is the gray image.
bool has_gray_plane(AVPixelFormat format) {
  const AVPixFmtDescriptor* facts = av_pix_fmt_desc_get(format);
  return facts != nullptr && facts->comp[0].depth == 8 && facts->comp[0].plane == 0 &&
         facts->comp[0].step == 1 &&
         (facts->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL)) == 0;
}

/// Copies a gray plane, turned clockwise by a multiple of 90 degrees and then mirrored left-right.
void copy_turned(const GrayView& from, int rotate_deg, bool mirror, GrayImage& to) {
  const int quarter_turns = ((rotate_deg / 90) % 4 + 4) % 4;
  const bool is_on_its_side = quarter_turns % 2 != 0;
  to.resize(is_on_its_side ? from.height_px : from.width_px, is_on_its_side ? from.width_px : from.height_px);
  if (quarter_turns == 0 && !mirror) {
    for (int y = 0; y < from.height_px; ++y)
      std::memcpy(to.row(y), from.row(y), static_cast<std::size_t>(from.width_px));
    return;
  }
  for (int y = 0; y < to.height_px(); ++y) {
    std::uint8_t* row = to.row(y);
    for (int x = 0; x < to.width_px(); ++x) {
      const int turned_x = mirror ? to.width_px() - 1 - x : x;
      switch (quarter_turns) {
        case 0:
          row[x] = from.at(turned_x, y);
          break;
        case 1:
          row[x] = from.at(y, from.height_px - 1 - turned_x);
          break;
        case 2:
          row[x] = from.at(from.width_px - 1 - turned_x, from.height_px - 1 - y);
          break;
        default:
          row[x] = from.at(from.width_px - 1 - y, turned_x);
          break;
      }
    }
  }
}

}  // namespace

class RecordedVideo::Impl {
 public:
  Impl(std::filesystem::path file, const SessionCamera& camera, std::vector<VideoPicture> pictures)
      : file_(std::move(file)), camera_(camera), pictures_(std::move(pictures)) {}

  Result<void> open() {
    auto input = open_video_input(file_);
    if (!input) return input.error();
    input_ = std::move(*input);
    const AVCodecParameters& parameters = *input_.format->streams[input_.stream]->codecpar;
    const AVCodec* decoder = avcodec_find_decoder(parameters.codec_id);
    const AVCodecDescriptor* facts = avcodec_descriptor_get(parameters.codec_id);
    codec_.reset(avcodec_alloc_context3(decoder));
    packet_.reset(av_packet_alloc());
    frame_.reset(av_frame_alloc());
    YARBUS_CHECK(codec_ != nullptr && packet_ != nullptr && frame_ != nullptr);
    is_intra_only_ = facts != nullptr && (facts->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
    avcodec_parameters_to_context(codec_.get(), &parameters);
    codec_->thread_count = decoder_threads;
    codec_->thread_type = FF_THREAD_SLICE;  // by frames it would give each picture late
    codec_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    if (decoder == nullptr || avcodec_open2(codec_.get(), decoder, nullptr) < 0) {
      return Error{ErrorCode::unsupported_format, "this libavcodec cannot decode the video", file_.string(),
                   "Install Debian's libavcodec"};
    }
    return {};
  }

  Result<void> read(std::size_t index, GrayImage& image) {
    if (index >= pictures_.size()) {
      return Error{ErrorCode::invalid_option,
                   "there is no picture " + std::to_string(index) + ": the video has " +
                       std::to_string(pictures_.size()),
                   file_.string(), "Ask for one that is there"};
    }
    const std::int64_t pts = pictures_[index].pts;
    // The next picture is met by reading on; so is one a little ahead.
    constexpr std::size_t read_ahead = 8;
    const bool is_ahead = next_ && index >= *next_ && index - *next_ <= read_ahead;
    if (!is_ahead) {
      if (const auto sought = seek(pts); !sought) return sought.error();
    }
    next_.reset();
    if (camera_.codec == VideoCodec::camera_mjpeg) {
      if (const auto found = read_jpeg(pts); !found) return found.error();
      copy_turned(captured_.view(), camera_.rotate_deg, camera_.mirror, image);
      next_ = index + 1;
      return {};
    }
    if (const auto decoded = decode(pts); !decoded) return decoded.error();
    if (!has_gray_plane(static_cast<AVPixelFormat>(frame_->format))) {
      return Error{ErrorCode::unsupported_format, "the video has pictures without a gray plane",
                   file_.string(), "Open a session that Yarbus recorded"};
    }
    const GrayView plane{frame_->data[0], frame_->width, frame_->height, frame_->linesize[0]};
    copy_turned(plane, 0, false, image);
    next_ = index + 1;
    return {};
  }

  [[nodiscard]] const std::vector<VideoPicture>& pictures() const { return pictures_; }

 private:
  Result<void> seek(std::int64_t pts) {
    avcodec_flush_buffers(codec_.get());
    if (av_seek_frame(input_.format.get(), input_.stream, pts, AVSEEK_FLAG_BACKWARD) >= 0) return {};
    // A file without an index that cannot be sought in is read from its start.
    auto input = open_video_input(file_);
    if (!input) return input.error();
    input_ = std::move(*input);
    return {};
  }

  /// Leaves the camera's own picture of that time in captured_.
  Result<void> read_jpeg(std::int64_t pts) {
    while (av_read_frame(input_.format.get(), packet_.get()) >= 0) {
      const bool is_ours = packet_->stream_index == input_.stream;
      const std::int64_t at = packet_->pts;
      bool is_decoded = false;
      if (is_ours && at == pts) {
        is_decoded = decode_camera_jpeg({packet_->data, static_cast<std::size_t>(packet_->size)}, captured_);
      }
      av_packet_unref(packet_.get());
      if (!is_ours || at < pts) continue;
      if (at > pts) return not_there(pts);
      if (!is_decoded) return undecodable(pts);
      return {};
    }
    return not_there(pts);
  }

  /// Leaves the picture of that time in frame_.
  Result<void> decode(std::int64_t pts) {
    bool is_at_end = false;
    while (true) {
      const int received = avcodec_receive_frame(codec_.get(), frame_.get());
      if (received >= 0) {
        if (frame_->pts == pts || frame_->best_effort_timestamp == pts) return {};
        if (frame_->pts != AV_NOPTS_VALUE && frame_->pts > pts) return not_there(pts);
        continue;
      }
      if (received != AVERROR(EAGAIN) || is_at_end) {
        if (was_refused_) return undecodable(pts);
        return not_there(pts);
      }
      if (const int read = av_read_frame(input_.format.get(), packet_.get()); read < 0) {
        is_at_end = true;
        avcodec_send_packet(codec_.get(), nullptr);
        continue;
      }
      const bool is_ours = packet_->stream_index == input_.stream;
      const bool is_needed = is_ours && (!is_intra_only_ || packet_->pts >= pts);
      was_refused_ = false;
      if (is_needed && avcodec_send_packet(codec_.get(), packet_.get()) < 0) was_refused_ = true;
      const bool is_the_one = is_ours && packet_->pts == pts;
      av_packet_unref(packet_.get());
      if (was_refused_ && is_the_one) return undecodable(pts);
    }
  }

  [[nodiscard]] Error not_there(std::int64_t pts) const {
    return {ErrorCode::input_truncated,
            "the picture at " + std::to_string(pts) + " ms of the video is not in the file", file_.string(),
            "Repair the session: it then tells which pictures are there"};
  }
  [[nodiscard]] Error undecodable(std::int64_t pts) const {
    return {ErrorCode::input_unreadable,
            "the picture at " + std::to_string(pts) + " ms of the video is damaged", file_.string(),
            "Go on with another picture"};
  }

  std::filesystem::path file_;
  SessionCamera camera_;
  std::vector<VideoPicture> pictures_;
  VideoInput input_;
  libav::Codec codec_;
  libav::Packet packet_;
  libav::Frame frame_;
  GrayImage captured_;  ///< a camera's own picture, before it is turned
  bool is_intra_only_ = false;
  bool was_refused_ = false;
  std::optional<std::size_t> next_;  ///< the picture that reading on would give
};

RecordedVideo::RecordedVideo(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordedVideo::~RecordedVideo() = default;
RecordedVideo::RecordedVideo(RecordedVideo&&) noexcept = default;
RecordedVideo& RecordedVideo::operator=(RecordedVideo&&) noexcept = default;

Result<RecordedVideo> RecordedVideo::open(const std::filesystem::path& file, const SessionCamera& camera,
                                          std::vector<VideoPicture> pictures) {
  if (pictures.empty()) {
    const auto contents = read_video_contents(file);
    if (!contents) return contents.error();
    for (const std::int64_t pts : contents->pts) {
      pictures.push_back({static_cast<std::int64_t>(pictures.size()),
                          safe_sum(contents->started_at, contents->time_base.time(pts)), pts});
    }
  }
  auto impl = std::make_unique<Impl>(file, camera, std::move(pictures));
  if (const auto opened = impl->open(); !opened) return opened.error();
  return RecordedVideo(std::move(impl));
}

const std::vector<VideoPicture>& RecordedVideo::pictures() const { return impl_->pictures(); }

std::optional<std::size_t> RecordedVideo::find_frame(std::int64_t frame) const {
  const auto& all = pictures();
  const auto found =
      std::lower_bound(all.begin(), all.end(), frame,
                       [](const VideoPicture& picture, std::int64_t f) { return picture.frame < f; });
  if (found == all.end() || found->frame != frame) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

std::optional<std::size_t> RecordedVideo::find_time(CaptureTime at) const {
  const auto& all = pictures();
  if (all.empty()) return std::nullopt;
  const auto after = std::upper_bound(
      all.begin(), all.end(), at,
      [](CaptureTime time, const VideoPicture& picture) { return time < picture.captured_at; });
  return after == all.begin() ? 0 : static_cast<std::size_t>(after - all.begin()) - 1;
}

Result<void> RecordedVideo::read(std::size_t index, GrayImage& image) { return impl_->read(index, image); }

}  // namespace yarbus
