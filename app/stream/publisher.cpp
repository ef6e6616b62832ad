#include "app/stream/publisher.h"

#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include <pthread.h>

#include "app/stream/drop_oldest_ring.h"
#include "app/stream/item_publication.h"
#include "app/stream/message_bus.h"
#include "app/stream/rate_limited_warnings.h"
#include "app/stream/stream_clock.h"
#include "app/stream/wake_event.h"

namespace yarbus {

class Publisher::Impl {
 public:
  Impl(const StreamOptions& options, StreamCommands& commands)
      : options_(options),
        commands_(commands),
        samples_(static_cast<std::size_t>(options.sample_capacity)),
        events_(static_cast<std::size_t>(options.event_capacity)),
        publication_(outlets_, clock_, options.frame_format, options.jpeg_quality) {}

  Result<void> open();
  void start_thread() {
    health_.is_serving = true;
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  void publish(StreamItem item) {
    auto* eyes = std::get_if<StreamEyes>(&item);
    const bool was_empty = eyes != nullptr ? samples_.push(std::move(*eyes))
                                           : events_.push(std::get<StreamEvent>(std::move(item)));
    if (was_empty) wake_.wake();
  }
  StreamClock& clock() { return clock_; }
  StreamHealth health() const;

 private:
  void run(const std::stop_token& stop);
  void serve_until(const std::stop_token& stop);
  /// Whether more may wait.
  bool publish_waiting();
  void act_on(MessageEffect effect);
  void warn(StreamWarning kind, const std::string& text);
  void note_health();

  const StreamOptions options_;
  StreamCommands& commands_;
  StreamClock clock_;
  DropOldestRing<StreamEyes> samples_;
  DropOldestRing<StreamEvent> events_;
  WakeEvent wake_;
  // Of the publisher's thread, once it runs:
  StreamOutlets outlets_;
  ItemPublication publication_;
  RateLimitedWarnings warnings_;
  StreamCounters counters_;

  mutable std::mutex health_mutex_;
  StreamHealth health_;
  std::jthread thread_;  ///< last: it ends before all that it uses
};

Result<void> Publisher::Impl::open() {
  if (wake_.descriptor() < 0)
    return Error{ErrorCode::internal, "no descriptor is left to wake the publisher with", "streams",
                 "Close other programs, or raise the limit of open files (ulimit -n)"};
  if (options_.serves_network_api) {
    auto bus = MessageBus::open(options_, clock_);
    if (!bus) return bus.error();
    outlets_.bus = std::move(*bus);
    outlets_.bus->set_owner({[this](MessageEffect effect) { act_on(std::move(effect)); },
                             [this](StreamWarning kind, const std::string& text) { warn(kind, text); }});
  }
  if (options_.sends_osc) {
    auto osc = OscSender::open(options_.osc_address, options_.osc_port);
    if (!osc) return osc.error();
    outlets_.osc = std::move(*osc);
  }
  if (options_.sends_opentrack) {
    auto opentrack =
        OpentrackSender::open(options_.opentrack_address, options_.opentrack_port, options_.opentrack_source);
    if (!opentrack) return opentrack.error();
    outlets_.opentrack = std::move(*opentrack);
  }
  if (options_.sends_lsl) {
    auto lsl = LslOutlet::open(options_.lsl_library);
    if (lsl)
      outlets_.lsl = std::move(*lsl);
    else
      warn(StreamWarning::other, lsl.error().to_text());
  }
  note_health();
  return {};
}

void Publisher::Impl::run(const std::stop_token& stop) {
  pthread_setname_np(pthread_self(), "publisher");
  const auto fail = [&](const std::string& what) {
    const std::lock_guard lock(health_mutex_);
    health_.failure = Error{ErrorCode::internal, what, "publisher thread",
                            "This is a fault in Yarbus: please report it with the log"};
  };
  try {
    serve_until(stop);
  } catch (const std::exception& exception) {
    fail(exception.what());
  } catch (...) {
    fail("an exception of unknown type");
  }
  const std::lock_guard lock(health_mutex_);
  health_.is_serving = false;
}

void Publisher::Impl::serve_until(const std::stop_token& stop) {
  const std::stop_callback wake_to_stop(stop, [this] { wake_.wake(); });
  bool has_more = false;
  while (!stop.stop_requested()) {
    constexpr std::chrono::milliseconds not_at_all(0);
    if (outlets_.bus != nullptr) {
      outlets_.bus->wait(wake_.descriptor(), has_more ? not_at_all : outlets_.bus->longest_wait());
      has_more = publish_waiting();
      outlets_.bus->serve();
    } else {
      wake_.wait(has_more ? not_at_all : std::chrono::milliseconds(1000));
      has_more = publish_waiting();
    }
    note_health();
  }
}

bool Publisher::Impl::publish_waiting() {
  // As many as can be waiting, so that clients have their turn however fast new ones come.
  bool is_empty = false;
  for (int i = 0; i < options_.sample_capacity && !is_empty; ++i) {
    const auto eyes = samples_.pop();
    is_empty = !eyes;
    if (eyes) publication_.publish(*eyes);
  }
  bool is_event_empty = false;
  for (int i = 0; i < options_.event_capacity && !is_event_empty; ++i) {
    const auto event = events_.pop();
    is_event_empty = !event;
    if (event) publication_.publish(*event);
  }
  return !is_empty || !is_event_empty;
}

void Publisher::Impl::act_on(MessageEffect effect) {
  if (const auto* format = std::get_if<FrameFormat>(&effect)) publication_.set_frame_format(*format);
  auto* command = std::get_if<StreamCommand>(&effect);
  if (command == nullptr) return;
  if (commands_.offer(std::move(*command))) {
    ++counters_.commands;
  } else {
    ++counters_.commands_lost;
    warn(StreamWarning::command_lost, "a client's command was lost: too many wait to be carried out");
  }
}

void Publisher::Impl::warn(StreamWarning kind, const std::string& text) {
  constexpr std::size_t kept = 16;
  auto line = warnings_.note(kind, text, StreamClock::steady_now());
  if (!line) return;
  publication_.publish(StreamEvent(StreamLogLine{LogLevel::warning, *line}));
  const std::lock_guard lock(health_mutex_);
  if (health_.warnings.size() == kept) health_.warnings.erase(health_.warnings.begin());
  health_.warnings.push_back(*std::move(line));
}

void Publisher::Impl::note_health() {
  if (outlets_.bus != nullptr) outlets_.bus->count(counters_);
  if (outlets_.osc != nullptr) {
    counters_.osc_packets = outlets_.osc->tally().packets;
    counters_.osc_failures = outlets_.osc->tally().failures;
  }
  if (outlets_.opentrack != nullptr) {
    counters_.opentrack_packets = outlets_.opentrack->tally().packets;
    counters_.opentrack_failures = outlets_.opentrack->tally().failures;
  }
  counters_.is_lsl_loaded = outlets_.lsl != nullptr;
  if (outlets_.lsl != nullptr) counters_.lsl_samples = outlets_.lsl->pushed();
  const std::lock_guard lock(health_mutex_);
  counters_.is_serving = health_.is_serving;
  static_cast<StreamCounters&>(health_) = counters_;
}

StreamHealth Publisher::Impl::health() const {
  StreamHealth health;
  {
    const std::lock_guard lock(health_mutex_);
    health = health_;
  }
  health.items = samples_.pushed() + events_.pushed();
  health.items_dropped = samples_.dropped() + events_.dropped();
  return health;
}

Result<std::unique_ptr<Publisher>> Publisher::start(const StreamOptions& options, StreamCommands& commands) {
  if (const auto valid = options.validate(); !valid) return valid.error();
  auto impl = std::make_unique<Impl>(options, commands);
  if (const auto opened = impl->open(); !opened) return opened.error();
  impl->start_thread();
  return std::unique_ptr<Publisher>(new Publisher(std::move(impl)));
}

Publisher::Publisher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Publisher::~Publisher() = default;
void Publisher::publish(StreamItem item) { impl_->publish(std::move(item)); }
void Publisher::set_steady_from_capture(std::chrono::nanoseconds shift) {
  impl_->clock().set_steady_from_capture(shift);
}
StreamHealth Publisher::health() const { return impl_->health(); }

}  // namespace yarbus
