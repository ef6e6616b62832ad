#include "app/stream/subscriptions.h"

namespace yarbus {

bool Subscriptions::apply(std::string_view message) {
  if (message.empty() || (message[0] != 0 && message[0] != 1)) return true;  // no subscription
  const std::string_view prefix = message.substr(1);
  if (message[0] == 0) {
    if (const auto found = prefixes_.find(prefix); found != prefixes_.end()) prefixes_.erase(found);
    return true;
  }
  if (prefixes_.contains(prefix)) return true;
  if (prefixes_.size() >= limit_) return false;
  prefixes_.emplace(prefix);
  return true;
}

bool Subscriptions::want(std::string_view topic) const {
  // As many look-ups as the topic has letters, however many subscriptions there are.
  for (std::size_t length = 0; length <= topic.size(); ++length) {
    if (prefixes_.contains(topic.substr(0, length))) return true;
  }
  return false;
}

}  // namespace yarbus
