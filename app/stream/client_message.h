#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "app/stream/stream_clock.h"
#include "app/stream/stream_command.h"
#include "app/stream/stream_options.h"

namespace yarbus {

constexpr std::size_t max_message_parts = 16;
constexpr std::size_t max_topic_bytes = 256;
constexpr double longest_annotation_s = 1e6;  ///< longer ones are refused

/// Why a client's message is not passed on.
enum class MessageFault : std::uint8_t {
  no_payload,        ///< a topic alone
  too_many_parts,    ///< more than max_message_parts
  bad_topic,         ///< empty, too long, not UTF-8, or with control characters
  bad_payload,       ///< the second part is no msgpack map with text as keys
  subject_mismatch,  ///< a notification whose topic is not "notify." and its subject
  bad_field,         ///< a notification that is acted on lacks a field, or the field is of another type,
                     ///< or its value out of bounds
};

std::string_view to_string(MessageFault fault);

/// What a client's message makes the tracker do. Nothing: it is only passed on.
using MessageEffect = std::variant<std::monostate, StreamCommand, FrameFormat>;

/// Reads one message of a client: topic, msgpack map, raw parts. Bytes from outside: nothing in them is
/// believed before it is checked. Errors: the fault; never throws on data. Threads: concurrent-safe.
std::variant<MessageFault, MessageEffect> read_client_message(std::span<const std::string_view> parts,
                                                              const StreamClock& clock);

/// A session's name that can be a folder's: 1..100 bytes of UTF-8 without separators, control characters and
/// leading dots, each of which becomes "_". Empty stays empty.
std::string safe_session_name(std::string_view name);

}  // namespace yarbus
