#pragma once

#include <chrono>
#include <thread>

namespace yarbus::test {

/// Asks `condition` again and again until it holds; false if it does not within a minute, which only
/// something broken needs.
template <class Condition>
bool eventually(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace yarbus::test
