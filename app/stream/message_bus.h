#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/stream/client_message.h"
#include "app/stream/listening_port.h"
#include "app/stream/rate_limited_warnings.h"
#include "app/stream/remote_request.h"
#include "app/stream/stream_health.h"
#include "app/stream/stream_options.h"
#include "app/stream/subscriptions.h"

namespace yarbus {

/// The three ports of the network API: requests, subscribers, and clients that send.
///
/// Nothing a client does grows its memory without bound or makes send() wait: messages and their sizes,
/// connections, subscriptions and waiting images are limited, and what is beyond is refused or dropped.
/// Threads: opened in one, then used by one, which may be another.
class MessageBus {
 public:
  /// What the bus tells its owner, in the owner's thread, from within serve().
  struct Owner {
    std::function<void(MessageEffect)> on_effect;
    std::function<void(StreamWarning, const std::string&)> on_warning;
  };

  /// Errors: connection_failed.
  static Result<std::unique_ptr<MessageBus>> open(const StreamOptions& options, StreamClock& clock);

  void set_owner(Owner owner) { owner_ = std::move(owner); }

  /// Waits until a client or `wake_descriptor` has something, or `timeout` has passed, and reads that
  /// descriptor's counter down.
  void wait(int wake_descriptor, std::chrono::milliseconds timeout);
  /// Answers clients and passes their messages on: a bounded number of each, so that the owner's own messages
  /// come in between.
  void serve();
  /// How long the next wait() may be: not at all when clients have more than the last serve() has read.
  [[nodiscard]] std::chrono::milliseconds longest_wait() const;

  [[nodiscard]] bool wants(std::string_view topic) const { return subscriptions_.want(topic); }
  /// To all who want it. Never waits.
  void send(std::string_view topic, std::string_view payload);
  /// The same with an image, of which `fill` writes the `size` bytes; false: slow subscribers keep too many
  /// waiting, or there is no memory.
  bool send_with_image(std::string_view topic, std::string_view payload, std::size_t size,
                       const std::function<void(std::byte*)>& fill);

  /// Its part of the counters.
  void count(StreamCounters& counters) const;

 private:
  MessageBus(const StreamOptions& options, StreamClock& clock);
  void admit();
  void answer_requests();
  void pass_messages_on();
  void read_subscriptions();
  void refuse(MessageFault fault);

  const StreamOptions options_;
  StreamClock& clock_;
  Owner owner_;
  std::atomic<std::size_t> image_bytes_ = 0;  ///< outlives the context, whose thread gives them back
  ZmqContext context_;
  ZmqSocket admission_;
  std::optional<ListeningPort> requests_;
  std::optional<ListeningPort> subscribers_;
  std::optional<ListeningPort> senders_;
  Subscriptions subscriptions_;
  ZmqMessage message_;
  StreamCounters counters_;
  bool has_more_ = false;  ///< to read
};

}  // namespace yarbus
