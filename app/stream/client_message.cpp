#include "app/stream/client_message.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/stream/datum_packing.h"
#include "app/stream/packed_check.h"
#include "app/stream/utf8.h"

namespace yarbus {
namespace {

using Outcome = std::variant<MessageFault, MessageEffect>;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_topic(std::string_view topic) {
  return !topic.empty() && topic.size() <= max_topic_bytes && is_utf8(topic) &&
         std::none_of(topic.begin(), topic.end(), is_control);
}

/// The entries of a map that has been checked.
class Fields {
 public:
  explicit Fields(std::string_view packed)
      : handle_(msgpack::unpack(packed.data(), packed.size())), map_(handle_.get().via.map) {}

  /// Null: there is none. Of several with the same key the last counts, as in Python.
  [[nodiscard]] const msgpack::object* find(std::string_view key) const {
    for (std::uint32_t i = map_.size; i > 0; --i) {
      const auto& entry = map_.ptr[i - 1];
      if (std::string_view(entry.key.via.str.ptr, entry.key.via.str.size) == key) return &entry.val;
    }
    return nullptr;
  }
  [[nodiscard]] std::optional<std::string_view> text(std::string_view key) const {
    const auto* value = find(key);
    if (value == nullptr || value->type != msgpack::type::STR) return std::nullopt;
    return std::string_view(value->via.str.ptr, value->via.str.size);
  }
  [[nodiscard]] bool has(std::string_view key) const {
    const auto* value = find(key);
    return value != nullptr && value->type != msgpack::type::NIL;
  }

 private:
  msgpack::object_handle handle_;
  msgpack::object_map map_;
};

std::optional<double> number_of(const msgpack::object& value) {
  switch (value.type) {
    case msgpack::type::POSITIVE_INTEGER:
      return static_cast<double>(value.via.u64);
    case msgpack::type::NEGATIVE_INTEGER:
      return static_cast<double>(value.via.i64);
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
      if (!std::isfinite(value.via.f64)) return std::nullopt;
      return value.via.f64;
    default:
      return std::nullopt;
  }
}

/// `eye_id` 0 or 1; without it both. False: it is there, but something else.
bool read_eye(const Fields& fields, std::optional<EyeSide>& eye) {
  if (!fields.has("eye_id")) return true;
  const auto number = number_of(*fields.find("eye_id"));
  if (!number || (*number != 0.0 && *number != 1.0)) return false;
  eye = *number == 0.0 ? EyeSide::right : EyeSide::left;
  return true;
}

Outcome start_recording(const Fields& fields, const StreamClock&) {
  if (!fields.has("session_name")) return StreamCommand(StartRecording{});
  const auto name = fields.text("session_name");
  if (!name) return MessageFault::bad_field;
  return StreamCommand(StartRecording{safe_session_name(*name)});
}

Outcome set_enabled(const Fields& fields, const StreamClock&) {
  SetDetection command;
  const auto* value = fields.find("value");
  if (value == nullptr || value->type != msgpack::type::BOOLEAN || !read_eye(fields, command.eye))
    return MessageFault::bad_field;
  command.is_on = value->via.boolean;
  return StreamCommand(command);
}

/// `value` [left, top, right, bottom], px; right and bottom are the first outside.
Outcome set_roi(const Fields& fields, const StreamClock&) {
  constexpr double largest_px = 100000.0;
  SetRegion command;
  const auto* value = fields.find("value");
  if (value == nullptr || value->type != msgpack::type::ARRAY || value->via.array.size != 4 ||
      !read_eye(fields, command.eye))
    return MessageFault::bad_field;
  std::array<int, 4> sides{};
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const auto side = number_of(value->via.array.ptr[i]);
    if (!side || *side < 0.0 || *side > largest_px) return MessageFault::bad_field;
    sides[i] = static_cast<int>(std::lround(*side));
  }
  if (sides[2] <= sides[0] || sides[3] <= sides[1]) return MessageFault::bad_field;
  command.region = {sides[0], sides[1], sides[2] - sides[0], sides[3] - sides[1]};
  return StreamCommand(command);
}

Outcome reset_model(const Fields& fields, const StreamClock&) {
  ResetEyeModel command;
  if (!read_eye(fields, command.eye)) return MessageFault::bad_field;
  return StreamCommand(command);
}

Outcome set_format(const Fields& fields, const StreamClock&) {
  const auto name = fields.text("format");
  for (const FrameFormat format : {FrameFormat::jpeg, FrameFormat::gray, FrameFormat::bgr}) {
    if (name == to_string(format)) return format;
  }
  return MessageFault::bad_field;
}

template <class Command>
Outcome plain(const Fields&, const StreamClock&) {
  return StreamCommand(Command{});
}

Outcome annotate(const Fields& fields, const StreamClock& clock) {
  const auto label = fields.text("label");
  const auto* time = fields.find("timestamp");
  if (!label || time == nullptr) return MessageFault::bad_field;
  const auto time_s = number_of(*time);
  const auto at = time_s ? clock.capture_time_of(*time_s) : std::nullopt;
  double duration_s = 0.0;
  if (fields.has("duration")) {
    const auto given = number_of(*fields.find("duration"));
    if (!given || *given < 0.0 || *given > longest_annotation_s) return MessageFault::bad_field;
    duration_s = *given;
  }
  if (!at) return MessageFault::bad_field;
  return StreamCommand(AddAnnotation{std::string(*label), *at, duration_s});
}

/// The notifications that are acted on.
struct Subject {
  std::string_view name;
  Outcome (*read)(const Fields& fields, const StreamClock& clock);
};
constexpr std::array<Subject, 11> subjects{{
    {"recording.should_start", start_recording},
    {"recording.should_stop", plain<StopRecording>},
    {"calibration.should_start", plain<StartCalibration>},
    {"calibration.should_stop", plain<StopCalibration>},
    {"calibration.should_recentre", plain<Recentre>},
    {"validation.should_start", plain<StartValidation>},
    {"validation.should_stop", plain<StopValidation>},
    {"pupil_detector.set_enabled", set_enabled},
    {"pupil_detector.set_roi", set_roi},
    {"pupil_detector.3d.reset_model", reset_model},
    {"frame_publishing.set_format", set_format},
}};

Outcome read_notification(std::string_view topic_subject, const Fields& fields, const StreamClock& clock) {
  if (fields.text("subject") != topic_subject) return MessageFault::subject_mismatch;
  for (const Subject& subject : subjects) {
    if (subject.name == topic_subject) return subject.read(fields, clock);
  }
  return MessageEffect{};
}

}  // namespace

std::string_view to_string(MessageFault fault) {
  switch (fault) {
    case MessageFault::no_payload:
      return "a topic without a payload";
    case MessageFault::too_many_parts:
      return "too many parts";
    case MessageFault::bad_topic:
      return "a topic that is empty, too long or no plain text";
    case MessageFault::bad_payload:
      return "a payload that is no msgpack map";
    case MessageFault::subject_mismatch:
      return "a notification whose topic is not 'notify.' and its subject";
    case MessageFault::bad_field:
      return "a field that is missing or of the wrong type";
  }
  return "unknown";
}

std::variant<MessageFault, MessageEffect> read_client_message(std::span<const std::string_view> parts,
                                                              const StreamClock& clock) {
  constexpr std::string_view notify = "notify.";
  if (parts.size() < 2) return MessageFault::no_payload;
  if (parts.size() > max_message_parts) return MessageFault::too_many_parts;
  const std::string_view topic = parts[0];
  if (!is_topic(topic)) return MessageFault::bad_topic;
  if (!is_packed_map(parts[1])) return MessageFault::bad_payload;
  const bool is_annotation = topic == "annotation";
  if (!is_annotation && !topic.starts_with(notify)) return MessageEffect{};
  const Fields fields(parts[1]);
  return is_annotation ? annotate(fields, clock)
                       : read_notification(topic.substr(notify.size()), fields, clock);
}

std::string safe_session_name(std::string_view name) {
  constexpr std::size_t longest = 100;
  std::string safe = to_utf8(name);
  if (safe.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xC0) == 0x80)
      --end;  // not within a character
    safe.resize(end);
  }
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const bool is_leading_dot = safe[i] == '.' && i == 0;
    if (is_control(safe[i]) || safe[i] == '/' || safe[i] == '\\' || safe[i] == ':' || is_leading_dot)
      safe[i] = '_';
  }
  return safe;
}

}  // namespace yarbus
