#include "app/stream/event_datum.h"

#include <algorithm>
#include <chrono>

#include "app/stream/gaze_datum.h"
#include "app/stream/pupil_datum.h"
#include "app/stream/utf8.h"

namespace yarbus {
namespace {

struct LevelWords {
  std::string_view topic;
  std::string_view name;  ///< as Python's logging has it
  int number;
};
constexpr std::array<LevelWords, 5> levels{{{"logging.debug", "DEBUG", 10},
                                            {"logging.info", "INFO", 20},
                                            {"logging.warning", "WARNING", 30},
                                            {"logging.error", "ERROR", 40},
                                            {"logging.critical", "CRITICAL", 50}}};
const LevelWords& words_of(LogLevel level) { return levels[static_cast<std::size_t>(level)]; }

/// A notification's topic and the key under which its text goes; no key: it has no text.
struct NewsWords {
  std::string_view topic;
  std::string_view text_key;
};
constexpr std::array<NewsWords, 10> news_words{{{"notify.recording.started", "rec_path"},
                                                {"notify.recording.stopped", "rec_path"},
                                                {"notify.calibration.started", ""},
                                                {"notify.calibration.stopped", ""},
                                                {"notify.calibration.successful", ""},
                                                {"notify.calibration.failed", "reason"},
                                                {"notify.validation.started", ""},
                                                {"notify.validation.stopped", ""},
                                                {"notify.validation.successful", ""},
                                                {"notify.validation.failed", "reason"}}};
const NewsWords& words_of(StreamNews news) { return news_words[static_cast<std::size_t>(news)]; }

template <class Event>
struct Timed {
  const Event& event;
  const StreamClock& clock;
};

struct FixationSource {
  const StreamFixation& event;
  const StreamClock& clock;
  const PublishedGaze& gaze;

  [[nodiscard]] bool holds(const PublishedGaze::Entry& entry) const {
    return entry.captured_at >= event.start && entry.captured_at <= event.end;
  }
};

void pack_base_of_fixation(Packer& out, const FixationSource& fixation) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < fixation.gaze.size(); ++i) count += fixation.holds(fixation.gaze[i]) ? 1 : 0;
  out.pack_array(count);
  for (std::size_t i = 0; i < fixation.gaze.size(); ++i) {
    const auto& entry = fixation.gaze[i];
    if (!fixation.holds(entry)) continue;
    out.pack_array(2);
    pack_value(out, entry.topic);
    pack_value(out, fixation.clock.at_s(entry.captured_at));
  }
}

/// By what the gaze in its time is.
std::string_view method_of(const FixationSource& fixation) {
  for (std::size_t i = fixation.gaze.size(); i > 0; --i) {
    const auto& entry = fixation.gaze[i - 1];
    if (fixation.holds(entry)) return entry.topic.starts_with("gaze.3d.") ? "3d gaze" : "2d gaze";
  }
  return "2d gaze";
}

}  // namespace

void PublishedGaze::add(std::string_view topic, CaptureTime captured_at) {
  entries_[count_ % kept] = {topic, captured_at};
  ++count_;
}

std::string_view topic_of(LogLevel level) { return words_of(level).topic; }
std::string_view topic_of(StreamNews news) { return words_of(news).topic; }

void pack_blink(Packer& out, const StreamBlink& blink, const StreamClock& clock) {
  using Source = Timed<StreamBlink>;
  using Field = DatumField<Source>;
  static constexpr std::array fields{
      Field{"topic", [](Packer& p, const Source&) { pack_value(p, blink_topic); }},
      Field{"type",
            [](Packer& p, const Source& s) {
              pack_value(p, std::string_view(s.event.is_onset ? "onset" : "offset"));
            }},
      Field{"confidence", [](Packer& p, const Source& s) { pack_value(p, s.event.confidence); }},
      Field{"timestamp", [](Packer& p, const Source& s) { pack_value(p, s.clock.at_s(s.event.at)); }},
      Field{"base_data",
            [](Packer& p, const Source& s) {
              const GazeSamplePtr& sample = s.event.sample;
              p.pack_array(sample != nullptr ? 1 : 0);
              if (sample != nullptr)
                pack_value(p, pupil_datum(*sample, s.clock.at_s(sample->frame->captured_at)));
            }},
  };
  pack_map(out, Source{blink, clock}, fields);
}

void pack_fixation(Packer& out, const StreamFixation& fixation, const StreamClock& clock,
                   const PublishedGaze& gaze) {
  using Source = FixationSource;
  using Field = DatumField<Source>;
  static constexpr std::array fields{
      Field{"topic", [](Packer& p, const Source&) { pack_value(p, fixation_topic); }},
      Field{"id", [](Packer& p, const Source& s) { pack_value(p, s.event.id); }},
      Field{"norm_pos",
            [](Packer& p, const Source& s) {
              pack_value(p, screen_norm_pos(s.event.point_in_screen_mm, s.event.screen));
            }},
      Field{"dispersion", [](Packer& p, const Source& s) { pack_value(p, s.event.dispersion_deg); }},
      Field{"method", [](Packer& p, const Source& s) { pack_value(p, method_of(s)); }},
      Field{"timestamp", [](Packer& p, const Source& s) { pack_value(p, s.clock.at_s(s.event.start)); }},
      Field{"duration",
            [](Packer& p, const Source& s) {
              pack_value(p, std::chrono::duration<double, std::milli>(s.event.end - s.event.start).count());
            }},
      Field{"confidence", [](Packer& p, const Source& s) { pack_value(p, s.event.confidence); }},
      Field{"base_data", [](Packer& p, const Source& s) { pack_base_of_fixation(p, s); }},
  };
  pack_map(out, Source{fixation, clock, gaze}, fields);
}

void pack_annotation(Packer& out, const StreamAnnotation& annotation, const StreamClock& clock) {
  using Source = Timed<StreamAnnotation>;
  using Field = DatumField<Source>;
  static constexpr std::array fields{
      Field{"topic", [](Packer& p, const Source&) { pack_value(p, annotation_topic); }},
      Field{"label", [](Packer& p, const Source& s) { pack_value(p, to_utf8(s.event.label)); }},
      Field{"timestamp", [](Packer& p, const Source& s) { pack_value(p, s.clock.at_s(s.event.at)); }},
      Field{"duration", [](Packer& p, const Source& s) { pack_value(p, s.event.duration_s); }},
  };
  pack_map(out, Source{annotation, clock}, fields);
}

void pack_log_line(Packer& out, const StreamLogLine& line, const StreamClock& clock) {
  using Source = Timed<StreamLogLine>;
  using Field = DatumField<Source>;
  static constexpr std::array fields{
      Field{"topic", [](Packer& p, const Source& s) { pack_value(p, words_of(s.event.level).topic); }},
      Field{"name", [](Packer& p, const Source&) { pack_value(p, std::string_view("yarbus")); }},
      Field{"levelname", [](Packer& p, const Source& s) { pack_value(p, words_of(s.event.level).name); }},
      Field{"levelno", [](Packer& p, const Source& s) { pack_value(p, words_of(s.event.level).number); }},
      Field{"msg", [](Packer& p, const Source& s) { pack_value(p, to_utf8(s.event.text)); }},
      Field{"created",
            [](Packer& p, const Source&) {
              const auto now = std::chrono::system_clock::now().time_since_epoch();
              pack_value(p, std::chrono::duration<double>(now).count());
            }},
      Field{"timestamp", [](Packer& p, const Source& s) { pack_value(p, s.clock.now_s()); }},
  };
  pack_map(out, Source{line, clock}, fields);
}

void pack_notification(Packer& out, const StreamNotification& notification, const StreamClock& clock) {
  using Source = Timed<StreamNotification>;
  using Field = DatumField<Source>;
  static constexpr std::array fields{
      Field{"topic", [](Packer& p, const Source& s) { pack_value(p, words_of(s.event.news).topic); }},
      Field{"subject",
            [](Packer& p, const Source& s) {
              pack_value(p, words_of(s.event.news).topic.substr(std::string_view("notify.").size()));
            }},
      Field{"timestamp", [](Packer& p, const Source& s) { pack_value(p, s.clock.now_s()); }},
  };
  const Source source{notification, clock};
  const std::string_view text_key = words_of(notification.news).text_key;
  out.pack_map(static_cast<std::uint32_t>(fields.size() + (text_key.empty() ? 0 : 1)));
  for (const Field& field : fields) {
    pack_value(out, field.key);
    field.pack(out, source);
  }
  if (text_key.empty()) return;
  pack_value(out, text_key);
  pack_value(out, to_utf8(notification.text));
}

}  // namespace yarbus
