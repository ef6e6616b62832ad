#include "app/session/process_inbox.h"

#include <thread>

#include <gtest/gtest.h>

namespace yarbus::process_inbox_test {
namespace {

FrameArrival arrival(std::uint64_t sequence, bool time_restarted = false) {
  auto frame = std::make_shared<Frame>();
  frame->sequence = sequence;
  return {frame, time_restarted};
}

std::uint64_t sequence_of(const ProcessInbox::Message& message) {
  return std::get<FrameArrival>(message).frame->sequence;
}

TEST(ProcessInbox, ServesMessagesBeforeFrames) {
  ProcessInbox inbox(2, Overflow::drop_oldest);
  inbox.push_frame(arrival(5));
  inbox.push_message(FitOutcome{});
  EXPECT_TRUE(std::holds_alternative<FitOutcome>(*inbox.pop()));
  EXPECT_EQ(sequence_of(*inbox.pop()), 5U);
}

TEST(ProcessInbox, DropsOldFramesButNeverMessages) {
  ProcessInbox inbox(2, Overflow::drop_oldest);
  for (std::uint64_t i = 0; i < 10; ++i) {
    inbox.push_frame(arrival(i));
    inbox.push_message(FitOutcome{});
  }
  EXPECT_EQ(inbox.dropped_frames(), 8U);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(std::holds_alternative<FitOutcome>(*inbox.pop()));
  EXPECT_EQ(sequence_of(*inbox.pop()), 8U);
}

TEST(ProcessInbox, ADroppedFrameHandsOnThatTimeRestarted) {
  ProcessInbox inbox(1, Overflow::drop_oldest);
  inbox.push_frame(arrival(7, true));
  inbox.push_frame(arrival(8, false));
  const auto message = inbox.pop();
  EXPECT_EQ(sequence_of(*message), 8U);
  EXPECT_TRUE(std::get<FrameArrival>(*message).time_restarted);
}

TEST(ProcessInbox, ClosingWakesBothSides) {
  ProcessInbox full(1, Overflow::block);
  full.push_frame(arrival(0));
  bool pushed = true;
  std::jthread producer([&] { pushed = full.push_frame(arrival(1)); });
  ProcessInbox empty(1, Overflow::block);
  bool ended = false;
  std::jthread consumer([&] { ended = !empty.pop().has_value(); });
  full.close();
  empty.close();
  producer.join();
  consumer.join();
  EXPECT_FALSE(pushed);
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace yarbus::process_inbox_test
