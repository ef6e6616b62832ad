#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

#include "app/session/channel.h"
#include "eyemodel/types/frame.h"
#include "eyemodel/types/result.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// A source read on its own thread into a bounded channel that holds every frame, or every `stride`-th of a
/// seekable source that stands at its first.
/// Threads: one owner; the source is the reader's until it goes.
class FrameReader {
 public:
  FrameReader(FrameSource& source, std::stop_token stop, std::uint64_t stride = 1);
  ~FrameReader() { stop(); }
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  /// nullopt at the end, after a stop or an error.
  std::optional<FramePtr> next() { return channel_.pop(); }
  /// Why reading ended, once `next()` has returned nullopt.
  std::optional<Error> take_error();

 private:
  void read(const std::stop_token& token);
  void fail(Error error);
  void stop();

  FrameSource& source_;
  std::uint64_t stride_;
  Channel<FramePtr> channel_;
  std::optional<Error> error_;
  std::jthread thread_;
  std::stop_callback<std::function<void()>> outer_stop_;
};

}  // namespace yarbus
