#include "app/stream/stream_command.h"

#include <utility>

namespace yarbus {

StreamCommandQueue::StreamCommandQueue(std::size_t capacity, std::function<void()> on_waiting)
    : capacity_(capacity), on_waiting_(std::move(on_waiting)) {}

bool StreamCommandQueue::offer(StreamCommand command) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= capacity_) return false;
    was_empty = waiting_.empty();
    waiting_.push_back(std::move(command));
  }
  if (was_empty && on_waiting_) on_waiting_();
  return true;
}

std::vector<StreamCommand> StreamCommandQueue::take_all() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace yarbus
