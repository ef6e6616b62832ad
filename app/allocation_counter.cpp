#include "app/allocation_counter.h"

#include <atomic>
#include <cstdlib>
#include <new>

// Every form of operator new that the standard library does not build from another one is here, over malloc
// and free, so that new and delete stay a pair under the sanitizers too (which watch malloc and free).
namespace {

std::atomic<std::uint64_t> allocations{0};

void* allocate(std::size_t size) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size > 0 ? size : 1);
}

void* allocate_aligned(std::size_t size, std::align_val_t alignment) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  const auto bytes = static_cast<std::size_t>(alignment);
  // aligned_alloc wants whole multiples of the alignment.
  const std::size_t rounded = (size + bytes - 1) / bytes * bytes;
  return std::aligned_alloc(bytes, rounded > 0 ? rounded : bytes);
}

/// What operator new must do when there is no memory: ask the handler as long as there is one.
template <class Allocate>
void* or_throw(Allocate allocate_once) {
  while (true) {
    if (void* memory = allocate_once()) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

}  // namespace

void* operator new(std::size_t size) {
  return or_throw([size] { return allocate(size); });
}
void* operator new[](std::size_t size) {
  return or_throw([size] { return allocate(size); });
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return or_throw([size, alignment] { return allocate_aligned(size, alignment); });
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return or_throw([size, alignment] { return allocate_aligned(size, alignment); });
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate_aligned(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate_aligned(size, alignment);
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }

namespace yarbus {

std::uint64_t heap_allocations_so_far() { return allocations.load(std::memory_order_relaxed); }

}  // namespace yarbus
