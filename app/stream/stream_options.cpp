#include "app/stream/stream_options.h"

#include <array>

#include <arpa/inet.h>

namespace yarbus {
namespace {

bool is_ipv4(const std::string& address) {
  in_addr parsed{};
  return inet_pton(AF_INET, address.c_str(), &parsed) == 1;
}

}  // namespace

std::span<const OptionField<StreamOptions>> StreamOptions::fields() {
  using O = StreamOptions;
  static const std::array<OptionField<O>, 18> table{{
      {"serves_network_api", &O::serves_network_api, 0, 1, "answer requests and serve subscriptions"},
      {"request_port", &O::request_port, 0, 65535, "port of requests; 0: any free one"},
      {"subscription_port", &O::subscription_port, 0, 65535, "port of subscribers; 0: any free one"},
      {"publication_port", &O::publication_port, 0, 65535, "port of clients that send; 0: any free one"},
      {"jpeg_quality", &O::jpeg_quality, 1, 100, "of published images"},
      {"sample_capacity", &O::sample_capacity, 1, 256, "samples that may wait to be published"},
      {"event_capacity", &O::event_capacity, 1, 4096, "events that may wait to be published"},
      {"subscriber_messages", &O::subscriber_messages, 1, 100000, "messages that wait for one subscriber"},
      {"client_messages", &O::client_messages, 1, 1000, "messages of one client that wait to be read"},
      {"max_message_kib", &O::max_message_kib, 1, 65536, "largest part of a client's message"},
      {"max_connections", &O::max_connections, 1, 1000, "connections to each port"},
      {"max_subscriptions", &O::max_subscriptions, 1, 100000, "different subscriptions of all clients"},
      {"max_frames_mib", &O::max_frames_mib, 1, 4096, "images that wait for slow subscribers"},
      {"sends_osc", &O::sends_osc, 0, 1, "send the eyes to VRChat by OSC"},
      {"osc_port", &O::osc_port, 1, 65535, "UDP port of VRChat"},
      {"sends_opentrack", &O::sends_opentrack, 0, 1, "send head or gaze to opentrack by UDP"},
      {"opentrack_port", &O::opentrack_port, 1, 65535, "UDP port of opentrack"},
      {"sends_lsl", &O::sends_lsl, 0, 1, "offer gaze to the Lab Streaming Layer"},
  }};
  return table;
}

Result<void> StreamOptions::validate() const {
  std::string violations;
  const auto violate = [&](const std::string& text) {
    if (!violations.empty()) violations += "; ";
    violations += text;
  };
  if (const auto numbers = validate_options(*this, fields(), "streams"); !numbers)
    violate(numbers.error().message);
  const std::array<std::pair<const char*, const std::string*>, 3> addresses{
      {{"bind_address", &bind_address},
       {"osc_address", &osc_address},
       {"opentrack_address", &opentrack_address}}};
  for (const auto& [name, address] : addresses) {
    if (!is_ipv4(*address))
      violate(std::string(name) + " is '" + *address + "', which is no numeric IPv4 address");
  }
  const auto same = [&](int a, int b) { return a != 0 && a == b; };
  if (same(request_port, subscription_port) || same(request_port, publication_port) ||
      same(subscription_port, publication_port))
    violate("request_port, subscription_port and publication_port must differ");
  if (violations.empty()) return {};
  return Error{ErrorCode::invalid_option, violations, "streams",
               "Give values inside the allowed ranges and addresses such as 127.0.0.1"};
}

std::string StreamOptions::exposure_warning() const {
  if (!serves_network_api || bind_address.starts_with("127.")) return {};
  return "Everybody who can reach " + bind_address +
         " over the network sees gaze and images of the eyes, and can start and stop recordings and "
         "calibrations. "
         "Nothing is encrypted and nobody is asked for a password. Use 127.0.0.1 unless you trust the whole "
         "network";
}

}  // namespace yarbus
