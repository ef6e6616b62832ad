#include "tests/support/udp_receiver.h"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace yarbus::test {

UdpReceiver::UdpReceiver() : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot take datagrams on loopback");
  port_ = ntohs(address.sin_port);
}

UdpReceiver::~UdpReceiver() { close(socket_); }

std::optional<std::string> UdpReceiver::receive() const {
  pollfd waiting{socket_, POLLIN, 0};
  if (poll(&waiting, 1, 2000) <= 0) return std::nullopt;
  std::array<char, 2048> bytes{};
  const auto size = recv(socket_, bytes.data(), bytes.size(), 0);
  if (size < 0) return std::nullopt;
  return std::string(bytes.data(), static_cast<std::size_t>(size));
}

int unused_udp_port() { return UdpReceiver().port(); }

}  // namespace yarbus::test
