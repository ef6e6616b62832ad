#include "app/recording/record_queue.h"

#include <thread>

#include <gtest/gtest.h>

namespace yarbus::record_queue_test {
namespace {

using namespace std::chrono_literals;

FrameRow frame_row(std::int64_t frame, int camera = 0) {
  FrameRow row;
  row.camera = camera;
  row.frame = frame;
  row.captured_at = std::chrono::milliseconds(frame);
  return row;
}

std::vector<QueuedRow> take_all(RecordQueue& queue) {
  std::vector<QueuedRow> taken;
  queue.take(std::chrono::steady_clock::now(), taken);
  return taken;
}

TEST(RecordQueue, KeepsOrderAndPictures) {
  RecordQueue queue(8, 2);
  GrayImage image(4, 3);
  image.row(2)[3] = 77;
  queue.put_frame(frame_row(1), image.view(), {});
  queue.put_row(FrameDone{0, 1, 5ms});
  const std::vector<std::uint8_t> jpeg{0xFF, 0xD8, 1, 2};
  queue.put_frame(frame_row(2), {}, jpeg);
  const auto taken = take_all(queue);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(std::get<FrameRow>(taken[0].row).frame, 1);
  ASSERT_NE(taken[0].picture, nullptr);
  EXPECT_EQ(taken[0].picture->gray.view().at(3, 2), 77);
  EXPECT_TRUE(taken[0].picture->jpeg.empty());
  EXPECT_TRUE(std::holds_alternative<FrameDone>(taken[1].row));
  ASSERT_NE(taken[2].picture, nullptr);
  EXPECT_EQ(taken[2].picture->jpeg, jpeg);
}

TEST(RecordQueue, CountsPicturesWithoutRoomAndKeepsTheirRows) {
  RecordQueue queue(8, 2);
  const GrayImage image(4, 3);
  for (int i = 0; i < 5; ++i) queue.put_frame(frame_row(i), image.view(), {});
  const auto losses = queue.take_losses();
  ASSERT_EQ(losses.cameras.size(), 1U);
  EXPECT_EQ(losses.cameras[0].pictures, 3);
  EXPECT_EQ(losses.cameras[0].frames, 0);
  EXPECT_EQ(losses.cameras[0].first_frame, 2);
  EXPECT_EQ(losses.cameras[0].last_frame, 4);
  const auto taken = take_all(queue);
  ASSERT_EQ(taken.size(), 5U);
  EXPECT_NE(taken[1].picture, nullptr);
  EXPECT_EQ(taken[2].picture, nullptr);
  EXPECT_TRUE(queue.take_losses().empty());
}

TEST(RecordQueue, CountsFramesAndRowsWithoutRoom) {
  RecordQueue queue(3, 8);
  const GrayImage image(4, 3);
  for (int i = 0; i < 5; ++i) queue.put_frame(frame_row(i, i % 2), image.view(), {});
  queue.put_row(PupilRow{});
  queue.put_row(FrameDone{});
  const auto losses = queue.take_losses();
  EXPECT_EQ(losses.rows, 1) << "a result; the time at which a frame was done is none";
  ASSERT_EQ(losses.cameras.size(), 2U);
  EXPECT_EQ(losses.cameras[0].frames + losses.cameras[1].frames, 2);
  EXPECT_EQ(losses.cameras[0].pictures, 0);
  EXPECT_EQ(queue.figures().pictures, 3U) << "the buffers of what found no room are free again";
  EXPECT_EQ(queue.figures().most_rows, 3U);
}

TEST(RecordQueue, APictureThatIsGivenBackIsLentAgain) {
  RecordQueue queue(8, 1);
  const GrayImage image(4, 3);
  for (int i = 0; i < 5; ++i) {
    queue.put_frame(frame_row(i), image.view(), {});
    auto taken = take_all(queue);
    ASSERT_EQ(taken.size(), 1U);
    ASSERT_NE(taken[0].picture, nullptr) << i;
    queue.give_back(taken[0].picture);
  }
  EXPECT_TRUE(queue.take_losses().empty());
}

TEST(RecordQueue, ClosedItTakesNothingAndGivesTheRest) {
  RecordQueue queue(8, 1);
  queue.put_row(FrameDone{});
  queue.close();
  queue.put_row(FrameDone{});
  std::vector<QueuedRow> taken;
  EXPECT_TRUE(queue.take(std::chrono::steady_clock::now() + 1h, taken));
  EXPECT_EQ(taken.size(), 1U);
  taken.clear();
  EXPECT_FALSE(queue.take(std::chrono::steady_clock::now() + 1h, taken));
}

TEST(RecordQueue, CountsWhatComesAfterItWasClosedButNotAfterItsEnd) {
  const GrayImage image(16, 8);
  RecordQueue closed(8, 1);
  closed.close();
  closed.put_frame(frame_row(0), image.view(), {});
  closed.put_row(PupilRow{});
  EXPECT_EQ(closed.frames_refused(0), 1);
  EXPECT_EQ(closed.figures().rows_refused, 1);
  RecordQueue ended(8, 1);
  ended.put_row(PupilRow{});
  ended.end();
  ended.put_frame(frame_row(0), image.view(), {});
  ended.put_row(PupilRow{});
  EXPECT_EQ(ended.frames_refused(0), 0);
  EXPECT_EQ(ended.figures().rows_refused, 0);
  EXPECT_TRUE(ended.take_losses().empty());
  std::vector<QueuedRow> taken;
  EXPECT_TRUE(ended.take(std::chrono::steady_clock::now() + 1h, taken));
  EXPECT_EQ(taken.size(), 1U);
}

TEST(RecordQueue, LosesNothingUncountedBetweenThreads) {
  constexpr int producers = 3;
  constexpr int frames_each = 2000;
  RecordQueue queue(64, 16);
  std::vector<std::jthread> threads;
  for (int camera = 0; camera < producers; ++camera) {
    threads.emplace_back([&queue, camera] {
      const GrayImage image(16, 8);
      for (int i = 0; i < frames_each; ++i) queue.put_frame(frame_row(i, camera), image.view(), {});
    });
  }
  std::jthread closer([&] {
    for (auto& thread : threads) thread.join();
    queue.close();
  });
  std::int64_t frames = 0;
  std::int64_t without_picture = 0;
  std::vector<std::int64_t> last(producers, -1);
  std::vector<QueuedRow> taken;
  while (queue.take(std::chrono::steady_clock::now() + 1h, taken)) {
    for (const QueuedRow& queued : taken) {
      const auto& row = std::get<FrameRow>(queued.row);
      auto& before = last[static_cast<std::size_t>(row.camera)];
      EXPECT_GT(row.frame, before);
      before = row.frame;
      ++frames;
      if (queued.picture == nullptr) {
        ++without_picture;
      } else {
        queue.give_back(queued.picture);
      }
    }
    taken.clear();
  }
  std::int64_t frames_lost = 0;
  std::int64_t pictures_lost = 0;
  for (const auto& lost : queue.take_losses().cameras) {
    frames_lost += lost.frames;
    pictures_lost += lost.pictures;
  }
  EXPECT_EQ(frames + frames_lost, producers * frames_each);
  EXPECT_EQ(pictures_lost, without_picture);
}

}  // namespace
}  // namespace yarbus::record_queue_test
