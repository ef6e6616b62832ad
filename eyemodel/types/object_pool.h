#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

#include "eyemodel/types/check.h"

namespace yarbus {

/// A fixed number of objects of one type, lent out as shared_ptr without allocating.
///
/// `acquire()` returns nullptr when every object is lent: the caller counts a drop. When the last shared_ptr
/// (and weak_ptr) goes, `recycle` has been run on the object and it is free again. Objects keep their memory,
/// so a recycled image needs no allocation. The objects outlive the pool while any is lent. Threads: acquire
/// and release from any thread; the lock is held for a few instructions.
template <class T>
class ObjectPool {
 public:
  explicit ObjectPool(std::size_t capacity, std::function<void(T&)> recycle = {})
      : state_(std::make_shared<State>(capacity, std::move(recycle))) {}

  [[nodiscard]] std::shared_ptr<T> acquire() {
    Slot* slot = nullptr;
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->free.empty()) return nullptr;
      slot = state_->free.back();
      state_->free.pop_back();
    }
    State* state = state_.get();
    return std::shared_ptr<T>(
        &slot->object,
        [state](T* object) {
          if (state->recycle) state->recycle(*object);
        },
        ControlBlockAllocator<T>{state_, slot});
  }

  /// The same, waiting for an object to come free; nullptr only after a stop request.
  [[nodiscard]] std::shared_ptr<T> acquire_waiting(const std::stop_token& stop) {
    constexpr std::chrono::milliseconds between_looks(2);  // giving back wakes nobody: it shall stay cheap
    std::mutex mutex;
    std::condition_variable_any stopped;
    while (!stop.stop_requested()) {
      if (auto object = acquire()) return object;
      std::unique_lock lock(mutex);
      stopped.wait_for(lock, stop, between_looks, [] { return false; });
    }
    return nullptr;
  }

  [[nodiscard]] std::size_t capacity() const { return state_->slots.size(); }
  [[nodiscard]] std::size_t available() const {
    const std::lock_guard lock(state_->mutex);
    return state_->free.size();
  }

 private:
  static constexpr std::size_t control_block_bytes = 192;
  struct Slot {
    T object{};
    alignas(std::max_align_t) std::array<std::byte, control_block_bytes> control_block{};
  };
  struct State {
    State(std::size_t capacity, std::function<void(T&)> recycle_object)
        : slots(capacity), recycle(std::move(recycle_object)) {
      free.reserve(capacity);
      for (Slot& slot : slots) free.push_back(&slot);
    }
    std::vector<Slot> slots;
    std::vector<Slot*> free;
    std::function<void(T&)> recycle;
    std::mutex mutex;
  };
  /// Places the shared_ptr's control block inside the slot; giving it back frees the slot.
  template <class U>
  struct ControlBlockAllocator {
    using value_type = U;
    std::shared_ptr<State> state;
    Slot* slot = nullptr;
    ControlBlockAllocator(std::shared_ptr<State> s, Slot* p) : state(std::move(s)), slot(p) {}
    template <class V>
    ControlBlockAllocator(const ControlBlockAllocator<V>& other)  // NOLINT(google-explicit-constructor)
        : state(other.state), slot(other.slot) {}
    U* allocate(std::size_t count) {
      YARBUS_CHECK_OP(count * sizeof(U), <=, control_block_bytes);
      return reinterpret_cast<U*>(slot->control_block.data());
    }
    void deallocate(U*, std::size_t) {
      const std::lock_guard lock(state->mutex);
      state->free.push_back(slot);
    }
    template <class V>
    bool operator==(const ControlBlockAllocator<V>& other) const {
      return slot == other.slot;
    }
  };
  std::shared_ptr<State> state_;
};

}  // namespace yarbus
