#pragma once

#include <memory>

#include "app/stream/stream_command.h"
#include "app/stream/stream_health.h"
#include "app/stream/stream_item.h"
#include "app/stream/stream_options.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Serves live data to other programs from a thread of its own ("publisher"): Pupil's network API, OSC,
/// opentrack and the Lab Streaming Layer, as the options say. docs/streaming.md tells what each receives.
///
/// Threads: every method may be called from any thread. publish() moves the item into a bounded queue and
/// returns, without heap and whatever the clients do: about 15 us where it wakes the publisher's thread
/// (yarbus_stream_latency). When the queue is full the oldest item goes and is counted. Waiting samples keep
/// their frames: frame pools need room for StreamOptions::sample_capacity more.
/// Commands of clients are offered to `commands` in the publisher's thread.
class Publisher {
 public:
  /// Opens all ports before it returns. `commands` outlives the publisher.
  /// Errors: invalid_option, connection_failed. Without LSL's library everything else is served, with a
  /// warning.
  static Result<std::unique_ptr<Publisher>> start(const StreamOptions& options, StreamCommands& commands);
  /// Stops the thread and cuts the clients off; what still waits is not sent.
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  void publish(StreamItem item);
  /// Of a file: what to add to capture times to get std::chrono::steady_clock's. Live sources: 0, as it
  /// starts.
  void set_steady_from_capture(std::chrono::nanoseconds shift);
  [[nodiscard]] StreamHealth health() const;

 private:
  class Impl;
  explicit Publisher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
