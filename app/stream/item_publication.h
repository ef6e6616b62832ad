#pragma once

#include <memory>
#include <string_view>

#include "app/stream/event_datum.h"
#include "app/stream/gaze_datum.h"
#include "app/stream/jpeg_encoder.h"
#include "app/stream/lsl_outlet.h"
#include "app/stream/message_bus.h"
#include "app/stream/opentrack_sender.h"
#include "app/stream/osc_sender.h"
#include "app/stream/stream_item.h"
#include "app/stream/stream_options.h"

namespace yarbus {

/// Where items go. Null: that is switched off, or not to be had.
struct StreamOutlets {
  std::unique_ptr<MessageBus> bus;
  std::unique_ptr<OscSender> osc;
  std::unique_ptr<OpentrackSender> opentrack;
  std::unique_ptr<LslOutlet> lsl;
};

/// Turns items into what each outlet's receivers expect, where anybody wants it. Threads: one owner.
class ItemPublication {
 public:
  /// All of them outlive it.
  ItemPublication(StreamOutlets& outlets, const StreamClock& clock, FrameFormat format, int jpeg_quality);

  void publish(const StreamEyes& eyes);
  void publish(const StreamEvent& event);
  void set_frame_format(FrameFormat format) { format_ = format; }

 private:
  void publish_pupil(const GazeSample& sample, double timestamp_s);
  void publish_gaze(const StreamEyes& eyes);
  void publish_frame(const GazeSample& sample, double timestamp_s);
  /// What `pack` puts into a message.
  template <class Pack>
  void send(std::string_view topic, Pack pack);
  template <class Pack>
  std::string_view packed(Pack pack);

  StreamOutlets& outlets_;
  const StreamClock& clock_;
  FrameFormat format_;
  int jpeg_quality_;
  JpegEncoder jpeg_;
  PublishedGaze published_gaze_;
  msgpack::sbuffer buffer_;
};

}  // namespace yarbus
