#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace yarbus::test {

/// Takes datagrams on a free port of 127.0.0.1.
class UdpReceiver {
 public:
  UdpReceiver();
  ~UdpReceiver();
  UdpReceiver(const UdpReceiver&) = delete;
  UdpReceiver& operator=(const UdpReceiver&) = delete;
  [[nodiscard]] int port() const { return port_; }
  /// The next one; nullopt if none comes within two seconds.
  std::optional<std::string> receive() const;

 private:
  int socket_;
  int port_ = 0;
};

/// A UDP port of 127.0.0.1 that nobody listens on.
int unused_udp_port();

}  // namespace yarbus::test
