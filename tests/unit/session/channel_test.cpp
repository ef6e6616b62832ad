#include "app/session/channel.h"

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace yarbus::channel_test {
namespace {

TEST(Channel, KeepsOrderAndEndsWhenClosedAndEmpty) {
  Channel<int> channel(4, Overflow::block);
  EXPECT_TRUE(channel.push(1));
  EXPECT_TRUE(channel.push(2));
  channel.close();
  EXPECT_FALSE(channel.push(3));
  EXPECT_EQ(channel.pop(), 1);
  EXPECT_EQ(channel.pop(), 2);
  EXPECT_EQ(channel.pop(), std::nullopt);
}

TEST(Channel, DropsTheOldestAndCountsIt) {
  Channel<int> channel(2, Overflow::drop_oldest);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(channel.push(i));
  EXPECT_EQ(channel.dropped(), 3U);
  EXPECT_EQ(channel.pop(), 3);
  EXPECT_EQ(channel.pop(), 4);
}

TEST(Channel, BlockedProducerGoesOnWhenThereIsRoomAndLosesNothing) {
  Channel<int> channel(2, Overflow::block);
  std::jthread producer([&] {
    for (int i = 0; i < 1000; ++i) channel.push(i);
    channel.close();
  });
  int expected = 0;
  while (auto value = channel.pop()) EXPECT_EQ(*value, expected++);
  EXPECT_EQ(expected, 1000);
  EXPECT_EQ(channel.dropped(), 0U);
}

TEST(Channel, ClosingWakesABlockedProducerAndConsumer) {
  Channel<int> full(1, Overflow::block);
  ASSERT_TRUE(full.push(1));
  bool pushed = true;
  std::jthread producer([&] { pushed = full.push(2); });
  Channel<int> empty(1, Overflow::block);
  std::optional<int> popped = 7;
  std::jthread consumer([&] { popped = empty.pop(); });
  full.close();
  empty.close();
  producer.join();
  consumer.join();
  EXPECT_FALSE(pushed);
  EXPECT_EQ(popped, std::nullopt);
}

TEST(Channel, MovesItsValues) {
  Channel<std::unique_ptr<int>> channel(1, Overflow::drop_oldest);
  channel.push(std::make_unique<int>(1));
  channel.push(std::make_unique<int>(2));
  EXPECT_EQ(**channel.pop(), 2);
}

}  // namespace
}  // namespace yarbus::channel_test
