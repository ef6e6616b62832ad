#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/stream/client_message.h"
#include "app/stream/stream_clock.h"

namespace yarbus {

/// What a request's reply depends on.
struct RemoteState {
  int subscription_port = 0;
  int publication_port = 0;
  std::string_view version;
};

/// What one request comes to.
struct RemoteAnswer {
  std::string reply;            ///< UTF-8; never empty
  MessageEffect effect;         ///< what to do
  bool is_forwarded = false;    ///< the request itself goes to the subscribers
  bool is_time_synced = false;  ///< the clients' clock has been set
  std::optional<MessageFault> fault;
};

/// Answers one request of a client, whatever its bytes are. Sets the clock for `T`.
/// Threads: any, as the clock. Errors: never throws on data.
RemoteAnswer answer_request(std::span<const std::string_view> parts, const RemoteState& state,
                            StreamClock& clock);

/// Seconds as the shortest decimal that reads back as the same number, with a point, without an exponent.
std::string seconds_text(double seconds);

/// As Python's float() reads it, but only finite numbers: blanks around it and a sign are allowed.
std::optional<double> read_seconds(std::string_view text);

}  // namespace yarbus
