#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/recording/session_info.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// What a codec costs on this machine, on one core.
struct CodecCost {
  VideoCodec codec = VideoCodec::ffv1;
  std::chrono::nanoseconds encoding{};  ///< a frame, the median
  std::chrono::nanoseconds decoding{};  ///< a frame, the median
  double bytes_per_frame = 0.0;         ///< the mean
};

/// What there is for a frame.
struct CodecBudget {
  std::chrono::nanoseconds encoding{};
  std::chrono::nanoseconds decoding{};
};

/// A picture as near-eye cameras give it: smooth shading, a dark disc, a glint, and a sensor's noise of about
/// two gray levels, which is what a lossless codec spends its time on. Another `frame`, other noise.
void draw_probe_image(int frame, GrayImage& image);

/// Encodes and decodes that many probe images. Cost: theirs, and one more. Errors: as FrameEncoder::create();
/// unsupported_format if this libavcodec cannot decode what it encoded.
Result<CodecCost> measure_codec(VideoCodec codec, int width_px, int height_px, double rate_hz, int frames);

/// Which lossless codec is to be used.
struct CodecChoice {
  VideoCodec codec = VideoCodec::ffv1;
  bool fits = false;   ///< the encoding into its share of the frame interval
  std::string reason;  ///< in words, with the figures
  std::vector<CodecCost> measured;
};

/// The rule, for costs already measured. Of those whose encoding fits: FFV1 if its decoding fits too; else
/// the smallest whose decoding fits; else the one that is decoded fastest. If no encoding fits, the fastest
/// encoding. Errors: unsupported_format if nothing was measured.
Result<CodecChoice> choose_codec(const std::vector<CodecCost>& measured, const CodecBudget& budget);

/// Measures and chooses. The budgets are half the frame interval to encode and an eighth to decode, shared by
/// the cameras of the session; without a rate, of 60 frames a second. An eighth: re-analysis at four times
/// real time has a quarter of the interval for a frame, and finds pupils too. Cost: some tens of frames,
/// 0.1 to 0.5 s at 640x480.
Result<CodecChoice> choose_lossless_codec(int width_px, int height_px, double rate_hz, int cameras);

}  // namespace yarbus
