#include "tracker/capture/video_file_source.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

#include "tracker/capture/frame_maker.h"

namespace yarbus {
namespace {

/// Containers may declare a frame or two that edit lists or open GOPs leave out; more is a file cut short.
constexpr double tolerated_missing_fraction = 0.01;
constexpr double tolerated_missing_frames = 2.0;

/// A seek this far ahead is made by reading on.
constexpr std::uint64_t read_ahead_frames = 30;

/// FFmpeg prints to standard error what comes back to us as a return value: one clear message is ours to
/// give.
void silence_ffmpeg() {
  setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
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
    const double declared = capture_.get(cv::CAP_PROP_FRAME_COUNT);
    if (std::isfinite(declared) && declared >= 1.0 && declared < 1e9)
      info_.frame_count = static_cast<std::uint64_t>(declared);
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
    CaptureTime time = from_ms(image_ms_ - first_ms_);
    if (next_index_ > 0 && time <= last_time_) time = last_time_ + from_ms(1000.0 / info_.nominal_rate_hz);
    FramePtr frame = maker_.make_waiting(image_, next_index_, time, stop);
    if (frame == nullptr) {
      is_read_ahead_ = true;  // a stop: the image stays for the next call
      return FramePtr{};
    }
    last_time_ = time;
    ++next_index_;
    return frame;
  }

  Result<void> seek(std::uint64_t index) override {
    if (info_.frame_count && *info_.frame_count > 0) index = std::min(index, *info_.frame_count - 1);
    if (index < next_index_ || index > next_index_ + read_ahead_frames) {
      if (!jump(index) && !reopen()) return lost();
    }
    while (next_index_ < index) {
      if (!std::exchange(is_read_ahead_, false) && !capture_.grab()) break;
      last_time_ = from_ms(capture_.get(cv::CAP_PROP_POS_MSEC) - first_ms_);
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

  /// The container's own seek, trusted only if the frame it leads to has the time that frame must have.
  bool jump(std::uint64_t index) {
    is_read_ahead_ = false;
    if (!capture_.set(cv::CAP_PROP_POS_FRAMES, static_cast<double>(index)) || !read_image()) return false;
    const double expected_ms = first_ms_ + 1000.0 * static_cast<double>(index) / info_.nominal_rate_hz;
    if (std::abs(image_ms_ - expected_ms) > 250.0 / info_.nominal_rate_hz) return false;
    is_read_ahead_ = true;
    next_index_ = index;
    last_time_ = index == 0 ? CaptureTime{} : from_ms(image_ms_ - first_ms_ - 1000.0 / info_.nominal_rate_hz);
    return true;
  }

  bool reopen() {
    capture_.release();
    next_index_ = 0;
    last_time_ = {};
    is_read_ahead_ = capture_.open(options_.location, cv::CAP_FFMPEG) && read_image();
    return is_read_ahead_;
  }

  Error lost() const {
    return {ErrorCode::input_unreadable, "the file can no longer be read", options_.location,
            "Check that it still exists"};
  }

  Result<FramePtr> end_of_file() const {
    const double declared = static_cast<double>(info_.frame_count.value_or(0));
    const double missing = declared - static_cast<double>(next_index_);
    if (missing <= std::max(tolerated_missing_frames, tolerated_missing_fraction * declared))
      return FramePtr{};
    return Error{ErrorCode::input_truncated,
                 "the video ends after " + std::to_string(next_index_) + " of " +
                     std::to_string(*info_.frame_count) + " frames",
                 options_.location, "Use what there is, or copy the recording again"};
  }

  SourceOptions options_;
  FrameMaker maker_;
  SourceInfo info_;
  cv::VideoCapture capture_;
  cv::Mat image_;
  double image_ms_ = 0.0;
  double first_ms_ = 0.0;
  bool is_read_ahead_ = false;  ///< image_ holds the frame next_index_
  std::uint64_t next_index_ = 0;
  CaptureTime last_time_{};
};

}  // namespace

Result<std::unique_ptr<FrameSource>> open_video_file(const SourceOptions& options) {
  auto source = std::make_unique<VideoFileSource>(options);
  if (const auto opened = source->open(); !opened) return opened.error();
  return std::unique_ptr<FrameSource>(std::move(source));
}

}  // namespace yarbus
