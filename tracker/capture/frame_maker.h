#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>

#include <opencv2/core.hpp>

#include "eyemodel/types/frame.h"
#include "eyemodel/types/result.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// Turns decoded images into pooled Frames: 8-bit gray, rotated, mirrored. Every source ends in one.
/// Threads: one owner. No allocation once warm.
class FrameMaker {
 public:
  explicit FrameMaker(const SourceOptions& options);

  /// unsupported_format if the size is outside min_frame_side_px .. max_frame_side_px.
  static Result<void> check_size(int width_px, int height_px, const std::string& context);

  /// Sets the size every later image must have, and notes it (turned) in `info`.
  Result<void> fix_size(const cv::Mat& image, const std::string& context, SourceInfo& info);
  /// size_changed if `image` has another size.
  Result<void> same_size(const cv::Mat& image, const std::string& context) const {
    return same_size(image.size(), context);
  }
  Result<void> same_size(const cv::Size& size, const std::string& context) const;

  /// A frame from the pool; nullptr when the pool is exhausted (live sources: count a drop). `jpeg`: what
  /// `image` was decoded from, if the source gives that.
  FramePtr make(const cv::Mat& image, std::uint64_t sequence, CaptureTime captured_at,
                std::span<const std::uint8_t> jpeg = {});
  /// The same, waiting for a frame to come free; nullptr only after a stop request.
  FramePtr make_waiting(const cv::Mat& image, std::uint64_t sequence, CaptureTime captured_at,
                        const std::stop_token& stop);

 private:
  void fill(Frame& frame, const cv::Mat& image, std::uint64_t sequence, CaptureTime captured_at);
  [[nodiscard]] bool is_turned() const { return options_.rotate_deg == 90 || options_.rotate_deg == 270; }

  SourceOptions options_;
  FramePool pool_;
  cv::Size size_;
  cv::Mat eight_bit_;
  cv::Mat gray_;
};

}  // namespace yarbus
