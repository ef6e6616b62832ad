#pragma once

#include <memory>
#include <string>

#include "app/stream/send_tally.h"
#include "app/stream/stream_item.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// The eyes for VRChat, as OSC over UDP: where they look (`/tracking/eye/LeftRightVec` where each eye is
/// known, otherwise `/tracking/eye/CenterPitchYaw`, deg) and how far they are closed
/// (`/tracking/eye/EyesClosedAmount`). Threads: one owner. Nobody has to listen. Cost: some us.
class OscSender {
 public:
  /// `address` is a numeric IPv4 address.
  static Result<std::unique_ptr<OscSender>> open(const std::string& address, int port);
  ~OscSender();
  OscSender(const OscSender&) = delete;
  OscSender& operator=(const OscSender&) = delete;

  void send(const StreamEyes& eyes);
  [[nodiscard]] const SendTally& tally() const { return tally_; }

 private:
  explicit OscSender(void* target) : target_(target) {}
  void count(int result);
  void* target_;  ///< a lo_address
  SendTally tally_;
};

}  // namespace yarbus
