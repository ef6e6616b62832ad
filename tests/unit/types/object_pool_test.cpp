#include "eyemodel/types/object_pool.h"

#include <thread>

#include <gtest/gtest.h>

namespace yarbus::object_pool_test {
namespace {

TEST(ObjectPool, LendsAtMostItsCapacityAndTakesBack) {
  ObjectPool<int> pool(2);
  auto a = pool.acquire();
  auto b = pool.acquire();
  ASSERT_TRUE(a && b);
  EXPECT_NE(a.get(), b.get());
  EXPECT_EQ(pool.acquire(), nullptr);
  a.reset();
  EXPECT_EQ(pool.available(), 1U);
  EXPECT_NE(pool.acquire(), nullptr);
}

TEST(ObjectPool, WaitsForAFreeObjectOrAStop) {
  ObjectPool<int> pool(1);
  auto a = pool.acquire();
  const std::jthread giver([&] { a.reset(); });
  auto b = pool.acquire_waiting({});
  EXPECT_NE(b, nullptr);
  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_EQ(pool.acquire_waiting(stop.get_token()), nullptr) << "b is still lent";
}

TEST(ObjectPool, RecyclesWhenTheLastReferenceGoes) {
  ObjectPool<int> pool(1, [](int& value) { value = -1; });
  auto a = pool.acquire();
  *a = 7;
  std::shared_ptr<const int> b = a;
  a.reset();
  EXPECT_EQ(*b, 7);
  b.reset();
  EXPECT_EQ(*pool.acquire(), -1);
}

TEST(ObjectPool, ObjectsOutliveThePool) {
  std::shared_ptr<int> kept;
  {
    ObjectPool<int> pool(1);
    kept = pool.acquire();
    *kept = 42;
  }
  EXPECT_EQ(*kept, 42);
}

TEST(ObjectPool, WeakReferencesKeepTheSlotUntilTheyGo) {
  ObjectPool<int> pool(1);
  auto a = pool.acquire();
  std::weak_ptr<int> weak = a;
  a.reset();
  EXPECT_TRUE(weak.expired());
  EXPECT_EQ(pool.acquire(), nullptr) << "the control block is still in use";
  weak.reset();
  EXPECT_NE(pool.acquire(), nullptr);
}

TEST(ObjectPool, ManyThreadsShareIt) {
  ObjectPool<int> pool(3, [](int& value) { value = 0; });
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&pool] {
      for (int i = 0; i < 5000; ++i) {
        if (auto object = pool.acquire()) {
          EXPECT_EQ(*object, 0);
          *object = i + 1;
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(pool.available(), 3U);
}

}  // namespace
}  // namespace yarbus::object_pool_test
