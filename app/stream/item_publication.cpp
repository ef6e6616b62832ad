#include "app/stream/item_publication.h"

#include <cstring>
#include <type_traits>

#include "app/stream/frame_datum.h"
#include "app/stream/pupil_datum.h"

namespace yarbus {

ItemPublication::ItemPublication(StreamOutlets& outlets, const StreamClock& clock, FrameFormat format,
                                 int jpeg_quality)
    : outlets_(outlets), clock_(clock), format_(format), jpeg_quality_(jpeg_quality) {}

template <class Pack>
std::string_view ItemPublication::packed(Pack pack) {
  buffer_.clear();
  Packer packer(buffer_);
  pack(packer);
  return {buffer_.data(), buffer_.size()};
}

template <class Pack>
void ItemPublication::send(std::string_view topic, Pack pack) {
  if (outlets_.bus != nullptr && outlets_.bus->wants(topic)) outlets_.bus->send(topic, packed(pack));
}

void ItemPublication::publish(const StreamEyes& eyes) {
  const GazeSamplePtr& sample = eyes.pair.newest_sample();
  if (sample == nullptr || sample->frame == nullptr) return;
  const double timestamp_s = clock_.at_s(sample->frame->captured_at);
  if (outlets_.bus != nullptr) publish_pupil(*sample, timestamp_s);
  publish_gaze(eyes);
  if (outlets_.bus != nullptr) publish_frame(*sample, timestamp_s);
  if (outlets_.osc != nullptr) outlets_.osc->send(eyes);
  if (outlets_.opentrack != nullptr) outlets_.opentrack->send(eyes);
}

void ItemPublication::publish_pupil(const GazeSample& sample, double timestamp_s) {
  if (sample.face) return;  // a webcam sees no pupil
  const bool is_right = sample.frame->eye == EyeSide::right;
  const std::string_view flat_topic = is_right ? "pupil.0.2d" : "pupil.1.2d";
  const std::string_view solid_topic = is_right ? "pupil.0.3d" : "pupil.1.3d";
  if (outlets_.bus->wants(flat_topic))
    send(flat_topic, [&](Packer& out) { pack_value(out, pupil_datum(sample, timestamp_s)); });
  if (!outlets_.bus->wants(solid_topic)) return;
  if (const auto solid = solid_pupil_datum(sample, timestamp_s))
    send(solid_topic, [&](Packer& out) { pack_value(out, *solid); });
}

void ItemPublication::publish_gaze(const StreamEyes& eyes) {
  const auto gaze = gaze_datum(eyes, clock_);
  if (!gaze) return;
  published_gaze_.add(gaze->topic, eyes.gaze->captured_at);
  send(gaze->topic, [&](Packer& out) { pack_value(out, *gaze); });
  send(own_gaze_topic,
       [&](Packer& out) { pack_own_gaze(out, *eyes.gaze, clock_.at_s(eyes.gaze->captured_at)); });
  if (outlets_.lsl != nullptr) outlets_.lsl->push(lsl_sample(*gaze), clock_.age_of(eyes.gaze->captured_at));
}

void ItemPublication::publish_frame(const GazeSample& sample, double timestamp_s) {
  const std::string_view topic = frame_topic_of(sample);
  if (!outlets_.bus->wants(topic)) return;
  const GrayImage& image = sample.frame->gray;
  if (image.view().empty()) return;
  const auto payload = packed([&](Packer& out) { pack_frame(out, sample, format_, timestamp_s); });
  if (format_ != FrameFormat::jpeg) {
    outlets_.bus->send_with_image(topic, payload, raw_frame_size(image, format_),
                                  [&](std::byte* out) { write_raw_frame(image, format_, out); });
    return;
  }
  if (const auto bytes = jpeg_.encode(image.view(), jpeg_quality_)) {
    outlets_.bus->send_with_image(topic, payload, bytes->size(),
                                  [&](std::byte* out) { std::memcpy(out, bytes->data(), bytes->size()); });
  }
}

void ItemPublication::publish(const StreamEvent& event) {
  std::visit(
      [&](const auto& e) {
        using Event = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<Event, StreamBlink>) {
          send(blink_topic, [&](Packer& out) { pack_blink(out, e, clock_); });
        } else if constexpr (std::is_same_v<Event, StreamFixation>) {
          send(fixation_topic, [&](Packer& out) { pack_fixation(out, e, clock_, published_gaze_); });
        } else if constexpr (std::is_same_v<Event, StreamAnnotation>) {
          send(annotation_topic, [&](Packer& out) { pack_annotation(out, e, clock_); });
        } else if constexpr (std::is_same_v<Event, StreamLogLine>) {
          send(topic_of(e.level), [&](Packer& out) { pack_log_line(out, e, clock_); });
        } else {
          send(topic_of(e.news), [&](Packer& out) { pack_notification(out, e, clock_); });
        }
      },
      event);
}

}  // namespace yarbus
