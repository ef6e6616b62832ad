#include "app/session/frame_reader.h"

#include <utility>

#include "app/session/thread_guard.h"

namespace yarbus {
namespace {

/// Frames decoded ahead of the one being processed.
constexpr std::size_t frames_ahead = 4;

}  // namespace

FrameReader::FrameReader(FrameSource& source, std::stop_token stop, std::uint64_t stride)
    : source_(source),
      stride_(stride),
      channel_(frames_ahead, Overflow::block),
      thread_([this](const std::stop_token& token) {
        run_guarded(
            "capture", [&] { read(token); }, [this](Error error) { fail(std::move(error)); });
      }),
      outer_stop_(std::move(stop), [this] { this->stop(); }) {}

std::optional<Error> FrameReader::take_error() {
  thread_.join();
  return std::exchange(error_, std::nullopt);
}

void FrameReader::read(const std::stop_token& token) {
  const auto count = source_.info().frame_count;
  std::uint64_t index = 0;
  while (!token.stop_requested()) {
    auto frame = source_.next(token);
    if (token.stop_requested()) break;
    if (!frame) return fail(frame.error());
    if (*frame == nullptr || !channel_.push(std::move(*frame))) break;
    if (stride_ == 1) continue;
    index += stride_;
    if (count && index >= *count) break;  // a seek would stay on the last frame
    if (const auto sought = source_.seek(index); !sought) return fail(sought.error());
  }
  channel_.close();
}

void FrameReader::fail(Error error) {
  error_ = std::move(error);
  channel_.close();
}

void FrameReader::stop() {
  thread_.request_stop();
  channel_.close();
}

}  // namespace yarbus
