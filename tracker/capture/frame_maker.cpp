#include "tracker/capture/frame_maker.h"

#include <opencv2/imgproc.hpp>

namespace yarbus {
namespace {

std::string size_text(int width_px, int height_px) {
  return std::to_string(width_px) + 'x' + std::to_string(height_px);
}

/// 16-bit images carry their full range; other depths are not photographs.
constexpr double eight_from_sixteen_bit = 1.0 / 257.0;

}  // namespace

FrameMaker::FrameMaker(const SourceOptions& options) : options_(options), pool_(options.pool_frames) {}

Result<void> FrameMaker::check_size(int width_px, int height_px, const std::string& context) {
  const auto inside = [](int side) { return side >= min_frame_side_px && side <= max_frame_side_px; };
  if (inside(width_px) && inside(height_px)) return {};
  return Error{ErrorCode::unsupported_format,
               "the frames are " + size_text(width_px, height_px) + " px, Yarbus handles " +
                   std::to_string(min_frame_side_px) + " to " + std::to_string(max_frame_side_px) +
                   " px a side",
               context, "Scale the frames to a size in that range, such as 640x480"};
}

Result<void> FrameMaker::fix_size(const cv::Mat& image, const std::string& context, SourceInfo& info) {
  if (const auto checked = check_size(image.cols, image.rows, context); !checked) return checked.error();
  size_ = image.size();
  info.width_px = is_turned() ? image.rows : image.cols;
  info.height_px = is_turned() ? image.cols : image.rows;
  return {};
}

Result<void> FrameMaker::same_size(const cv::Size& size, const std::string& context) const {
  if (size == size_) return {};
  return Error{ErrorCode::size_changed,
               "the frame size changed from " + size_text(size_.width, size_.height) + " to " +
                   size_text(size.width, size.height) + " px",
               context, "Give frames of one size; track the parts one by one"};
}

FramePtr FrameMaker::make(const cv::Mat& image, std::uint64_t sequence, CaptureTime captured_at,
                          std::span<const std::uint8_t> jpeg) {
  auto frame = pool_.acquire();
  if (frame == nullptr) return frame;
  fill(*frame, image, sequence, captured_at);
  frame->jpeg.assign(jpeg.begin(), jpeg.end());
  return frame;
}

FramePtr FrameMaker::make_waiting(const cv::Mat& image, std::uint64_t sequence, CaptureTime captured_at,
                                  const std::stop_token& stop) {
  auto frame = pool_.acquire_waiting(stop);
  if (frame != nullptr) fill(*frame, image, sequence, captured_at);
  return frame;
}

void FrameMaker::fill(Frame& frame, const cv::Mat& image, std::uint64_t sequence, CaptureTime captured_at) {
  const cv::Mat* source = &image;
  if (source->depth() == CV_16U) {
    source->convertTo(eight_bit_, CV_8U, eight_from_sixteen_bit);
    source = &eight_bit_;
  }
  if (source->channels() != 1) {
    cv::cvtColor(*source, gray_, source->channels() == 4 ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
    source = &gray_;
  }
  // Every turn, mirrored or not, is a transposition or none, then a flip or none.
  const bool turned = is_turned();
  const cv::Size size = turned ? cv::Size(source->rows, source->cols) : source->size();
  frame.gray.resize(size.width, size.height);
  cv::Mat target(size, CV_8UC1, frame.gray.data());  // the pooled pixels: what is written here stays
  if (turned) {
    cv::transpose(*source, target);
    source = &target;
  }
  constexpr int left_right = 1;
  constexpr int up_down = 0;
  constexpr int both = -1;
  const bool flips_x = (options_.rotate_deg == 90 || options_.rotate_deg == 180) != options_.mirror;
  const bool flips_y = options_.rotate_deg == 180 || options_.rotate_deg == 270;
  if (flips_x || flips_y) {
    cv::flip(*source, target, !flips_y ? left_right : flips_x ? both : up_down);
  } else if (!turned) {
    source->copyTo(target);
  }
  frame.sequence = sequence;
  frame.camera_id = options_.camera_id;
  frame.eye = options_.eye;
  frame.captured_at = captured_at;
}

}  // namespace yarbus
