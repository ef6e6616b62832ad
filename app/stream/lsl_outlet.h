#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/stream/gaze_datum.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/result.h"

namespace yarbus {

constexpr std::size_t lsl_channel_count = 22;
using LslSample = std::array<double, lsl_channel_count>;

/// What a channel of the gaze stream is, as its metadata tells.
struct LslChannel {
  std::string_view label;
  std::string_view eye;  ///< "both", "right" (0), "left" (1)
  std::string_view type;
  std::string_view unit;
  std::string_view coordinate_system;
};
const std::array<LslChannel, lsl_channel_count>& lsl_channels();

/// One sample of the stream; NaN for what an eye does not have.
LslSample lsl_sample(const GazeDatum& gaze);

/// Gaze for the Lab Streaming Layer, whose library is loaded when it is asked for: Yarbus runs without it.
/// Times are this machine's, in LSL's own clock: it is asked once a sample; the tracker's is never changed.
/// Threads: one owner. LSL serves its clients in threads of its own.
class LslOutlet {
 public:
  /// `library` as the loader finds it ("liblsl.so.2") or a path. Errors: input_missing (there is none),
  /// unsupported_format (it lacks a function), internal (it refuses the stream).
  static Result<std::unique_ptr<LslOutlet>> open(const std::string& library);
  ~LslOutlet();
  LslOutlet(const LslOutlet&) = delete;
  LslOutlet& operator=(const LslOutlet&) = delete;

  /// `age` is the time since the sample was captured.
  void push(const LslSample& sample, std::chrono::nanoseconds age);
  [[nodiscard]] std::uint64_t pushed() const { return pushed_; }

 private:
  struct Library;
  explicit LslOutlet(std::unique_ptr<Library> library);
  std::unique_ptr<Library> library_;
  void* outlet_ = nullptr;
  std::uint64_t pushed_ = 0;
};

}  // namespace yarbus
