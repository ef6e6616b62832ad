#include "tracker/capture/reconnecting_source.h"

#include <utility>

namespace yarbus {

ReconnectingSource::ReconnectingSource(const SourceOptions& options, SourceInfo info, ConnectionOpener open,
                                       BackOff back_off)
    : options_(options),
      info_(std::move(info)),
      open_(std::move(open)),
      back_off_(back_off),
      maker_(options) {
  info_.is_live = true;
  info_.is_seekable = false;
}

Result<void> ReconnectingSource::connect(std::stop_token stop) {
  auto opened = open_(stop);
  if (!opened) return opened.error();
  connection_ = std::move(*opened);
  CaptureTime ignored{};
  const auto image = connection_->next(stop, ignored);
  if (!image) return image.error();
  if (*image == nullptr) return Error{ErrorCode::interrupted, "opening was stopped", options_.location, ""};
  info_.gives_jpeg = !connection_->jpeg().empty();
  numbered_losses_ = connection_->lost_images();  // what came before the first frame is no gap between frames
  return maker_.fix_size(**image, options_.location, info_);
}

Result<FramePtr> ReconnectingSource::next(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (connection_ == nullptr && !reconnect(stop)) {
      if (stop.stop_requested()) break;
      return loss_;
    }
    CaptureTime captured_at{};
    const auto image = connection_->next(stop, captured_at);
    if (!image) {
      loss_ = image.error();
      number_lost_images();
      dropped_ += connection_->lost_images();
      connection_.reset();
      continue;
    }
    if (*image == nullptr) break;
    if (back_off_.attempts() > 0) {  // only an image shows that the connection is back
      back_off_.reset();
      if (listener_) listener_({SourceStatus::State::running, {}, 0});
    }
    if (const auto same = maker_.same_size(**image, options_.location); !same) return same.error();
    number_lost_images();
    FramePtr frame = maker_.make(**image, next_sequence_, captured_at, connection_->jpeg());
    ++next_sequence_;
    if (frame != nullptr) return frame;
    ++dropped_;
  }
  return FramePtr{};
}

void ReconnectingSource::number_lost_images() {
  const std::uint64_t lost = connection_->lost_images();
  next_sequence_ += lost - numbered_losses_;
  numbered_losses_ = lost;
}

bool ReconnectingSource::reconnect(const std::stop_token& stop) {
  while (options_.max_reconnect_attempts < 0 || back_off_.attempts() < options_.max_reconnect_attempts) {
    if (listener_) listener_({SourceStatus::State::reconnecting, loss_, back_off_.attempts() + 1});
    if (!back_off_.wait(stop)) return false;
    auto opened = open_(stop);
    if (opened) {
      connection_ = std::move(*opened);
      numbered_losses_ = 0;
      return true;
    }
    loss_ = opened.error();
  }
  return false;
}

Result<void> ReconnectingSource::seek(std::uint64_t) {
  return Error{ErrorCode::invalid_option, "a live source cannot seek", options_.location,
               "Open a file or folder instead"};
}

std::uint64_t ReconnectingSource::dropped_frames() const {
  return dropped_ + (connection_ ? connection_->lost_images() : 0);
}

}  // namespace yarbus
