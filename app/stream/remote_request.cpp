#include "app/stream/remote_request.h"

#include <array>
#include <charconv>
#include <cmath>

#include "app/stream/utf8.h"

namespace yarbus {
namespace {

/// What follows a one-letter command and a blank; nullopt if it is not that command.
std::optional<std::string_view> argument_of(std::string_view request, char command) {
  if (request.empty() || request[0] != command) return std::nullopt;
  if (request.size() == 1) return std::string_view();
  if (request[1] != ' ') return std::nullopt;
  return request.substr(2);
}

RemoteAnswer accepted(StreamCommand command) { return {"OK", std::move(command), false, false, {}}; }

RemoteAnswer say(std::string text) { return {std::move(text), {}, false, false, {}}; }

RemoteAnswer set_time(std::string_view argument, StreamClock& clock) {
  const auto seconds = read_seconds(argument);
  if (!seconds || !clock.set_now(*seconds))
    return say('\'' + to_utf8(argument) + "' cannot be converted to float.");
  RemoteAnswer answer = say("Timesync successful.");
  answer.is_time_synced = true;
  return answer;
}

RemoteAnswer unknown() { return say("Unknown command."); }

RemoteAnswer forward(std::span<const std::string_view> parts, const StreamClock& clock) {
  auto message = read_client_message(parts, clock);
  if (const auto* fault = std::get_if<MessageFault>(&message)) {
    RemoteAnswer answer = unknown();
    answer.fault = *fault;
    return answer;
  }
  return {"Message forwarded.", std::get<MessageEffect>(std::move(message)), true, false, {}};
}

}  // namespace

RemoteAnswer answer_request(std::span<const std::string_view> parts, const RemoteState& state,
                            StreamClock& clock) {
  if (parts.size() > 1) return forward(parts, clock);
  const std::string_view request = parts.empty() ? std::string_view() : parts[0];
  if (request == "SUB_PORT") return say(std::to_string(state.subscription_port));
  if (request == "PUB_PORT") return say(std::to_string(state.publication_port));
  if (const auto name = argument_of(request, 'R')) return accepted(StartRecording{safe_session_name(*name)});
  if (request == "r") return accepted(StopRecording{});
  if (request == "C") return accepted(StartCalibration{});
  if (request == "c") return accepted(StopCalibration{});
  if (const auto time = argument_of(request, 'T')) return set_time(*time, clock);
  if (request == "t") return say(seconds_text(clock.now_s()));
  if (request == "v") return say(std::string(state.version));
  return unknown();
}

std::string seconds_text(double seconds) {
  std::array<char, 400> text{};  // the longest double without an exponent has 309 digits before the point
  const auto end = std::to_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  std::string result(text.data(), end.ptr);
  if (result.find('.') == std::string::npos) result += ".0";
  return result;
}

std::optional<double> read_seconds(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\r\f\v";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double value = 0.0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

}  // namespace yarbus
