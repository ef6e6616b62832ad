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
  std::chrono::nanoseconds per_frame{};  ///< the median
  double bytes_per_frame = 0.0;          ///< the mean
};

/// A picture as near-eye cameras give it: smooth shading, a dark disc, a glint, and a sensor's noise of about
/// two gray levels, which is what a lossless codec spends its time on. Another `frame`, other noise.
void draw_probe_image(int frame, GrayImage& image);

/// Encodes that many probe images. Cost: theirs, and one more. Errors: as FrameEncoder::create().
Result<CodecCost> measure_codec(VideoCodec codec, int width_px, int height_px, double rate_hz, int frames);

/// Which lossless codec is to be used.
struct CodecChoice {
  VideoCodec codec = VideoCodec::ffv1;
  bool fits = false;       ///< into its share of the frame interval
  std::string reason;      ///< in words, with the figures
  std::vector<CodecCost> measured;
};

/// The rule, for costs already measured: FFV1 if it fits into `budget` a frame; else the smaller of those
/// that fit; else the fastest. Errors: unsupported_format if nothing was measured.
Result<CodecChoice> choose_codec(const std::vector<CodecCost>& measured, std::chrono::nanoseconds budget);

/// Measures and chooses. The budget is half the frame interval, shared by the cameras of the session; without
/// a rate, of 60 frames a second. Cost: some tens of encoded frames, 0.1 to 0.5 s at 640x480.
Result<CodecChoice> choose_lossless_codec(int width_px, int height_px, double rate_hz, int cameras);

}  // namespace yarbus
