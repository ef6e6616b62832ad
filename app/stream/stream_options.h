#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "eyemodel/types/options.h"

namespace yarbus {

/// How images of the eyes are published.
enum class FrameFormat : std::uint8_t { jpeg, gray, bgr };

constexpr std::string_view to_string(FrameFormat format) {
  switch (format) {
    case FrameFormat::jpeg:
      return "jpeg";
    case FrameFormat::gray:
      return "gray";
    case FrameFormat::bgr:
      return "bgr";
  }
  return "unknown";
}

/// What opentrack is told.
enum class OpentrackSource : std::uint8_t {
  head,  ///< position and turn of the head before a webcam
  gaze,  ///< yaw and pitch of the gaze on the screen; no position, no roll
};

/// What is served live, where, and within which bounds.
struct StreamOptions {
  bool serves_network_api = true;  ///< requests and subscriptions as Pupil's programs speak them
  /// A numeric IPv4 address of this machine. Anything but 127.x.x.x lets others in: exposure_warning().
  std::string bind_address = "127.0.0.1";
  int request_port = 50020;     ///< 0: any free port
  int subscription_port = 0;    ///< of those who listen; 0: any free port
  int publication_port = 0;     ///< of those who send; 0: any free port
  std::string version = "0.0";  ///< answered to those who ask
  FrameFormat frame_format = FrameFormat::jpeg;
  int jpeg_quality = 80;

  int sample_capacity =
      16;  ///< samples that may wait, frames and all: the frame pools must have room for them
  int event_capacity = 64;  ///< blinks, fixations, annotations, log lines and notifications that may wait
  int subscriber_messages = 128;  ///< that may wait for one subscriber; later ones it does not get
  int client_messages = 16;       ///< of one client that may wait to be read; then its sending stalls
  int max_message_kib = 256;      ///< of one part; who sends a larger one is cut off
  int max_connections = 32;       ///< to each port; further ones are let in when others have left
  int max_subscriptions = 1024;   ///< different ones of all clients; beyond, all have to subscribe anew
  int max_frames_mib = 64;        ///< of images that wait for slow subscribers; beyond, none are sent

  bool sends_osc = false;  ///< eyes for VRChat
  std::string osc_address = "127.0.0.1";
  int osc_port = 9000;

  bool sends_opentrack = false;
  std::string opentrack_address = "127.0.0.1";
  int opentrack_port = 4242;
  OpentrackSource opentrack_source = OpentrackSource::head;

  bool sends_lsl = false;                   ///< Lab Streaming Layer, where its library is installed
  std::string lsl_library = "liblsl.so.2";  ///< as the loader finds it

  static std::span<const OptionField<StreamOptions>> fields();
  /// Names each value out of bounds, each port given twice and each address that is no numeric IPv4 address.
  [[nodiscard]] Result<void> validate() const;
  /// What the user must be told before others can reach the ports; empty while only this machine can.
  [[nodiscard]] std::string exposure_warning() const;
};

}  // namespace yarbus
