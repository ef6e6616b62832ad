#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "app/stream/datum_packing.h"
#include "app/stream/stream_clock.h"
#include "app/stream/stream_item.h"

namespace yarbus {

/// The gaze published last, so that a fixation can name what it rests on. Fixed memory. One owner thread.
class PublishedGaze {
 public:
  struct Entry {
    std::string_view topic;  ///< of gaze_topics
    CaptureTime captured_at{};
  };
  void add(std::string_view topic, CaptureTime captured_at);
  /// Oldest first.
  [[nodiscard]] std::size_t size() const { return count_ < kept ? count_ : kept; }
  [[nodiscard]] const Entry& operator[](std::size_t i) const {
    return entries_[(count_ - size() + i) % kept];
  }

 private:
  static constexpr std::size_t kept = 2048;
  std::array<Entry, kept> entries_{};
  std::size_t count_ = 0;
};

constexpr std::string_view blink_topic = "blinks";
constexpr std::string_view fixation_topic = "fixations";
constexpr std::string_view annotation_topic = "annotation";

/// "logging.debug" ... "logging.critical".
std::string_view topic_of(LogLevel level);
/// "notify.recording.started" and so on.
std::string_view topic_of(StreamNews news);

/// The payloads of events, as Pupil's programs read them. Threads: concurrent-safe.
void pack_blink(Packer& out, const StreamBlink& blink, const StreamClock& clock);
/// Without gaze in its time the list of what it rests on is empty.
void pack_fixation(Packer& out, const StreamFixation& fixation, const StreamClock& clock,
                   const PublishedGaze& gaze);
void pack_annotation(Packer& out, const StreamAnnotation& annotation, const StreamClock& clock);
/// As Python's logging writes a record; `created` is the time of day in seconds.
void pack_log_line(Packer& out, const StreamLogLine& line, const StreamClock& clock);
void pack_notification(Packer& out, const StreamNotification& notification, const StreamClock& clock);

}  // namespace yarbus
