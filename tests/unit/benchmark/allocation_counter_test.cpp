#include "app/allocation_counter.h"

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace yarbus::allocation_counter_test {
namespace {

std::uint64_t counted(const std::function<void()>& action) {
  const std::uint64_t before = heap_allocations_so_far();
  action();
  return heap_allocations_so_far() - before;
}

struct alignas(64) Wide {
  char bytes[64];
};

/// Kept where the compiler cannot prove it unused and drop the allocation.
void* volatile sink = nullptr;

TEST(AllocationCounter, CountsEveryFormOfNew) {
  EXPECT_EQ(counted([] {}), 0u);
  EXPECT_EQ(counted([] {
              auto* one = new int(1);
              sink = one;
              delete one;
            }),
            1u);
  EXPECT_EQ(counted([] {
              auto* many = new int[100];
              sink = many;
              delete[] many;
            }),
            1u);
  EXPECT_EQ(counted([] {
              auto* wide = new Wide;
              EXPECT_EQ(reinterpret_cast<std::uintptr_t>(wide) % 64, 0u);
              sink = wide;
              delete wide;
            }),
            1u);
  EXPECT_EQ(counted([] {
              auto* quiet = new (std::nothrow) int(2);
              sink = quiet;
              delete quiet;
            }),
            1u);
}

TEST(AllocationCounter, CountsOtherThreadsToo) {
  EXPECT_GE(counted([] {
              std::thread([] {
                for (int i = 0; i < 100; ++i) {
                  const std::vector<int> memory(64, i);
                  sink = const_cast<int*>(memory.data());
                }
              }).join();
            }),
            100u);
}

TEST(AllocationCounter, TooMuchIsStillBadAlloc) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizers end the program when malloc is asked for too much";
#endif
  const volatile std::size_t impossible = static_cast<std::size_t>(-1) / 4;
  EXPECT_THROW(sink = ::operator new(impossible), std::bad_alloc);
}

}  // namespace
}  // namespace yarbus::allocation_counter_test
