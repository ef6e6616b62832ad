#include "app/recording/codec_choice.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

#include "app/recording/frame_encoder.h"
#include "app/recording/libav_owners.h"

namespace yarbus {
namespace {

constexpr double share_of_interval = 0.5;
constexpr double probed_rate_hz = 60.0;
constexpr int probe_frames = 9;

std::string in_ms(std::chrono::nanoseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f ms", std::chrono::duration<double, std::milli>(time).count());
  return text.data();
}

}  // namespace

void draw_probe_image(int frame, GrayImage& image) {
  std::minstd_rand random(static_cast<unsigned>(frame) + 1U);
  const int width = image.width_px();
  const int height = image.height_px();
  const int radius = std::max(2, std::min(width, height) / 8);
  const int center_x = width / 2 + frame % 16;
  const int center_y = height / 2;
  for (int y = 0; y < height; ++y) {
    std::uint8_t* row = image.row(y);
    for (int x = 0; x < width; ++x) {
      const int dx = x - center_x;
      const int dy = y - center_y;
      int gray = 110 + 60 * x / width - 30 * y / height;
      if (dx * dx + dy * dy < radius * radius) gray = 25;
      if (std::abs(dx - radius / 2) < 3 && std::abs(dy + radius / 2) < 3) gray = 240;
      // Two throws of -3..3 have a standard deviation of 2.8 gray levels.
      const auto bits = static_cast<unsigned>(random());
      gray += static_cast<int>((bits >> 8U) % 7U) + static_cast<int>((bits >> 16U) % 7U) - 6;
      row[x] = static_cast<std::uint8_t>(std::clamp(gray, 0, 255));
    }
  }
}

Result<CodecCost> measure_codec(VideoCodec codec, int width_px, int height_px, double rate_hz, int frames) {
  YARBUS_CHECK_OP(frames, >, 0);
  auto encoder = FrameEncoder::create(codec, width_px, height_px, rate_hz, {});
  if (!encoder) return encoder.error();
  GrayImage image(width_px, height_px);
  CodecCost cost;
  cost.codec = codec;
  std::vector<std::chrono::nanoseconds> times;
  double bytes = 0.0;
  const auto take = [&](AVPacket& packet) -> Result<void> {
    bytes += packet.size;
    return {};
  };
  for (int frame = 0; frame <= frames; ++frame) {
    draw_probe_image(frame, image);
    const auto start = std::chrono::steady_clock::now();
    if (const auto encoded = encoder->encode(image.view(), 10 * frame, take); !encoded)
      return encoded.error();
    if (frame > 0) times.emplace_back(std::chrono::steady_clock::now() - start);  // the first one sets up
  }
  if (const auto finished = encoder->finish(take); !finished) return finished.error();
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  cost.per_frame = times[times.size() / 2];
  cost.bytes_per_frame = bytes / (frames + 1);
  return cost;
}

Result<CodecChoice> choose_codec(const std::vector<CodecCost>& measured, std::chrono::nanoseconds budget) {
  if (measured.empty()) {
    return Error{ErrorCode::unsupported_format, "this libavcodec has no lossless encoder", "video",
                 "Install Debian's libavcodec, or record without video"};
  }
  CodecChoice choice;
  choice.measured = measured;
  const CodecCost* best = nullptr;
  for (const CodecCost& cost : measured) {
    if (cost.per_frame > budget) continue;
    const bool is_better = best == nullptr || cost.codec == VideoCodec::ffv1 ||
                           (best->codec != VideoCodec::ffv1 && cost.bytes_per_frame < best->bytes_per_frame);
    if (is_better) best = &cost;
  }
  choice.fits = best != nullptr;
  if (best == nullptr) {
    best = &*std::min_element(measured.begin(), measured.end(), [](const CodecCost& a, const CodecCost& b) {
      return a.per_frame < b.per_frame;
    });
  }
  choice.codec = best->codec;
  choice.reason =
      std::string(to_string(best->codec)) + " takes " + in_ms(best->per_frame) + " a frame; " +
      in_ms(budget) + " are there" +
      (choice.fits ? "" : ", so pictures may be lost: choose h264, a lower rate or a smaller image");
  return choice;
}

Result<CodecChoice> choose_lossless_codec(int width_px, int height_px, double rate_hz, int cameras) {
  YARBUS_CHECK_OP(cameras, >, 0);
  const double rate = rate_hz > 0.0 ? rate_hz : probed_rate_hz;
  const auto budget =
      std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 * share_of_interval / rate / cameras));
  std::vector<CodecCost> measured;
  for (const VideoCodec codec : {VideoCodec::ffv1, VideoCodec::h264_lossless, VideoCodec::ut_video}) {
    const auto cost = measure_codec(codec, width_px, height_px, rate, probe_frames);
    if (!cost) continue;
    measured.push_back(*cost);
    if (codec == VideoCodec::ffv1 && cost->per_frame <= budget) break;
  }
  return choose_codec(measured, budget);
}

}  // namespace yarbus
