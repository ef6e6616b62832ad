#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "app/stream/send_tally.h"
#include "app/stream/stream_item.h"
#include "app/stream/stream_options.h"
#include "eyemodel/types/result.h"

namespace yarbus {

using OpentrackPacket = std::array<std::byte, 48>;

/// Six little-endian doubles: to the right, up, away from the camera (cm); yaw to the right, pitch up, roll
/// to the right (deg). nullopt: nothing is known, or not all of it is a finite number.
std::optional<OpentrackPacket> opentrack_packet(const StreamEyes& eyes, OpentrackSource source);

/// Head or gaze for opentrack, over UDP. Threads: one owner. Nobody has to listen. Cost: some us, no heap.
class OpentrackSender {
 public:
  /// `address` is a numeric IPv4 address. Errors: connection_failed.
  static Result<std::unique_ptr<OpentrackSender>> open(const std::string& address, int port,
                                                       OpentrackSource source);
  ~OpentrackSender();
  OpentrackSender(const OpentrackSender&) = delete;
  OpentrackSender& operator=(const OpentrackSender&) = delete;

  void send(const StreamEyes& eyes);
  [[nodiscard]] const SendTally& tally() const { return tally_; }

 private:
  OpentrackSender(int socket, OpentrackSource source) : socket_(socket), source_(source) {}
  int socket_;
  OpentrackSource source_;
  SendTally tally_;
};

}  // namespace yarbus
