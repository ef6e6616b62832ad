#include "app/session/timeline_reader.h"

#include <utility>

#include "app/session/session_timeline.h"
#include "app/session/thread_guard.h"

namespace yarbus {

TimelineReader::TimelineReader(NoticeBoard& notices) : notices_(notices) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    run_guarded(
        "timeline", [&] { read(stop); },
        [this](const Error& error) { notices_.post(EyeSide::right, error); });
  });
}

TimelineReader::~TimelineReader() {
  thread_.request_stop();
  const std::lock_guard lock(mutex_);
  reading_.request_stop();
}

void TimelineReader::want(const TimelineWish& wish) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = wish;
    reading_.request_stop();
  }
  changed_.notify_all();
}

TimelinePtr TimelineReader::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

void TimelineReader::read(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return wanted_.has_value(); })) {
    const TimelineWish wish = *std::exchange(wanted_, std::nullopt);
    reading_ = std::stop_source();
    const std::stop_token until = reading_.get_token();
    if (stop.stop_requested()) return;
    lock.unlock();
    auto timeline = read_timeline(wish, until);
    if (!timeline && !until.stop_requested()) notices_.post(wish.eye, timeline.error());
    lock.lock();
    if (timeline && !until.stop_requested())
      latest_ = std::make_shared<const SessionTimeline>(std::move(*timeline));
  }
}

}  // namespace yarbus
