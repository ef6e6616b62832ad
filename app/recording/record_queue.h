#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "app/recording/session_writer.h"
#include "eyemodel/types/image.h"

namespace yarbus {

/// A picture on its way to the disk: gray levels, or the camera's own JPEG.
struct PictureBuffer {
  GrayImage gray;
  std::vector<std::uint8_t> jpeg;  ///< not empty: this counts
};

/// One thing to be recorded, in the order in which it came.
struct QueuedRow {
  SessionRow row;
  PictureBuffer* picture = nullptr;  ///< of a FrameRow; lent by the queue
};

/// What did not find room, since it was last asked.
struct QueueLosses {
  struct OfCamera {
    int camera = 0;
    std::int64_t frames = 0;    ///< neither row nor picture found room
    std::int64_t pictures = 0;  ///< only the row did
    std::optional<std::int64_t> first_frame;
    std::int64_t last_frame = 0;
    CaptureTime start{};
    CaptureTime end{};
  };
  std::vector<OfCamera> cameras;
  std::int64_t rows = 0;  ///< of results

  [[nodiscard]] bool empty() const { return cameras.empty() && rows == 0; }
};

/// A bounded queue from the threads that track to the one that records. Putting in never waits for the disk
/// and, once the buffers have grown to the size of the pictures, allocates nothing; what finds no room is
/// counted. Threads: put_*() from any; the rest from the one that records. The lock is held for a few
/// instructions, never while pixels are copied.
class RecordQueue {
 public:
  RecordQueue(std::size_t rows, std::size_t pictures);

  /// A frame with its picture, or without (both empty).
  void put_frame(const FrameRow& frame, const GrayView& gray, std::span<const std::uint8_t> jpeg);
  /// A result, or when a frame's were ready; only the former is counted where there is no room.
  void put_row(SessionRow row);
  /// Nothing more is taken in, but it is counted; take() still gives what is there.
  void close();
  /// Nothing more is taken in, nor counted: that is how it was wanted.
  void end();
  [[nodiscard]] bool is_ended() const;

  /// Waits until something is there, it is closed, or `until`. Swaps everything into `taken`, which is empty
  /// before and keeps its memory. False: closed and empty.
  bool take(std::chrono::steady_clock::time_point until, std::vector<QueuedRow>& taken);
  /// Gives a picture back.
  void give_back(PictureBuffer* picture);
  [[nodiscard]] QueueLosses take_losses();

  struct Figures {
    std::size_t rows = 0;
    std::size_t pictures = 0;
    std::size_t most_rows = 0;  ///< so far
    std::size_t most_pictures = 0;
    std::int64_t rows_refused = 0;  ///< after it was closed
  };
  /// Threads: any.
  [[nodiscard]] Figures figures() const;
  /// Frames of that camera that came after it was closed. Threads: any.
  [[nodiscard]] std::int64_t frames_refused(int camera) const;

 private:
  bool push(QueuedRow row);
  /// Where what finds no room now is counted; null: nowhere.
  QueueLosses* losses_now() { return is_ended_ ? nullptr : is_closed_ ? &refused_ : &losses_; }
  static void note_loss(QueueLosses& losses, const FrameRow& frame, bool row_too);

  mutable std::mutex mutex_;
  std::condition_variable filled_;
  const std::size_t capacity_;
  std::vector<QueuedRow> waiting_;
  std::size_t most_ = 0;
  std::vector<PictureBuffer> buffers_;
  std::vector<PictureBuffer*> free_buffers_;
  std::size_t least_free_ = 0;
  QueueLosses losses_;
  QueueLosses refused_;  ///< after it was closed
  bool is_closed_ = false;
  bool is_ended_ = false;
};

}  // namespace yarbus
