#include "app/recording/record_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace yarbus {

RecordQueue::RecordQueue(std::size_t rows, std::size_t pictures)
    : capacity_(rows), buffers_(pictures), least_free_(pictures) {
  YARBUS_CHECK_OP(rows, >, 0U);
  waiting_.reserve(rows);
  free_buffers_.reserve(pictures);
  for (PictureBuffer& buffer : buffers_) free_buffers_.push_back(&buffer);
}

void RecordQueue::put_frame(const FrameRow& frame, const GrayView& gray, std::span<const std::uint8_t> jpeg) {
  const bool has_picture = !gray.empty() || !jpeg.empty();
  PictureBuffer* picture = nullptr;
  if (has_picture) {
    const std::lock_guard lock(mutex_);
    if (!is_closed_ && !free_buffers_.empty()) {
      picture = free_buffers_.back();
      free_buffers_.pop_back();
      least_free_ = std::min(least_free_, free_buffers_.size());
    }
  }
  if (picture != nullptr) {
    picture->jpeg.assign(jpeg.begin(), jpeg.end());
    if (jpeg.empty()) {
      picture->gray.resize(gray.width_px, gray.height_px);
      for (int y = 0; y < gray.height_px; ++y)
        std::memcpy(picture->gray.row(y), gray.row(y), static_cast<std::size_t>(gray.width_px));
    }
  }
  bool is_in = false;
  {
    const std::lock_guard lock(mutex_);
    is_in = push({frame, picture});
    if (!is_in && picture != nullptr) free_buffers_.push_back(picture);
    QueueLosses* const losses = losses_now();
    if (losses != nullptr && (!is_in || (has_picture && picture == nullptr)))
      note_loss(*losses, frame, !is_in);
  }
  if (is_in) filled_.notify_one();
}

void RecordQueue::put_row(SessionRow row) {
  const bool is_counted = !std::holds_alternative<FrameDone>(row);  // that one is a frame's time, no row
  bool is_in = false;
  {
    const std::lock_guard lock(mutex_);
    is_in = push({std::move(row), nullptr});
    if (QueueLosses* const losses = losses_now(); losses != nullptr && !is_in && is_counted) ++losses->rows;
  }
  if (is_in) filled_.notify_one();
}

bool RecordQueue::push(QueuedRow row) {
  if (is_closed_ || waiting_.size() == capacity_) return false;
  waiting_.push_back(std::move(row));
  most_ = std::max(most_, waiting_.size());
  return true;
}

void RecordQueue::note_loss(QueueLosses& losses, const FrameRow& frame, bool row_too) {
  auto& cameras = losses.cameras;
  auto found = std::find_if(cameras.begin(), cameras.end(),
                            [&](const QueueLosses::OfCamera& of) { return of.camera == frame.camera; });
  if (found == cameras.end()) {
    cameras.push_back({});
    found = cameras.end() - 1;
    found->camera = frame.camera;
  }
  if (!found->first_frame) {
    found->first_frame = frame.frame;
    found->start = frame.captured_at;
  }
  found->last_frame = frame.frame;
  found->end = frame.captured_at;
  ++(row_too ? found->frames : found->pictures);
}

void RecordQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  filled_.notify_all();
}

void RecordQueue::end() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    is_ended_ = true;
  }
  filled_.notify_all();
}

bool RecordQueue::is_ended() const {
  const std::lock_guard lock(mutex_);
  return is_ended_;
}

bool RecordQueue::take(std::chrono::steady_clock::time_point until, std::vector<QueuedRow>& taken) {
  YARBUS_CHECK(taken.empty());
  taken.reserve(capacity_);  // so that what is swapped in needs no more memory
  std::unique_lock lock(mutex_);
  filled_.wait_until(lock, until, [&] { return !waiting_.empty() || is_closed_; });
  waiting_.swap(taken);
  return !(is_closed_ && taken.empty());
}

void RecordQueue::give_back(PictureBuffer* picture) {
  const std::lock_guard lock(mutex_);
  free_buffers_.push_back(picture);
}

QueueLosses RecordQueue::take_losses() {
  const std::lock_guard lock(mutex_);
  return std::exchange(losses_, {});
}

RecordQueue::Figures RecordQueue::figures() const {
  const std::lock_guard lock(mutex_);
  return {waiting_.size(), buffers_.size() - free_buffers_.size(), most_, buffers_.size() - least_free_,
          refused_.rows};
}

std::int64_t RecordQueue::frames_refused(int camera) const {
  const std::lock_guard lock(mutex_);
  for (const auto& refused : refused_.cameras) {
    if (refused.camera == camera) return refused.frames;
  }
  return 0;
}

}  // namespace yarbus
