#include "app/recording/codec_choice.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

#include "app/recording/frame_encoder.h"
#include "app/recording/libav_owners.h"

namespace yarbus {
namespace {

constexpr double encoding_share = 0.5;    // of the frame interval
constexpr double decoding_share = 0.125;  // of the frame interval
constexpr double probed_rate_hz = 60.0;
constexpr int probe_frames = 9;

std::string in_ms(std::chrono::nanoseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f ms", std::chrono::duration<double, std::milli>(time).count());
  return text.data();
}

std::chrono::nanoseconds median_of(std::vector<std::chrono::nanoseconds>& times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

/// The median time to decode a packet; the first one sets up and is left out.
Result<std::chrono::nanoseconds> measure_decoding(const FrameEncoder& encoder,
                                                  const std::vector<libav::Packet>& packets) {
  const libav::Parameters parameters(avcodec_parameters_alloc());
  YARBUS_CHECK(parameters != nullptr);
  encoder.describe(*parameters);
  const AVCodec* decoder = avcodec_find_decoder(parameters->codec_id);
  const libav::Codec codec(avcodec_alloc_context3(decoder));
  const libav::Frame frame(av_frame_alloc());
  YARBUS_CHECK(codec != nullptr && frame != nullptr);
  avcodec_parameters_to_context(codec.get(), parameters.get());
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_LOW_DELAY;
  const Error refused{ErrorCode::unsupported_format, "this libavcodec cannot decode what it encoded", "video",
                      "Install Debian's libavcodec, or record without video"};
  if (decoder == nullptr || avcodec_open2(codec.get(), decoder, nullptr) < 0) return refused;
  std::vector<std::chrono::nanoseconds> times;
  for (const libav::Packet& packet : packets) {
    const auto start = std::chrono::steady_clock::now();
    if (avcodec_send_packet(codec.get(), packet.get()) < 0) return refused;
    if (avcodec_receive_frame(codec.get(), frame.get()) < 0) return refused;
    if (&packet != &packets.front()) times.emplace_back(std::chrono::steady_clock::now() - start);
  }
  return median_of(times);
}

/// The one of least `cost` among those that `allowed` lets through; nullptr if it lets through none.
template <typename Allowed, typename Cost>
const CodecCost* cheapest(const std::vector<CodecCost>& measured, Allowed allowed, Cost cost) {
  const CodecCost* best = nullptr;
  for (const CodecCost& candidate : measured) {
    if (allowed(candidate) && (best == nullptr || cost(candidate) < cost(*best))) best = &candidate;
  }
  return best;
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
  std::vector<libav::Packet> packets;
  double bytes = 0.0;
  const auto take = [&](AVPacket& packet) -> Result<void> {
    bytes += packet.size;
    packets.emplace_back(av_packet_clone(&packet));
    YARBUS_CHECK(packets.back() != nullptr);
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
  cost.encoding = median_of(times);
  const auto decoding = measure_decoding(*encoder, packets);
  if (!decoding) return decoding.error();
  cost.decoding = *decoding;
  cost.bytes_per_frame = bytes / (frames + 1);
  return cost;
}

Result<CodecChoice> choose_codec(const std::vector<CodecCost>& measured, const CodecBudget& budget) {
  if (measured.empty()) {
    return Error{ErrorCode::unsupported_format, "this libavcodec has no lossless encoder", "video",
                 "Install Debian's libavcodec, or record without video"};
  }
  const auto is_recorded = [&](const CodecCost& cost) { return cost.encoding <= budget.encoding; };
  const auto is_read = [&](const CodecCost& cost) {
    return is_recorded(cost) && cost.decoding <= budget.decoding;
  };
  const auto is_ffv1 = [&](const CodecCost& cost) { return is_read(cost) && cost.codec == VideoCodec::ffv1; };
  const auto size = [](const CodecCost& cost) { return cost.bytes_per_frame; };
  const CodecCost* best = cheapest(measured, is_ffv1, size);
  if (best == nullptr) best = cheapest(measured, is_read, size);
  if (best == nullptr)
    best = cheapest(measured, is_recorded, [](const CodecCost& cost) { return cost.decoding; });
  CodecChoice choice;
  choice.measured = measured;
  choice.fits = best != nullptr;
  if (best == nullptr) {
    best = cheapest(
        measured, [](const CodecCost&) { return true; }, [](const CodecCost& cost) { return cost.encoding; });
  }
  choice.codec = best->codec;
  choice.reason = std::string(to_string(best->codec)) + " takes " + in_ms(best->encoding) +
                  " a frame to write and " + in_ms(best->decoding) + " to read; " + in_ms(budget.encoding) +
                  " and " + in_ms(budget.decoding) + " are there";
  if (!choice.fits)
    choice.reason += ", so pictures may be lost: choose h264, a lower rate or a smaller image";
  return choice;
}

Result<CodecChoice> choose_lossless_codec(int width_px, int height_px, double rate_hz, int cameras) {
  YARBUS_CHECK_OP(cameras, >, 0);
  const double rate = rate_hz > 0.0 ? rate_hz : probed_rate_hz;
  const std::chrono::duration<double> interval(1.0 / rate / cameras);
  const auto share_of = [&](double share) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(interval * share);
  };
  const CodecBudget budget{share_of(encoding_share), share_of(decoding_share)};
  std::vector<CodecCost> measured;
  for (const VideoCodec codec : {VideoCodec::ffv1, VideoCodec::h264_lossless, VideoCodec::ut_video}) {
    const auto cost = measure_codec(codec, width_px, height_px, rate, probe_frames);
    if (!cost) continue;
    measured.push_back(*cost);
    if (codec == VideoCodec::ffv1 && cost->encoding <= budget.encoding && cost->decoding <= budget.decoding)
      break;
  }
  return choose_codec(measured, budget);
}

}  // namespace yarbus
