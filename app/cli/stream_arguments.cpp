#include "app/cli/stream_arguments.h"

#include <charconv>

#include <CLI/CLI.hpp>

#include "app/cli/version.h"

namespace yarbus::cli {
namespace {

/// "192.168.0.20:50020", "192.168.0.20", "50020" or nothing, into what it changes. Errors: invalid_option.
Result<void> read_endpoint(const std::string& text, std::string& address, int& port) {
  const auto colon = text.rfind(':');
  const bool is_port_alone = colon == std::string::npos && text.find('.') == std::string::npos;
  const std::string host = is_port_alone ? "" : text.substr(0, colon);
  const std::string digits = is_port_alone ? text : colon == std::string::npos ? "" : text.substr(colon + 1);
  if (!host.empty()) address = host;
  if (digits.empty()) return {};
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (read.ec == std::errc() && read.ptr == digits.data() + digits.size()) return {};
  return Error{ErrorCode::invalid_option, "this is no address and port", text,
               "Give for instance 127.0.0.1:50020"};
}

}  // namespace

Result<std::optional<StreamOptions>> StreamArguments::options() const {
  if (!network && !osc && !opentrack && !sends_lsl) return std::optional<StreamOptions>();
  StreamOptions options;
  options.version = version();
  options.serves_network_api = network.has_value();
  options.sends_osc = osc.has_value();
  options.sends_opentrack = opentrack.has_value();
  options.opentrack_source = sends_gaze_to_opentrack ? OpentrackSource::gaze : OpentrackSource::head;
  options.sends_lsl = sends_lsl;
  Result<void> read;
  if (network) read = read_endpoint(*network, options.bind_address, options.request_port);
  if (read && osc) read = read_endpoint(*osc, options.osc_address, options.osc_port);
  if (read && opentrack) read = read_endpoint(*opentrack, options.opentrack_address, options.opentrack_port);
  if (!read) return read.error();
  if (const auto valid = options.validate(); !valid) return valid.error();
  return std::optional(options);
}

void add_stream_options(CLI::App& app, StreamArguments& arguments) {
  auto* group = app.add_option_group("Streams", "live data for other programs (docs/streaming.md)");
  const auto endpoint = [group](const char* name, std::optional<std::string>& into, const char* help) {
    return group
        ->add_option_function<std::string>(
            name, [&into](const std::string& text) { into = text; }, help)
        ->expected(0, 1)
        ->type_name("[ADDRESS:PORT]");
  };
  endpoint("--stream", arguments.network,
           "serve Pupil's network API (default: 127.0.0.1:50020; another address lets others in)");
  endpoint("--osc", arguments.osc, "send the eyes to VRChat (default: 127.0.0.1:9000)");
  auto* opentrack =
      endpoint("--opentrack", arguments.opentrack, "send the head to opentrack (default: 127.0.0.1:4242)");
  group->add_flag("--opentrack-gaze", arguments.sends_gaze_to_opentrack, "send it gaze instead of the head")
      ->needs(opentrack);
  group->add_flag("--lsl", arguments.sends_lsl, "offer gaze to the Lab Streaming Layer");
}

}  // namespace yarbus::cli
