#include "tracker/capture/video_file_source.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

#include "tracker/capture/container_facts.h"
#include "tracker/capture/frame_maker.h"
#include "tracker/capture/jpeg_check.h"

namespace yarbus {
namespace {

/// Declared frames that may be missing without a word: what open GOPs and rounding leave out.
constexpr double tolerated_missing_fraction = 0.01;
constexpr double tolerated_missing_frames = 2.0;

/// A seek this far ahead is made by reading on.
constexpr std::uint64_t read_ahead_frames = 30;

/// Two readings of one frame's time differ by rounding alone.
constexpr double same_time_ms = 1e-3;

/// Room for the times of this many frames is made at once, where the container declares as many.
constexpr double reserved_frames = 1 << 18;

/// Files up to this size are looked through, packet by packet, when they are opened.
constexpr std::uintmax_t scanned_file_bytes = 256U << 20U;

/// FFmpeg prints to standard error what comes back to us as a return value: one clear message is ours to
/// give.
void silence_ffmpeg() {
  static const bool done = [] {
    setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    return true;
  }();
  static_cast<void>(done);
}

/// What the packets of the video track say without being decoded.
struct PacketScan {
  std::uint64_t count = 0;
  /// Motion JPEG: the first packet whose picture has another size. The decoder would scale it in silence.
  std::optional<std::uint64_t> size_change_at;
  JpegSize changed_size;
};

PacketScan scan_packets(const std::string& path) {
  constexpr double undecoded = -1.0;
  PacketScan scan;
  cv::VideoCapture packets;
  if (!packets.open(path, cv::CAP_FFMPEG) || !packets.set(cv::CAP_PROP_FORMAT, undecoded)) return scan;
  std::optional<JpegSize> first;
  cv::Mat packet;
  while (packets.grab()) {
    const bool is_looked_at = (scan.count == 0 || first) && !scan.size_change_at;
    if (is_looked_at && packets.retrieve(packet) && packet.isContinuous()) {
      const auto size = size_of_whole_jpeg({packet.data, packet.total() * packet.elemSize()});
      if (scan.count == 0) first = size;
      if (size && first && (size->width_px != first->width_px || size->height_px != first->height_px)) {
        scan.size_change_at = scan.count;
        scan.changed_size = *size;
      }
    }
    ++scan.count;
  }
  return scan;
}

CaptureTime from_ms(double ms) { return CaptureTime(static_cast<CaptureTime::rep>(std::llround(ms * 1e6))); }

class VideoFileSource final : public FrameSource {
 public:
  explicit VideoFileSource(const SourceOptions& options) : options_(options), maker_(options) {}

  Result<void> open() {
    const std::string& path = options_.location;
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) {
      return Error{ErrorCode::input_missing, "there is no such file, folder or camera", path,
                   "Check the name; `yarbus devices` lists the cameras"};
    }
    if (std::filesystem::is_regular_file(path, failed) && std::filesystem::file_size(path, failed) == 0) {
      return Error{ErrorCode::input_empty, "the file is empty", path, "Record or copy it again"};
    }
    silence_ffmpeg();
    if (!capture_.open(path, cv::CAP_FFMPEG)) {
      return Error{ErrorCode::input_unreadable,
                   "it is no video that can be read, or it is cut off before its index", path,
                   "Give an MP4, MKV, AVI or GIF file; a cut-off recording may be repaired with ffmpeg"};
    }
    const double rate_hz = capture_.get(cv::CAP_PROP_FPS);
    info_.nominal_rate_hz = std::isfinite(rate_hz) && rate_hz > 0.0 && rate_hz < 10000.0 ? rate_hz : 30.0;
    // The size is checked before a frame of it is decoded: a hostile header shall not fill the memory.
    const auto declared_size =
        FrameMaker::check_size(static_cast<int>(capture_.get(cv::CAP_PROP_FRAME_WIDTH)),
                               static_cast<int>(capture_.get(cv::CAP_PROP_FRAME_HEIGHT)), path);
    if (!declared_size) return declared_size.error();
    if (!read_image()) {
      return Error{ErrorCode::input_empty, "the video has no frame that can be decoded", path,
                   "Record it again or convert it with ffmpeg"};
    }
    first_ms_ = image_ms_;
    is_read_ahead_ = true;
    count_frames();
    info_.kind = SourceKind::video_file;
    info_.name = std::filesystem::path(path).filename().string();
    info_.location = path;
    info_.is_seekable = true;
    return maker_.fix_size(image_, path, info_);
  }

  const SourceInfo& info() const override { return info_; }

  Result<FramePtr> next(std::stop_token stop) override {
    if (!std::exchange(is_read_ahead_, false) && !read_image()) return end_of_file();
    if (const auto same = maker_.same_size(image_, options_.location); !same) return same.error();
    if (packets_.size_change_at && next_index_ >= *packets_.size_change_at) {
      is_read_ahead_ = true;  // asked again, it is the same
      const cv::Size changed(packets_.changed_size.width_px, packets_.changed_size.height_px);
      return maker_.same_size(changed, options_.location).error();
    }
    const CaptureTime time = note_time(image_ms_);
    FramePtr frame = maker_.make_waiting(image_, next_index_, time, stop);
    if (frame == nullptr) {
      is_read_ahead_ = true;  // a stop: the image stays for the next call
      return FramePtr{};
    }
    ++next_index_;
    return frame;
  }

  Result<void> seek(std::uint64_t index) override {
    if (info_.frame_count && *info_.frame_count > 0) index = std::min(index, *info_.frame_count - 1);
    if (index < next_index_ || index > next_index_ + read_ahead_frames) {
      if (!go_near(index) && !reopen()) return lost();
    }
    while (next_index_ < index) {
      if (!std::exchange(is_read_ahead_, false)) {
        if (!capture_.grab()) break;
        image_ms_ = capture_.get(cv::CAP_PROP_POS_MSEC);
      }
      note_time(image_ms_);
      ++next_index_;
    }
    if (next_index_ < index) {  // past the real end: the last frame
      const std::uint64_t last = next_index_ > 0 ? next_index_ - 1 : 0;
      if (!reopen()) return lost();
      return last < index ? seek(last) : Result<void>{};
    }
    return {};
  }

 private:
  bool read_image() {
    if (!capture_.read(image_) || image_.empty()) return false;
    image_ms_ = capture_.get(cv::CAP_PROP_POS_MSEC);
    return true;
  }

  /// What the container says of its length, made honest by what its structure says.
  void count_frames() {
    std::error_code failed;
    facts_ = read_container_facts(options_.location);
    const double declared = capture_.get(cv::CAP_PROP_FRAME_COUNT);
    if (std::isfinite(declared) && declared >= 1.0 && declared < 1e9)
      expected_frames_ = std::round(declared * facts_.shown_fraction);
    if (expected_frames_ >= 1.0) info_.frame_count = static_cast<std::uint64_t>(expected_frames_);
    known_.reserve(static_cast<std::size_t>(std::min(expected_frames_, reserved_frames)));
    const auto bytes = std::filesystem::file_size(options_.location, failed);
    if (failed || bytes > scanned_file_bytes) return;
    packets_ = scan_packets(options_.location);
    if (packets_.count > 0 && !facts_.declares_frame_count) info_.frame_count = packets_.count;
  }

  /// The capture time of frame next_index_, which the container shows at `pts_ms`: rising strictly, and the
  /// same whenever the frame is read.
  CaptureTime note_time(double pts_ms) {
    if (next_index_ < known_.size()) return known_[next_index_].time;
    CaptureTime time = from_ms(pts_ms - first_ms_);
    if (next_index_ > known_.size()) return time;  // after a jump, which only a constant rate allows
    if (!known_.empty() && time <= known_.back().time) {
      time = known_.back().time + from_ms(1000.0 / info_.nominal_rate_hz);
      times_are_unique_ = false;
    }
    known_.push_back({pts_ms, time});
    return time;
  }

  /// Moves to frame `index` or to one before it from which to read on; false if only the start is left.
  bool go_near(std::uint64_t index) {
    if (index < known_.size()) return go_to_known(index);
    if (facts_.has_constant_rate && jump(index)) return true;
    if (index > next_index_ && next_index_ >= known_.size()) return !is_lost_;  // nothing nearer is known
    return go_to_known(known_.size() - 1);
  }

  /// Frames met before are known by their time: the container's own seek only has to end before it.
  bool go_to_known(std::uint64_t index) {
    constexpr int attempts = 4;
    constexpr double first_step_back_ms = 1000.0;
    constexpr double longer = 8.0;
    if (!times_are_unique_) return false;
    is_lost_ = true;
    const double target_ms = known_[index].pts_ms;
    double back_ms = 0.0;
    for (int attempt = 0; attempt < attempts; ++attempt) {
      is_read_ahead_ = false;
      if (!capture_.set(cv::CAP_PROP_POS_MSEC, std::max(0.0, target_ms - back_ms))) return false;
      double pts_ms = 0.0;
      do {
        if (!capture_.grab()) break;
        pts_ms = capture_.get(cv::CAP_PROP_POS_MSEC);
      } while (pts_ms < target_ms - same_time_ms);
      if (std::abs(pts_ms - target_ms) <= same_time_ms && capture_.retrieve(image_) && !image_.empty())
        return arrived(index, pts_ms);
      back_ms = back_ms == 0.0 ? first_step_back_ms : longer * back_ms;
    }
    return false;
  }

  /// To a frame not met before, by its number; trusted only if that frame has the time it must have.
  bool jump(std::uint64_t index) {
    is_lost_ = true;
    is_read_ahead_ = false;
    if (!capture_.set(cv::CAP_PROP_POS_FRAMES, static_cast<double>(index)) || !read_image()) return false;
    const double expected_ms = first_ms_ + 1000.0 * static_cast<double>(index) / info_.nominal_rate_hz;
    if (std::abs(image_ms_ - expected_ms) > 250.0 / info_.nominal_rate_hz) return false;
    return arrived(index, image_ms_);
  }

  bool arrived(std::uint64_t index, double pts_ms) {
    image_ms_ = pts_ms;
    next_index_ = index;
    is_read_ahead_ = true;
    is_lost_ = false;
    return true;
  }

  bool reopen() {
    capture_.release();
    is_read_ahead_ = false;
    if (!capture_.open(options_.location, cv::CAP_FFMPEG) || !read_image()) return false;
    return arrived(0, image_ms_);
  }

  Error lost() const {
    return {ErrorCode::input_unreadable, "the file can no longer be read", options_.location,
            "Check that it still exists"};
  }

  /// Quiet where all came that the container shows. A number that is only an estimate is held against a file
  /// only if its structure, too, says that it was cut.
  Result<FramePtr> end_of_file() const {
    const double missing = expected_frames_ - static_cast<double>(next_index_);
    const bool is_evidence = facts_.declares_frame_count || facts_.is_cut_short;
    if (!is_evidence ||
        missing <= std::max(tolerated_missing_frames, tolerated_missing_fraction * expected_frames_))
      return FramePtr{};
    return Error{ErrorCode::input_truncated,
                 "the video ends after " + std::to_string(next_index_) + " of " +
                     (facts_.declares_frame_count ? "" : "about ") +
                     std::to_string(std::llround(expected_frames_)) + " frames",
                 options_.location, "Use what there is, or copy the recording again"};
  }

  struct KnownFrame {
    double pts_ms = 0.0;
    CaptureTime time{};
  };

  SourceOptions options_;
  FrameMaker maker_;
  SourceInfo info_;
  cv::VideoCapture capture_;
  cv::Mat image_;
  double image_ms_ = 0.0;
  double first_ms_ = 0.0;
  bool is_read_ahead_ = false;  ///< image_ holds the frame next_index_
  bool is_lost_ = false;        ///< a seek failed: the capture stands somewhere else than next_index_
  std::uint64_t next_index_ = 0;
  std::vector<KnownFrame> known_;  ///< frames 0, 1, ... as far as they were met without a gap
  bool times_are_unique_ = true;   ///< so that a time says which of them it is
  ContainerFacts facts_;
  PacketScan packets_;
  double expected_frames_ = 0.0;  ///< that the container shows; 0 = unknown
};

}  // namespace

Result<std::unique_ptr<FrameSource>> open_video_file(const SourceOptions& options) {
  auto source = std::make_unique<VideoFileSource>(options);
  if (const auto opened = source->open(); !opened) return opened.error();
  return std::unique_ptr<FrameSource>(std::move(source));
}

}  // namespace yarbus
