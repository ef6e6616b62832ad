#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace yarbus {

/// What the subscribers want, as the prefixes of topics they named. Bounded. One owner thread.
class Subscriptions {
 public:
  explicit Subscriptions(std::size_t limit) : limit_(limit) {}

  /// A message of the subscribers' socket: 1 or 0 and a prefix. False: there is no room for one more.
  bool apply(std::string_view message);
  void clear() { prefixes_.clear(); }
  [[nodiscard]] std::size_t size() const { return prefixes_.size(); }
  /// Whether somebody gets a message with that topic.
  [[nodiscard]] bool want(std::string_view topic) const;

 private:
  std::size_t limit_;
  std::set<std::string, std::less<>> prefixes_;
};

}  // namespace yarbus
